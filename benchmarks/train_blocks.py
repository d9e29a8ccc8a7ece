"""Trains the model that chooses a page's main content, and says how well it does on unseen pages.

    python benchmarks/train_blocks.py [FOLDER]          # held-out figures, by five folds of pages
    python benchmarks/train_blocks.py --write [FOLDER]  # all pages; writes the package's weights

FOLDER is as in `reading.py`. A block of a page is content as far as its words stand in the truth
in runs of three, or, when it has fewer than five words, where the truth has them between the runs
of its neighbours. Needs scikit-learn, which the package itself does not.
"""

import json
import random
import re
import sys
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import reading

from qwen_mcp_tools.content import forest
from qwen_mcp_tools.content.blocks import Block, blocks_of
from qwen_mcp_tools.content.features import Features
from qwen_mcp_tools.content.forest import WEIGHTS, Forest
from qwen_mcp_tools.content.main_content import choose_with
from qwen_mcp_tools.content.page_kind import facts_of
from qwen_mcp_tools.content.tree import drop_unseen, parse

FOLDS = 5
RUN = 3
ANCHOR = 4
SHORT = 5
"""A block with fewer words is looked for only where its neighbours were found."""

_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Sample:
    """A page's groups: their features, how much of each is content, and its words' number."""

    page: reading.Page
    rows: list[dict[str, float]]
    content: list[float]
    sizes: list[int]


def main() -> int:
    """Print the held-out scores, or write the weights."""
    arguments = [each for each in sys.argv[1:] if each != "--write"]
    folder = Path(arguments[0]) if arguments else reading.USUAL_FOLDER
    samples = [sample_of(page) for page in reading.pages_in(folder)]
    if "--write" in sys.argv:
        write([each for each in samples if each.page.truth])
    else:
        cross_validate(samples)
    return 0


def sample_of(page: reading.Page) -> Sample:
    """Return the groups of a page with their share of content."""
    root = parse(page.html)
    if root is None:
        return Sample(page, [], [], [])
    drop_unseen(root)
    body = root.find("body")
    blocks = blocks_of(root if body is None else body)
    features = Features(blocks, facts_of(root))
    shares = content_of([block for block in blocks if block.text], page.truth)
    sample = Sample(page, [], [], [])
    for group in features.groups:
        counts = [len(_WORD.findall(block.text)) for block in group.blocks]
        found = sum(shares[block] * n for block, n in zip(group.blocks, counts, strict=True))
        sample.rows.append(features.of(group))
        sample.content.append(found / (sum(counts) or 1))
        sample.sizes.append(sum(counts))
    return sample


def content_of(texts: list[Block], truth: str) -> dict[Block, float]:
    """Return which share of each block's words stands in the truth."""
    true = _WORD.findall(truth.lower())
    runs = {tuple(true[at : at + RUN]) for at in range(len(true) - RUN + 1)}
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in range(len(true) - ANCHOR + 1):
        places[tuple(true[at : at + ANCHOR])].append(at)
    words = [_WORD.findall(block.text.lower()) for block in texts]
    shares = [_covered(each, runs) if len(each) >= SHORT else 0.0 for each in words]
    anchors = [
        _anchor(each, places) if share > 0.6 else []
        for each, share in zip(words, shares, strict=True)
    ]
    for at, low, high in _gaps(words, anchors, len(true)):
        between = f" {' '.join(true[low:high])} "
        shares[at] = float(f" {' '.join(words[at])} " in between)
    return dict(zip(texts, shares, strict=True))


def _covered(words: list[str], runs: set[tuple[str, ...]]) -> float:
    covered = [False] * len(words)
    for at in range(len(words) - RUN + 1):
        if tuple(words[at : at + RUN]) in runs:
            covered[at : at + RUN] = [True] * RUN
    return sum(covered) / len(words)


def _anchor(words: list[str], places: dict[tuple[str, ...], list[int]]) -> list[int]:
    for at in range(len(words) - ANCHOR + 1):
        found = places.get(tuple(words[at : at + ANCHOR]))
        if found:
            return found
    return []


def _gaps(
    words: list[list[str]], anchors: list[list[int]], size: int
) -> list[tuple[int, int, int]]:
    """Return each short block and the part of the truth that it may stand in."""
    following: list[list[int]] = []
    after: list[int] = []
    for anchor in reversed(anchors):
        following.append(after)
        after = anchor or after
    gaps: list[tuple[int, int, int]] = []
    end = 0
    for at, after in enumerate(reversed(following)):
        if anchors[at]:
            end = next((each for each in anchors[at] if each >= end - 5), anchors[at][-1])
            end += len(words[at])
        elif 0 < len(words[at]) < SHORT:
            start = next((each for each in after if each >= end), end + 40) if after else end + 200
            gaps.append((at, max(end - 1, 0), min(start + 1, size)))
    return gaps


def train(samples: list[Sample], names: list[str], trees: int = 80) -> Any:
    """Return a small boosted forest; a page counts by its root, so that long ones do not rule."""
    import numpy
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows: list[list[float]] = []
    content: list[float] = []
    weights: list[float] = []
    for sample in samples:
        whole = sum(sample.sizes) or 1
        for row, share, size in zip(sample.rows, sample.content, sample.sizes, strict=True):
            rows.append([row[name] for name in names])
            content.append(share)
            weights.append(len(sample.rows) ** 0.5 * (size / whole + 0.3 / len(sample.rows)))
    table, share, weight = numpy.array(rows), numpy.array(content), numpy.array(weights)
    model = HistGradientBoostingClassifier(
        max_iter=trees, learning_rate=0.1, max_leaf_nodes=12, min_samples_leaf=40,
        l2_regularization=5.0, max_features=0.3, early_stopping=False, random_state=1,
    )  # fmt: skip
    twice = numpy.concatenate([numpy.ones(len(share)), numpy.zeros(len(share))])
    return model.fit(
        numpy.vstack([table, table]),
        twice,
        sample_weight=numpy.concatenate([weight * share, weight * (1 - share)]) + 1e-9,
    )


def cross_validate(samples: list[Sample]) -> None:
    """Print how pages are read by a judge that has not seen them, in the form of `reading.py`."""
    names = names_of(samples)
    folds = folds_of(samples)
    scores: list[reading.Score] = []
    for fold in range(FOLDS):
        seen = [each for each in samples if folds[each.page.name] != fold and each.page.truth]
        judge = exported(train(seen, names), names)
        scores += [
            reading.score(lambda html, _url: read_with(judge, html), each.page)  # noqa: B023
            for each in samples
            if folds[each.page.name] == fold
        ]
    reading.print_table("ours, on pages not seen", scores)


def read_with(judge: Forest, html: str) -> str:
    """Return the words that `judge` chooses, without the Markdown."""
    root = parse(html)
    if root is None:
        return ""
    drop_unseen(root)
    return " ".join(str(text) for text in choose_with(judge, root).itertext())


def names_of(samples: list[Sample]) -> list[str]:
    """Return the names of all features."""
    return sorted(next(each.rows[0] for each in samples if each.rows))


def folds_of(samples: list[Sample]) -> dict[str, int]:
    """Return the fold of each page, every kind spread over all folds."""
    folds: dict[str, int] = {}
    for kind in sorted({each.page.kind for each in samples}):
        pages = [each.page.name for each in samples if each.page.kind == kind]
        random.Random(kind).shuffle(pages)
        folds.update((page, at % FOLDS) for at, page in enumerate(pages))
    return folds


def write(samples: list[Sample]) -> None:
    """Train on all pages and write the weights of the package."""
    names = names_of(samples)
    judge = exported(train(samples, names), names)
    target = Path(forest.__file__).with_name(WEIGHTS)
    target.write_text(json.dumps(asdict(judge), separators=(",", ":")) + "\n")
    print(f"{target.name}: {len(judge.trees)} trees on {len(judge.features)} features")


def exported(model: Any, names: list[str]) -> Forest:
    """Return a trained model in the form that the package follows."""
    trees = [_tree(rounds[0].nodes, 0) for rounds in model._predictors]
    used = sorted({name for tree in trees for name in _used(tree)})
    places = {at: used.index(at) for at in used}
    return Forest(
        features=tuple(names[at] for at in used),
        start=round(float(model._baseline_prediction[0, 0]), 4),
        trees=tuple(_renumbered(tree, places) for tree in trees),
    )


def _tree(nodes: Any, at: int) -> Any:
    node = nodes[at]
    if node["is_leaf"]:
        return round(float(node["value"]), 4)
    below, above = (_tree(nodes, node[side]) for side in ("left", "right"))
    return [int(node["feature_idx"]), float(f"{node['num_threshold']:.5g}"), below, above]


def _used(tree: Any) -> list[int]:
    return [tree[0], *_used(tree[2]), *_used(tree[3])] if isinstance(tree, list) else []


def _renumbered(tree: Any, places: dict[int, int]) -> Any:
    if not isinstance(tree, list):
        return tree
    return [places[tree[0]], tree[1], *(_renumbered(each, places) for each in tree[2:])]


if __name__ == "__main__":
    sys.exit(main())

"""Reads real pages through `fetch_page`, published by the sandbox, and scores what a model gets.

    python benchmarks/reading.py FOLDER

FOLDER holds `html/ID.html.gz` and `ground-truth/ID.json` as WCXB has them (Murrough Foley, 2026,
CC-BY-4.0). A page's score: bags of lower-cased words of the text read (Markdown reduced to its
text) and of `main_content`; precision, recall and F1 by overlap. `with` and `without`: the share
of snippets that are found, white space folded, case ignored.
"""

import asyncio
import json
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qwen_mcp_tools.app import App, open_app
from qwen_mcp_tools.content.document import read
from qwen_mcp_tools.errors import ToolFailure
from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.settings import Settings

USUAL_FOLDER = Path(__file__).parent.parent.parent / "shared" / "data" / "reading"


@dataclass(frozen=True, slots=True)
class Score:
    """What came of one page."""

    kind: str
    f1: float
    is_empty: bool
    found: list[bool]
    leaked: list[bool]
    milliseconds: float


def main() -> int:
    """Print the table; 0 also where there are no pages to read."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else USUAL_FOLDER
    if not (folder / "ground-truth").is_dir():
        print(f"no pages in {folder}: name a folder with html/ and ground-truth/")
        return 0
    scores, refused = asyncio.run(_read_all(folder))
    _print(scores, refused)
    return 0


async def _read_all(folder: Path) -> tuple[list[Score], list[str]]:
    scores: list[Score] = []
    refused: list[str] = []
    with Sandbox(folder) as sandbox:
        settings = Settings.from_env({**sandbox.settings(), "QWEN_MCP_ROBOTS": "ignore"})
        async with open_app(settings) as app:
            for truth in sorted((folder / "ground-truth").glob("*.json")):
                url = f"{sandbox.site.url}/html/{truth.stem}.html"
                try:
                    scores.append(await _read_one(app, url, json.loads(truth.read_text())))
                except ToolFailure as failure:
                    refused.append(f"{truth.stem}: {failure}")
    return scores, refused


async def _read_one(app: App, url: str, truth: dict[str, Any]) -> Score:
    page = await app.web.read(url)
    # Once more, alone and in this process, for the time that reading takes.
    answer = await app.web.read(url, raw=True)
    started = time.process_time()
    read(answer.document.text.encode(), "text/html; charset=utf-8", truth["url"])
    spent = time.process_time() - started
    text, facts = _plain(page.document.text), truth["ground_truth"]
    folded = _folded(text)
    return Score(
        kind=truth["_internal"]["page_type"]["primary"],
        f1=_f1(_words(text), _words(facts.get("main_content") or "")),
        is_empty=not text.strip(),
        found=[_folded(snippet) in folded for snippet in facts.get("with") or []],
        leaked=[_folded(snippet) in folded for snippet in facts.get("without") or []],
        milliseconds=spent * 1000,
    )


def _plain(markdown: str) -> str:
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


def _f1(read_words: Counter[str], true_words: Counter[str]) -> float:
    shared = (read_words & true_words).total()
    return 2 * shared / ((read_words.total() + true_words.total()) or 1)


def _print(scores: list[Score], refused: list[str]) -> None:
    by_kind: defaultdict[str, list[float]] = defaultdict(list)
    for score in scores:
        by_kind[score.kind].append(score.f1)
    times = sorted(score.milliseconds for score in scores)
    print(f"pages read      {len(scores)}, refused {len(refused)}")
    print(f"empty           {sum(score.is_empty for score in scores)}")
    print(f"word F1         {statistics.mean(score.f1 for score in scores):.3f}")
    for kind, values in sorted(by_kind.items()):
        print(f"  {kind:14}{statistics.mean(values):.3f}  ({len(values)})")
    print(f"with            {_share(score.found for score in scores):.3f}")
    print(f"without         {_share(score.leaked for score in scores):.3f}")
    p90 = times[len(times) * 9 // 10]
    print(f"ms a page       median {statistics.median(times):.1f}, p90 {p90:.1f}")
    print(*refused, sep="\n")


def _share(lists: Iterator[list[bool]]) -> float:
    return statistics.mean(value for values in lists for value in values)


if __name__ == "__main__":
    sys.exit(main())

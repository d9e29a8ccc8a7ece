"""Reads real pages with our extractor and the field's, and scores all by one measure.

    python benchmarks/reading.py [FOLDER] [NAME ...]

FOLDER holds `html/ID.html.gz` and `ground-truth/ID.json` as WCXB has them (Murrough Foley, 2026,
CC-BY-4.0). A page's score: bags of lower-cased words of the text read (Markdown reduced to its
text) and of `main_content`; precision, recall and F1 by overlap. `with` and `without`: the share
of snippets that are found, white space folded, case ignored. Each NAME is an extractor to read
with; all that are installed (the extra `bench`) without one.
"""

import gzip
import importlib.util
import json
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from qwen_mcp_tools.content.html import to_markdown

USUAL_FOLDER = Path(__file__).parent.parent.parent / "shared" / "data" / "reading"

Extractor = Callable[[str, str], str]
"""Takes a page and its URL, and gives its main content."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and what of it is its main content."""

    name: str
    kind: str
    url: str
    html: str
    truth: str
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """What came of one page."""

    page: str
    kind: str
    precision: float
    recall: float
    f1: float
    is_empty: bool
    found: tuple[bool, ...]
    leaked: tuple[bool, ...]
    milliseconds: float


def main() -> int:
    """Print a table for each extractor; 0 also where there are no pages to read."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else USUAL_FOLDER
    if not (folder / "ground-truth").is_dir():
        print(f"no pages in {folder}: name a folder with html/ and ground-truth/")
        return 0
    pages = pages_in(folder)
    known = extractors()
    for name in sys.argv[2:] or known:
        print_table(name, [score(known[name], page) for page in pages])
    return 0


def pages_in(folder: Path) -> list[Page]:
    """Return the pages of a folder in the form of WCXB, in the order of their names."""
    return [_page(folder, path.stem) for path in sorted((folder / "ground-truth").glob("*.json"))]


def _page(folder: Path, name: str) -> Page:
    described = json.loads((folder / "ground-truth" / f"{name}.json").read_text())
    facts = described["ground_truth"]
    html = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
    return Page(
        name=name,
        kind=described["_internal"]["page_type"]["primary"],
        url=described["url"],
        html=html.decode("utf-8", "replace"),
        truth=facts.get("main_content") or "",
        wanted=tuple(facts.get("with") or ()),
        unwanted=tuple(facts.get("without") or ()),
    )


def score(extract: Extractor, page: Page) -> Score:
    """Read `page` with `extract`, and say how near the truth it came and in what time."""
    started = time.process_time()
    text = plain(extract(page.html, page.url))
    spent = time.process_time() - started
    precision, recall, f1 = compare(words(text), words(page.truth))
    folded = _folded(text)
    return Score(
        page=page.name,
        kind=page.kind,
        precision=precision,
        recall=recall,
        f1=f1,
        is_empty=not text.strip(),
        found=tuple(_folded(snippet) in folded for snippet in page.wanted),
        leaked=tuple(_folded(snippet) in folded for snippet in page.unwanted),
        milliseconds=spent * 1000,
    )


def plain(markdown: str) -> str:
    """Return Markdown with its links reduced to their text."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown)


def words(text: str) -> Counter[str]:
    """Return the bag of lower-cased words of `text`."""
    return Counter(re.findall(r"\w+", text.lower()))


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


def compare(read: Counter[str], true: Counter[str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of the words read against the true ones."""
    shared = (read & true).total()
    return (
        shared / (read.total() or 1),
        shared / (true.total() or 1),
        2 * shared / ((read.total() + true.total()) or 1),
    )


def print_table(name: str, scores: list[Score]) -> None:
    """Print how the pages were read: all of them, then each kind."""
    times = sorted(each.milliseconds for each in scores)
    print(f"{name}: {len(scores)} pages, {sum(each.is_empty for each in scores)} empty")
    print(
        f"  snippets found {_share(each.found for each in scores):.3f}, leaked "
        f"{_share(each.leaked for each in scores):.3f}; ms a page: median "
        f"{statistics.median(times):.1f}, p90 {times[len(times) * 9 // 10]:.1f}"
    )
    print("                  F1   precision  recall   half missed  half surplus")
    for kind in ("", *sorted({each.kind for each in scores})):
        _print_row(kind or "all", [each for each in scores if kind in {"", each.kind}])


def _print_row(label: str, scores: list[Score]) -> None:
    """Print a row: the means, then on how many pages most is missed or most is not content."""
    f1 = statistics.mean(each.f1 for each in scores)
    precision = statistics.mean(each.precision for each in scores)
    recall = statistics.mean(each.recall for each in scores)
    missed = sum(each.recall < 0.5 for each in scores)
    surplus = sum(each.precision < 0.5 for each in scores)
    print(
        f"  {label:14}{f1:.3f}     {precision:.3f}    {recall:.3f}   {missed:11} {surplus:13}",
        flush=True,
    )


def _share(lists: Iterable[tuple[bool, ...]]) -> float:
    return statistics.mean(value for values in lists for value in values)


def extractors() -> dict[str, Extractor]:
    """Return ours, then those of the field that are installed, by name."""
    field: dict[str, tuple[str, Extractor]] = {
        "all text": ("lxml", _all_text),
        "html-to-markdown aggressive": ("html_to_markdown", _html_to_markdown),
        "markdownify": ("markdownify", _markdownify),
        "trafilatura": ("trafilatura", _trafilatura()),
        "trafilatura md": ("trafilatura", _trafilatura(output_format="markdown")),
        "trafilatura precision": ("trafilatura", _trafilatura(favor_precision=True)),
        "trafilatura recall": ("trafilatura", _trafilatura(favor_recall=True)),
        "resiliparse": ("resiliparse", _resiliparse),
        "readability-lxml": ("readability", _readability),
        "mcp-server-fetch's Python path": ("readabilipy", _fetch_server),
    }
    installed = {
        name: extract
        for name, (package, extract) in field.items()
        if importlib.util.find_spec(package) is not None
    }
    return {"ours": to_markdown, **installed}


def _all_text(html: str, _url: str) -> str:
    import lxml.html

    root = lxml.html.document_fromstring(html.encode(), lxml.html.HTMLParser(encoding="utf-8"))
    for unseen in list(root.iter("script", "style", "noscript", "template", "head")):
        unseen.drop_tree()
    return " ".join(str(text) for text in root.itertext())


def _html_to_markdown(html: str, _url: str) -> str:
    from html_to_markdown import ConversionOptions, PreprocessingOptions, convert

    cleaning = PreprocessingOptions(enabled=True, preset="aggressive")
    return convert(html, ConversionOptions(preprocessing=cleaning)).content or ""


def _markdownify(html: str, _url: str) -> str:
    from markdownify import markdownify

    return markdownify(html)


def _trafilatura(**options: str | bool) -> Extractor:
    def extract(html: str, url: str) -> str:
        import trafilatura

        return trafilatura.extract(html, url=url, **options) or ""

    return extract


def _resiliparse(html: str, _url: str) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(html, main_content=True)


def _readability(html: str, _url: str) -> str:
    import lxml.html
    from readability import Document

    found = Document(html).summary()
    return " ".join(str(text) for text in lxml.html.fromstring(found).itertext())


def _fetch_server(html: str, _url: str) -> str:
    """Read as mcp-server-fetch does where there is no Node."""
    from markdownify import ATX, markdownify
    from readabilipy import simple_json_from_html_string

    found = simple_json_from_html_string(html, use_readability=False)
    return markdownify(found["content"] or "", heading_style=ATX)


if __name__ == "__main__":
    sys.exit(main())

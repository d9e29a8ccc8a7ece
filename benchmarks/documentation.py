"""Scores how faithfully pages of documentation become Markdown, ours beside others.

    python benchmarks/documentation.py FOLDER

FOLDER holds `GENERATOR/NAME.html`, each with its address in `NAME.html.url`. What is true is read
from the HTML by BeautifulSoup, inside the element where that generator puts its content (`MAINS`):
only here is that known. Each mark is a share between 0 and 1, over the pages that have something
of its kind; the composite is the mean of the marks. The others come with the extra `bench`.
"""

import importlib
import re
import statistics
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning

from qwen_mcp_tools.content.html import to_markdown

MAINS = {
    "sphinx": "div[role=main], article[role=main], main article, div.body",
    "apache": "#page-content",
    "rustdoc": "#main-content",
    "mdbook": "main",
    "javadoc": "main",
    "node": "#apicontent",
    "docbook": "div.sect1, div.refentry, div.chapter, div.sect2",
    "asciidoc": "#content",
    "doxygen": "div.contents",
    "boostbook": "div.refentry, div.chapter, div.section",
    "mkdocs": "article, div[role=main]",
    "vitepress": "div.vp-doc",
    "docusaurus": "div.theme-doc-markdown",
}
CHROME = (
    "script, style, svg, button, .headerlink, .linenos, .lineno, .gutter, input, nav, [role=tab]"
    ", a.mark"
)
Marks = dict[str, float]


def main() -> int:
    """Print a column of marks for each reader, and ours for each generator."""
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
    pages = sorted(Path(sys.argv[1]).glob("*/*.html"))
    for name, read in _readers():
        by_page = {page: _marks_of(page, read) for page in pages}
        _print(name, by_page)
    return 0


def _readers() -> Iterator[tuple[str, Callable[[str, str], str]]]:
    yield "ours", to_markdown
    for name, module, made in (
        ("html-to-markdown", "html_to_markdown", lambda m: lambda html, _: m.convert(html).content),
        ("trafilatura", "trafilatura",
         lambda m: lambda html, url: m.extract(html, url=url, output_format="markdown",
                                               include_links=True, include_images=True,
                                               include_formatting=True)),
        ("markdownify", "markdownify",
         lambda m: lambda html, _: m.markdownify(html, heading_style="ATX")),
    ):  # fmt: skip
        try:
            yield name, made(importlib.import_module(module))
        except ImportError:
            print(f"{name}: not installed (extra `bench`)")


def _marks_of(page: Path, read: Callable[[str, str], str]) -> Marks:
    html = page.read_text(errors="replace")
    url = page.with_name(page.name + ".url").read_text().strip()
    # Otherwise it folds white space between elements, and a block of code may be made of `div`s.
    kept = {"pre", "textarea", "div"}
    soup = BeautifulSoup(html, "lxml", preserve_whitespace_tags=kept)
    selector = next(each for name, each in MAINS.items() if page.parent.name.startswith(name))
    found = [each for part in selector.split(", ") for each in soup.select(part)]
    if not found:
        return {}
    content = found[0]
    for each in content.select(CHROME):
        if not each.decomposed:
            each.decompose()
    markdown = read(html, url) or ""
    read_page = Read(markdown)
    return {
        name: share
        for name, mark in MARKS.items()
        if (share := mark(content, url, read_page)) is not None
    }


class Read:
    """What a Markdown text holds, taken apart by a reader that knows nothing of ours."""

    def __init__(self, markdown: str) -> None:
        self.blocks: list[tuple[str, str]] = []
        outside = re.sub(
            r"^([ >]*)(`{3,})([^\n`]*)\n(.*?)^[ >]*\2[ ]*$",
            self._take,
            markdown,
            flags=re.MULTILINE | re.DOTALL,
        )
        self.lines = outside.split("\n")
        self.headings = Counter(
            (len(found[1]), _plain(found[2]))
            for line in self.lines
            if (found := re.match(r"(?:> )*(#{1,6}) (.*)", line))
        )
        self.rows = [_cells(line) for line in self.lines if re.match(r"[ >]*\|", line)]
        self.items = [
            (len(found[1]), _plain(re.sub(r"^\[[x ]\] ", "", found[2])))
            for line in self.lines
            if (found := re.match(r"(?:> ?)*( *)(?:[-*+]|\d+[.)]) (.*)", line))
        ]
        self.spans = Counter(
            " ".join(each.split()) for _, each in re.findall(r"(?s)(`+)(.+?)\1(?!`)", outside)
        )
        self.addresses = {unquote(each) for each in re.findall(r"\]\(<?([^)\s>]+)", outside)}
        self.text = markdown
        self.quoted = [_plain(line.lstrip("> ")) for line in self.lines if line.startswith(">")]

    def _take(self, match: re.Match[str]) -> str:
        prefix, _, language, code = match.groups()
        lines = [line[len(prefix) :] if line.strip() else "" for line in code.split("\n")]
        self.blocks.append((language.strip().split(" ")[0], "\n".join(lines).strip("\n")))
        return ""


def _plain(text: str) -> str:
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<br>|\\(?=[\W_])", " " if "<br>" in text else "", text)
    return _folded(re.sub(r"[`*•]|~~", "", text))


def _folded(text: str) -> str:
    text = re.sub(r"[\u200b\\]|\[\^", lambda m: "[" if "[" in m[0] else "", text)
    return "".join(text.split()).lower()


def _cells(line: str) -> list[str]:
    return [_plain(each) for each in re.split(r"(?<!\\)\|", line.strip("> ").strip("|"))]


def _said(tag: Tag) -> str:
    return _folded(re.sub(r"[`*•]|~~", "", tag.get_text()))


def _share(hits: Iterable[bool]) -> float | None:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else None


def _codes(content: Tag) -> Iterator[tuple[Tag, str]]:
    for tag in content.select("pre, div.fragment"):
        if tag.find_parent("pre") or tag.find_parent("td", class_="linenos"):
            continue
        if tag.name == "div":
            lines = (each.get_text() for each in tag.select("div.line"))
            text = "\n".join(lines)
        else:
            for each in tag.find_all("br"):
                each.replace_with("\n")
            text = tag.get_text()
        if text.strip():
            yield tag, text.replace("\xa0", " ").replace("\u200b", "").strip("\n").rstrip()


def code_exact(content: Tag, _: str, read: Read) -> float | None:
    """Code to the letter."""
    blocks = {_exact(code) for _, code in read.blocks}
    return _share(_exact(text) in blocks for _, text in _codes(content))


def _exact(code: str) -> str:
    """Return code without what can't be seen: white space at the ends of its lines."""
    return "\n".join(line.rstrip() for line in code.split("\n")).rstrip()


def code_found(content: Tag, _: str, read: Read) -> float | None:
    """Code, white space aside."""
    blocks = {_folded(code) for _, code in read.blocks}
    return _share(_folded(text) in blocks for _, text in _codes(content))


def language(content: Tag, _: str, read: Read) -> float | None:
    """The language of code that names one."""
    named = {_folded(code): name for name, code in read.blocks}
    hits: list[bool] = []
    for tag, text in _codes(content):
        around = [tag, *tag.find_all("code"), *list(tag.parents)[:2]]
        names = " ".join(" ".join(each.get("class") or []) for each in around)
        true = re.search(r"(?:language|highlight-source|highlight|lang)-([\w+#]+)", names)
        if true and true[1] not in {"default", "none", "text", "plaintext", "notranslate"}:
            hits.append(named.get(_folded(text), "")[:3] == true[1].lower()[:3])
    return _share(hits)


def _tables(content: Tag) -> Iterator[list[list[str]]]:
    for table in content.find_all("table"):
        is_data = len(table.find_all("tr")) > 1 and not table.find(["table", "pre", "h2", "h3"])
        is_data = is_data and "memname" not in (table.get("class") or [])
        if is_data and max(len(row.find_all(["td", "th"])) for row in table.find_all("tr")) > 1:
            yield [[_said(c) for c in r.find_all(["td", "th"])] for r in table.find_all("tr")]


def cells(content: Tag, _: str, read: Read) -> float | None:
    """Cells of tables."""
    known = {cell for row in read.rows for cell in row}
    return _share(c in known for t in _tables(content) for row in t for c in row if c)


def rows(content: Tag, _: str, read: Read) -> float | None:
    """Rows of tables with all of their cells in order."""
    known = {tuple(filter(None, row)) for row in read.rows}
    return _share(
        tuple(filter(None, row)) in known or _is_within(row, read.rows)
        for table in _tables(content)
        for row in table
        if any(row)
    )


def _is_within(row: list[str], lines: list[list[str]]) -> bool:
    wanted = [cell for cell in row if cell]
    for line in lines:
        left = iter(line)
        if all(cell in left for cell in wanted):
            return True
    return False


def headings(content: Tag, _: str, read: Read) -> float | None:
    """Headings with their levels."""
    true = Counter(
        (int(tag.name[1]), _said(tag).rstrip("¶§"))
        for tag in content.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])
        if _said(tag) and not tag.find_parent(class_=re.compile("admonition|note|warning|tip"))
    )
    return (true & read.headings).total() / true.total() if true else None


def links(content: Tag, url: str, read: Read) -> float | None:
    """Links, absolute."""
    true = {
        unquote(urljoin(url, tag["href"]))
        for tag in content.select("a[href]")
        if not tag["href"].startswith(("#", "javascript:", "data:"))
        and tag.get_text().strip()
        and not tag.find_parent(["pre", "dt"])
        and not tag.find_parent(class_=re.compile("fragment|signature|memname"))
    }
    return _share(each in read.addresses for each in true)


def images(content: Tag, url: str, read: Read) -> float | None:
    """Pictures, absolute."""
    counts = Counter(tag.get("src") for tag in content.select("img[src]"))
    true = {
        unquote(urljoin(url, tag["src"]))
        for tag in content.select("img[src]")
        if not tag["src"].startswith("data:")
        and counts[tag["src"]] < 3
        and not (tag.get("width", "99").isdecimal() and int(tag.get("width", "99")) <= 32)
    }
    return _share(each in read.addresses for each in true)


def _own_text(item: Tag) -> str:
    parts: list[str] = []
    for child in item.children:
        if isinstance(child, Tag) and child.name in {"ul", "ol", "pre", "table", "dl"}:
            break
        parts.append(child.get_text())
        if isinstance(child, Tag) and child.name in {"p", "div"} and "".join(parts).strip():
            break
    return _folded(re.sub(r"[`*•]|~~|^\s*\[[x ]\] ", "", "".join(parts)))


def _lists(content: Tag) -> Iterator[tuple[int, str]]:
    for item in content.find_all("li"):
        if item.find(["h1", "h2", "h3", "h4", "h5", "section"]) or item.find_parent("td"):
            continue
        if (text := _own_text(item)) and "fn" not in item.get("id", ""):
            yield len(item.find_parents("li")), text


def items(content: Tag, _: str, read: Read) -> float | None:
    """Items of lists."""
    known = {text for _, text in read.items}
    return _share(text[:60] in {each[:60] for each in known} for _, text in _lists(content))


def depth(content: Tag, _: str, read: Read) -> float | None:
    """Items at their depth: those in lists in lists are indented, the others not."""
    known: defaultdict[str, set[bool]] = defaultdict(set)
    for indent, text in read.items:
        known[text[:60]].add(indent > 0)
    return _share((at > 0) in known.get(text[:60], set()) for at, text in _lists(content))


def inline_code(content: Tag, _: str, read: Read) -> float | None:
    """Code in a line."""
    true = Counter(
        " ".join(tag.get_text().replace("\u200b", "").split())
        for tag in content.find_all(["code", "tt", "kbd", "samp"])
        if tag.get_text().strip()
        and not tag.find_parent(["pre", "code", "kbd", "dt"])
        and not tag.find("code")
    )
    return (true & read.spans).total() / true.total() if true else None


def definitions(content: Tag, _: str, read: Read) -> float | None:
    """Terms of lists, each on its own line with what it means behind it."""
    lines = [plain for line in read.lines if (plain := _plain(line))]
    behind = defaultdict(set)
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        behind[line].add(following.removeprefix(":")[:30])
    hits: list[bool] = []
    for tag in content.find_all("dt"):
        body = tag.find_next_sibling("dd")
        if body is None or body.find(["pre", "dl", "table", "ul", "ol"]) or not _said(body):
            continue
        if not tag.find_parent(class_=re.compile("footnote|section|note")):
            said = _said(body)
            hits.append(any(each and said.startswith(each[:20]) for each in behind[_said(tag)]))
    return _share(hits)


def admonitions(content: Tag, _: str, read: Read) -> float | None:
    """Boxes, quoted, with their words in the quote."""
    quoted = "".join(read.quoted)
    selector = "div.admonition, div.note, div.warning, div.tip, div.custom-block, dl.note"
    boxes = [box for box in content.select(selector) if box.select("p")]
    return _share(_said(box.select("p")[-1])[-30:] in quoted for box in boxes)


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.replace("\u200b", "").lower()))


def recall(content: Tag, _: str, read: Read) -> float | None:
    """Words of the content that are read."""
    true = _words(content.get_text(" "))
    said = _words(re.sub(r"\]\([^)]*\)", "]", read.text))
    return (true & said).total() / true.total() if true else None


def no_leaks(content: Tag, _: str, read: Read) -> float | None:
    """Words read that are the content's."""
    true = _words(content.get_text(" "))
    said = _words(re.sub(r"\]\([^)]*\)|^`{3,}\w*|picture: ", "]", read.text, flags=re.MULTILINE))
    return (true & said).total() / said.total() if said else 0.0


MARKS: dict[str, Callable[[Tag, str, Read], float | None]] = {
    mark.__name__: mark
    for mark in (
        code_exact, code_found, language, cells, rows, headings, links, images, items, depth,
        inline_code, definitions, admonitions, recall, no_leaks,
    )
}  # fmt: skip


def _print(name: str, by_page: dict[Path, Marks]) -> None:
    means = _means(by_page.values())
    print(f"{name:18} {statistics.mean(means.values()):.3f}  {_line(means)}", flush=True)
    if name == "ours":
        for generator in sorted({page.parent.name for page in by_page}):
            own = _means(marks for page, marks in by_page.items() if page.parent.name == generator)
            if own:
                print(f"  {generator:18} {statistics.mean(own.values()):.3f}  {_line(own)}")


def _means(pages: Iterable[Marks]) -> Marks:
    values: defaultdict[str, list[float]] = defaultdict(list)
    for marks in pages:
        for name, share in marks.items():
            values[name].append(share)
    return {name: statistics.mean(values[name]) for name in MARKS if name in values}


def _line(marks: Any) -> str:
    return " ".join(f"{name} {share:.2f}" for name, share in marks.items())


if __name__ == "__main__":
    sys.exit(main())

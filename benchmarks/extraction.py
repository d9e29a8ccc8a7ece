"""What reading a page costs: `to_markdown` beside what others take for the same page.

    python benchmarks/extraction.py

The page is made here, the same each time: 1 MiB of documentation with headings, paragraphs with
links and inline code, highlighted code, tables, lists and boxes inside navigation. Measured is the
processor's time of this process, in pairs, one after the other. The others come with the extra
`bench`; those that are missing are left out.
"""

import importlib
import random
import time
from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from figures import Figure, show

from qwen_mcp_tools.content.html import to_markdown

URL = "https://docs.example/guide/index.html"
SIZE = 1 << 20
ROUNDS = 9
GOAL = 0.15
LEAST_MB_A_SECOND = 8.0
WORDS = (
    "the of and a to in is that it for with as on be by this are from or an which value returns"
    " object request handler session buffer argument when raised if not only after default stream"
    " connection timeout example configuration module caller must before each called bytes"
).split()


def measure() -> Iterator[Figure]:
    """Yield the time of `to_markdown` beside each of the others', and beside the goal in MB/s."""
    page = documentation_page()
    for name, (read, rounds, goal) in _others().items():
        pairs = [(_spent(_ours, page), _spent(read, page)) for _ in range(rounds)]
        ours, theirs = zip(*pairs, strict=True)
        yield Figure("reading 1 MiB, CPU", name, "s", ours, theirs, goal)
    least = len(page) / LEAST_MB_A_SECOND / 1e6
    times = tuple(_spent(_ours, page) for _ in range(ROUNDS))
    yield Figure("reading 1 MiB, CPU", "8 MB/s", "s", times, (least,) * ROUNDS, 1.0)


def _ours(page: str) -> str:
    return to_markdown(page, URL)


def _spent(read: Callable[[str], Any], page: str) -> float:
    started = time.process_time()
    read(page)
    return time.process_time() - started


def _others() -> dict[str, tuple[Callable[[str], Any], int, float]]:
    found: dict[str, tuple[Callable[[str], Any], int, float]] = {}
    for name, module, rounds, goal, made in (
        ("markdownify", "markdownify", ROUNDS, GOAL, lambda m: m.markdownify),
        ("trafilatura", "trafilatura", 3, 0.0, lambda m: m.extract),
        ("html-to-markdown", "html_to_markdown", ROUNDS, 0.0, lambda m: m.convert),
        ("resiliparse", "resiliparse.extract.html2text", ROUNDS, 0.0,
         lambda m: m.extract_plain_text),
        ("readabilipy and markdownify", "readabilipy", 1, 0.0, _as_fetch_does),
    ):  # fmt: skip
        try:
            found[name] = (made(importlib.import_module(module)), rounds, goal)
        except ImportError:
            print(f"{name}: not installed (extra `bench`)")
    return found


def _as_fetch_does(readabilipy: Any) -> Callable[[str], Any]:
    """Return what mcp-server-fetch does with a page where it finds no Node."""
    markdownify = importlib.import_module("markdownify")

    def read(page: str) -> str:
        simple = readabilipy.simple_json.simple_json_from_html_string(page, use_readability=False)
        return markdownify.markdownify(simple["content"] or "", heading_style="ATX")

    return read


def documentation_page(size: int = SIZE) -> str:
    """Return a page of documentation of about `size` characters, the same each time."""
    draw = random.Random(8)
    parts: list[str] = []
    length, number = 0, 0
    while length < size:
        number += 1
        parts.append(_section(draw, number))
        length += len(parts[-1])
    links = "".join(
        f'<li><a href="chapter-{n}.html">{_words(draw, 3)}</a></li>' for n in range(100)
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The guide</title>'
        '<link rel="stylesheet" href="/style.css"></head><body>'
        f'<nav class="sidebar"><ul>{links}</ul></nav>'
        f'<main role="main"><h1>The guide</h1>{"".join(parts)}</main>'
        "<footer><p>Made for a benchmark.</p></footer></body></html>"
    )


def _words(draw: random.Random, count: int) -> str:
    return " ".join(draw.choices(WORDS, k=count))


def _sentence(draw: random.Random) -> str:
    word = draw.choice(WORDS)
    return (
        f"{_words(draw, draw.randint(8, 20)).capitalize()}"
        f' <a class="reference internal" href="../api/{word}.html#{word}"><code>{word}()</code></a>'
        f" {_words(draw, 12)} <code>{word}_{draw.choice(WORDS)}</code>, {_words(draw, 14)}."
    )


def _section(draw: random.Random, number: int) -> str:
    paragraphs = "".join(
        f"<p>{' '.join(_sentence(draw) for _ in range(draw.randint(2, 5)))}</p>\n" for _ in range(4)
    )
    items = "".join(
        f"<li><p>{_sentence(draw)}</p><ul><li>{_words(draw, 9)}</li></ul></li>\n" for _ in range(4)
    )
    rows = "".join(
        f"<tr><td><code>{draw.choice(WORDS)}</code></td><td>{_words(draw, 8)}</td>"
        f"<td>{draw.randint(0, 999)}</td></tr>\n"
        for _ in range(8)
    )
    return (
        f'<section id="part-{number}"><h{2 + number % 3}>{_words(draw, 4).capitalize()}'
        f'<a class="headerlink" href="#part-{number}" title="Permalink">¶</a></h{2 + number % 3}>\n'
        f"{paragraphs}"
        f'<div class="highlight-python notranslate"><div class="highlight"><pre><span></span>'
        f"{_code(draw)}</pre></div></div>\n"
        f'<div class="admonition note"><p class="admonition-title">Note</p>'
        f"<p>{_sentence(draw)}</p></div>\n"
        f"<ul>{items}</ul>\n<table><thead><tr><th>Name</th><th>What it is</th><th>Default</th></tr>"
        f"</thead><tbody>{rows}</tbody></table></section>\n"
    )


def _code(draw: random.Random) -> str:
    lines = (
        f'<span class="n">{draw.choice(WORDS)}</span> <span class="o">=</span> '
        f'<span class="n">{draw.choice(WORDS)}</span><span class="p">(</span>'
        f'<span class="s1">{escape(repr(_words(draw, 3)))}</span><span class="p">)</span>\n'
        for _ in range(10)
    )
    return "".join(lines)


if __name__ == "__main__":
    show(measure())

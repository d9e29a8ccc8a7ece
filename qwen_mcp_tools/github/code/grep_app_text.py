"""What grep.app's tool says: a text for each file, its facts first, then numbered snippets.

The layout is nowhere promised. As callers recorded it in 2026, it is

    Repository: owner/name
    Path: src/file.py
    URL: https://github.com/owner/name/blob/main/src/file.py
    License: MIT

    Snippets:
    --- Snippet 1 (Line 27) ---
    the code, from line 27 on

or, as the only text, `No results found for your query.` What is laid out in another way is handed
on line by line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

from qwen_mcp_tools.github.code.kinds import Sought
from qwen_mcp_tools.github.code.query import CodeFile, CodeLine

_SITE = "https://github.com/"
_NOTHING = re.compile(r"\s*no results found\b[^\n]*\s*", re.IGNORECASE)
_HEADER = re.compile(
    r"^(?=Repository: \S+/\S+\nPath: .+\n(?:URL: |License: |\n?Snippets:|--- Snippet ))",
    re.MULTILINE,
)
_FACT = re.compile(r"\s*(Repository|Path|URL|License|Licence): *(.*)")
_SNIPPET = re.compile(r"^--- Snippet \d+ \(Lines? (\d{1,9})\b.*\) ---\n", re.MULTILINE)
_NUMBERED = re.compile(r"\s{0,8}(\d{1,7})(?:[:|]|\t) ?(.*)")


def files_in(texts: Sequence[str], sought: Sought) -> Iterator[CodeFile]:
    """Yield the files that `texts` tell of, each line marked where `sought` stands in it."""
    texts = [text.replace("\r\n", "\n") for text in texts if text.strip()]
    if len(texts) == 1:  # Gateways in between join the texts; else a file's own text may look so.
        texts = _HEADER.split(texts[0])
    for text in texts:
        if text.strip() and not _NOTHING.fullmatch(text):
            yield _file(text, sought)


def _file(text: str, sought: Sought) -> CodeFile:
    lines = text.strip("\n").split("\n")
    facts: dict[str, str] = {}
    while lines and (fact := _FACT.fullmatch(lines[0])):
        facts.setdefault(fact[1], fact[2].strip())
        lines.pop(0)
    repo, path = facts.get("Repository", ""), facts.get("Path", "").lstrip("/")
    shown = _marked(tuple(_lines("\n".join(lines))), sought.on_line)
    licence = facts.get("License") or facts.get("Licence", "")
    return CodeFile(
        repo=repo,
        path=path,
        url=_url(facts.get("URL", ""), repo, path, shown),
        lines=shown,
        licence="" if licence.lower() == "unknown" else licence,
    )


def _lines(text: str) -> Iterator[CodeLine]:
    before, *snippets = _SNIPPET.split(text)
    for line in before.splitlines():
        if line.strip() not in {"", "Snippets:"}:
            numbered = None if snippets else _NUMBERED.fullmatch(line)
            yield CodeLine(int(numbered[1]), numbered[2]) if numbered else CodeLine(0, line)
    for first, code in zip(snippets[::2], snippets[1::2], strict=True):
        for number, line in enumerate(code.rstrip().split("\n"), int(first)):
            yield CodeLine(number, line)


def _marked(lines: tuple[CodeLine, ...], on_line: re.Pattern[str] | None) -> tuple[CodeLine, ...]:
    """Mark the lines that hold a match; all of them where that can't be told from a line alone."""
    found = [bool(on_line and on_line.search(line.text)) for line in lines]
    if not any(found):
        return lines
    return tuple(replace(line, is_match=is_one) for line, is_one in zip(lines, found, strict=True))


def _url(told: str, repo: str, path: str, lines: tuple[CodeLine, ...]) -> str:
    url = told if told.startswith(_SITE) and " " not in told else ""
    if not url and repo and path:
        url = f"{_SITE}{repo}/blob/HEAD/{quote(path)}"
    first = next((line.number for line in lines if line.is_match and line.number), 0)
    return f"{url}#L{first}" if url and first and "#" not in url else url

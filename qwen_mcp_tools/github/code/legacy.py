"""GitHub's own code search: the legacy engine behind `GET /search/code`, which needs a token.

It finds words, not patterns: a regular expression, a symbol or a glob finds nothing without an
error (docs.github.com, searching code (legacy); github/github-mcp-server #2513, tried in May 2026).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import Any, ClassVar
from urllib.parse import parse_qs, quote, urlsplit

from qwen_mcp_tools.content.charset import decode
from qwen_mcp_tools.errors import BadArgumentError, ToolFailure
from qwen_mcp_tools.github.code.fragments import numbered
from qwen_mcp_tools.github.code.query import CodeFile, CodeHits, CodeQuery
from qwen_mcp_tools.github.names import check_path, is_commit, repository_of
from qwen_mcp_tools.github.rest.api import Api
from qwen_mcp_tools.github.rest.budgets import SERVICE
from qwen_mcp_tools.github.rest.failures import QueryError
from qwen_mcp_tools.github.rest.question import RAW, TEXT_MATCH, Question
from qwen_mcp_tools.upstream.at_once import at_once
from qwen_mcp_tools.upstream.shapes import number, objects, section, word

PER_PAGE = 10
MOST_RESULTS = 1000
"""GitHub shows no result after this one."""

_EXTENSION_GLOB = re.compile(r"(?:(?P<folder>[^*?\[\]]*)/)?(?:\*\*/)?\*\.(?P<extension>\w+)")

_UNPARSABLE = re.compile(r"\(?(?:fork|symbol|is|archived):|in:name\b")


class LegacySearch:
    """Asks GitHub with the user's token."""

    name: ClassVar[str] = SERVICE

    def __init__(self, api: Api, web_url: str) -> None:
        self._api = api
        self._web_url = web_url

    async def search(self, query: CodeQuery) -> CodeHits:
        """Return one page of files, the lines numbered where the file itself could be read.

        Raises:
            QueryError: GitHub does not take the query, even with its signs taken out.
            RateLimitedError: A minute's searches are used up, and the call has no time to wait.
            UpstreamError: It can't be reached, or fails.
        """
        try:
            return await self._search(query)
        except QueryError as refusal:
            last = refusal
        for text in dict.fromkeys(_repairs(query.text)):
            if text in {"", query.text} or last.is_about_place:
                continue
            try:
                hits = await self._search(replace(query, text=text))
            except QueryError as refusal:
                last = refusal
            else:
                note = f"GitHub could not parse the query; searched for {text} instead"
                return replace(hits, notes=(note, *hits.notes))
        raise last

    async def _search(self, query: CodeQuery) -> CodeHits:
        params = (("q", written(query)), ("per_page", PER_PAGE), ("page", query.page))
        question = Question(
            "/search/code", "a search for code", params, accept=TEXT_MATCH, resource="code_search"
        )
        answer = (await self._api.get(question)).json(SERVICE)
        items = objects(answer, "items")
        files = await at_once(*(partial(self._file, item) for item in items))
        total = int(number(answer, "total_count"))
        return CodeHits(
            engine=self.name,
            files=tuple(file for file in files if file),
            total=total,
            has_more=query.page * PER_PAGE < min(total, MOST_RESULTS),
            notes=_notes(answer, total),
        )

    async def _file(self, item: dict[str, Any]) -> CodeFile | None:
        try:
            repo = str(repository_of(word(section(item, "repository"), "full_name")))
            path = check_path(word(item, "path"))
        except BadArgumentError:
            return None
        if not path:
            return None
        fragments = objects(item, "text_matches")
        text = await self._text(repo, str(item.get("sha", "")), path)
        lines, left_out = numbered(fragments, text)
        commit = _commit_in(item)
        first = next((line.number for line in lines if line.is_match and line.number), 0)
        address = f"{self._web_url}/{repo}/blob/{commit or 'HEAD'}/{quote(path)}"
        url = f"{address}#L{first}" if first else address
        return CodeFile(repo, path, url, lines, left_out, commit)

    async def _text(self, repo: str, sha: str, path: str) -> str:
        """Return the file as it was indexed, empty where it can't be had."""
        if not is_commit(sha):
            return ""
        question = Question(f"/repos/{repo}/git/blobs/{sha}", path, accept=RAW, is_fixed=True)
        try:
            return decode((await self._api.get(question)).body).text
        except ToolFailure:
            return ""


def written(query: CodeQuery) -> str:
    """Return the query with its qualifiers, as GitHub parses it."""
    parts = [query.text]
    if query.repo:
        parts.append(f"repo:{query.repo}")
    if query.language:
        parts.append(f"language:{_quoted(query.language)}")
    return " ".join([*parts, *path_qualifiers(query.path)])


def path_qualifiers(path: str) -> list[str]:
    """Return the qualifiers for a folder, a file or a glob by extension."""
    glob = _EXTENSION_GLOB.fullmatch(path)
    if glob:
        folder = [f"path:{_quoted(glob['folder'])}"] if glob["folder"] else []
        return [*folder, f"extension:{glob['extension']}"]
    pure = PurePosixPath(path.strip("/"))
    if not path.strip("/"):
        return []
    if not pure.suffix or path.endswith("/"):
        return [f"path:{_quoted(str(pure))}"]
    folder = [] if str(pure.parent) == "." else [f"path:{_quoted(str(pure.parent))}"]
    return [f"filename:{_quoted(pure.name)}", *folder]


def is_extension_glob(path: str) -> bool:
    """Say whether `path` is a pattern such as `src/**/*.py`, which the qualifiers can express."""
    return bool(_EXTENSION_GLOB.fullmatch(path))


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r"\s", value) else value


def _repairs(text: str) -> Iterator[str]:
    """Yield what to ask in place of a query that GitHub could not parse, the closest first."""
    phrases = re.findall(r'"[^"]*"|[^\s"]+', text)
    kept = [each for each in phrases if not _UNPARSABLE.match(each)]
    yield " ".join(e if e.startswith('"') else e.strip("()") for e in kept).strip()
    words = [each for each in kept if each not in {"AND", "OR", "NOT"} and ":" not in each]
    yield " ".join(re.findall(r"[\w.\-]+", " ".join(words)))


def _commit_in(item: dict[str, Any]) -> str:
    ref = parse_qs(urlsplit(str(item.get("url", ""))).query).get("ref", [""])[0]
    if not is_commit(ref):
        steps = urlsplit(str(item.get("html_url", ""))).path.split("/")
        ref = steps[4] if len(steps) > 4 else ""
    return ref if is_commit(ref) else ""


def _notes(answer: dict[str, Any], total: int) -> tuple[str, ...]:
    notes: list[str] = []
    if not total:
        notes.append("GitHub searches default branches, and in them files below 384 KB")
    if answer.get("incomplete_results"):
        notes.append("GitHub ran out of time, so some files may be missing; narrow the search")
    if total > MOST_RESULTS:
        notes.append("GitHub shows only the first 1,000; add words, repo, language or path")
    return tuple(notes)

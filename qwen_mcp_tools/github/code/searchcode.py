"""searchcode's API, keyless: phrases and regular expressions in one public repository."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from urllib.parse import quote

from qwen_mcp_tools.errors import BadArgumentError, MalformedAnswerError
from qwen_mcp_tools.github.code.kinds import Sought, sought_by
from qwen_mcp_tools.github.code.paths import FileFilter
from qwen_mcp_tools.github.code.query import CodeFile, CodeHits, CodeQuery
from qwen_mcp_tools.github.code.searchcode_answer import (
    LATER,
    NAME,
    failure_of,
    lines_of,
    objects,
)
from qwen_mcp_tools.github.names import check_path
from qwen_mcp_tools.upstream.http import ServiceClient
from qwen_mcp_tools.upstream.retry import with_retry
from qwen_mcp_tools.upstream.shapes import word

PAGE = 10
MOST_FILES = 100
"""As many it lists at once; where we leave files out ourselves, only these are looked through."""

MOST_MATCHES = 50
"""As many of one file."""

_CLIENT = "qwen-mcp-tools"
_REPOSITORIES = "https://github.com"
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SLASH = re.compile(r"\\\\|\\?/")


@dataclass(frozen=True, slots=True)
class Searchcode:
    """Asks for one repository at a time; `code_search` of its API, as its callers use it."""

    client: ServiceClient
    base_url: str
    web_url: str
    """Where people see GitHub's files."""

    name: ClassVar[str] = NAME

    async def search(self, query: CodeQuery) -> CodeHits:
        """Return one page of files of `query.repo`.

        Raises:
            BadArgumentError: The regular expression is none, or none of its kind.
            NotFoundError: There is no such public repository.
            UpstreamError: It can't be reached, or fails.
        """
        sought = sought_by(query)
        files = FileFilter.of(sought.query)
        body = _body(sought, is_filtered=bool(files.wishes))
        answer = await with_retry(lambda: self._ask(body, sought), tries=2)
        found = tuple(self._files(answer, sought.query.repo, files))
        return _page(answer, found, sought, files)

    async def _ask(self, body: dict[str, Any], sought: Sought) -> dict[str, Any]:
        answer = await self.client.request(
            NAME,
            "POST",
            f"{self.base_url}/api/v1/code_search",
            params={"client": _CLIENT},
            headers={"Accept": "application/json"},
            json=body,
        )
        if answer.status != 200:
            raise failure_of(answer, sought)
        if "html" in answer.headers.get("content-type", ""):
            raise MalformedAnswerError(NAME, "sent a web page in place of an answer", LATER)
        return answer.json(NAME)

    def _files(self, answer: dict[str, Any], repo: str, wanted: FileFilter) -> Iterator[CodeFile]:
        told = word(answer, "commit_sha")
        commit = told if _COMMIT.fullmatch(told) else ""
        for entry in objects(answer, "results"):
            path = _path_in(entry)
            if path and wanted.takes(path):
                lines = lines_of(entry)
                first = next((line.number for line in lines if line.is_match), 0)
                place = f"#L{first}" if first else ""
                url = f"{self.web_url}/{repo}/blob/{commit or 'HEAD'}/{quote(path)}{place}"
                yield CodeFile(repo, path, url, lines, commit=commit)


def _path_in(entry: dict[str, Any]) -> str:
    try:
        return check_path(word(entry, "file"))
    except BadArgumentError:
        return ""


def _body(sought: Sought, *, is_filtered: bool) -> dict[str, Any]:
    if sought.is_regex:
        query = f"/{_SLASH.sub(_kept, sought.pattern)}/"
    else:  # In quotes nothing is an operator, as `OR` and `path:` would be.
        query = json.dumps(sought.pattern, ensure_ascii=False)
    return {
        "repository": f"{_REPOSITORIES}/{sought.query.repo}",
        "query": query,
        "case_sensitive": False,
        "snippet_mode": "grep",
        "context_lines": 1,
        "include_all_dirs": True,
        "max_results": MOST_FILES if is_filtered else PAGE,
        "max_matches_per_file": MOST_MATCHES,
        "offset": 0 if is_filtered else (sought.query.page - 1) * PAGE,
    }


def _kept(match: re.Match[str]) -> str:
    r"""Write a slash inside of the regular expression as `\\x2f`: a bare one would end it."""
    return match[0] if match[0] == "\\\\" else "\\x2f"


def _page(
    answer: dict[str, Any], files: tuple[CodeFile, ...], sought: Sought, wanted: FileFilter
) -> CodeHits:
    total: Any = answer.get("total_matches")
    hits = CodeHits(
        engine=NAME,
        files=files,
        total=total if isinstance(total, int) and total >= 0 else None,
        counted="matches",
        has_more=answer.get("has_more") is True,
        notes=(*sought.notes, *wanted.notes, *_cuts(answer), *sought.hints(files)),
    )
    return _filtered(hits, sought.query.page, wanted) if wanted.wishes else hits


def _filtered(hits: CodeHits, page: int, wanted: FileFilter) -> CodeHits:
    """Return the page of what is left of all files that were listed at once."""
    first, count = (page - 1) * PAGE, len(hits.files)
    note = f"only the first {MOST_FILES} files with matches were looked through for {wanted.wishes}"
    return replace(
        hits,
        files=hits.files[first : first + PAGE],
        total=None if hits.has_more else count,
        counted="files",
        has_more=count > first + PAGE,
        notes=(*hits.notes, note) if hits.has_more else hits.notes,
    )


def _cuts(answer: dict[str, Any]) -> Iterator[str]:
    if answer.get("truncated") is True:
        yield f"{NAME} stopped before it had seen all matches"
    if any(map(_is_cut, objects(answer, "results"))):
        yield f"of a file at most {MOST_MATCHES} matches are shown"


def _is_cut(entry: dict[str, Any]) -> bool:
    count: Any = entry.get("matches_in_file")
    return isinstance(count, int) and count > len(objects(entry, "matches"))

"""grep.app's MCP endpoint, keyless: code of a million public repositories, as it stands."""

from dataclasses import dataclass
from typing import Any, ClassVar

from qwen_mcp_tools.errors import UpstreamError
from qwen_mcp_tools.github.code.grep_app_text import files_in
from qwen_mcp_tools.github.code.kinds import Sought, beyond_re2, is_glob, sought_by
from qwen_mcp_tools.github.code.paths import fixed_part, language_named, path_filter
from qwen_mcp_tools.github.code.query import CodeFile, CodeHits, CodeQuery
from qwen_mcp_tools.upstream.remote_tools import CallTool
from qwen_mcp_tools.upstream.retry import with_retry

NAME = "grep.app"
TOOL = "searchGitHub"
MOST_FILES = 10
"""As many it shows; it knows no second page."""
_CUT = f"{NAME} shows {MOST_FILES} files at most; narrow by repo, path or language"

# One language of a model's words is several of grep.app's.
_BESIDE = {"TypeScript": "TSX", "TSX": "TypeScript"}


@dataclass(frozen=True, slots=True)
class GrepApp:
    """Asks the tool `searchGitHub` of the server at exactly `url`."""

    call: CallTool
    url: str

    name: ClassVar[str] = NAME

    async def search(self, query: CodeQuery) -> CodeHits:
        """Return the only page of files.

        Raises:
            BadArgumentError: The regular expression is none.
            UpstreamError: It can't be reached, fails, or does not take the search.
        """
        sought = sought_by(query)
        if query.page > 1:
            return CodeHits(NAME, (), notes=(f"{NAME} gives one page of results only",))
        try:
            texts = await with_retry(
                lambda: self.call(NAME, self.url, TOOL, _arguments(sought)), tries=2
            )
        except UpstreamError as failure:
            raise _with_reason(failure, sought) from failure
        found = tuple(files_in(texts, sought))
        kept = tuple(file for file in found if _is_meant(file, sought.query))
        cut = (_CUT,) if len(found) >= MOST_FILES else ()
        return CodeHits(NAME, kept, notes=(*sought.notes, *cut, *sought.hints(kept)))


def _arguments(sought: Sought) -> dict[str, Any]:
    query = sought.query
    path = fixed_part(query.path) if is_glob(query.path) else query.path.strip().lstrip("/")
    language = language_named(query.language) if query.language else ""
    wishes: dict[str, Any] = {
        "useRegexp": sought.is_regex,
        "repo": query.repo,
        "path": path,
        "language": [each for each in (language, _BESIDE.get(language)) if each],
    }
    return {"query": sought.pattern} | {name: wish for name, wish in wishes.items() if wish}


def _is_meant(file: CodeFile, query: CodeQuery) -> bool:
    """Say whether a file is one that was asked for: grep.app looks for pieces of names."""
    if not file.path:  # It could not be read: rather shown than lost.
        return True
    if query.repo.strip("/").count("/") == 1 and file.repo.lower() != query.repo.strip("/").lower():
        return False
    return not is_glob(query.path) or path_filter(query.path)(file.path)


def _with_reason(failure: UpstreamError, sought: Sought) -> UpstreamError:
    lacks = beyond_re2(sought.pattern) if sought.is_regex else ""
    if type(failure) is not UpstreamError or not lacks:
        return failure
    return UpstreamError(failure.service, failure.trouble, f"RE2 has no {lacks}")

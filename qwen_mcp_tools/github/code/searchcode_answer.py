"""What searchcode answers: files with their lines, or why there are none."""

from typing import Any, cast

from qwen_mcp_tools.errors import (
    BadArgumentError,
    MalformedAnswerError,
    NotFoundError,
    RateLimitedError,
    ToolFailure,
)
from qwen_mcp_tools.github.code.kinds import Sought, beyond_re2
from qwen_mcp_tools.github.code.query import CodeLine
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.http import Answer
from qwen_mcp_tools.upstream.shapes import word
from qwen_mcp_tools.upstream.statuses import failure_of_status

NAME = "searchcode"
LATER = "try again later"


def failure_of(answer: Answer, sought: Sought) -> ToolFailure:
    """Return the failure that an answer with a status other than 200 means."""
    error = _error_in(answer)
    said = one_line(word(error, "message"), 160)
    if answer.status == 404:
        repo = one_line(sought.query.repo, 120)
        return NotFoundError(f"the public repository {repo} at {NAME}", "check owner and name")
    if answer.status in {400, 422}:
        lacks = beyond_re2(sought.pattern) if sought.is_regex else ""
        mend = f"RE2 has no {lacks}" if lacks else "change the query"
        reason = f" ({said})" if said else ""
        return BadArgumentError(f"query: {NAME} does not take it{reason}; {mend}")
    wait: Any = error.get("retry_after_seconds")
    if answer.status == 429 and isinstance(wait, int) and 0 <= wait < 1e6:
        return RateLimitedError(NAME, "asks us to slow down", f"wait {wait} s", retry_after=wait)
    return failure_of_status(NAME, answer.status, answer.headers)


def lines_of(entry: dict[str, Any]) -> tuple[CodeLine, ...]:
    """Return matches and what stands around them, each line once, in the file's order."""
    lines: dict[int, CodeLine] = {}
    for match in objects(entry, "matches"):
        told: Any = match.get("line")
        number = told if isinstance(told, int) and told > 0 else 0
        before, after = _words(match, "context_before"), _words(match, "context_after")
        around = [*enumerate(before, number - len(before)), *enumerate(after, number + 1)]
        for place, text in around if number else ():
            lines.setdefault(place, CodeLine(place, text, is_match=False))
        # One without a number stands in front, and replaces no other.
        lines[number or -len(lines) - 1] = CodeLine(number, word(match, "content"))
    return tuple(lines[place] for place in sorted(lines))


def objects(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects listed under `name`, none where it is null.

    Raises:
        MalformedAnswerError: There is no such list.
    """
    listed: Any = answer.get(name, ...)
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise MalformedAnswerError(NAME, "sent JSON of another shape", LATER)
    return [each for each in cast("list[Any]", listed) if isinstance(each, dict)]


def _words(entry: dict[str, Any], name: str) -> list[str]:
    listed: Any = entry.get(name)
    return list(map(str, cast("list[Any]", listed))) if isinstance(listed, list) else []


def _error_in(answer: Answer) -> dict[str, Any]:
    try:
        error: Any = answer.json(NAME).get("error")
    except MalformedAnswerError:
        return {}
    return cast("dict[str, Any]", error) if isinstance(error, dict) else {"message": error}

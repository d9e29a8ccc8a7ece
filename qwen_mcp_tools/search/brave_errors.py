"""Brave's failures, told by the code in the body and then by the status."""

from typing import Any, cast

from qwen_mcp_tools.errors import (
    BadArgumentError,
    MalformedAnswerError,
    RateLimitedError,
    RejectedKeyError,
    ServiceFaultError,
    ToolFailure,
    UpstreamError,
)
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.http import Answer

NAME = "Brave"
_KEY_MEND = "check BRAVE_API_KEY"


def section(answer: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a part of the answer; Brave leaves out what it has nothing for."""
    section: Any = answer.get(name)
    return cast("dict[str, Any]", section) if isinstance(section, dict) else {}


def failure_of(answer: Answer) -> ToolFailure:
    """Return the failure that the code in the body means; Brave's statuses surprise."""
    error = _error_in(answer)
    code, detail = str(error.get("code", "")), one_line(str(error.get("detail", "")), 120)
    meta = section(error, "meta")
    match code:
        case "SUBSCRIPTION_TOKEN_INVALID" | "SUBSCRIPTION_NOT_FOUND":
            return RejectedKeyError(NAME, "does not accept the key", _KEY_MEND)
        case "OPTION_NOT_IN_PLAN":
            return RejectedKeyError(
                NAME, "says that the key's plan does not include this", "use a key of a Search plan"
            )
        case "QUOTA_LIMITED" | "USAGE_LIMIT_EXCEEDED":
            return RateLimitedError(
                NAME, "says that this month's quota is spent", "raise the plan's limit at Brave"
            )
        case "RATE_LIMITED":
            return RateLimitedError(
                NAME, "asks us to slow down", "wait a second", retry_after=_reset(answer)
            )
        case "VALIDATION":
            return _refused_argument(meta, detail)
        case _:
            return _by_status(answer.status, detail)


def _error_in(answer: Answer) -> dict[str, Any]:
    try:
        body = answer.json(NAME)
    except MalformedAnswerError:
        return {}
    # The service sends `error`; its reference shows a list, `errors`.
    listed: list[dict[str, Any]] = body.get("errors") or []
    return section(body, "error") or (listed[0] if listed else {})


def _refused_argument(meta: dict[str, Any], detail: str) -> ToolFailure:
    problems: list[dict[str, Any]] = meta.get("errors") or [{}]
    location: list[Any] = problems[0].get("loc") or []
    place = [str(part) for part in location]
    if "x-subscription-token" in place:
        return RejectedKeyError(NAME, "got no key", _KEY_MEND)
    message = one_line(str(problems[0].get("msg", detail)), 120)
    return BadArgumentError(f"{NAME} refuses {place[-1] if place else 'an argument'}: {message}")


def _by_status(status: int, detail: str) -> ToolFailure:
    said = f" ({detail})" if detail else ""
    if status in {401, 403}:
        return RejectedKeyError(NAME, f"does not accept the key ({status})", _KEY_MEND)
    if status == 429:
        return RateLimitedError(NAME, "asks us to slow down (429)", "try again later")
    if status >= 500:
        return ServiceFaultError(NAME, f"failed with status {status}{said}", "try again later")
    return UpstreamError(NAME, f"answered with status {status}{said}", "try another query")


def _reset(answer: Answer) -> float:
    """Return the seconds until the first window, a second long, is over."""
    first = answer.headers.get("x-ratelimit-reset", "1").partition(",")[0].strip()
    return max(float(first), 1) if first.isdecimal() else 1

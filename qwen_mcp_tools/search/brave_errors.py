"""Brave's failures, told by the code in the body and then by the status."""

from datetime import UTC, datetime, timedelta
from typing import Any

from qwen_mcp_tools.errors import (
    MalformedAnswerError,
    RateLimitedError,
    RejectedKeyError,
    ServiceFaultError,
    UpstreamError,
)
from qwen_mcp_tools.search.brave_limits import seconds_to_wait, windows_of
from qwen_mcp_tools.search.refusals import RefusedFilterError
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.http import Answer
from qwen_mcp_tools.upstream.shapes import items, objects, section
from qwen_mcp_tools.upstream.windows import Window

NAME = "Brave"
_KEY_MEND = "check BRAVE_API_KEY"


class SpentQuotaError(RateLimitedError):
    """A whole month's requests are gone: nobody waits in line for the next one."""


def failure_of(answer: Answer) -> UpstreamError:
    """Return the failure that the code in the body means; Brave's statuses surprise."""
    error = _error_in(answer)
    detail = one_line(str(error.get("detail", "")), 120)
    match error.get("code"):
        case "SUBSCRIPTION_TOKEN_INVALID" | "SUBSCRIPTION_NOT_FOUND":
            return RejectedKeyError(NAME, "does not accept the key", _KEY_MEND)
        case "OPTION_NOT_IN_PLAN":
            return RejectedKeyError(
                NAME, "says that the key's plan does not include this", "use a key of a Search plan"
            )
        case "QUOTA_LIMITED" | "USAGE_LIMIT_EXCEEDED":
            return _spent_quota(answer)
        case "RATE_LIMITED":
            return _too_fast(answer)
        case "VALIDATION":
            return _refused_argument(section(error, "meta"), detail)
        case _:
            return _by_status(answer, detail)


def _error_in(answer: Answer) -> dict[str, Any]:
    try:
        body = answer.json(NAME)
    except MalformedAnswerError:
        return {}
    # The service sends `error`; its reference shows a list, `errors`.
    listed = objects(body, "errors")
    return section(body, "error") or (listed[0] if listed else {})


def _refused_argument(meta: dict[str, Any], detail: str) -> UpstreamError:
    problems = objects(meta, "errors") or [{}]
    place = [str(part) for part in items(problems[0], "loc")]
    if "x-subscription-token" in place:
        return RejectedKeyError(NAME, "got no key", _KEY_MEND)
    message = one_line(str(problems[0].get("msg", detail)), 120)
    what = place[-1] if place else "an argument"
    return RefusedFilterError(
        NAME, f"refuses {one_line(what, 40)}: {message}", "change that argument"
    )


def _by_status(answer: Answer, detail: str) -> UpstreamError:
    status, said = answer.status, f" ({detail})" if detail else ""
    if status in {401, 403}:
        return RejectedKeyError(NAME, f"does not accept the key ({status})", _KEY_MEND)
    if status == 429:
        return _spent_quota(answer) if _is_month_spent(answer) else _too_fast(answer)
    if status >= 500:
        return ServiceFaultError(NAME, f"failed with status {status}{said}", "try again later")
    return UpstreamError(NAME, f"answered with status {status}{said}", "try another query")


def _spent_quota(answer: Answer) -> SpentQuotaError:
    month = _month(answer)
    seconds = month.reset_seconds if month else None
    return SpentQuotaError(
        NAME,
        f"says that this month's quota is spent{_until(seconds)}",
        "raise the plan's limit at Brave",
        retry_after=seconds,
    )


def _until(seconds: float | None) -> str:
    if not seconds:
        return ""
    return f"; a new one begins on {(datetime.now(UTC) + timedelta(seconds=seconds)).date()}"


def _too_fast(answer: Answer) -> RateLimitedError:
    wait = seconds_to_wait(answer)
    return RateLimitedError(NAME, "asks us to slow down", "wait a second", retry_after=wait)


def _month(answer: Answer) -> Window | None:
    """Return the window that is longer than anybody waits, if the plan has one."""
    return next((each for each in windows_of(answer) if each.limit and not each.is_short), None)


def _is_month_spent(answer: Answer) -> bool:
    month = _month(answer)
    return month is not None and month.remaining == 0

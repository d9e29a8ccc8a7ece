"""Why a site does not show the page that was asked for, in one line, and what to do then.

Nothing that the site wrote is quoted: an error stands outside of the boundary around foreign text.
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from qwen_mcp_tools.errors import (
    NotFoundError,
    RateLimitedError,
    ServiceFaultError,
    ToolFailure,
    UpstreamError,
)
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.http import Answer
from qwen_mcp_tools.web.address import site_of
from qwen_mcp_tools.web.challenges import challenge_by

ELSEWHERE = "look for the same elsewhere with web_search"

_TROUBLES = {
    401: "asks for a login (401)",
    402: "asks for payment (402)",
    403: "does not show this page to programs (403)",
    406: "has no readable version of this page (406)",
    451: "may not show this page, for legal reasons (451)",
}


def failure_of(answer: Answer, source: str) -> ToolFailure:
    """Return what an answer without a good status (2xx) is; `source` is its body as text.

    404 and 410 are a `NotFoundError`, 429 a `RateLimitedError` with the seconds to wait where
    the site says them, 500 and more a `ServiceFaultError`, the rest an `UpstreamError`.
    """
    if answer.status in {404, 410}:
        status = "404" if answer.status == 404 else "410, gone for good"
        mend = "check the address, or look for the page with web_search"
        return NotFoundError(f"{one_line(answer.url)} ({status})", mend)
    return check_in(answer, source) or _failure(answer)


def check_in(answer: Answer, words: str) -> UpstreamError | None:
    """Return the failure that a check is which only a person in a browser passes, if it is one.

    It names the service that asks, if that is known. `words` is what a reader of the answer sees.
    """
    service = challenge_by(answer.headers, answer.body, words)
    if not service:
        return None
    check = f"a check by {service}" if service != "the site" else "a check"
    trouble = f"shows {check} that only a person in a browser passes ({answer.status})"
    return UpstreamError(site_of(answer.url), trouble, ELSEWHERE)


def _failure(answer: Answer) -> UpstreamError:
    status, site = answer.status, site_of(answer.url)
    wait = _seconds_to_wait(answer.headers.get("retry-after", ""))
    later = "try again later" if wait is None else f"try again in {wait:.0f} s"
    if status == 429:
        return RateLimitedError(site, "asks us to wait (429)", later, retry_after=wait)
    if status >= 500:
        return ServiceFaultError(site, f"failed ({_phrase(status)})", later)
    trouble = _TROUBLES.get(status, f"answers {_phrase(status)} instead of a page")
    return UpstreamError(site, trouble, ELSEWHERE)


def _seconds_to_wait(header: str) -> float | None:
    """Read Retry-After: seconds or a date (RFC 9110, 10.2.3)."""
    if header.isdecimal() and len(header) < 10:
        return float(header)
    try:
        until = parsedate_to_datetime(header)
    except (ValueError, OverflowError):
        return None
    return max((until.astimezone(UTC) - datetime.now(UTC)).total_seconds(), 0)


def _phrase(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)

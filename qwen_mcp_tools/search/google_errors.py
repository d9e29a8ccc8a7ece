"""Failures of Google's APIs: the body says more than the status (cloud.google.com/apis/design)."""

from datetime import UTC, datetime, timedelta

from qwen_mcp_tools.errors import (
    MalformedAnswerError,
    RateLimitedError,
    RejectedKeyError,
    ServiceFaultError,
    UpstreamError,
)
from qwen_mcp_tools.search.refusals import RefusedFilterError
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.http import Answer
from qwen_mcp_tools.upstream.shapes import section

NAME = "Google"
MINUTE = 60.0


def failure_of(answer: Answer) -> UpstreamError:
    """Return what an answer that is none means."""
    try:
        error = section(answer.json(NAME), "error")
    except MalformedAnswerError:
        error = {}
    message = one_line(str(error.get("message", "")), 120)
    said = f" ({message})" if message else ""
    status = answer.status
    if status in {401, 403} or (status == 400 and "api key" in message.lower()):
        return RejectedKeyError(NAME, f"does not accept the key{said}", "check GOOGLE_API_KEY")
    if status == 429:
        return _spent(message)
    if status in {400, 404}:
        return RefusedFilterError(
            NAME, f"refuses an argument{said}", "check GOOGLE_CSE_ID, or drop a filter"
        )
    if status >= 500:
        return ServiceFaultError(NAME, f"failed with status {status}{said}", "try again later")
    return UpstreamError(NAME, f"answered with status {status}{said}", "try another query")


def _spent(message: str) -> RateLimitedError:
    if "per minute" in message.lower():
        return RateLimitedError(NAME, "asks us to slow down", "wait a minute", retry_after=MINUTE)
    now = datetime.now(UTC)
    # Google's days begin at midnight in California, which has no summer time in this sum.
    begin = (now - timedelta(hours=8)).replace(hour=0, minute=0, second=0, microsecond=0)
    seconds = (begin + timedelta(days=1, hours=8) - now).total_seconds()
    return RateLimitedError(
        NAME,
        "says that today's queries are spent; new ones come at midnight Pacific time",
        "raise the quota in Google's console, or use another engine",
        retry_after=seconds,
    )

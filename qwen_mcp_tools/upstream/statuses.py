"""What a status says where a service has no words of its own."""

from collections.abc import Mapping

from qwen_mcp_tools.errors import (
    RateLimitedError,
    RejectedKeyError,
    ServiceFaultError,
    UpstreamError,
)
from qwen_mcp_tools.text import one_line


def failure_of_status(
    service: str, status: int, headers: Mapping[str, str], *, has_key: bool = False
) -> UpstreamError:
    """Return the failure that a status other than 2xx means; `headers` have small letters."""
    if status in {401, 403}:
        mend = "check the key" if has_key else "try another source"
        return RejectedKeyError(service, f"does not let us in (status {status})", mend)
    if status == 429:
        wait = _seconds(headers.get("retry-after", ""))
        mend = f"wait {wait:g} s" if wait is not None else "wait a while"
        return RateLimitedError(service, "asks us to slow down", mend, retry_after=wait)
    if status >= 500:
        return ServiceFaultError(service, f"failed with status {status}", "try again later")
    if 300 <= status < 400:
        place = one_line(headers.get("location", "").partition("?")[0], 100)
        return UpstreamError(service, f"has moved to {place}", "correct its URL in the settings")
    mend = "check its URL in the settings" if status in {404, 405, 410} else "try another query"
    return UpstreamError(service, f"answered with status {status}", mend)


def _seconds(value: str) -> float | None:
    return float(value) if value.isascii() and value.isdecimal() and len(value) < 7 else None

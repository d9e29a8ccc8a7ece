"""What the service's refusals mean, told by its words first and by the status last.

The statuses surprise (405, and 429 for four different things), and codes are often missing.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from qwen_mcp_tools.errors import (
    MalformedAnswerError,
    RateLimitedError,
    RejectedKeyError,
    ServiceFaultError,
    UpstreamError,
)
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.http import Answer
from qwen_mcp_tools.vision.endpoint import PLAN_PREFIX, SEEING, Endpoint
from qwen_mcp_tools.vision.ledger import BEIJING
from qwen_mcp_tools.vision.refusals import ROWS, BrokenOffError, Row


def failure_of(answer: Answer, endpoint: Endpoint, model: str) -> UpstreamError:
    """Return what an answer with a status other than 200 means."""
    service = endpoint.product.value
    if not answer.body.strip():
        return _without_words(answer.status, endpoint)
    try:
        body = answer.json(service)
    except MalformedAnswerError:
        return _by_status(answer.status, "", endpoint)
    return failure_in(body, endpoint, model, answer.status)


def failure_in(
    body: dict[str, Any], endpoint: Endpoint, model: str, status: int = 200
) -> UpstreamError:
    """Return what an object that tells an error means."""
    code, message = _told(body)
    words = f"{code} {message}".lower()
    for row in ROWS:
        if re.search(row.pattern, words):
            return _worded(row, endpoint, model)
    return _by_status(status, message or code, endpoint)


def _told(body: dict[str, Any]) -> tuple[str, str]:
    """Return code and message of the four shapes that errors come in."""
    error: Any = body.get("error", body)
    if isinstance(error, str):
        return "", error
    facts = cast("dict[str, Any]", error if isinstance(error, dict) else body)
    codes = [facts.get(name) for name in ("code", "errorType", "type")]
    return " ".join(str(code) for code in codes if code), str(facts.get("message") or "")


def _worded(row: Row, endpoint: Endpoint, model: str) -> UpstreamError:
    facts = {
        "variable": endpoint.variable,
        "model": one_line(model, 60),
        "seeing": ", ".join(SEEING),
        "monday": _next_monday(),
        **_key_facts(endpoint),
    }
    service = endpoint.product.value
    trouble, mend = row.trouble.format(**facts), row.mend.format(**facts)
    if row.kind is RateLimitedError:
        return RateLimitedError(service, trouble, mend, retry_after=row.retry_after)
    return row.kind(service, trouble, mend)


def _key_facts(endpoint: Endpoint) -> dict[str, str]:
    """Say what is wrong with the key: a plan's host and the other ones word it differently."""
    if endpoint.key.reveal().startswith(PLAN_PREFIX):
        return {
            "hosts": (
                "a key of the international site needs "
                "QWEN_BASE_URL=https://coding-intl.dashscope.aliyuncs.com/v1, one of the Token "
                "Plan belongs in BAILIAN_TOKEN_PLAN_API_KEY"
            ),
            "wrong_on_a_plan": "wrong, expired, of another plan or of another region",
            "wrong_elsewhere": f": {PLAN_PREFIX}… is a plan's, and this a pay-as-you-go host",
            "mend_elsewhere": "leave QWEN_BASE_URL empty, or give the plan's own host",
        }
    return {
        "hosts": "leave QWEN_BASE_URL empty, or give the host of the key's region",
        "wrong_on_a_plan": f"no plan's key ({PLAN_PREFIX}…), and this is a plan's host",
        "wrong_elsewhere": "",
        "mend_elsewhere": f"check {endpoint.variable}, and QWEN_BASE_URL: each region has its host",
    }


def _next_monday() -> str:
    now = datetime.now(UTC).astimezone(BEIJING)
    monday = now.date() + timedelta(days=7 - now.weekday())
    return f"Monday, {monday}, 00:00 UTC+8"


def _without_words(status: int, endpoint: Endpoint) -> UpstreamError:
    if status == 404:
        trouble = "has nothing at that address (404)"
        return UpstreamError(endpoint.product.value, trouble, "check QWEN_BASE_URL")
    return _by_status(status, "", endpoint)


def _by_status(status: int, detail: str, endpoint: Endpoint) -> UpstreamError:
    service = endpoint.product.value
    said = f" ({one_line(detail, 120)})" if detail else ""
    if status in {401, 403}:
        mend = f"check {endpoint.variable} and QWEN_BASE_URL"
        return RejectedKeyError(service, f"does not accept the key ({status}){said}", mend)
    if status == 429:
        return RateLimitedError(service, f"asks us to wait (429){said}", "try again in a minute")
    if status >= 500:
        return ServiceFaultError(service, f"failed ({status}){said}", "try again later")
    if status == 200:
        return BrokenOffError(service, f"broke off with an error{said}", "ask again")
    return UpstreamError(
        service, f"refuses the request ({status}){said}", "check QWEN_VISION_MODEL and the picture"
    )

"""What the service's refusals mean, told by its words first and by the status last.

The statuses surprise (405, and 429 for four different things), codes are often missing, and the
texts are what Model Studio's pages on errors and on its plans give.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
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
from qwen_mcp_tools.vision.endpoint import PLAN_PREFIX, SEEING, Endpoint, Product

BEIJING = timezone(timedelta(hours=8))


class ForcedThinkingError(ServiceFaultError):
    """The model does not answer without thinking first: the same with thinking will do."""


@dataclass(frozen=True, slots=True)
class _Row:
    pattern: str
    """Of the code and the message, in small letters."""
    kind: type[UpstreamError]
    trouble: str
    mend: str
    retry_after: float | None = None


_ROWS = (
    _Row(
        "only available for coding agents",
        RejectedKeyError,
        "answers coding agents of its list only (405), and this server does not claim to be one",
        "put a pay-as-you-go key in DASHSCOPE_API_KEY in place of {variable}, or attach the picture"
        " with @path if your agent's own model sees (qwen3.5-plus does)",
    ),
    _Row(
        "invalid access token or token expired",
        RejectedKeyError,
        "does not accept the key: it is wrong, expired, of another plan or of another region",
        "check {variable}; {hosts}",
    ),
    _Row(
        "incorrect api key|invalid[ _]api[-_ ]?key",
        RejectedKeyError,
        "does not accept the key in {variable}{plan_key}",
        "{key_mend}",
    ),
    _Row(
        "valid subscription",
        RejectedKeyError,
        "says that the subscription has lapsed",
        "renew it, or put a pay-as-you-go key in DASHSCOPE_API_KEY in place of {variable}",
    ),
    _Row(
        "restricted to true",
        ForcedThinkingError,
        "has {model} think before it answers",
        "set QWEN_THINKING=1",
    ),
    _Row(
        "enable_thinking must be",
        UpstreamError,
        "does not let {model} think here",
        "set QWEN_THINKING=0",
    ),
    _Row(
        "model_not_found|model .* does not exist|model .* is not supported|model_not_supported",
        UpstreamError,
        "does not offer {model}",
        "set QWEN_VISION_MODEL to one that sees: {seeing}",
    ),
    _Row(
        "hour allocated quota exceeded",
        RateLimitedError,
        "says that the quota of calls of the last 5 hours is spent",
        "do without pictures for now: calls come back one by one, each 5 hours after it was made",
    ),
    _Row(
        "week allocated quota exceeded",
        RateLimitedError,
        "says that this week's quota of calls is spent",
        "do without pictures until {monday}",
    ),
    _Row(
        "month allocated quota exceeded",
        RateLimitedError,
        "says that this month's quota of calls is spent",
        "do without pictures until the day of the month on which the subscription began",
    ),
    _Row(
        "concurrency allocated quota|usage allocated quota|userqpslimit",
        RateLimitedError,
        "is answering as many of your calls at once as it does",
        "try again in a minute, one picture at a time",
        retry_after=2.0,
    ),
    _Row(
        "freetieronly|free tier",
        RateLimitedError,
        "says that the model's free quota is used up",
        "switch 'free tier only' off in the console",
    ),
    _Row(
        "increased too quickly|burstrate",
        RateLimitedError,
        "says that calls came too fast one after the other",
        "wait a minute",
        retry_after=60.0,
    ),
    _Row(
        "rate limit exceeded|ratequota|limitrequests|current requests list",
        RateLimitedError,
        "says that its limit of calls a minute is reached",
        "wait a minute",
        retry_after=60.0,
    ),
    _Row(
        "allocated quota exceeded|allocationquota|current quota|insufficient_quota",
        RateLimitedError,
        "says that its limit of tokens a minute is reached",
        "wait a minute, or ask with detail=low",
        retry_after=60.0,
    ),
    _Row(
        "arrearage|good standing",
        RejectedKeyError,
        "says that the account has unpaid bills",
        "pay them in the console",
    ),
    _Row(
        "inappropriate content|data_?inspection_?failed",
        UpstreamError,
        "refuses the picture or the question as inappropriate content",
        "leave that part out, or describe it to the user's words; asking again won't help",
    ),
    _Row(
        "do not meet the model restrictions|must be larger than",
        UpstreamError,
        "finds a picture too small or too long",
        "give a larger picture",
    ),
    _Row(
        "download the media|multimodal content|multimodal url|decode the image|image.* format",
        UpstreamError,
        "can't read a picture that was sent",
        "give it as another file, e.g. a PNG",
    ),
    _Row(
        "range of input length",
        UpstreamError,
        "says that pictures and question are too long together",
        "ask with fewer pictures, or detail=low",
    ),
)


def failure_of(answer: Answer, endpoint: Endpoint, model: str) -> UpstreamError:
    """Return what an answer with a status other than 200 means."""
    service = endpoint.product.value
    if not answer.body.strip():
        return _without_words(answer.status, service)
    try:
        body = answer.json(service)
    except MalformedAnswerError:
        return _by_status(answer.status, "", service)
    return failure_in(body, endpoint, model, answer.status)


def failure_in(
    body: dict[str, Any], endpoint: Endpoint, model: str, status: int = 200
) -> UpstreamError:
    """Return what an object that tells an error means."""
    service = endpoint.product.value
    code, message = _told(body)
    words = f"{code} {message}".lower()
    for row in _ROWS:
        if re.search(row.pattern, words):
            return _worded(row, endpoint, model)
    return _by_status(status, message or code, service)


def _told(body: dict[str, Any]) -> tuple[str, str]:
    """Return code and message of the four shapes that errors come in."""
    error: Any = body.get("error", body)
    if isinstance(error, str):
        return "", error
    facts = cast("dict[str, Any]", error if isinstance(error, dict) else body)
    codes = [facts.get(name) for name in ("code", "errorType", "type")]
    return " ".join(str(code) for code in codes if code), str(facts.get("message") or "")


def _worded(row: _Row, endpoint: Endpoint, model: str) -> UpstreamError:
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
    hosts = (
        "a key of the international site needs "
        "QWEN_BASE_URL=https://coding-intl.dashscope.aliyuncs.com/v1, one of the Token Plan "
        "belongs in BAILIAN_TOKEN_PLAN_API_KEY"
    )
    is_plan_key = endpoint.key.reveal().startswith(PLAN_PREFIX)
    if is_plan_key and endpoint.product is Product.PAY_AS_YOU_GO:
        plan_key = f": {PLAN_PREFIX}… is a plan's key, and this is the pay-as-you-go host"
        return {"hosts": hosts, "plan_key": plan_key, "key_mend": "leave QWEN_BASE_URL empty"}
    mend = f"check {endpoint.variable}, and QWEN_BASE_URL: each region and plan has its own host"
    return {"hosts": hosts, "plan_key": "", "key_mend": mend}


def _next_monday() -> str:
    now = datetime.now(UTC).astimezone(BEIJING)
    monday = now.date() + timedelta(days=7 - now.weekday())
    return f"Monday, {monday}, 00:00 UTC+8"


def _without_words(status: int, service: str) -> UpstreamError:
    if status == 404:
        return UpstreamError(service, "has nothing at that address (404)", "check QWEN_BASE_URL")
    return _by_status(status, "", service)


def _by_status(status: int, detail: str, service: str) -> UpstreamError:
    said = f" ({one_line(detail, 120)})" if detail else ""
    if status in {401, 403}:
        mend = "check QWEN_API_KEY and QWEN_BASE_URL"
        return RejectedKeyError(service, f"does not accept the key ({status}){said}", mend)
    if status == 429:
        return RateLimitedError(service, f"asks us to wait (429){said}", "try again in a minute")
    if status >= 500:
        return ServiceFaultError(service, f"failed ({status}){said}", "try again later")
    if status == 200:
        return UpstreamError(service, f"broke off with an error{said}", "ask again")
    return UpstreamError(
        service, f"refuses the request ({status}){said}", "check QWEN_VISION_MODEL and the picture"
    )

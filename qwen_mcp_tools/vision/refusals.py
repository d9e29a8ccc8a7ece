"""What the service's refusals mean, by their words; the first row that fits counts.

The texts are those of Model Studio's pages on errors and on its plans, and what users report.
"""

from dataclasses import dataclass

from qwen_mcp_tools.errors import (
    RateLimitedError,
    RejectedKeyError,
    ServiceFaultError,
    UpstreamError,
)


class ForcedThinkingError(ServiceFaultError):
    """The model does not answer without thinking first: the same with thinking will do."""


class BrokenOffError(UpstreamError):
    """An answer that had begun ended in an error that is no refusal we know."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one kind of refusal means; `{names}` in the texts are filled in by the reader."""

    pattern: str
    """Of the code and the message, in small letters."""
    kind: type[UpstreamError]
    trouble: str
    mend: str
    retry_after: float | None = None
    """Seconds; set where waiting helps."""


OTHER_KEY = (
    "put a pay-as-you-go key in DASHSCOPE_API_KEY in place of {variable} and leave QWEN_BASE_URL "
    "empty (or set that key's host)"
)

ROWS = (
    Row(
        "only available for coding agents",
        RejectedKeyError,
        "answers coding agents of its list only (405), and this server does not claim to be one",
        f"{OTHER_KEY}, or attach the picture with @path if your agent's own model sees "
        "(qwen3.5-plus does)",
    ),
    Row(
        "invalid access token or token expired",
        RejectedKeyError,
        "does not accept the key: it is {wrong_on_a_plan}",
        "check {variable}; {hosts}",
    ),
    Row(
        "incorrect api key|invalid[ _]api[-_ ]?key",
        RejectedKeyError,
        "does not accept the key in {variable}{wrong_elsewhere}",
        "{mend_elsewhere}",
    ),
    Row(
        "valid subscription",
        RejectedKeyError,
        "says that the subscription has lapsed",
        f"renew it, or {OTHER_KEY}",
    ),
    Row(
        "restricted to true",
        ForcedThinkingError,
        "has {model} think before it answers",
        "set QWEN_THINKING=1",
    ),
    Row(
        "enable_thinking must be",
        UpstreamError,
        "does not let {model} think here",
        "set QWEN_THINKING=0",
    ),
    Row(
        "model_not_found|model .* does not exist|model .* is not supported|model_not_supported",
        UpstreamError,
        "does not offer {model}",
        "set QWEN_VISION_MODEL to one that sees: {seeing}",
    ),
    Row(
        "hour allocated quota exceeded",
        RateLimitedError,
        "says that the quota of calls of the last 5 hours is spent",
        "do without pictures for now: calls come back one by one, each 5 hours after it was made",
    ),
    Row(
        "week allocated quota exceeded",
        RateLimitedError,
        "says that this week's quota of calls is spent",
        "do without pictures until {monday}",
    ),
    Row(
        "month allocated quota exceeded",
        RateLimitedError,
        "says that this month's quota of calls is spent",
        "do without pictures until the day of the month on which the subscription began",
    ),
    Row(
        "concurrency allocated quota|usage allocated quota|userqpslimit",
        RateLimitedError,
        "is answering as many of your calls at once as it does",
        "try again in a minute, one picture at a time",
        retry_after=2.0,
    ),
    Row(
        "freetieronly|free tier",
        RateLimitedError,
        "says that the model's free quota is used up",
        "switch 'free tier only' off in the console",
    ),
    Row(
        "increased too quickly|burstrate",
        RateLimitedError,
        "says that calls came too fast one after the other",
        "wait a minute",
        retry_after=60.0,
    ),
    Row(
        "rate limit exceeded|ratequota|limitrequests|current requests list",
        RateLimitedError,
        "says that its limit of calls a minute is reached",
        "wait a minute",
        retry_after=60.0,
    ),
    Row(
        "allocated quota exceeded|allocationquota|current quota|insufficient_quota",
        RateLimitedError,
        "says that its limit of tokens a minute is reached",
        "wait a minute, or ask with detail=low",
        retry_after=60.0,
    ),
    Row(
        "arrearage|good standing",
        RejectedKeyError,
        "says that the account has unpaid bills",
        "pay them in the console",
    ),
    Row(
        "inappropriate content|data_?inspection_?failed",
        UpstreamError,
        "refuses the picture or the question as inappropriate content",
        "leave that part out, or describe it to the user's words; asking again won't help",
    ),
    Row(
        "aspect ratio",
        UpstreamError,
        "finds a picture too long for its width",
        "cut it into pieces",
    ),
    Row(
        "do not meet the model restrictions|must be larger than",
        UpstreamError,
        "finds a picture too small or too long",
        "give a larger one, or cut a long one into pieces",
    ),
    Row(
        "download the media|multimodal content|multimodal url|decode the image|image.* format",
        UpstreamError,
        "can't read a picture that was sent",
        "give it as another file, e.g. a PNG",
    ),
    Row(
        "range of input length",
        UpstreamError,
        "says that pictures and question are too long together",
        "ask with fewer pictures, or detail=low",
    ),
)

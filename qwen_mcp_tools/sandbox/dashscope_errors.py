"""How Model Studio and its plans refuse: every documented or reported failure, by a name."""

from typing import Any

from starlette.responses import JSONResponse, Response

PLAN_KEY = (401, "invalid_api_key", "invalid access token or token expired")
OTHER_KEY = (401, "invalid_api_key", "Incorrect API key provided.")
ALGORITHM = "InternalError.Algo.InvalidParameter"
SHAPE = "The image length and width do not meet the model restrictions."

ERRORS: dict[str, tuple[int, str, str]] = {
    "WRONG_PLAN_KEY": PLAN_KEY,
    "WRONG_KEY": OTHER_KEY,
    "WRONG_KEY_403": (403, "", "invalid api-key"),
    "LAPSED": (400, "", "Your account does not have a valid subscription. Please subscribe first."),
    "MODEL_NOT_IN_PLAN": (400, "invalid_parameter_error", "model 'qwen9-plus' is not supported"),
    "MODEL_NOT_FOUND": (
        404,
        "model_not_found",
        "The model `qwen9-plus` does not exist or you do not have access to it.",
    ),
    "HOUR_QUOTA": (429, "throttling", "hour allocated quota exceeded"),
    "WEEK_QUOTA": (429, "insufficient_quota", "week allocated quota exceeded"),
    "MONTH_QUOTA": (429, "", "month allocated quota exceeded"),
    "CONCURRENCY": (429, "throttling", "concurrency allocated quota exceeded"),
    "USAGE": (429, "throttling", "usage allocated quota exceeded"),
    "RPM": (
        429,
        "Throttling.RateQuota",
        "Requests rate limit exceeded, please try again later.",
    ),
    "RPM_LIST": (429, "LimitRequests", "You exceeded your current requests list"),
    "TPM": (
        429,
        "Throttling.AllocationQuota",
        "Allocated quota exceeded, please increase your quota limit.",
    ),
    "TPM_QUOTA": (429, "insufficient_quota", "You exceeded your current quota."),
    "BURST": (429, "Throttling.BurstRate", "Request rate increased too quickly, slow down."),
    "FREE_TIER": (
        403,
        "AllocationQuota.FreeTierOnly",
        "The free tier of the model has been exhausted.",
    ),
    "UNPAID": (
        400,
        "Arrearage",
        "Access denied, please make sure your account is in good standing.",
    ),
    "MODERATION": (
        400,
        "data_inspection_failed",
        "Input data may contain inappropriate content.",
    ),
    "TOO_SMALL": (
        400,
        "invalid_parameter_error",
        f"<400> {ALGORITHM}: {SHAPE} [height:1 or width:1 must be larger than 10]",
    ),
    "TOO_LONG_PICTURE": (
        400,
        "invalid_parameter_error",
        f"<400> {ALGORITHM}: {SHAPE} [absolute aspect ratio must be smaller than 200]",
    ),
    "BAD_PICTURE": (
        400,
        "InvalidParameter",
        "Failed to decode the image during the data inspection.",
    ),
    "DOWNLOAD_TIMEOUT": (
        400,
        "InvalidParameter.DataInspection",
        "Download the media resource timed out during the data inspection process.",
    ),
    "DOWNLOAD_FAILED": (400, "InvalidParameter", "Failed to download multimodal content"),
    "WRONG_CONTENT_TYPE": (400, "InvalidParameter", "Wrong Content-Type of multimodal url"),
    "TOO_LONG": (400, "invalid_parameter_error", "Range of input length should be [1, 991808]"),
    "TOO_LARGE": (400, "invalid_parameter_error", "Exceeded limit on max bytes per data-uri item"),
    "THINKING_NEEDS_STREAM": (
        400,
        "invalid_parameter_error",
        "parameter.enable_thinking must be set to false for non-streaming calls",
    ),
    "THINKING_FORCED": (
        400,
        "invalid_parameter_error",
        f"<400> {ALGORITHM}: The value of the enable_thinking parameter is restricted to True.",
    ),
    "SERVER": (500, "InternalError", "An internal error has occured, please try again later"),
    "SERVER_503": (503, "InternalError", "An internal error has occured, please try again later"),
}

BARE: dict[str, tuple[int, dict[str, Any] | None]] = {
    "NOT_AN_AGENT": (
        405,
        {"error": "Coding Plan is currently only available for Coding Agents"},
    ),
    "QPS": (
        429,
        {"errorType": "THROTTLING.userQPSLimit", "rid": "r-1", "message": None, "status": 429},
    ),
    "NATIVE": (
        400,
        {"code": "Arrearage", "message": "Access denied.", "request_id": "r-1"},
    ),
    "WRONG_PATH": (404, None),
}
"""Those that come without the usual envelope, in either protocol."""


def refusal(name: str, *, anthropic: bool) -> Response:
    """Return the failure `name` as the protocol words it."""
    if name in BARE:
        status, body = BARE[name]
        return Response(status_code=status) if body is None else JSONResponse(body, status)
    status, _, _ = ERRORS[name]
    return JSONResponse(error(name, anthropic=anthropic), status)


def error(name: str, *, anthropic: bool) -> dict[str, Any]:
    """Return the body of the failure `name`, which an event of a stream may carry too."""
    _, code, message = ERRORS[name]
    if anthropic:
        facts = {"type": "invalid_request_error", "message": message}
        return {"type": "error", "error": facts, "request_id": "r-1"}
    facts = {"message": message, "type": "invalid_request_error", "param": None}
    return {"error": facts | ({"code": code} if code else {}), "request_id": "r-1"}

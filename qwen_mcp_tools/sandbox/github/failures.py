"""Failures of the REST API that a test asks for."""

import time

from qwen_mcp_tools.sandbox.github.answers import DOCS
from qwen_mcp_tools.sandbox.github.limits import SECONDARY, SPENT
from qwen_mcp_tools.sandbox.stand_in import Scripted

KINDS = ("primary", "secondary", "abuse", "sso", "unavailable", "bad gateway", "suspended")
_ABUSE = "You have triggered an abuse detection mechanism. Please retry your request again later."
_SSO = (
    "Resource protected by organization SAML enforcement. You must grant your Personal Access "
    "token access to this organization."
)
_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>Unicorn!</body></html>"


def failure(kind: str, status: int, retry_after: int | None, budget: tuple[str, int]) -> Scripted:
    """Return the answer of a kind; `status` counts for the limits, which come as 403 and 429."""
    bucket, reset_in = budget
    reset = str(int(time.time()) + reset_in)
    limit = {
        "x-ratelimit-limit": "5000",
        "x-ratelimit-reset": reset,
        "x-ratelimit-resource": bucket,
    }
    after = {} if retry_after is None else {"retry-after": str(retry_after)}
    spent = {**limit, "x-ratelimit-remaining": "0", "x-ratelimit-used": "5000"}
    left = {**limit, "x-ratelimit-remaining": "4000", "x-ratelimit-used": "1000"}
    sso = {"x-github-sso": "required; url=https://github.com/orgs/kestrel-jobs/sso?x=1"}
    answers = {
        "primary": _told(status, SPENT, {**spent, **after}),
        "secondary": _told(status, SECONDARY, {**left, **after}),
        "abuse": _told(status, _ABUSE, {**left, **after}),
        "sso": _told(403, _SSO, {**left, **sso}),
        "unavailable": _told(503, "Service unavailable", after),
        "bad gateway": Scripted(502, _GATEWAY),
        "suspended": _told(403, "Sorry. Your account was suspended.", left),
    }
    return answers[kind]


def _told(status: int, message: str, headers: dict[str, str]) -> Scripted:
    body = {"message": message, "documentation_url": DOCS, "status": str(status)}
    return Scripted(status, body, headers)

"""GitHub's refusals in our words, told by the status, the headers and the message together."""

from typing import Any

from qwen_mcp_tools.errors import (
    MissingKeyError,
    NotFoundError,
    RateLimitedError,
    RejectedKeyError,
    ServiceFaultError,
    ToolFailure,
    UnreadableError,
    UpstreamError,
)
from qwen_mcp_tools.github.rest.budgets import SERVICE, Budgets, server_time
from qwen_mcp_tools.github.rest.question import Question
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.exchange import Answer
from qwen_mcp_tools.upstream.shapes import objects

SECONDARY_SECONDS = 60.0
"""How long to wait where a secondary limit does not say it (GitHub's best practices)."""


class QueryError(UpstreamError):
    """A search that GitHub can't parse or may not do; `said` is its own message."""

    def __init__(self, said: str) -> None:
        self.said = said
        trouble = f"refuses the search ({one_line(said, 160)})" if said else "refuses the search"
        mend = (
            "check repo, and what the token may see" if self.is_about_place else "try plain words"
        )
        super().__init__(SERVICE, trouble, mend)

    @property
    def is_about_place(self) -> bool:
        """Whether it is not the words that are wrong, but the repository or the user."""
        return "cannot be searched" in self.said


def failure_of(
    answer: Answer, question: Question, budgets: Budgets, *, has_token: bool
) -> ToolFailure:
    """Return what an answer that is no success means for what was asked.

    A limit is noted in `budgets`, so that the next call does not run into it.
    """
    said = message_in(answer)
    if answer.status in {403, 429} and _is_limit(answer, said.lower()):
        return _limit(answer, said.lower(), question.resource, budgets)
    return _refusal(answer, said, one_line(question.what, 250), has_token=has_token)


def _refusal(answer: Answer, said: str, what: str, *, has_token: bool) -> ToolFailure:
    status = answer.status
    if status >= 500:
        return ServiceFaultError(SERVICE, f"failed with status {status}", "try again later")
    match status:
        case 401:
            return _unauthorised(what, has_token=has_token)
        case 403:
            return _forbidden(answer, said, what)
        case 404 | 409:
            is_empty = "is empty" in said
            return NotFoundError(
                f"{what}: the repository is empty" if is_empty else what,
                "" if is_empty else unseen(has_token=has_token),
            )
        case 422:
            return QueryError(_first_problem(answer) or said)
        case _:
            return UpstreamError(SERVICE, f"{_trouble(status)} {what}", "try again later")


def unseen(*, has_token: bool) -> str:
    """Return what to do about something that is not there, or that we may not see."""
    if has_token:
        return "check the name; if it is private, GITHUB_TOKEN must be allowed to read it"
    return "check the name; if it is private, set a GITHUB_TOKEN that may read it"


def message_in(answer: Answer) -> str:
    """Return GitHub's message, empty where the body is something else."""
    message = _body(answer).get("message")
    return message if isinstance(message, str) else ""


def _body(answer: Answer) -> dict[str, Any]:
    try:
        return answer.json(SERVICE)
    except UpstreamError:
        return {}


def _first_problem(answer: Answer) -> str:
    problems = objects(_body(answer), "errors")
    message = problems[0].get("message") if problems else None
    return message if isinstance(message, str) else ""


def _trouble(status: int) -> str:
    if status == 451:
        return "may not show, for legal reasons (451),"
    return f"answered with status {status} for"


def _unauthorised(what: str, *, has_token: bool) -> ToolFailure:
    if not has_token:
        return MissingKeyError("GITHUB_TOKEN", what)
    return RejectedKeyError(SERVICE, "does not accept the token", "check GITHUB_TOKEN")


def _is_limit(answer: Answer, message: str) -> bool:
    headers = answer.headers
    return (
        answer.status == 429
        or "rate limit" in message
        or "abuse" in message
        or "retry-after" in headers
        or (headers.get("x-ratelimit-remaining") == "0" and "x-github-sso" not in headers)
    )


def _limit(answer: Answer, message: str, resource: str, budgets: Budgets) -> RateLimitedError:
    headers = answer.headers
    is_primary = headers.get("x-ratelimit-remaining") == "0" and "secondary" not in message
    wait = _number(headers.get("retry-after", ""))
    if wait is None and is_primary:
        reset = _number(headers.get("x-ratelimit-reset", ""))
        wait = None if reset is None else max(reset - server_time(headers), 0) + 1
    wait = SECONDARY_SECONDS if wait is None else wait
    return budgets.spent(resource, wait) if is_primary else budgets.pause(wait)


def _number(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def _forbidden(answer: Answer, said: str, what: str) -> ToolFailure:
    if "x-github-sso" in answer.headers:
        return RejectedKeyError(
            SERVICE,
            f"shows {one_line(what, 120)} only to a token that its organisation's SSO has approved",
            "authorise the token for SSO in GitHub's token settings",
        )
    if "too_large" in answer.body.decode("utf-8", "replace") or "too large" in said.lower():
        return UnreadableError(
            one_line(what, 200), "it is larger than the 100 MB that GitHub serves", "clone it"
        )
    note = f" ({one_line(said, 120)})" if said else ""
    return RejectedKeyError(
        SERVICE,
        f"does not let us see {one_line(what, 120)}{note}",
        "GITHUB_TOKEN needs read access to its contents",
    )

"""Api: asks GitHub's REST API through PyGithub, in threads of its own, and keeps what it said."""

import re
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import httpx

from qwen_mcp_tools.errors import MalformedAnswerError, UpstreamError
from qwen_mcp_tools.github.rest.budgets import SERVICE, Budgets
from qwen_mcp_tools.github.rest.failures import failure_of
from qwen_mcp_tools.github.rest.question import RAW, Question
from qwen_mcp_tools.github.rest.request import MovedError, Request, Take, first_bytes
from qwen_mcp_tools.github.rest.wire import Wire
from qwen_mcp_tools.secret import Secret
from qwen_mcp_tools.upstream.cache import Cache
from qwen_mcp_tools.upstream.exchange import MAX_BYTES, Answer
from qwen_mcp_tools.upstream.identity import user_agent
from qwen_mcp_tools.upstream.proxies import Routes
from qwen_mcp_tools.upstream.retry import with_retry
from qwen_mcp_tools.upstream.shelf import Shelf

if TYPE_CHECKING:
    from github.Requester import Requester

VERSION = "2022-11-28"
THREADS = 100
"""GitHub takes at most 100 requests at the same time."""

FRESH_SECONDS = 60.0
"""How long an answer counts without asking whether it still holds."""

KEPT_SECONDS = 3600.0
KEPT_BYTES = 32_000_000
MOST_MOVES = 3
_REPOSITORY = re.compile(r"^/(?:repositories/\d+|repos/[\w.-]+/[\w.-]+)(?=/|$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Answer
    checked: float


class Api:
    """GitHub's REST API for one identity; a token is optional for what is public."""

    def __init__(self, base_url: str, routes: Routes, token: Secret | None) -> None:
        parts = urlsplit(base_url)
        self._base_url = base_url
        self._base_path = parts.path
        self._token = token
        self._wire = Wire(routes, f"{parts.scheme}://{parts.netloc}", THREADS)
        self._threads = anyio.CapacityLimiter(THREADS)
        self._of_thread = threading.local()
        self._budgets = Budgets(has_token=token is not None)
        self._kept = Shelf[_Kept](KEPT_BYTES, KEPT_SECONDS)
        self._flights = Cache[Answer](max_items=0, ttl_seconds=0)

    @property
    def has_token(self) -> bool:
        """Whether requests carry a token."""
        return self._token is not None

    async def get(self, question: Question) -> Answer:
        """Return GitHub's answer, of status 200.

        The same question at the same time is asked once. An answer is kept: for good if it is
        fixed, else for a minute, after which GitHub is asked whether it still holds (a 304 is free
        with a token).

        Raises:
            NotFoundError: It is not there, or not for us.
            RateLimitedError: A limit ends later than the call's time allows.
            ToolFailure: Any other refusal, in words.
        """
        return await self._flights.get(question, partial(self._find, question))

    async def read(self, question: Question, take: Take) -> Any:
        """Return what `take` makes of the raw bytes of a file, of any length; nothing is kept.

        Raises:
            ToolFailure: As `get` does.
        """
        question = replace(question, accept=RAW)
        return (await self._patiently(lambda: self._ask(question, take)))[1]

    def close(self) -> None:
        """Close the idle connections."""
        self._wire.close()

    async def _find(self, question: Question) -> Answer:
        kept = self._kept.find(question)
        if kept and (question.is_fixed or time.monotonic() - kept.checked < FRESH_SECONDS):
            return kept.answer
        etag = kept.answer.headers.get("etag", "") if kept else ""
        answer, body = await self._patiently(lambda: self._ask(question, first_bytes, etag))
        if len(body) > MAX_BYTES:
            raise MalformedAnswerError(SERVICE, "answers with more than 10 MB", "ask for less")
        if kept and answer.status == 304:
            answer = kept.answer
        self._kept.keep(question, _Kept(answer, time.monotonic()), len(answer.body) + 1000)
        return answer

    async def _patiently(self, ask: Callable[[], Awaitable[tuple[Answer, Any]]]) -> Any:
        """Ask again where that may help; a limit is waited for as long as the call has time."""
        return await with_retry(ask, longest_wait=float("inf"))

    async def _ask(self, question: Question, take: Take, etag: str = "") -> tuple[Answer, Any]:
        async with self._budgets.place_in(question.resource):
            answer, taken = await self._follow(question, take, etag)
            self._budgets.learn(question.resource, answer.headers)
        if answer.status in {200, 304}:
            return answer, taken
        raise failure_of(answer, question, self._budgets, has_token=self.has_token)

    async def _follow(self, question: Question, take: Take, etag: str) -> tuple[Answer, Any]:
        for _ in range(MOST_MOVES):
            try:
                return await self._in_thread(question, take, etag)
            except MovedError as moved:
                question = replace(question, path=self._moved(question, moved), params=())
        raise UpstreamError(SERVICE, "redirects in a circle", "check the repository's name")

    def _moved(self, question: Question, moved: MovedError) -> str:
        """Return the same thing's path under a repository's new name or number.

        The token goes nowhere else: neither to another host nor to another part of the API.
        """
        tail = _REPOSITORY.sub("", question.path)
        try:
            target = urlsplit(moved.location)
        except ValueError:
            target = urlsplit("")
        path = target.path.removeprefix(self._base_path)
        is_ours = f"{target.scheme}://{target.netloc}" in {self._wire.origin, "://"}
        if not (is_ours and _REPOSITORY.match(path) and _REPOSITORY.sub("", path) == tail):
            trouble = "redirects to something else than the repository's new name"
            raise UpstreamError(SERVICE, trouble, "check the repository's name")
        return f"{path}?{target.query}" if target.query else path

    async def _in_thread(self, question: Question, take: Take, etag: str) -> tuple[Answer, Any]:
        request = Request(self._wire, take)
        try:
            return await anyio.to_thread.run_sync(
                partial(self._request, question, request, etag),
                limiter=self._threads,
                abandon_on_cancel=True,
            )
        finally:
            request.stop()

    def _request(self, question: Question, request: Any, etag: str) -> tuple[Answer, Any]:
        headers = {"Accept": question.accept, **({"If-None-Match": etag} if etag else {})}
        try:
            self._requester().requestJson(
                "GET", question.path, dict(question.params), headers, cnx=request
            )
        except ValueError as error:
            # PyGithub reads the numbers of the limits itself.
            raise MalformedAnswerError(SERVICE, "sent headers that make no sense") from error
        body = request.taken if isinstance(request.taken, bytes) else b""
        headers = httpx.Headers(dict(request.headers))
        return Answer(question.path, request.status, headers, body), request.taken

    def _requester(self) -> "Requester":
        """Return this thread's own PyGithub: one shared by threads mixes answers up."""
        if not hasattr(self._of_thread, "requester"):
            import github

            self._of_thread.requester = github.Github(
                auth=github.Auth.Token(self._token.reveal()) if self._token else None,
                base_url=self._base_url,
                user_agent=user_agent(),
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
                lazy=True,
                api_version=VERSION,
            ).requester
        return self._of_thread.requester

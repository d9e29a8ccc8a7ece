"""GitHub's REST API, at the root and at `/api/v3` as Enterprise has it."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from qwen_mcp_tools.sandbox.github import contents, endpoints
from qwen_mcp_tools.sandbox.github.answers import (
    Answer,
    Refusal,
    encoded,
    etag,
    is_known,
    not_found,
    packed,
    version,
)
from qwen_mcp_tools.sandbox.github.asking import Ask, Shelf
from qwen_mcp_tools.sandbox.github.code_search import found_code
from qwen_mcp_tools.sandbox.github.failures import failure
from qwen_mcp_tools.sandbox.github.files import Files
from qwen_mcp_tools.sandbox.github.limits import SPENT, SPENT_BY_ADDRESS, Budget, Budgets
from qwen_mcp_tools.sandbox.github.repository import Repository
from qwen_mcp_tools.sandbox.github.repository_search import found_repositories
from qwen_mcp_tools.sandbox.stand_in import StandIn

Endpoint = Callable[[Ask], Answer]
FORBIDDEN = (
    "Request forbidden by administrative rules. Please make sure your request has a User-Agent "
    "header (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-"
    "required). Check https://developer.github.com for other possible causes."
)


class GitHub(StandIn):
    """The REST API over repositories held in memory or in folders."""

    token = "ghp_sandboxK3j9Qx7Vt2Lm5Rb8Wd1Zc4Yf6Hn"  # noqa: S105 - it opens nothing
    """Sees every repository."""
    stranger_token = "ghp_strangerP8s2Gk6Xv1Tn9Bq4Jw7Fd3Mh5R"  # noqa: S105
    """Is good, but sees no private repository."""

    def __init__(self, shelf: Shelf, raw: StandIn) -> None:
        self._raw, self._shelf = raw, shelf
        self._budgets = Budgets()
        self.truncates_trees = False
        """Whether whole trees are told to be cut short, and lack their second half."""
        self.is_incomplete = False
        """Whether searches say that they ran out of time."""
        self.limit_status = 403
        """The status of a spent budget: 403, or 429."""
        self.files: Mapping[str, Mapping[str, bytes]] = Files(shelf)
        """The regular files of each public repository's default branch."""
        super().__init__()

    def app(self) -> Starlette:
        """Return the API."""
        return Starlette(routes=[Mount("/api/v3", routes=self._routes()), *self._routes()])

    def reset(self) -> None:
        """Begin with whole budgets."""
        super().reset()
        self._budgets = Budgets()
        self.truncates_trees = self.is_incomplete = False
        self.limit_status = 403

    def leave(self, bucket: str, left: int, reset_in: int = 60) -> None:
        """Leave everybody `left` requests of "core", "search" or "code_search"."""
        self._budgets.leave(bucket, left, reset_in)

    def fail(
        self,
        kind: str,
        *,
        status: int = 403,
        retry_after: int | None = None,
        reset_in: int = 60,
        bucket: str = "core",
    ) -> None:
        """Answer the next request with a failure of `failures.KINDS`.

        The limits come with `status` 403 or 429, `retry_after` in seconds or without, and headers
        that tell of `bucket`, which begins anew in `reset_in` seconds.
        """
        self.next(failure(kind, status, retry_after, (bucket, reset_in)))

    def repository(self, full_name: str) -> Repository:
        """Return one of the repositories."""
        found = self._shelf.named(full_name)
        if found is None:
            raise KeyError(full_name)
        return found

    def _routes(self) -> list[Route]:
        of_a_repository: dict[str, Endpoint] = {
            "": endpoints.repository_facts,
            "/languages": endpoints.languages,
            "/releases/latest": endpoints.latest_release,
            "/readme": endpoints.readme,
            "/branches": endpoints.branches,
            "/tags": endpoints.tags,
            "/commits": endpoints.log,
            "/commits/{ref:path}": endpoints.one_commit,
            "/contents": endpoints.file_or_directory,
            "/contents/{path:path}": endpoints.file_or_directory,
            "/git/ref/{ref:path}": endpoints.reference,
            "/git/matching-refs/{ref:path}": endpoints.matching_references,
            "/git/blobs/{sha}": endpoints.blob,
            "/git/trees/{sha:path}": self._tree,
        }
        starts = ("/repos/{owner}/{repo}", "/repositories/{id:int}")
        return [
            *(
                Route(start + path, self._answering(endpoint))
                for start in starts
                for path, endpoint in of_a_repository.items()
            ),
            Route("/search/code", self._answering(self._search_code, "code_search")),
            Route("/search/repositories", self._answering(self._search_repositories, "search")),
            Route("/rate_limit", self._answering(self._rate_limit, "")),
            Route("/user", self._answering(endpoints.who_asks)),
            Route("/{path:path}", self._answering(endpoints.nothing)),
        ]

    def _answering(self, endpoint: Endpoint, bucket: str = "core") -> Any:
        async def answer(request: Request) -> Response:
            try:
                asker, sees_private = self._asker(request)
                ask = Ask(request, asker, sees_private, self._shelf, self._raw.url)
            except Refusal as refusal:
                return _finished(refusal.answer, request, None, is_free=False)
            budget = self._budgets.of(asker, bucket or "core")
            return _finished(
                self._answer(ask, endpoint, budget, is_free=not bucket),
                request,
                budget,
                is_free=not bucket,
            )

        return answer

    def _answer(self, ask: Ask, endpoint: Endpoint, budget: Budget, *, is_free: bool) -> Answer:
        try:
            version(ask.request)
            if not is_free:
                self._charge(ask, budget)
            return endpoint(ask)
        except Refusal as refusal:
            return refusal.answer

    def _charge(self, ask: Ask, budget: Budget) -> None:
        if budget.name == "code_search" and not ask.asker:
            raise _needs_token()
        if budget.left <= 0:
            raise Refusal(self.limit_status, SPENT if ask.asker else SPENT_BY_ADDRESS)

    def _asker(self, request: Request) -> tuple[str, bool]:
        """Return the login behind the token, and whether it sees private repositories."""
        if not request.headers.get("user-agent"):
            raise Refusal(403, FORBIDDEN)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not scheme:
            return "", False
        known = {self.token: ("kestrel-dev", True), self.stranger_token: ("stranger", False)}
        if scheme.lower() not in {"token", "bearer"} or token not in known:
            raise Refusal(401, "Bad credentials")
        return known[token]

    def _tree(self, ask: Ask) -> Answer:
        repository, sha = ask.readable, ask.part("sha")
        found = repository.history.resolve(sha)
        tree = repository.history.tree(found.sha if found else sha)
        if tree is None:
            raise not_found()
        is_whole = "recursive" in ask.query
        is_cut = is_whole and self.truncates_trees
        body = contents.tree(repository, ask.links, tree, is_whole=is_whole, is_cut=is_cut)
        if is_cut:
            body["tree"] = body["tree"][: len(body["tree"]) // 2]
        return Answer(body)

    def _search_code(self, ask: Ask) -> Answer:
        return found_code(ask, is_incomplete=self.is_incomplete)

    def _search_repositories(self, ask: Ask) -> Answer:
        return found_repositories(ask, is_incomplete=self.is_incomplete)

    def _rate_limit(self, ask: Ask) -> Answer:
        resources = self._budgets.shown(ask.asker)
        is_old = version(ask.request) == "2022-11-28"
        rate = {"rate": resources["core"]} if is_old else {}
        return Answer({"resources": resources, **rate})


def _finished(
    answer: Answer, request: Request, budget: Budget | None, *, is_free: bool
) -> Response:
    body, headers = encoded(answer, request)
    tag = etag(body)
    is_same = answer.status == 200 and is_known(request, tag)
    if budget:
        is_counted = not is_free and not (is_same and request.headers.get("authorization"))
        budget.left = max(budget.left - is_counted, 0)
        headers |= budget.headers()
    if answer.status == 200:
        headers |= {"etag": tag, "cache-control": "private, max-age=60, s-maxage=60"}
    if is_same:
        return Response(b"", 304, headers)
    return packed(answer.status, body, headers, request)


def _needs_token() -> Refusal:
    return Refusal(
        401,
        "Requires authentication",
        docs="https://docs.github.com/rest/search/search#search-code",
        errors=[
            {
                "message": "Must be authenticated to access the code search API",
                "resource": "Search",
                "field": "q",
                "code": "invalid",
            }
        ],
    )

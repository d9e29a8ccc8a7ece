"""Projects: repositories and their facts, found by words."""

from dataclasses import dataclass
from typing import Any

from qwen_mcp_tools.github.rest.api import Api
from qwen_mcp_tools.github.rest.budgets import SERVICE
from qwen_mcp_tools.github.rest.question import Question
from qwen_mcp_tools.upstream.shapes import elements, number, objects, section, word

PER_PAGE = 10
MOST_RESULTS = 1000
"""GitHub shows no result after this one."""


@dataclass(frozen=True, slots=True)
class Project:
    """The facts of a repository; what is not told is empty or 0."""

    name: str
    description: str
    url: str
    homepage: str
    topics: tuple[str, ...]
    stars: int
    forks: int
    open_issues: int
    language: str
    licence: str
    default_branch: str
    pushed: str
    """A day: "2026-10-05"."""
    kinds: tuple[str, ...]
    """Those of "archived", "fork", "private", "template", "mirror" that it is."""
    parent: str
    """What it is a fork of."""


@dataclass(frozen=True, slots=True)
class ProjectQuery:
    """A search for projects."""

    text: str
    language: str = ""
    sort: str = "best-match"
    page: int = 1


@dataclass(frozen=True, slots=True)
class ProjectHits:
    """One page of projects; none is an answer too."""

    total: int
    projects: tuple[Project, ...]
    is_partial: bool
    """Whether GitHub ran out of time, so that some may be missing."""

    def has_more(self, page: int) -> bool:
        """Say whether GitHub shows a page after `page`."""
        return page * PER_PAGE < min(self.total, MOST_RESULTS)


async def find_projects(api: Api, query: ProjectQuery) -> ProjectHits:
    """Return one page of what GitHub finds.

    Raises:
        QueryError: GitHub does not take the query.
        RateLimitedError: A minute's searches are used up, and the call has no time to wait.
    """
    language = f' language:"{query.language}"' if query.language else ""
    params: list[tuple[str, str | int]] = [
        ("q", f"{query.text}{language}"), ("per_page", PER_PAGE), ("page", query.page),
    ]  # fmt: skip
    if query.sort != "best-match":
        params += [("sort", query.sort), ("order", "desc")]
    question = Question(
        "/search/repositories", "a search for repositories", tuple(params), resource="search"
    )
    answer = (await api.get(question)).json(SERVICE)
    return ProjectHits(
        total=int(number(answer, "total_count")),
        projects=tuple(map(project_of, objects(answer, "items"))),
        is_partial=bool(answer.get("incomplete_results")),
    )


def project_of(shape: dict[str, Any]) -> Project:
    """Return the facts in GitHub's description of a repository."""
    kinds = {
        "archived": shape.get("archived"), "fork": shape.get("fork"),
        "private": shape.get("private"), "template": shape.get("is_template"),
        "mirror": shape.get("mirror_url"),
    }  # fmt: skip
    return Project(
        name=word(shape, "full_name"),
        description=word(shape, "description"),
        url=word(shape, "html_url"),
        homepage=word(shape, "homepage"),
        topics=tuple(map(str, elements(shape.get("topics")))),
        stars=int(number(shape, "stargazers_count")),
        forks=int(number(shape, "forks_count")),
        open_issues=int(number(shape, "open_issues_count")),
        language=word(shape, "language"),
        licence=_licence(section(shape, "license")),
        default_branch=word(shape, "default_branch"),
        pushed=word(shape, "pushed_at")[:10],
        kinds=tuple(kind for kind, is_one in kinds.items() if is_one),
        parent=word(section(shape, "parent"), "full_name"),
    )


def _licence(shape: dict[str, Any]) -> str:
    spdx = word(shape, "spdx_id")
    return spdx if spdx not in {"", "NOASSERTION"} else word(shape, "name")

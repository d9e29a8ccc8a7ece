"""Finding projects on GitHub."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from qwen_mcp_tools.app import App
from qwen_mcp_tools.github.code.words import check_language, check_text
from qwen_mcp_tools.github.projects import PER_PAGE, Project, ProjectHits, ProjectQuery
from qwen_mcp_tools.text import Reply, call_of, one_line

MOST_PAGES = 100
DESCRIPTION = 300


async def github_search_repositories(
    app: App,
    query: Annotated[
        str,
        Field(min_length=1, max_length=256, description="Words, topic:x, user:x, stars:>100"),
        AfterValidator(check_text),
    ],
    language: Annotated[
        str, Field(max_length=40, description="e.g. rust"), AfterValidator(check_language)
    ] = "",
    sort: Annotated[
        Literal["best-match", "stars", "forks", "updated"], Field(description="Order")
    ] = "best-match",
    page: Annotated[int, Field(ge=1, le=MOST_PAGES, description="Page of results")] = 1,
) -> Reply:
    """Find GitHub projects; returns name, stars, language, licence, last push and description."""
    wanted = ProjectQuery(query, language, sort, page)
    return render(await app.github.find_projects(wanted), wanted)


def render(hits: ProjectHits, query: ProjectQuery) -> Reply:
    """Return the projects as text, and the call for the next page where there is one."""
    asked = f'"{one_line(query.text, 120)}"'
    notes = "\n(GitHub ran out of time, so some may be missing)" if hits.is_partial else ""
    if not hits.projects:
        where = f" on page {query.page}" if query.page > 1 else ""
        return Reply(f"GitHub: no repositories for {asked}{where}; try fewer words.{notes}")
    first = (query.page - 1) * PER_PAGE + 1
    shown = [
        "\n".join(_shown(number, each)) for number, each in enumerate(hits.projects, start=first)
    ]
    count = "1 repository" if len(shown) == 1 else f"{len(shown)} repositories"
    total = f" of {hits.total:,}" if hits.total > len(shown) else ""
    return Reply(
        head=f"GitHub: {count}{total} for {asked}, page {query.page}{notes}",
        content="\n\n".join(shown),
        foot=_next(query) if hits.has_more(query.page) and query.page < MOST_PAGES else "",
    )


def _shown(number: int, project: Project) -> Iterator[str]:
    kinds = f" ({', '.join(project.kinds)})" if project.kinds else ""
    yield f"{number}. {one_line(project.name, 150)}{kinds}"
    facts = [
        f"{project.stars:,} stars",
        one_line(project.language, 40),
        one_line(project.licence, 60) or "no licence told",
        f"last push {project.pushed}" if project.pushed else "",
    ]
    yield f"   {'; '.join(filter(None, facts))}"
    if project.description:
        yield f"   {one_line(project.description, DESCRIPTION)}"
    yield f"   {one_line(project.url, 300)}"


def _next(query: ProjectQuery) -> str:
    call = call_of(
        "github_search_repositories",
        query=query.text,
        language=query.language,
        sort=query.sort if query.sort != "best-match" else "",
        page=query.page + 1,
    )
    return f"More: {call}"

"""Finding pages on the web."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from qwen_mcp_tools.app import App
from qwen_mcp_tools.search.hits import Hit, Hits
from qwen_mcp_tools.search.query import (
    MOST_CHARACTERS,
    Query,
    check_country,
    check_freshness,
    check_language,
    check_sites,
    check_text,
    sites_of,
)
from qwen_mcp_tools.text import Reply, one_line

MOST_PAGES = 10
TITLE, SNIPPET, MORE, FACTS = 200, 500, 300, 600
"""How many characters are shown of each; twenty results then fit one answer."""


async def web_search(
    app: App,
    query: Annotated[
        str,
        Field(min_length=1, max_length=MOST_CHARACTERS, description="What to find"),
        AfterValidator(check_text),
    ],
    count: Annotated[int, Field(ge=1, le=20, description="Results per page")] = 10,
    page: Annotated[int, Field(ge=1, le=MOST_PAGES, description="Page of results")] = 1,
    freshness: Annotated[
        str,
        Field(description="day, week, month, year or 2026-01-01..2026-06-30"),
        AfterValidator(check_freshness),
    ] = "",
    site: Annotated[
        str,
        Field(max_length=500, description="Only these domains; -domain leaves out; comma list"),
        AfterValidator(check_sites),
    ] = "",
    language: Annotated[
        str, Field(description="e.g. en, zh-CN"), AfterValidator(check_language)
    ] = "",
    country: Annotated[str, Field(description="e.g. US, CN"), AfterValidator(check_country)] = "",
) -> Reply:
    """Search the web; returns titles, URLs, dates and snippets as numbered text.

    Read a result with fetch_page. Works without a key too.
    """
    kept, left_out = sites_of(site)
    wanted = Query(query, count, page, freshness, kept, left_out, language, country)
    return render(await app.search.find(wanted), wanted)


def render(hits: Hits, query: Query) -> Reply:
    """Return the results as text, and the call for the next page where there is one."""
    asked = one_line(query.text, 120)
    notes = "".join(f"\n({one_line(note, 400)})" for note in hits.notes)
    if not hits.hits:
        where = f" on page {query.page}" if query.page > 1 else ""
        advice = "try other or fewer words, or drop freshness and site"
        return Reply(f'{hits.engine}: no results for "{asked}"{where}; {advice}.{notes}')
    first = (query.page - 1) * query.count + 1
    blocks = [_shown(number, hit) for number, hit in enumerate(hits.hits, start=first)]
    facts = [one_line(hits.facts, FACTS)] if hits.facts else []
    return Reply(
        head=f'{hits.engine}: {_counted(blocks)} for "{asked}", page {query.page}{notes}',
        content="\n\n".join(facts + blocks),
        foot=_next(query) if hits.has_more and query.page < MOST_PAGES else "",
    )


def _counted(blocks: list[str]) -> str:
    return f"{len(blocks)} result" + ("" if len(blocks) == 1 else "s")


def _shown(number: int, hit: Hit) -> str:
    date = f" ({one_line(hit.date, 40)})" if hit.date else ""
    return "\n".join([f"{number}. {one_line(hit.title, TITLE) or hit.url}{date}", *_below(hit)])


def _below(hit: Hit) -> Iterator[str]:
    yield f"   {one_line(hit.url, 1000)}"
    if hit.snippet:
        yield f"   {one_line(hit.snippet, SNIPPET)}"
    if hit.more:
        yield f"   … {one_line(hit.more[0], MORE)}"


def _next(query: Query) -> str:
    arguments = {
        "query": query.text,
        "count": query.count if query.count != 10 else "",
        "page": query.page + 1,
        "freshness": query.freshness,
        "site": ",".join([*query.sites, *(f"-{site}" for site in query.without_sites)]),
        "language": query.language,
        "country": query.country,
    }
    shown = (f"{name}={_quoted(value)}" for name, value in arguments.items() if value)
    return f"More: web_search({', '.join(shown)})"


def _quoted(value: str | int) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)

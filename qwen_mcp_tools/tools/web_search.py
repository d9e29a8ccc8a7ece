"""Finding pages on the web."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field

from qwen_mcp_tools.app import App
from qwen_mcp_tools.search.hits import LONGEST_URL, Hit, Hits
from qwen_mcp_tools.search.query import (
    Query,
    check_country,
    check_freshness,
    check_language,
    check_sites,
    check_text,
    sites_of,
)
from qwen_mcp_tools.search.telling import telling
from qwen_mcp_tools.text import Reply, call_of, one_line

MOST_PAGES = 10
LONGEST_QUERY = 2_000
"""Of one that a model hands over, an error message say; engines take less, and it is cut."""

TITLE, TEXT, FACTS, BESIDE, NOTE = 120, 400, 300, 600, 400
"""How many characters are shown of each at most."""

LEAST = 60
"""Less text than this tells nothing."""

ROOM = 3_550
"""How many characters ten results share with what stands beside them; the frame has 450."""


async def web_search(
    app: App,
    query: Annotated[
        str,
        Field(min_length=1, max_length=LONGEST_QUERY, description="What to find"),
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
    wanted = Query(query, count, page, freshness, kept, left_out, language, country).within_limits()
    return render(await app.search.find(wanted), wanted)


def render(hits: Hits, query: Query) -> Reply:
    """Return the results as text, and the call for the next page where there is one."""
    asked = one_line(query.text, 120)
    notes = "".join(f"\n({one_line(note, NOTE)})" for note in (*_cut(query), *hits.notes))
    if not hits.hits:
        where = f" on page {query.page}" if query.page > 1 else ""
        advice = "try other or fewer words, or drop freshness and site"
        return Reply(
            f'{hits.engine}: no results for "{asked}"{where}; {advice}.{notes}',
            content="\n\n".join(_content(hits, query)),
        )
    return Reply(
        head=f'{hits.engine}: {_counted(hits)} for "{asked}", page {query.page}{notes}',
        content="\n\n".join(_content(hits, query)),
        foot=_next(query) if hits.has_more and query.page < MOST_PAGES else "",
    )


def _counted(hits: Hits) -> str:
    return "1 result" if len(hits.hits) == 1 else f"{len(hits.hits)} results"


def _cut(query: Query) -> Iterator[str]:
    if query.is_cut:
        yield (
            f"The query was too long for search engines and was cut to {len(query.text)} characters"
            f", operators kept: … {query.text[-60:]}"
        )


def _content(hits: Hits, query: Query) -> Iterator[str]:
    facts, around = one_line(hits.facts, FACTS), list(_around(hits, query))
    if hits.altered:
        yield f'Searched for "{one_line(hits.altered, NOTE)}" instead'
    if facts:
        yield facts
    # Titles and URLs are shown whole, and what they leave is shared by the texts.
    taken = sum(len(hit.url) + len(hit.title[:TITLE]) + 30 for hit in hits.hits)
    room = ROOM * max(query.count, 10) // 10 - taken - sum(map(len, (facts, *around)))
    first = (query.page - 1) * query.count + 1
    for number, hit in enumerate(hits.hits, start=first):
        yield "\n".join(_shown(number, hit, query, min(room // len(hits.hits), TEXT)))
    if around:
        yield "\n".join(around)


def _around(hits: Hits, query: Query) -> Iterator[str]:
    if query.page == 1:
        yield from (one_line(line, BESIDE) for line in hits.beside)


def _shown(number: int, hit: Hit, query: Query, room: int) -> Iterator[str]:
    date = f" ({one_line(hit.date, 40)})" if hit.date else ""
    yield f"{number}. {one_line(hit.title, TITLE) or hit.url}{date}"
    yield f"   {one_line(hit.url, LONGEST_URL)}"
    text = telling(query.text, (hit.snippet, *hit.more), room) if room >= LEAST else ""
    if text:
        yield f"   {one_line(text, room)}"


def _next(query: Query) -> str:
    arguments: dict[str, str | int] = {
        "query": query.text,
        "count": query.count if query.count != 10 else "",
        "page": query.page + 1,
        "freshness": query.freshness,
        "site": ",".join([*query.sites, *(f"-{site}" for site in query.without_sites)]),
        "language": query.language,
        "country": query.country,
    }
    return f"More: {call_of('web_search', **arguments)}"

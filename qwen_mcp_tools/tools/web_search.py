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

TITLE, TEXT, FACTS, NOTE, ALTERED = 120, 400, 300, 400, 120
"""How many characters are shown of each at most."""

AROUND = 900
"""How many the facts and the lines beside the pages take together."""

LEAST = 60
"""Less text than this tells nothing."""

MOST = 4_000
"""How many characters ten results take; only their addresses may need more."""

MARKS, LINES = 130, 18
"""What the marks of foreign text take of it, and the numbers and line ends of a result."""


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
    head, foot = f'{hits.engine}: {_counted(hits)} for "{asked}", page {query.page}{notes}', ""
    if not hits.hits:
        where = f" on page {query.page}" if query.page > 1 else ""
        advice = "try other or fewer words, or drop freshness and site"
        head = f'{hits.engine}: no results for "{asked}"{where}; {advice}.{notes}'
    elif hits.has_more and query.page < MOST_PAGES:
        foot = _next(query)
    room = MOST * max(query.count, 10) // 10 - len(head) - len(foot) - MARKS
    return Reply(head, content="\n\n".join(_content(hits, query, room)), foot=foot)


def _counted(hits: Hits) -> str:
    return "1 result" if len(hits.hits) == 1 else f"{len(hits.hits)} results"


def _cut(query: Query) -> Iterator[str]:
    if query.is_cut:
        yield (
            f"The query was too long for search engines and was cut to {len(query.text)} characters"
            f", operators kept: … {query.text[-60:]}"
        )


def _content(hits: Hits, query: Query, room: int) -> Iterator[str]:
    if hits.altered:
        line = f'Searched for "{one_line(hits.altered, ALTERED)}" instead'
        room -= len(line)
        yield line
    # Addresses are shown whole; what they leave goes to titles, what stands beside, and texts.
    each = max(len(hits.hits), 1)
    room -= sum(len(hit.url) + len(_date(hit)) + LINES for hit in hits.hits)
    title = min(max(room // each, LEAST), TITLE)
    room -= sum(min(len(hit.title), title) for hit in hits.hits)
    facts, around = _beside(hits, query, min(room // 2, AROUND))
    room -= len(facts) + sum(len(line) + 1 for line in around)
    if facts:
        yield facts
    first = (query.page - 1) * query.count + 1
    for number, hit in enumerate(hits.hits, start=first):
        yield "\n".join(_shown(number, hit, query, title, min(room // each, TEXT)))
    if around:
        yield "\n".join(around)


def _beside(hits: Hits, query: Query, room: int) -> tuple[str, list[str]]:
    """Return the facts and those lines that fit whole: the address of each is at its end."""
    facts = one_line(hits.facts, min(FACTS, room)) if room >= LEAST else ""
    room -= len(facts)
    fitting: list[str] = []
    for line in (one_line(each, AROUND) for each in (hits.beside if query.page == 1 else ())):
        if len(line) < room:
            fitting.append(line)
            room -= len(line) + 1
    return facts, fitting


def _shown(number: int, hit: Hit, query: Query, title: int, room: int) -> Iterator[str]:
    yield f"{number}. {one_line(hit.title or hit.url, title)}{_date(hit)}"
    yield f"   {one_line(hit.url, LONGEST_URL)}"
    text = telling(query.text, (hit.snippet, *hit.more), room) if room >= LEAST else ""
    if text:
        yield f"   {one_line(text, room)}"


def _date(hit: Hit) -> str:
    return f" ({one_line(hit.date, 40)})" if hit.date else ""


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

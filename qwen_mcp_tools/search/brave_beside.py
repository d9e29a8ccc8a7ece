"""What Brave's answer holds beside the pages: an infobox, news, discussions, questions."""

from collections.abc import Iterator
from typing import Any

from qwen_mcp_tools.search.dates import day_of
from qwen_mcp_tools.search.hits import is_web, plain
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.search.telling import about
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.shapes import elements, items, objects, section

A_FEW = 2
"""How many are shown of each kind: the pages are what was asked for."""

MANY = 20
"""How many are looked at to find them, and how many of one's parts."""

LONGEST_URL = 300

_KINDS = {"news": "News", "discussions": "Discussion", "faq": "Question"}


def facts(answer: dict[str, Any]) -> str:
    """Return what the first infobox says of the subject; empty where there is none."""
    # Its reference has a list here, its own client's types a single object.
    found = objects(section(answer, "infobox"), "results")
    if not found:
        return ""
    pairs = "; ".join(_pair(each) for each in items(found[0], "attributes")[:8])
    parts = (plain(found[0].get("title")), plain(found[0].get("long_desc")), pairs)
    return "\n".join(filter(None, parts))


def beside(answer: dict[str, Any], query: Query) -> Iterator[str]:
    """Yield a line for each of a few news, discussions and questions that answer the query."""
    for name, kind in _KINDS.items():
        found = objects(section(answer, name), "results")[:MANY]
        for each in [each for each in found if _is_shown(each, query)][:A_FEW]:
            yield f"{kind}: {_told(each)} {each['url']}"


def _pair(attribute: object) -> str:
    return ": ".join(filter(None, map(plain, elements(attribute)[:2])))


def _is_shown(result: dict[str, Any], query: Query) -> bool:
    url: Any = result.get("url")
    if not is_web(url) or len(url) > LONGEST_URL or not query.wants(url):
        return False
    parts = [*result.values(), *_talk(result).values()]
    return about(query.text, " ".join(map(plain, parts[: 2 * MANY])))


def _talk(result: dict[str, Any]) -> dict[str, Any]:
    return section(result, "data")


def _told(result: dict[str, Any]) -> str:
    talk = _talk(result)
    title = plain(result.get("question")) or plain(result.get("title")) or plain(talk.get("title"))
    where = (plain(talk.get("forum_name")), day_of(plain(result.get("age")))[:40])
    answer = plain(result.get("answer")) or plain(talk.get("top_comment"))
    about = ", ".join(filter(None, where))
    parts = (one_line(title, 120), f"({about})" if about else "", one_line(answer, 160))
    return " ".join(filter(None, parts))

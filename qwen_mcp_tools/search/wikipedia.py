"""Wikipedia's search of pages, keyless (REST API of MediaWiki)."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from qwen_mcp_tools.search.hits import Hit, Hits, plain, written
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.upstream.http import ServiceClient
from qwen_mcp_tools.upstream.statuses import failure_of_status

NAME = "Wikipedia"
_CHINESE = re.compile("[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Wikipedia:
    """Asks the Wikipedia of the query's language."""

    client: ServiceClient
    base_url: str
    """With `{language}` in the place of the language's code."""

    name: ClassVar[str] = NAME
    site: ClassVar[str] = "wikipedia.org"

    async def search(self, query: Query) -> Hits:
        """Return articles; it knows no second page.

        Raises:
            UpstreamError: It can't be reached, or fails.
        """
        if query.page > 1:
            return Hits(engine=NAME, hits=(), notes=(f"{NAME} gives one page of results only",))
        language = query.base_language or ("zh" if _CHINESE.search(query.text) else "en")
        answer = await self.client.request(
            NAME,
            "GET",
            f"{self.base_url.replace('{language}', language)}/w/rest.php/v1/search/page",
            params={"q": query.text, "limit": query.count},
        )
        if answer.status != 200:
            raise failure_of_status(NAME, answer.status, answer.headers)
        entries = answer.entries(NAME, "pages")
        return Hits(
            engine=NAME,
            hits=tuple(_hit(each, language) for each in entries if each.get("key")),
            ignored=query.wishes("freshness", "country"),
        )


def _hit(page: dict[str, Any], language: str) -> Hit:
    about = (written(page.get("description")), plain(page.get("excerpt")))
    return Hit(
        title=written(page.get("title")),
        url=f"https://{language}.{Wikipedia.site}/wiki/{quote(str(page['key']))}",
        snippet=": ".join(filter(None, about)),
    )

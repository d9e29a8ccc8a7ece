"""MDN's search, keyless: documentation of the web platform (developer.mozilla.org)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from qwen_mcp_tools.search.hits import Hit, Hits, is_web, written
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.upstream.http import ServiceClient
from qwen_mcp_tools.upstream.shapes import number, section, word
from qwen_mcp_tools.upstream.statuses import failure_of_status

NAME = "MDN"
_LOCALES = {
    "en": "en-US", "zh": "zh-CN", "zh-tw": "zh-TW", "zh-hk": "zh-TW", "zh-hant": "zh-TW",
    "ja": "ja", "ko": "ko", "fr": "fr", "es": "es", "ru": "ru", "pt": "pt-BR", "de": "de",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mdn:
    """Asks the search that MDN's own pages use."""

    client: ServiceClient
    base_url: str

    name: ClassVar[str] = NAME
    site: ClassVar[str] = "developer.mozilla.org"

    async def search(self, query: Query) -> Hits:
        """Return one page of documentation.

        Raises:
            UpstreamError: It can't be reached, or fails.
        """
        locale = _LOCALES.get(query.language_tag) or _LOCALES.get(query.base_language)
        answer = await self.client.request(
            NAME,
            "GET",
            f"{self.base_url}/api/v1/search",
            params={
                "q": query.text,
                "locale": locale or "en-US",
                "page": query.page,
                "size": query.count,
            },
        )
        if answer.status != 200:
            raise failure_of_status(NAME, answer.status, answer.headers)
        entries = answer.entries(NAME, "documents")
        total = number(section(section(answer.json(NAME), "metadata"), "total"), "value")
        return Hits(
            engine=NAME,
            hits=tuple(hit for hit in map(_hit, filter(_has_path, entries)) if is_web(hit.url)),
            has_more=total > query.page * query.count,
            ignored=query.wishes("freshness", "country", *(() if locale else ("language",))),
        )


def _has_path(document: dict[str, Any]) -> bool:
    path = word(document, "mdn_url")
    return path.startswith("/") and not path.startswith("//")


def _hit(document: dict[str, Any]) -> Hit:
    return Hit(
        title=written(document.get("title")),
        url=f"https://{Mdn.site}{document['mdn_url']}",
        snippet=written(document.get("summary")),
    )

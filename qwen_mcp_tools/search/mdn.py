"""MDN's search, keyless: documentation of the web platform (developer.mozilla.org)."""

from dataclasses import dataclass
from typing import ClassVar

from qwen_mcp_tools.search.hits import Hit, Hits, plain
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.search.statuses import expect_success
from qwen_mcp_tools.upstream.http import ServiceClient

NAME = "MDN"
SITE = "https://developer.mozilla.org"
_LOCALES = {
    "zh": "zh-CN", "zh-tw": "zh-TW", "zh-hk": "zh-TW", "ja": "ja", "ko": "ko", "fr": "fr",
    "es": "es", "ru": "ru", "pt": "pt-BR", "de": "de",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mdn:
    """Asks the search that MDN's own pages use."""

    client: ServiceClient
    base_url: str

    name: ClassVar[str] = NAME

    async def search(self, query: Query) -> Hits:
        """Return one page of documentation.

        Raises:
            UpstreamError: It can't be reached, or fails.
        """
        code = query.language.lower().replace("_", "-")
        locale = _LOCALES.get(code) or _LOCALES.get(code.partition("-")[0], "en-US")
        answer = await self.client.request(
            NAME,
            "GET",
            f"{self.base_url}/api/v1/search",
            params={"q": query.text, "locale": locale, "page": query.page, "size": query.count},
        )
        entries = expect_success(NAME, answer).entries(NAME, "documents")
        hits = tuple(
            Hit(plain(each["title"]), f"{SITE}{each['mdn_url']}", plain(each.get("summary") or ""))
            for each in entries
        )
        return Hits(engine=NAME, hits=hits, has_more=len(hits) == query.count)

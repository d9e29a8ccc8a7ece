"""DuckDuckGo's HTML page: results, adverts, no results, and its ways of refusing."""

from html import escape
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from qwen_mcp_tools.sandbox.index import Entry, find, index, snippet, understand
from qwen_mcp_tools.sandbox.site import Site, documents
from qwen_mcp_tools.sandbox.stand_in import Scripted, StandIn

PAGE = 10
ANOMALY = (
    '<html><body><form id="challenge-form" action="//duckduckgo.com/anomaly.js?sv=html" '
    'method="POST"><div class="anomaly-modal__title">Unfortunately, bots use DuckDuckGo too.</div>'
    "</form></body></html>"
)


class DuckDuckGo(StandIn):
    """The page without JavaScript, over the pages of the sandbox's site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        super().__init__()

    def app(self) -> Starlette:
        """Return the page."""
        return Starlette(routes=[Route("/html/", self._search, methods=["GET", "POST"])])

    def refuse(self, status: int = 202) -> None:
        """Take the next caller for a bot: with 202, or with 200 and the same form."""
        self.next(Scripted(status, ANOMALY))

    async def _search(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if request.method == "POST":
            asked |= {name: str(value) for name, value in (await request.form()).items()}
        query, first = asked.get("q", ""), int(asked.get("s") or 0)
        found = find(index(documents()), query, self._site.url.removeprefix("http://"))
        shown = found[first : first + PAGE]
        if not shown:
            return _page('<div class="no-results">No results found for that query.</div>')
        blocks = [_advert(query), *(self._result(entry, query) for entry in shown)]
        if first + PAGE < len(found):
            blocks.append(_next(query, first + PAGE))
        return _page("\n".join(blocks))

    def _result(self, entry: Entry, query: str) -> str:
        target = quote(f"{self._site.url}{entry.path}", safe="")
        text = escape(snippet(entry, query))
        for word in understand(query).words:
            text = text.replace(word, f"<b>{word}</b>")
        href = f"//duckduckgo.com/l/?uddg={target}&amp;rut=0123abcd"
        return (
            '<div class="result results_links results_links_deep web-result">'
            '<h2 class="result__title">'
            f'<a rel="nofollow" class="result__a" href="{href}">{escape(entry.title)}</a></h2>'
            f'<a class="result__snippet" href="{href}">{text}</a></div>'
        )


def _advert(query: str) -> str:
    return (
        '<div class="result results_links results_links_deep result--ad"><h2 class="result__title">'
        '<a class="result__a" href="https://duckduckgo.com/y.js?ad_domain=shop.example">'
        f"Buy {escape(query)}</a>"
        '</h2><a class="result__snippet" href="#">Best prices</a></div>'
    )


def _next(query: str, start: int) -> str:
    return (
        f'<div class="nav-link"><form action="/html/" method="post"><input type="hidden" name="q" '
        f'value="{escape(query)}"><input type="hidden" name="s" value="{start}">'
        '<input type="submit" class="btn btn--alt" value="Next"></form></div>'
    )


def _page(results: str) -> Response:
    return HTMLResponse(
        '<!DOCTYPE html><html><body><div class="serp__results">'
        f'<div id="links">{results}</div></div></body></html>'
    )

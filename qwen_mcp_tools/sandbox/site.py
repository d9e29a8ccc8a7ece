"""A small web site: documentation, Chinese pages, an article, an API, and what can go wrong."""

import asyncio
import gzip
import json
import mimetypes
from collections.abc import AsyncIterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from qwen_mcp_tools.sandbox.article import long_article
from qwen_mcp_tools.sandbox.stand_in import StandIn

PAGES = files("qwen_mcp_tools.sandbox") / "pages"
DOCS = ("index", "install", "quickstart", "timeouts", "retries", "api", "configuration", "faq")
BOMB_BYTES = 200_000_000
DRIP_SECONDS = 60

ROBOTS = "User-agent: *\nDisallow: /private/\n\nUser-agent: other-bot\nDisallow: /\n"
CHALLENGE = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>"
    "<!-- an imitation, for tests --><h1>Checking your browser before you go on</h1>"
    "<script>window._cf_chl_opt={}</script></body></html>"
)
LOGIN = (
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1>"
    '<form><input name="user"><input name="pass" type="password"></form></body></html>'
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89"
    b"\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82"
)
RELEASES = [
    {
        "version": f"2.{minor}",
        "date": f"2026-{minor * 2 + 1:02d}-05",
        "jobs_per_second": 900 * minor + 400,
    }
    for minor in range(5)
]


class Site(StandIn):
    """Pages written for this project; with `folder`, the files of a folder of the user's."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder.resolve() if folder else None
        super().__init__()

    def app(self) -> Starlette:
        """Return the site."""
        folder = self._folder
        return Starlette(routes=[Route("/{path:path}", _files_of(folder))] if folder else _routes())


def documents() -> dict[str, str]:
    """Return the site's pages that a search can find: path and HTML (or Markdown)."""
    found = {
        f"/docs/{'' if name == 'index' else name + '.html'}": _documentation(name) for name in DOCS
    }
    found["/article"] = long_article()
    found["/zh/timeouts"] = _source("zh/gbk.html")
    found["/zh/retries"] = _source("zh/big5.html")
    found["/notes.md"] = _source("files/notes.md")
    return found


@cache
def _source(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


@cache
def _documentation(name: str) -> str:
    content = _source(f"docs/{name}.html")
    title = content.partition("<h1>")[2].partition("<")[0]
    path = f"/docs/{'' if name == 'index' else name + '.html'}"
    return Template(_source("layout.html")).substitute(title=title, content=content, path=path)


def _routes() -> list[Route]:
    html = "text/html; charset=utf-8"
    pages: dict[str, tuple[bytes, str]] = {
        "/": (_documentation("index").encode(), html),
        "/docs/": (_documentation("index").encode(), html),
        **{f"/docs/{name}.html": (_documentation(name).encode(), html) for name in DOCS[1:]},
        "/article": (long_article().encode(), html),
        "/zh/timeouts": (_source("zh/gbk.html").encode("gb18030"), "text/html"),
        "/zh/timeouts-labelled-utf-8": (_source("zh/gbk.html").encode("gb18030"), html),
        "/zh/retries": (_source("zh/big5.html").encode("big5"), "text/html"),
        "/app": (_source("files/app.html").encode(), html),
        "/dashboard": (_source("files/dashboard.html").encode(), html),
        "/static/dashboard.js": (_source("files/dashboard.js").encode(), "text/javascript"),
        "/hidden": (_source("files/hidden.html").encode(), html),
        "/notes.md": (_source("files/notes.md").encode(), "text/markdown; charset=utf-8"),
        "/readme.txt": (_source("files/readme.txt").encode("utf-16"), "text/plain"),
        "/feed.xml": (_source("files/feed.xml").encode(), "application/rss+xml"),
        "/api/releases": (json.dumps(RELEASES).encode(), "application/json"),
        "/api/releases.jsonl": (
            "\n".join(map(json.dumps, RELEASES)).encode(),
            "application/x-ndjson",
        ),
        "/robots.txt": (ROBOTS.encode(), "text/plain"),
        "/private/page": (b"<p>not for programs</p>", html),
        "/paper.pdf": (PDF, "application/pdf"),
        "/paper-labelled-html": (PDF, html),
        "/picture.png": (PNG, "image/png"),
        "/empty": (b"", html),
        "/challenge": (CHALLENGE.encode(), html),
        "/login": (LOGIN.encode(), html),
    }
    return [
        *(Route(path, _page(*page)) for path, page in pages.items()),
        Route("/bomb", _bomb),
        Route("/drip", _drip),
        Route("/status/{status:int}", _status),
        Route("/moved", _redirect("/docs/", 301)),
        Route("/chain/{left:int}", _chain),
        Route("/loop", _redirect("/loop", 302)),
        Route("/to-metadata", _redirect("http://169.254.169.254/latest/meta-data/", 302)),
        Route("/account", _redirect("/login", 302)),
    ]


def _files_of(folder: Path) -> Any:
    """Serve the files of `folder`; `page.html.gz` is there as `page.html` too."""

    async def file(request: Request) -> Response:
        wanted = (folder / request.path_params["path"].lstrip("/")).resolve()
        if wanted.is_dir():
            wanted = wanted / "index.html"
        packed = wanted.with_name(f"{wanted.name}.gz")
        if not wanted.is_relative_to(folder) or not (wanted.is_file() or packed.is_file()):
            return PlainTextResponse("not found", 404)
        kind = mimetypes.guess_type(wanted.name)[0] or "application/octet-stream"
        is_plain = wanted.is_file()
        body = wanted.read_bytes() if is_plain else gzip.decompress(packed.read_bytes())
        return Response(body, headers={"content-type": kind})

    return file


def _page(body: bytes, kind: str) -> Any:
    async def page(_: Request) -> Response:
        return Response(body, headers={"content-type": kind})

    return page


def _redirect(target: str, status: int) -> Any:
    async def redirect(_: Request) -> Response:
        return RedirectResponse(target, status)

    return redirect


async def _chain(request: Request) -> Response:
    left: int = request.path_params["left"]
    return RedirectResponse(f"/chain/{left - 1}" if left else "/docs/", 302)


async def _status(request: Request) -> Response:
    status: int = request.path_params["status"]
    headers = {"retry-after": "7"} if status in {429, 503} else {}
    return JSONResponse({"status": status}, status, headers)


async def _bomb(_: Request) -> Response:
    packed = gzip.compress(b" " * BOMB_BYTES, 9)
    return Response(packed, headers={"content-type": "text/html", "content-encoding": "gzip"})


async def _drip(_: Request) -> Response:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(DRIP_SECONDS * 10):
            yield b"<p>drip"
            await asyncio.sleep(0.1)

    return StreamingResponse(drip(), media_type="text/html")

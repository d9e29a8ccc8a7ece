"""Answers of the REST API: bodies, refusals, headers that every answer has."""

import gzip
import hashlib
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

DOCS = "https://docs.github.com/rest"
VERSIONS = ("2022-11-28", "2026-03-10")
_MEDIA = re.compile(r"application/vnd\.github(?:\.v3)?(?:\.([a-z-]+))?(?:\+json)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """A body, as JSON unless it is bytes or text, and the headers that are its own."""

    body: Any
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    status: int = 200


class Refusal(Exception):  # noqa: N818 - it is an answer
    """An answer that tells of a failure."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        docs: str = DOCS,
        headers: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> None:
        super().__init__(message)
        body = {"message": message, **facts, "documentation_url": docs, "status": str(status)}
        self.answer = Answer(body, headers or {}, status)


def not_found() -> Refusal:
    """Return what is said of things that are not there, or that the asker may not see."""
    return Refusal(404, "Not Found")


def media(request: Request) -> str:
    """Return the kind of answer asked for: "raw", "html", "object", "sha", "text-match" or ""."""
    asked = _MEDIA.findall(request.headers.get("accept", ""))
    return next((each for each in asked if each not in {"", "full", "json"}), "")


def version(request: Request) -> str:
    """Return the version of the API asked for; refuse one that there is not."""
    asked = request.headers.get("x-github-api-version", VERSIONS[0])
    if asked not in VERSIONS:
        raise Refusal(
            400,
            f"{asked} is not a valid API version. Supported versions: {', '.join(VERSIONS)}",
            docs="https://docs.github.com/rest/overview/api-versions",
        )
    return asked


def etag(body: bytes) -> str:
    """Return the weak etag of a body."""
    return f'W/"{hashlib.sha256(body).hexdigest()}"'


def is_known(request: Request, tag: str) -> bool:
    """Whether the asker has this answer already (RFC 9110, section 13.1.2: compared weakly)."""
    asked = request.headers.get("if-none-match", "")
    return tag.removeprefix("W/") in {each.strip().removeprefix("W/") for each in asked.split(",")}


def encoded(answer: Answer, request: Request) -> tuple[bytes, dict[str, str]]:
    """Return an answer's body as bytes, and its headers."""
    kind = media(request)
    match answer.body:
        case bytes():
            body, usual = answer.body, "application/octet-stream"
        case str():
            body, usual = answer.body.encode(), "text/plain; charset=utf-8"
        case _:
            body = json.dumps(answer.body, ensure_ascii=False).encode()
            usual = "application/json; charset=utf-8"
    param = f"; param={kind}" if kind else ""
    return body, {
        "content-type": usual,
        "x-github-media-type": f"github.v3{param}; format=json",
        "x-github-request-id": uuid.uuid4().hex.upper(),
        "x-github-api-version-selected": request.headers.get("x-github-api-version", VERSIONS[0]),
        "vary": "Accept, Authorization, Accept-Encoding",
        **answer.headers,
    }


def packed(status: int, body: bytes, headers: dict[str, str], request: Request) -> Response:
    """Return the response, packed by gzip where the asker takes it."""
    if "gzip" in request.headers.get("accept-encoding", "") and body:
        body, headers["content-encoding"] = gzip.compress(body, 1), "gzip"
    return Response(body, status, headers)


def paged(items: list[Any], request: Request, *, most: int = 100) -> tuple[list[Any], str]:
    """Return the page of `items` that was asked for, and its Link header, empty for one page."""
    size, number = page_size(request, most), page_number(request)
    last = max(-(-len(items) // size), 1)
    places = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
    is_there = {
        "prev": number > 1, "first": number > 1, "next": number < last, "last": number < last,
    }  # fmt: skip
    link = ", ".join(
        f'<{request.url.include_query_params(page=place)}>; rel="{name}"'
        for name, place in places.items()
        if is_there[name]
    )
    return items[(number - 1) * size : number * size], link


def page_size(request: Request, most: int = 100) -> int:
    """Return `per_page`, 30 by default."""
    return min(max(_number(request, "per_page", 30), 1), most)


def page_number(request: Request) -> int:
    """Return `page`, counted from 1."""
    return max(_number(request, "page", 1), 1)


def _number(request: Request, name: str, default: int) -> int:
    value = request.query_params.get(name, "")
    return int(value) if value.isdecimal() else default

"""What stands in front of a page that came with a good status: a login, a question, a script."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from qwen_mcp_tools.content.document import Document
from qwen_mcp_tools.content.kinds import Kind
from qwen_mcp_tools.upstream.http import Answer

SHORT = 700
"""Up to so many characters a page can be a wall; above, it has something to read."""

_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|sso|passport|auth(?:enticate|orize)?)(?:[/.]|$)", re.IGNORECASE
)
_LOGIN_HOST = re.compile(r"(?:login|signin|sso|passport|auth|accounts?)\.", re.IGNORECASE)
_LOGIN_WORDS = re.compile(
    r"(?:log|sign) in to (?:continue|view|see|read)"
    r"|请先?登[录陆]|登[录陆]后(?:可|才|继续|查看)|請先登入",
    re.IGNORECASE,
)
_PASSWORD = re.compile(rb"<input[^>]{1,300}type=[\"']?password", re.IGNORECASE)
_CONSENT_HOST = re.compile(r"(?:consent|guce|cmp)\.", re.IGNORECASE)
_CONSENT_WORDS = re.compile(
    r"before you continue to|we value your privacy|accept all cookies|接受所有\s*cookie",
    re.IGNORECASE,
)
_SCRIPT_WORDS = re.compile(
    r"(?:enable|turn on|activate|requires?|needs?|without) javascript"
    r"|javascript (?:is |to be |must be )?(?:required|disabled|enabled|turned off)"
    r"|(?:启用|啟用|开启|開啟|打开|支持)\s*javascript",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"(?:(?:error )?404(?: error)?\W{0,4}(?:(?:page |file )?not found)?|(?:page )?not found"
    r"|(?:您访问的|抱歉\W?)?(?:页面|頁面|网页|網頁)(?:不存在|未找到|找不到|没有找到))"
    r"(?:\s*[-–—|:·_,.!，。！].{0,60})?",
    re.IGNORECASE,
)


def wall_before(asked: str, answer: Answer, document: Document) -> str:
    """Return one line about what stands in front of the page, or an empty text.

    `asked` is the URL before redirects, `document` what was read from `answer`.
    """
    if not answer.body.strip():
        return f"the site sent an empty page (status {answer.status})"
    if document.kind is not Kind.HTML or len(document.text) > SHORT:
        return ""
    return next(_walls(asked, answer, document), "")


def needs_scripts(document: Document) -> bool:
    """Say whether a page has next to no text because its scripts are to make it."""
    if document.kind is not Kind.HTML or len(document.text) > SHORT:
        return False
    return document.needs_javascript or bool(_SCRIPT_WORDS.search(document.text))


def _walls(asked: str, answer: Answer, document: Document) -> Iterator[str]:
    text = document.text
    if _CONSENT_HOST.match(urlsplit(answer.url).hostname or "") or _CONSENT_WORDS.search(text):
        yield "this is a question about cookies, not the page; look for the same elsewhere"
    if _is_login(asked, answer, text):
        yield "this is a login page: what was asked for needs an account"
    if _NOT_FOUND.fullmatch(document.title.strip()):
        yield f'this reads like a "not found" page, although its status is {answer.status}'
    if needs_scripts(document):
        yield "nearly empty: it seems to make its text with JavaScript"


def _is_login(asked: str, answer: Answer, text: str) -> bool:
    moved_there = _leads_to_login(answer.url) and not _leads_to_login(asked)
    return moved_there or bool(_LOGIN_WORDS.search(text) and _PASSWORD.search(answer.body))


def _leads_to_login(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_LOGIN_PATH.search(parts.path) or _LOGIN_HOST.match(parts.hostname or ""))

"""Where the links of a page lead, as addresses that can be followed from anywhere."""

import re
from urllib.parse import urljoin, urlsplit

FOLLOWED = frozenset({"http", "https", "mailto"})
_AWKWARD = re.compile(r"[\s()<>\\`|]")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
LONGEST = 8_000
"""No browser or server takes longer ones."""


class Addresses:
    """Makes addresses absolute; most by putting strings together, the odd ones by the book."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._known: dict[str, str] = {}
        parts = urlsplit(base)
        self._origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
        self._folder = self._origin + (parts.path.rpartition("/")[0] or "") + "/"

    def absolute(self, href: str) -> str:
        """Return where `href` leads; empty where that is nothing to follow.

        What would end a link in Markdown is percent-encoded.
        """
        known = self._known.get(href)
        if known is None:
            known = self._known[href] = self._resolve(href.strip())
        return known

    def _resolve(self, href: str) -> str:
        if not href or len(href) > LONGEST:
            return ""
        target = self._joined(href)
        if target and _AWKWARD.search(target):
            target = _AWKWARD.sub(_encoded, target)
        return target

    def _joined(self, href: str) -> str:
        if "/." not in href and self._origin and not _AWKWARD.search(href):
            if href.startswith(("https://", "http://")) and href.count("/") > 2:
                return href
            if href[0] == "/" and href[1:2] != "/":
                return self._origin + href
            if href[0] not in "/.?#" and not _SCHEME.match(href):
                return self._folder + href
        return self._by_the_book(href)

    def _by_the_book(self, href: str) -> str:
        # RFC 3986, section 5; browsers drop tabs and line breaks (WHATWG URL, section 4.1).
        try:
            target = urljoin(self._base, re.sub(r"[\t\r\n]", "", href))
            scheme = urlsplit(target).scheme.lower()
        except ValueError:
            return ""
        return target if scheme in FOLLOWED else ""


def _encoded(match: re.Match[str]) -> str:
    sign = match[0]
    return f"%{ord(sign):02X}" if sign.isascii() else sign

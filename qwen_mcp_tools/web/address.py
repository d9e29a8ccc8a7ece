"""An address as a model writes it, made one that can be fetched."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from qwen_mcp_tools.errors import BadArgumentError
from qwen_mcp_tools.text import one_line, sanitise
from qwen_mcp_tools.upstream.addresses import judge_url

_WRAPPING = " \t\r\n<>\"'`"
_BARE = re.compile(r"(?://)?(?:[\w-]+\.)+\w[\w-]*(?::[0-9]+)?(?:[/?#].*)?")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page is: its URL without the fragment, and the fragment without `#`."""

    url: str
    fragment: str


def address_of(written: str) -> Address:
    """Return the address that `written` means.

    Spaces, quotes and angle brackets around it go. A bare domain gets `https://`, as browsers
    do today.

    Raises:
        BadArgumentError: It holds characters that can't be seen.
        RefusedError: Its form alone shows that it leads to no public page.
    """
    url = written.strip(_WRAPPING)
    if _BARE.fullmatch(url):
        url = f"https://{url.removeprefix('//')}"
    if sanitise(url) != url:
        raise BadArgumentError("url holds characters that can't be seen; write it without them")
    judge_url(url)
    url, _, fragment = url.partition("#")
    return Address(url, fragment)


def site_of(url: str) -> str:
    """Return the host of `url`, with the port where one is written."""
    return one_line(urlsplit(url).netloc.rpartition("@")[2], 100)

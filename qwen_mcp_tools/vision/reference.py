"""References: how a model names a picture, a path, an address or the bytes themselves."""

import base64
import binascii
import re
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from qwen_mcp_tools.errors import BadArgumentError, RefusedError, UnreadableError
from qwen_mcp_tools.text import one_line

_PAGE = re.compile(r"#page=([0-9]{1,6})$")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MENTION = re.compile(r"@(?=https?://|file:|data:)", re.IGNORECASE)
"""What agents put in front of what they attach."""
_WINDOWS_DRIVE = re.compile(r"/[A-Za-z]:")


@dataclass(frozen=True, slots=True)
class Path:
    """A file on this machine, as it was written."""

    written: str
    or_else: str = ""
    """What may be meant where that is missing: a name that begins with @."""


@dataclass(frozen=True, slots=True)
class Address:
    """A picture on the web."""

    url: str


@dataclass(frozen=True, slots=True)
class Inline:
    """The bytes themselves."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a picture is, the page of it that is meant (0: none named), and what to call it."""

    place: Path | Address | Inline
    page: int
    label: str


def read_reference(written: str, number: int, of: int) -> Reference:
    """Return what `written` means, the picture `number` of `of`.

    Raises:
        BadArgumentError: It is empty, or names page 0.
        RefusedError: Its scheme is none that is taken.
        UnreadableError: It is a data: URI whose base64 is broken.
    """
    text = _MENTION.sub("", written.strip(), count=1)
    page = _PAGE.search(text)
    bare = text[: page.start()] if page else text
    label = _label(bare, number, of)
    if not bare:
        raise BadArgumentError(f"{label} is empty; give a path, a URL or a data: URI")
    if page and not int(page.group(1)):
        raise BadArgumentError(f"{label} has no page 0: #page= counts from 1")
    return Reference(_place(bare, label), int(page.group(1)) if page else 0, label)


def _place(text: str, label: str) -> Path | Address | Inline:
    scheme = text.partition(":")[0].lower()
    match scheme:
        case "http" | "https" if text[len(scheme) :].startswith("://"):
            return Address(text)
        case "data":
            return Inline(_inline(text, label))
        case "file":
            return Path(_path_in(text, label))
        case _ if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text):
            mend = "give a path, an http(s) URL or a data: URI"
            raise RefusedError(label, f"{one_line(scheme, 20)}: is no scheme for pictures", mend)
        case _:
            return Path(text[1:], text) if text.startswith("@") else Path(text)


def _inline(text: str, label: str) -> bytes:
    head, _, encoded = text.partition(",")
    if not head.lower().endswith(";base64"):
        raise UnreadableError(label, "a data: URI must be base64", "data:image/png;base64,…")
    try:
        return base64.b64decode("".join(unquote(encoded).split()), validate=True)
    except (binascii.Error, ValueError) as error:
        mend = "send it whole, or give a path"
        raise UnreadableError(label, "its base64 is broken or cut off", mend) from error


def _path_in(text: str, label: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise RefusedError(label, "it is no valid file: URI", "give a plain path") from error
    if parts.netloc.lower() not in {"", "localhost"}:
        raise RefusedError(label, "its file: URI names another machine", "give a path on this one")
    # On Windows it stands as file:///C:/shot.png; elsewhere that is a path from the root.
    path = url2pathname(parts.path) if _WINDOWS_DRIVE.match(parts.path) else unquote(parts.path)
    if _CONTROL.search(path):
        raise RefusedError(label, "its file: URI holds a control character", "give a plain path")
    return path


def _label(text: str, number: int, of: int) -> str:
    name = _name(text)
    if of == 1:
        return name or "the picture"
    return f"picture {number} ({name})" if name else f"picture {number}"


def _name(text: str) -> str:
    if text[:5].lower() == "data:":
        return "data: URI"
    try:
        path = _path_or_host(text) if "://" in text[:12] else text
    except ValueError:
        path = text.rpartition("@")[2]
    name = PurePath(path.replace("\\", "/")).name or path
    return one_line(name.removeprefix("@"), 80)


def _path_or_host(url: str) -> str:
    """Return what names the picture, never a password."""
    parts = urlsplit(url)
    return parts.path.rstrip("/") or parts.netloc.rpartition("@")[2]

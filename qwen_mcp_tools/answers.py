"""What the SDK answers before the first call, in a file: written once, read at each start.

One file comes with the package; where another SDK is installed, or a setting is in force that the
packaged answers do not hold for, the answers of the last such start are in the cache folder.
Reading imports nothing that the interpreter has not loaded anyway: a start costs what this costs.
"""

from __future__ import annotations

import os
import sys
import zlib

TYPE_CHECKING = False  # loading `typing` for it takes longer than all that is done here
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

Answers = dict[str, dict[str, str]]
"""By protocol version and method: the end of a line of JSON, from behind the request's id."""
Rule = str | list[str]
"""Which values of a setting do not matter: these words, or those of a kind."""

HERE = os.path.dirname(__file__)
PACKAGED = os.path.join(HERE, "answers.json")
DISTRIBUTIONS = ("mcp-", "mcp_types-", "qwen_mcp_tools-")
"""What `*.dist-info` folders begin with: their names hold the versions."""
SOURCES = ("server.py", "offer.py", "arguments.py", "tools")
KEPT_AT_MOST = 8
"""Files in the cache folder, one for each set of settings in use."""
PROXIES = ("http", "https", "socks5", "socks5h")


def can_be_used() -> bool:
    """Tell whether a start can be served from a file on this platform."""
    return sys.platform != "win32" and parser() is not None


def find(environ: Mapping[str, str]) -> Answers | None:
    """Return the answers for a start with these variables; None where the SDK must give them."""
    packaged = _read(PACKAGED)
    if packaged is None:
        return None
    start = start_of(packaged["rules"], environ)
    if packaged["start"] == start:
        return packaged["answers"]
    match _read(_kept_in(environ, start), must_be_mine=True):
        case {"start": kept_for, "answers": said} if kept_for == start:
            return said
        case _:
            return None


def keep(environ: Mapping[str, str], said: Answers) -> None:
    """Keep `said` in the cache folder for the next start like this one.

    Nothing is kept where a setting holds a password.

    Raises:
        OSError: The folder can't be written.
    """
    import json

    packaged = _read(PACKAGED)
    start = start_of(packaged["rules"], environ) if packaged else {}
    if not packaged or any("@" in value for value in start["settings"].values()):
        return
    path = _kept_in(environ, start)
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    draft = f"{path}.{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        json.dump({"start": start, "answers": said}, file)
    os.replace(draft, path)
    _forget(os.path.dirname(path))


def _forget(folder: str) -> None:
    names = [name for name in os.listdir(folder) if name.startswith("answers-")]
    paths = [os.path.join(folder, name) for name in names]
    for path in sorted(paths, key=os.path.getmtime)[:-KEPT_AT_MOST]:
        os.unlink(path)


def parser() -> Callable[[str], Any] | None:
    """Return what `json.loads` is, but stricter and without loading `json`; None without it.

    It raises ValueError.
    """
    try:
        from _json import make_scanner
    except ImportError:
        return None
    scan: Any = make_scanner(_Strict)  # pyright: ignore[reportArgumentType]

    def parse(text: str) -> Any:
        try:
            value, end = scan(text, 0)
        except (StopIteration, RecursionError, SystemError) as error:
            # Up to Python 3.12 it is a SystemError where `json` is not loaded.
            raise ValueError("no JSON") from error
        if end != len(text):
            raise ValueError("more than one value")
        return value

    return parse


class _Strict:
    """What the scanner asks: Python's own types, and no constant that JSON does not have."""

    strict = True
    object_hook = object_pairs_hook = array_hook = None
    parse_float = float
    parse_int = int

    @staticmethod
    def parse_constant(name: str) -> None:
        raise ValueError(name)


def _read(path: str, *, must_be_mine: bool = False) -> Any:
    """Return what the file holds; None without it, or where others could have written it."""
    parse = parser()
    try:
        with open(path, encoding="utf-8") as file:
            facts = os.fstat(file.fileno())
            mine = facts.st_uid == os.getuid() and not facts.st_mode & 0o022
            return parse(file.read().strip()) if parse and (mine or not must_be_mine) else None
    except (OSError, ValueError):
        return None


def start_of(rules: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """Return all that answers depend on: what is installed, our sources, and settings.

    A setting counts where some value of it makes the start fail or changes an answer; `rules`
    say which of its values do neither.
    """
    settings: dict[str, str] = {}
    for name, rule in rules.items():
        value = environ.get(name, "").strip()
        if value and not _harmless(value, rule):
            settings[name] = value
    return {"installed": _installed(), "sources": _sources(), "settings": settings}


def _harmless(value: str, rule: Rule) -> bool:
    if rule == "url":
        known = value.startswith(("http://", "https://")) and " " not in value
        return known and _is_host(value.split("/")[2])
    if rule == "proxy":
        scheme, _, rest = value.rpartition("://")
        return (scheme or "http") in PROXIES and _is_host(rest)
    if rule == "hosts":
        return all(":" in each and _is_host(each) for each in value.replace(",", " ").split())
    if rule == "folder":
        return os.path.isdir(value)
    if rule == "certificates":
        return _holds_certificates(value)
    return value.lower() in rule


def _holds_certificates(path: str) -> bool:
    """Tell whether it is a file of PEM certificates, by its beginning."""
    try:
        with open(path, "rb") as file:
            return b"-----BEGIN CERTIFICATE-----" in file.read(16_384)
    except OSError:
        return False


def _is_host(text: str) -> bool:
    """Tell whether it is a plain name or address, with a port or without."""
    host, colon, port = text.partition(":")
    plain = host.replace(".", "").replace("-", "").isalnum() and text.isascii()
    return plain and (not colon or (port.isdecimal() and len(port) <= 5 and int(port) < 65_536))


def _installed() -> list[str]:
    """Return the names of the `dist-info` folders beside the SDK that would be imported."""
    for folder in sys.path:
        if os.path.isdir(os.path.join(folder, "mcp")):
            return sorted(name for name in os.listdir(folder) if _counts(name))
    return []


def _counts(name: str) -> bool:
    return name.startswith(DISTRIBUTIONS) and name.endswith(".dist-info")


def _sources() -> int:
    """Return a checksum of the files that make the offer: an edited one makes other answers."""
    found = 0
    for name in SOURCES:
        path = os.path.join(HERE, name)
        files = [path] if name.endswith(".py") else sorted(_modules(path))
        for file in files:
            with open(file, "rb") as source:
                found = zlib.crc32(source.read(), found)
    return found


def _modules(folder: str) -> list[str]:
    return [os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".py")]


def _folder(environ: Mapping[str, str]) -> str:
    """Return the cache folder, where platformdirs puts it."""
    if chosen := environ.get("QWEN_MCP_CACHE_DIR", "").strip():
        return os.path.expanduser(chosen)
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches/qwen-mcp-tools")
    base = environ.get("XDG_CACHE_HOME", "").strip() or os.path.expanduser("~/.cache")
    return os.path.join(base, "qwen-mcp-tools")


def _kept_in(environ: Mapping[str, str], start: dict[str, Any]) -> str:
    return os.path.join(_folder(environ), f"answers-{zlib.crc32(repr(start).encode()):08x}.json")

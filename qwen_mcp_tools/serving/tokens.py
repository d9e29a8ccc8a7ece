"""Bearer tokens: who may call over HTTP, each token an identity of its own."""

import hashlib
import hmac
import logging
import os
from pathlib import Path

from qwen_mcp_tools.errors import SettingError
from qwen_mcp_tools.serving.listener import is_loopback
from qwen_mcp_tools.settings import Settings

SHORTEST = 16

logger = logging.getLogger(__name__)


class Tokens:
    """The tokens of a setting, or of a file that is read again whenever it changes.

    A file that is emptied or deleted later leaves nobody; one that can't be read or used leaves
    the tokens as they were. With no token at all these are false, and everybody may call.

    Raises:
        SettingError: At the start, a token can't be used, or the file can't be read.
    """

    def __init__(self, text: str = "", path: str = "") -> None:
        self._path = str(Path(path).expanduser()) if path else ""
        self._seen = _stamp(self._path)
        self._names = _parse(_read_first(self._path) if path else text) if path or text else {}

    def __bool__(self) -> bool:
        return bool(self._path or self._names)

    def name_of(self, authorization: str) -> str | None:
        """Return whose token an `Authorization` header carries, None for nobody's (RFC 6750)."""
        self._follow_file()
        scheme, _, given = authorization.partition(" ")
        found = None
        if scheme.lower() == "bearer":
            # Every token is compared, in constant time: the time tells nothing about any of them.
            for token, name in self._names.items():
                if hmac.compare_digest(token.encode(), given.strip().encode("utf-8", "replace")):
                    found = name
        return found

    def _follow_file(self) -> None:
        if not self._path or (stamp := _stamp(self._path)) == self._seen:
            return
        self._seen = stamp
        try:
            text = _read(self._path)
            self._names = _parse(text) if text.strip() else {}
        except FileNotFoundError:
            self._names = {}
        except (OSError, ValueError) as error:
            logger.warning("QWEN_MCP_TOKEN_FILE is kept as it was: %s", error)


def tokens_at(address: str, settings: Settings) -> Tokens:
    """Return the tokens to listen with on `address`.

    Raises:
        SettingError: One can't be used, or there is none although others can connect there.
    """
    tokens = Tokens(settings.token.reveal() if settings.token else "", settings.token_file)
    if not tokens and not is_loopback(address):
        raise SettingError(
            f"QWEN_MCP_TOKEN must be set to listen on {address}: others can connect there"
        )
    return tokens


def _parse(text: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for at, item in enumerate(text.strip().replace("\n", ",").split(","), start=1):
        name, token = _parse_item(item.strip())
        if not name or len(token) < SHORTEST or not token.isascii() or " " in token:
            raise SettingError(
                f"QWEN_MCP_TOKEN takes tokens of at least {SHORTEST} ASCII characters, "
                f"divided by commas or lines, each `token` or `name:token`; item {at} is none"
            )
        if token in names or name in names.values():
            raise SettingError(
                f"QWEN_MCP_TOKEN takes each token and each name once; item {at} repeats one"
            )
        names[token] = name
    return names


def _parse_item(item: str) -> tuple[str, str]:
    name, colon, token = item.partition(":")
    # A name by position would move to another token when lines are added.
    return (name, token) if colon else (_fingerprint(item), item)


def _fingerprint(token: str) -> str:
    return f"sha256 {hashlib.sha256(token.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _read_first(path: str) -> str:
    try:
        return _read(path)
    except (OSError, UnicodeError) as error:
        raise SettingError(f"QWEN_MCP_TOKEN_FILE can't be read ({type(error).__name__})") from error


def _read(path: str) -> str:
    return Path(path).read_text(encoding="utf-8-sig")  # Notepad writes a byte order mark


def _stamp(path: str) -> tuple[int, int]:
    """Return what differs once the file has changed, its being out of reach included."""
    try:
        status = os.stat(path)  # noqa: PTH116 - once a request: no Path object is made for it
    except OSError as error:
        return error.errno or 0, -1
    return status.st_mtime_ns, status.st_size

"""Bearer tokens: who may call over HTTP, each token an identity of its own."""

import hmac
import logging
import os
from pathlib import Path

from qwen_mcp_tools.errors import SettingError

SHORTEST = 16

logger = logging.getLogger(__name__)


class Tokens:
    """The tokens of a setting, or of a file that is read again whenever it changes."""

    def __init__(self, text: str = "", path: str = "") -> None:
        self._path = str(Path(path).expanduser()) if path else ""
        self._seen: tuple[int, int] | None = None
        self._names = _parse(text) if text else {}
        if path:
            self._seen = _stamp(self._path)
            self._names = _parse(Path(self._path).read_text(encoding="utf-8"))

    def __bool__(self) -> bool:
        return bool(self._names)

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
            self._names = _parse(Path(self._path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            logger.warning("QWEN_MCP_TOKEN_FILE is kept as it was: %s", error)


def _parse(text: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for at, item in enumerate(text.strip().replace("\n", ",").split(","), start=1):
        name, colon, token = item.strip().partition(":")
        if not colon:
            name, token = f"token {at}", name
        if len(token) < SHORTEST or not token.isascii() or " " in token:
            raise SettingError(
                f"QWEN_MCP_TOKEN takes tokens of at least {SHORTEST} ASCII characters, "
                f"divided by commas or lines, each `token` or `name:token`; item {at} is none"
            )
        names[token] = name
    return names


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - once a request: no Path object is made for it
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size

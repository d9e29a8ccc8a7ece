"""Which of a client's first messages can be answered from a file, and with what.

A message is answered where the SDK would take it as well and would say the same, whatever else
it holds; each test below is narrower than the SDK's own.
"""

from __future__ import annotations

from qwen_mcp_tools.answers import parser

TYPE_CHECKING = False  # as in `answers`
if TYPE_CHECKING:
    from typing import Any, TypeGuard

    from qwen_mcp_tools.answers import Answers

ANSWERED_AT_MOST = 49_152
"""Bytes; a pipe holds more, so that a client which does not listen yet can't block what it says."""
META = "io.modelcontextprotocol/"


class Dialogue:
    """What one client has said so far, and what there is to answer."""

    def __init__(self, known: Answers) -> None:
        self.opening = b""
        """The lines that decide the era and the version: the SDK must hear them too."""
        self.listed = False
        """Whether the tools were asked for."""
        self._known = known
        self._parse = parser()
        self._version = ""
        self._room = ANSWERED_AT_MOST

    def answer(self, line: bytes) -> bytes | None:
        """Return the line that answers `line`, nothing for a notification, None for the SDK's."""
        if not line:
            return b""
        message = self._message(line)
        if message is None:
            return None
        method, params = message["method"], message.get("params", {})
        if "id" not in message:
            return self._take_note(line, method, params)
        version = self._version_for(method, params)
        said = self._known.get(version, {}).get(method)
        identity = _written(message["id"])
        if said is None or not identity or len(said) > self._room:
            return None
        if not self._version:
            self._version, self.opening = version, line + b"\n"
        self.listed = self.listed or method == "tools/list"
        self._room -= len(said)
        return f'{{"jsonrpc":"2.0","id":{identity}{said}\n'.encode()

    def _message(self, line: bytes) -> dict[str, Any] | None:
        """Return the request or notification in `line`, None where it may be something else."""
        if self._parse is None or b"\\u" in line:  # half a surrogate pair may be written so
            return None
        try:
            message = self._parse(line.decode())
        except ValueError:
            return None
        fits = (
            _is_object(message)
            and message.keys() <= {"jsonrpc", "id", "method", "params"}
            and message.get("jsonrpc") == "2.0"
            and isinstance(message.get("method"), str)
            and _is_object(message.get("params", {}))
        )
        return message if fits else None

    def _take_note(self, line: bytes, method: str, params: dict[str, Any]) -> bytes | None:
        if method == "notifications/cancelled" and self._version:
            return b""  # Every request was answered.
        handshake = self._shakes_hands() and b"\n" not in self.opening[:-1]
        if method != "notifications/initialized" or params or not handshake:
            return None
        self.opening += line + b"\n"
        return b""

    def _shakes_hands(self) -> bool:
        return "initialize" in self._known.get(self._version, {})

    def _version_for(self, method: str, params: dict[str, Any]) -> str:
        """Return the version that a request is made in; nothing where that is not beyond doubt."""
        if self._shakes_hands():
            return self._version if method != "initialize" and _asks_plainly(params) else ""
        if method == "initialize":
            fits = not self._version and _is_handshake(params)
            return params["protocolVersion"] if fits else ""
        version = _enveloped_version(method, params)
        return version if "server/discover" in self._known.get(version, {}) else ""


def _asks_plainly(params: dict[str, Any]) -> bool:
    return not params or (params.keys() == {"_meta"} and _is_plain_meta(params["_meta"]))


def _is_plain_meta(meta: Any) -> bool:
    return _is_object(meta) and all(
        name == "progressToken" and type(token) in {int, str} for name, token in meta.items()
    )


def _is_handshake(params: dict[str, Any]) -> bool:
    return (
        params.keys() == {"protocolVersion", "capabilities", "clientInfo"}
        and isinstance(params["protocolVersion"], str)
        and _are_capabilities(params["capabilities"])
        and _is_client(params["clientInfo"])
    )


def _enveloped_version(method: str, params: dict[str, Any]) -> str:
    """Return the version in the envelope that each request of 2026-07-28 has."""
    meta = params.get("_meta")
    wanted = {"_meta", "notifications"} if method == "subscriptions/listen" else {"_meta"}
    if params.keys() != wanted or not _is_object(meta):
        return ""
    own = {name.removeprefix(META): meta[name] for name in meta if name.startswith(META)}
    version = own.pop("protocolVersion", None)
    fits = (
        isinstance(version, str)
        and _are_capabilities(own.pop("clientCapabilities", None))
        and _is_client(own.pop("clientInfo", {"name": "", "version": ""}))
        and not own
        and _is_plain_meta({name: meta[name] for name in meta if not name.startswith(META)})
        and _is_filter(params.get("notifications", {}))
    )
    return version if fits else ""


def _are_capabilities(value: Any) -> bool:
    return _is_object(value) and all(_is_capability(name, value[name]) for name in value)


def _is_capability(name: str, value: Any) -> bool:
    if name == "roots" and value:
        return value == {"listChanged": True}
    if name in {"extensions", "experimental"}:  # each is an object, of whatever it likes
        return _is_object(value) and all(map(_is_object, value.values()))
    return _is_made_of_objects(value)


def _is_made_of_objects(value: Any) -> bool:
    return _is_object(value) and all(map(_is_made_of_objects, value.values()))


def _is_client(value: Any) -> bool:
    return (
        _is_object(value)
        and {"name", "version"} <= value.keys()
        and all(isinstance(text, str) for text in value.values())
    )


def _is_filter(value: Any) -> bool:
    return _is_object(value) and all(
        name.endswith("ListChanged") and isinstance(flag, bool) for name, flag in value.items()
    )


def _written(identity: Any) -> str:
    """Return a request's id as JSON, where there is but one way to write it."""
    if type(identity) is int and abs(identity) < 2**53:
        return str(identity)
    if isinstance(identity, str) and identity.isascii() and identity.isprintable():
        return "" if '"' in identity or "\\" in identity else f'"{identity}"'
    return ""


def _is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)

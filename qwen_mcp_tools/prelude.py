"""The start of a conversation on stdin and stdout, answered before the SDK is loaded.

Loading the SDK takes thirty times as long as starting Python, and most servers that a client
starts are never called. What clients say first is answered from a file of the SDK's own answers;
at the first other message, and at any that is not beyond doubt, the SDK is loaded and handed all
that was said. Nothing is said here that is not byte for byte what the SDK would say.
"""

from __future__ import annotations

import os

from qwen_mcp_tools import answers
from qwen_mcp_tools.dialogue import Dialogue

TYPE_CHECKING = False  # as in `answers`
if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence
    from typing import Any

STARTS: tuple[list[str], ...] = (
    [],
    ["serve"],
    ["serve", "--transport", "stdio"],
    ["--transport", "stdio"],
)
"""The command lines that are served here: stdio, and nothing else said."""
READ_BYTES = LONGEST_LINE = 65_536


def converse(arguments: Sequence[str], environ: Mapping[str, str]) -> tuple[bytes, bytes] | None:
    """Answer what can be answered here; None once the client has left.

    Otherwise the lines that were answered and that the SDK must hear too, and what was read
    behind them. Both are empty where the start is not one to serve here.
    """
    if list(arguments) not in STARTS or not answers.can_be_used():
        return b"", b""
    known = answers.find(environ)
    if known is None:
        return b"", b""
    _leave_when_told()
    warm = environ.get("QWEN_MCP_WARM", "").strip().lower() in {"1", "true", "yes", "on"}
    return _listen(Dialogue(known), warm=warm)


def _listen(dialogue: Dialogue, *, warm: bool) -> tuple[bytes, bytes] | None:
    loading: threading.Thread | None = None
    unread = b""
    while chunk := _read():
        unread, ended = _answer_lines(dialogue, unread + chunk)
        if ended or len(unread) > LONGEST_LINE:
            break
        if warm and dialogue.listed and not loading:
            loading = _load_in_background()
    if not chunk:  # The end of input ends a line too.
        unread, _ = _answer_lines(dialogue, unread + b"\n")
    if not unread:
        if loading:
            os._exit(0)  # An interpreter that ends while a thread loads extensions may crash.
        return None
    if loading:
        loading.join()
    return dialogue.opening, unread


def _answer_lines(dialogue: Dialogue, unread: bytes) -> tuple[bytes, bool]:
    """Answer the whole lines; return the rest, and whether its first line is one for the SDK."""
    while (end := unread.find(b"\n")) >= 0:
        said = dialogue.answer(unread[:end].strip())
        if said is None:
            return unread, True
        unread = unread[end + 1 :]
        _write(said)
    return unread, False


def _read() -> bytes:
    try:
        return os.read(0, READ_BYTES)
    except OSError:
        return b""


def _write(line: bytes) -> None:
    try:
        while line:
            line = line[os.write(1, line) :]
    except OSError:
        os._exit(0)  # The client is gone.


def _leave_when_told() -> None:
    """End the process at once, with status 0, on SIGINT and SIGTERM."""
    # Making the enumerations of `signal` takes longer than all that is answered here.
    import _signal  # pyright: ignore[reportMissingImports]

    signals: Any = _signal
    for each in (signals.SIGINT, signals.SIGTERM):
        signals.signal(each, _leave)


def _leave(_: int, __: object) -> None:
    os._exit(0)


def _load_in_background() -> threading.Thread:
    import threading

    thread = threading.Thread(target=_load, daemon=True)
    thread.start()
    return thread


def _load() -> None:
    for name in ("commands.serve", "serving.recording"):
        __import__(f"qwen_mcp_tools.{name}")

"""Ledger: how many calls were made with a key, since a plan's quota is one of calls.

One line a call, in one file a month and key: several servers may add to it at the same time, and
nothing is ever rewritten. The key itself is in no file, only a hash of it.
"""

import hashlib
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from qwen_mcp_tools.secret import Secret

BEIJING = timezone(timedelta(hours=8))
"""The plan's week begins there on Monday at 00:00."""
FIVE_HOURS = 5 * 3600
_UNUSABLE = (OSError, RuntimeError, ValueError)
"""What a folder that can't be used raises: `~nobody` a RuntimeError, a NUL a ValueError."""
_CALL = re.compile(rb"[0-9]{1,12}")
"""A line that was written whole: seconds since 1970."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Counts:
    """Calls made from this machine; the month is the calendar's, as the plan's is not known."""

    five_hours: int
    week: int
    month: int


class Ledger:
    """Counts the calls of each key in files of `folder`."""

    def __init__(self, folder: str = "") -> None:
        self._folder = folder

    def note(self, key: Secret, now: float | None = None) -> None:
        """Add a call; where nothing can be written a log line says so, and the call goes on."""
        now = time.time() if now is None else now
        try:
            file = self._file(key, _month_of(now))
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with file.open("a", encoding="ascii") as lines:
                lines.write(f"{int(now)}\n")
            self._forget(key, now)
        except _UNUSABLE as error:
            logger.warning("calls can't be counted: %s", type(error).__name__)

    def counts(self, key: Secret, now: float | None = None) -> Counts:
        """Return how many calls there were in the last 5 hours, this week and this month."""
        now = time.time() if now is None else now
        here = datetime.fromtimestamp(now, BEIJING)
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        monday = (midnight - timedelta(days=midnight.weekday())).timestamp()
        first = midnight.replace(day=1).timestamp()
        calls = [call for call in self._calls(key, now) if call <= now]
        return Counts(
            five_hours=sum(call > now - FIVE_HOURS for call in calls),
            week=sum(call >= monday for call in calls),
            month=sum(call >= first for call in calls),
        )

    def _calls(self, key: Secret, now: float) -> Iterator[int]:
        for month in _months(now):
            try:
                lines = self._file(key, month).read_bytes().splitlines()
            except _UNUSABLE:
                continue
            yield from (int(line) for line in lines if _CALL.fullmatch(line))

    def _forget(self, key: Secret, now: float) -> None:
        kept = {self._file(key, month).name for month in _months(now)}
        for file in self._file(key, "").parent.glob(f"{_hash(key)}-*.txt"):
            if file.name not in kept:
                file.unlink(missing_ok=True)

    def _file(self, key: Secret, month: str) -> Path:
        import platformdirs

        folder = self._folder or platformdirs.user_state_dir("qwen-mcp-tools", appauthor=False)
        return Path(folder).expanduser() / "calls" / f"{_hash(key)}-{month}.txt"


def _hash(key: Secret) -> str:
    return hashlib.sha256(key.reveal().encode()).hexdigest()[:16]


def _month_of(now: float) -> str:
    return f"{datetime.fromtimestamp(now, BEIJING):%Y-%m}"


def _months(now: float) -> list[str]:
    """Return this month and the one before: weeks and five hours reach back into it."""
    first = datetime.fromtimestamp(now, BEIJING).replace(day=1)
    return [f"{first:%Y-%m}", f"{first - timedelta(days=1):%Y-%m}"]

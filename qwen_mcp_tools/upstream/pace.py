"""Turns at a service that allows so many requests in a window of time: a line instead of a 429.

One `Pace` for each key. It learns the windows from what the service tells with its answers,
and lets requests through in the order in which they came, as fast as the windows allow.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType

import anyio
from anyio.lowlevel import checkpoint

from qwen_mcp_tools.errors import UpstreamError
from qwen_mcp_tools.upstream.doing import doing
from qwen_mcp_tools.upstream.patience import check_again, waiting_in_line
from qwen_mcp_tools.upstream.windows import LONGEST_WINDOW_SECONDS, Sent, Window

KEEPALIVE_SECONDS = 4.0
"""After a longer pause a request has to connect anew (httpx closes an idle connection after 5)."""

ROOM_SECONDS = 1.0
"""What must be left of the call's time after the wait for the request to be worth it."""


@dataclass(slots=True)
class Pace:
    """The line of one key at one service."""

    service: str
    _windows: tuple[Window, ...] | None = None
    """None until the service has told them, or answered without a word of them."""
    _sent: deque[Sent] = field(default_factory=lambda: deque[Sent](maxlen=1000))
    _closed_until: float = 0.0
    _news: anyio.Event = field(default_factory=anyio.Event)
    """Set when an answer changes how long the next one waits."""
    _door: anyio.Lock = field(default_factory=anyio.Lock)
    """Held by whoever is next; a lock serves in the order of arrival."""

    def turn(self) -> "Turn":
        """Return a place in the line for one request and its further tries."""
        return Turn(self)

    def learn(self, windows: Iterable[Window]) -> None:
        """Take over what the service told of its windows with an answer."""
        self._windows = tuple(each for each in windows if each.is_short)
        for each in self._windows:
            # Where more is gone than we sent, somebody else uses the key too.
            is_shared = len(self._counted(each)) < each.limit
            if each.remaining == 0 and is_shared and each.reset_seconds:
                self.close_for(min(each.reset_seconds, each.seconds))

    def close_for(self, seconds: float) -> None:
        """Let nobody through for so long: the service said that it was too much.

        That is for a short window at most: nobody waits for a month.
        """
        until = anyio.current_time() + min(seconds, LONGEST_WINDOW_SECONDS)
        self._closed_until = max(self._closed_until, until)

    @property
    def is_known(self) -> bool:
        """Whether the service has told its windows, or that it has none."""
        return self._windows is not None

    @property
    def expected_seconds(self) -> float:
        """About how long a newcomer waits in the line."""
        ahead = self._door.statistics().tasks_waiting
        return ahead * max((each.seconds / each.limit for each in self._windows or ()), default=0.0)

    async def send(self, *, is_again: bool = False) -> Sent:
        """Return once a request may be sent, whoever is in line.

        Raises:
            UpstreamError: The service rests by now, as those found out who went before.
        """
        check_again()
        while (wait := self._free_at() - anyio.current_time()) > 0:
            with anyio.move_on_after(wait):
                await self._news.wait()
            if not is_again:  # A second try that waited for the same moment goes first.
                await checkpoint()
            check_again()
        now = anyio.current_time()
        is_first = not self._sent or now - self._sent[-1].at > KEEPALIVE_SECONDS
        self._sent.append(Sent(now, is_first=is_first))
        return self._sent[-1]

    def settle(self, sent: Sent) -> None:
        """Note that a request was answered: it counts from now at the latest."""
        sent.answered = anyio.current_time()
        self._news.set()
        self._news = anyio.Event()

    async def come_up(self) -> None:
        """Return once all who came before are through."""
        await self._door.acquire()

    def let_in(self) -> None:
        """Let the next one come up."""
        self._door.release()

    def _free_at(self) -> float:
        free = self._closed_until
        for window in self._windows or ():
            counted = self._counted(window)
            if len(counted) >= window.limit:
                free = max(free, counted[-window.limit])
        return free

    def _counted(self, window: Window) -> list[float]:
        """Return until when each request counts that still does, the first to end first."""
        ends = (sent.counts_until(window) for sent in self._sent)
        return sorted(end for end in ends if end > anyio.current_time())


class Turn:
    """One request's place: `async with turn:` around each try; a second one waits in no line."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._sent: Sent | None = None
        self._is_at_the_door = False

    async def __aenter__(self) -> None:
        """Wait for the turn.

        Raises:
            UpstreamError: It would come later than the call's time allows, or for nothing.
        """
        words = f"in line for {self._pace.service}, which lets so many through at a time"
        with waiting_in_line() as seconds, doing(words):
            if not self._sent and self._pace.expected_seconds > seconds - ROOM_SECONDS:
                raise self._too_late()
            with anyio.move_on_after(seconds - ROOM_SECONDS):
                await self._wait()
                return
            raise self._too_late()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._sent:
            self._pace.settle(self._sent)
        if kind is None and not self._pace.is_known:
            self._pace.learn(())
        self._leave_the_door()

    async def _wait(self) -> None:
        if self._sent:
            self._sent = await self._pace.send(is_again=True)
            return
        await self._pace.come_up()
        self._is_at_the_door = True
        try:
            self._sent = await self._pace.send()
        finally:
            # The first of all finds the windows out: the others wait for its answer.
            if self._pace.is_known or not self._sent:
                self._leave_the_door()

    def _leave_the_door(self) -> None:
        if self._is_at_the_door:
            self._is_at_the_door = False
            self._pace.let_in()

    def _too_late(self) -> UpstreamError:
        return UpstreamError(
            self._pace.service,
            "has more of our requests in line than it lets through in this call's time",
            "ask for less at once",
        )

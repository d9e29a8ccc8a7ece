"""Getting the bytes of pictures: files of the allowed folders, public addresses, data: URIs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from urllib.parse import urlsplit

import anyio
import anyio.to_thread

from qwen_mcp_tools.errors import NotFoundError, UnreachableError, UnreadableError, UpstreamError
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.at_once import at_once
from qwen_mcp_tools.upstream.http import MAX_BYTES, Answer, PageClient
from qwen_mcp_tools.vision.files import MOST_BYTES, Folders
from qwen_mcp_tools.vision.picture import Source
from qwen_mcp_tools.vision.reference import Address, Inline, Path, Reference, read_reference

FETCH_SECONDS = 30.0
MOST_READERS = 4
MOST_BYTES_OF_A_CALL = 80_000_000
ACCEPT = "image/png, image/jpeg, image/webp, image/*;q=0.9, application/pdf;q=0.8, */*;q=0.1"
SAVED = "save it and give its path, or a data: URI"


class Sources:
    """Gets what references name."""

    def __init__(self, pages: PageClient, folders: Folders) -> None:
        self._pages = pages
        self._folders = folders
        self._threads = anyio.CapacityLimiter(MOST_READERS)

    async def get(self, images: Sequence[str]) -> tuple[Source, ...]:
        """Return the bytes of each of `images`, in their order; the first failure ends all.

        Raises:
            ToolFailure: One of them can't be had; the text names it.
        """
        written = [
            read_reference(each, number, len(images)) for number, each in enumerate(images, start=1)
        ]
        room = _Room(MOST_BYTES_OF_A_CALL)
        return tuple(await at_once(*(partial(self._get, each, room) for each in written)))

    async def _get(self, reference: Reference, room: "_Room") -> Source:
        label = reference.label
        match reference.place:
            case Inline(data):
                _check_size(len(data), label)
            case Address(url):
                data = await self._fetch(url, label)
            case place:
                data = await self._in_thread(lambda: self._read(place, label))
        room.take(len(data))
        digest = await self._in_thread(lambda: sha256(data).digest())
        return Source(label, data, digest, reference.page)

    def _read(self, path: Path, label: str) -> bytes:
        try:
            return self._folders.read(path.written, label)
        except NotFoundError:
            if not path.or_else:
                raise
            return self._folders.read(path.or_else, label)

    async def _in_thread(self, work: Callable[[], bytes]) -> bytes:
        return await anyio.to_thread.run_sync(work, limiter=self._threads, abandon_on_cancel=True)

    async def _fetch(self, url: str, label: str) -> bytes:
        with anyio.move_on_after(FETCH_SECONDS):
            return _body(await self._pages.get(url, headers={"Accept": ACCEPT}), label)
        site = _site(url)
        raise UnreachableError(site, f"did not send {label} within {FETCH_SECONDS:g} s", SAVED)


@dataclass(slots=True)
class _Room:
    """How many bytes the pictures of one call may still have."""

    left: int

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            most = MOST_BYTES_OF_A_CALL // 1_000_000
            reason = f"together they have more than {most} MB"
            raise UnreadableError("the pictures", reason, "ask about fewer at once")


def _body(answer: Answer, label: str) -> bytes:
    site = _site(answer.url)
    if answer.status in {404, 410}:
        raise NotFoundError(f"{label} at {site} ({answer.status})", "check the address")
    if not 200 <= answer.status < 300:
        trouble = f"does not give {label} to programs (status {answer.status})"
        raise UpstreamError(site, trouble, SAVED)
    if answer.cut and len(answer.body) >= MAX_BYTES:
        most = MAX_BYTES // 1_000_000
        raise UnreadableError(label, f"it has more than {most} MB", "give a smaller one, or a path")
    return answer.body


def _site(url: str) -> str:
    return one_line(urlsplit(url).netloc.rpartition("@")[2], 80)


def _check_size(size: int, label: str) -> None:
    if size > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise UnreadableError(label, f"it has more than {most} MB", "give a smaller copy")

"""The log: what jobs there are and what became of them."""

import asyncio
from collections.abc import AsyncIterator

from kestrel.storage.files import Folder


class Log:
    """Jobs kept in a folder of plain files."""

    def __init__(self, folder: str) -> None:
        self.folder = Folder(folder)
        self.arrived = asyncio.Event()

    async def follow(self) -> AsyncIterator:
        """Yield jobs as they come, those left over from a crash first."""
        while True:
            for job in self.folder.unfinished():
                yield job
            self.arrived.clear()
            await self.arrived.wait()

    def note(self, job, what: str, attempt: int) -> None:
        """Write down a failed try and flush it, so that a power cut does not lose the retry."""
        self.folder.append(job, f"{what} (try {attempt})")
        self.folder.flush()

    def done(self, job) -> None:
        """Write down that a job has ended."""
        self.folder.append(job, "done")

    def give_up(self, job) -> None:
        """Write down that a job will not be tried again."""
        self.folder.append(job, "given up")

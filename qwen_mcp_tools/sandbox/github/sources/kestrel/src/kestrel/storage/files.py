"""The folder that a log is kept in."""

import os
from pathlib import Path


class Folder:
    """Segments of a log: files that are only ever appended to."""

    SEGMENT_BYTES = 16 * 1024 * 1024

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self.path.mkdir(parents=True, exist_ok=True)
        self.current = (self.path / "000001.log").open("ab")

    def unfinished(self) -> list:
        """Return the jobs that were stored but have not ended."""
        return []

    def append(self, job, line: str) -> None:
        """Write one line."""
        self.current.write(f"{job} {line}\n".encode())

    def flush(self) -> None:
        """Return when everything written is on the disk."""
        self.current.flush()
        os.fsync(self.current.fileno())

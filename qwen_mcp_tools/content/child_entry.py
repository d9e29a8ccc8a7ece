"""What runs in a child process: it limits itself, works on stdin, and answers on stdout."""

import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Protocol

ADDRESS_SPACE_BYTES = 900_000_000
"""What may be reserved at most: libraries reserve far more than they use."""

CPU_SECONDS = 10


class _Resource(Protocol):
    def setrlimit(self, resource: int, limits: tuple[int, int], /) -> None: ...


def _limit_myself() -> None:
    try:
        resource: _Resource = import_module("resource")  # pyright: ignore[reportAssignmentType]
    except ImportError:  # Windows: the parent watches
        return
    limits = {"RLIMIT_AS": ADDRESS_SPACE_BYTES, "RLIMIT_CPU": CPU_SECONDS, "RLIMIT_CORE": 0}
    for name, most in limits.items():
        with suppress(ValueError, OSError, AttributeError):  # macOS keeps no limit on addresses
            resource.setrlimit(getattr(resource, name), (most, most))


def main() -> None:
    """Do the work that the command line names."""
    _limit_myself()
    _, module, name = sys.argv
    work: Callable[[bytes], bytes] = getattr(import_module(module), name)
    sys.stdout.buffer.write(work(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()

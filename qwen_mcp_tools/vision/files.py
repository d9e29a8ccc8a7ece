"""Files whose pictures may be sent: inside the allowed folders, and only what is a plain file."""

import os
import re
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePath

from qwen_mcp_tools.errors import NotFoundError, RefusedError, UnreadableError
from qwen_mcp_tools.text import one_line

MOST_BYTES = 20_000_000

SYSTEM_FOLDERS = (
    "/bin /boot /dev /etc /lib /lib64 /proc /run /sbin /sys /System /Library /private/etc"
).split()
"""Nobody works in these, nor below them."""

SHARED_FOLDERS = (
    "/usr /usr/bin /usr/lib /usr/local /usr/share /opt /var /srv /tmp /mnt "
    "/private/tmp /private/var"
).split()
"""Nobody works in these themselves: what lies below may be a project."""

_OF_WINDOWS = re.compile(r"[A-Za-z]:[\\/]")
ELSEWHERE = "give its http(s) URL, or the picture as a data: URI"


class Folders:
    """The folders whose pictures may be sent; none where `local_files` is off and none is named."""

    def __init__(self, named: Iterable[str], *, local_files: bool) -> None:
        self._local_files = local_files
        self._named = tuple(named)

    def read(self, written: str, label: str) -> bytes:
        """Return the bytes of the file `written`; blocking, for a worker thread.

        Nothing is told of what lies outside the folders, not even whether it is there. What is
        read is the file that was judged, even if somebody moves links meanwhile.

        Raises:
            RefusedError: It is outside the folders, no plain file, or there are no folders.
            NotFoundError: It is not there.
            UnreadableError: It is too large, or the system does not let us read it.
        """
        roots = self._roots(label)
        root, below = _judge(_absolute(written, label, roots), roots, label)
        try:
            descriptor = _open(root, below)
        except FileNotFoundError as error:
            raise NotFoundError(label, "check the path") from error
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise UnreadableError(label, f"the system says: {reason}", "check the file") from error
        try:
            _check(os.fstat(descriptor), label)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                data = file.read(MOST_BYTES + 1)
        finally:
            os.close(descriptor)
        if len(data) > MOST_BYTES:
            raise _too_large(label)
        return data

    def _roots(self, label: str) -> tuple[Path, ...]:
        if self._named:
            return tuple(Path(name).expanduser().resolve() for name in self._named)
        if not self._local_files:
            raise RefusedError(
                label, "over HTTP a path would name a file of the server's machine", ELSEWHERE
            )
        try:
            here = Path.cwd().resolve()
        except OSError as error:
            mend = "start the server again"
            raise RefusedError(label, "the working directory is gone", mend) from error
        if _is_too_wide(here):
            raise RefusedError(
                label,
                f"the server runs in {one_line(str(here), 80)}, which is too wide to send from",
                "name your pictures' folder in QWEN_MCP_IMAGE_ROOTS",
            )
        return (here,)


def _absolute(written: str, label: str, roots: tuple[Path, ...]) -> Path:
    if os.sep == "/" and _OF_WINDOWS.match(written):
        raise RefusedError(
            label,
            "it is a path of Windows, and this server runs elsewhere",
            f"under WSL C:\\ is /mnt/c/; or {ELSEWHERE}",
        )
    try:
        path = Path(written).expanduser().absolute()
    except (
        RuntimeError,
        OSError,
        ValueError,
    ) as error:  # No such home folder, no working directory any more.
        raise RefusedError(label, "its path leads nowhere", "give the whole path") from error
    if not is_on_drive_of(path, roots):
        raise _outside(label, roots)
    return path


def is_on_drive_of(path: PurePath, roots: Iterable[PurePath]) -> bool:
    r"""Say whether `path` is on the drive of a root, without asking the system.

    Resolving `\\server\share` would already speak to that server, and give it a password.
    """
    return path.anchor.lower() in {root.anchor.lower() for root in roots}


def _judge(path: Path, roots: tuple[Path, ...], label: str) -> tuple[Path, tuple[str, ...]]:
    """Return the folder that `path` is in after all links, and the names from there to it."""
    try:
        real = path.resolve()
    except (OSError, RuntimeError, ValueError) as error:  # A circle of links, a name too long.
        raise _outside(label, roots) from error
    for root in roots:
        if real == root:
            raise _folder(label)
        if real.is_relative_to(root):
            return root, real.relative_to(root).parts
    raise _outside(label, roots)


def _outside(label: str, roots: tuple[Path, ...]) -> RefusedError:
    shown = ", ".join(one_line(str(root), 80) for root in roots[:3])
    return RefusedError(
        label,
        f"it is outside {shown}",
        "copy it there, or name its folder in QWEN_MCP_IMAGE_ROOTS",
    )


def _open(root: Path, below: tuple[str, ...]) -> int:
    """Return a descriptor of the file, reached from `root` without following any link."""
    flags = os.O_RDONLY | _flags("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOCTTY")
    if os.open not in os.supports_dir_fd:
        return _open_and_look_again(root.joinpath(*below), flags)
    *folders, name = below
    folder = os.open(root, os.O_RDONLY | _flags("O_DIRECTORY", "O_CLOEXEC"))
    try:
        for each in folders:
            inner = os.open(
                each, os.O_RDONLY | _flags("O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC"), dir_fd=folder
            )
            os.close(folder)
            folder = inner
        return os.open(name, flags, dir_fd=folder)
    finally:
        os.close(folder)


def _open_and_look_again(path: Path, flags: int) -> int:
    """Open by name where folders can't be held: Windows. It must still be the same file after."""
    descriptor = os.open(path, flags)
    with suppress(OSError):
        if path.resolve() == path and os.path.samestat(os.fstat(descriptor), path.lstat()):
            return descriptor
    os.close(descriptor)
    raise FileNotFoundError(path)


def _check(status: os.stat_result, label: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise _folder(label)
    if not stat.S_ISREG(status.st_mode):
        raise RefusedError(label, "it is a device or a pipe, not a file", "give a picture file")
    if status.st_size > MOST_BYTES:
        raise _too_large(label)


def _folder(label: str) -> RefusedError:
    return RefusedError(label, "it is a folder", "name a picture in it")


def _too_large(label: str) -> UnreadableError:
    most = MOST_BYTES // 1_000_000
    return UnreadableError(label, f"it has more than {most} MB", "give a smaller copy")


def _is_too_wide(folder: Path) -> bool:
    """Say whether `folder` holds more than one project: a root, a home, a system's folder."""
    home = Path.home().resolve()
    if folder == Path(folder.anchor) or home.is_relative_to(folder):
        return True
    if sys.platform == "win32":
        places = (os.environ.get(name, "") for name in ("SYSTEMROOT", "PROGRAMFILES"))
        return any(place and folder.is_relative_to(place) for place in places)
    return str(folder) in SHARED_FOLDERS or any(map(folder.is_relative_to, SYSTEM_FOLDERS))


def _flags(*names: str) -> int:
    flags = 0
    for name in names:
        flags |= getattr(os, name, 0)
    return flags

"""The files of every public repository, as other stand-ins search them."""

from collections.abc import Iterator, Mapping

from qwen_mcp_tools.sandbox.github.asking import Shelf
from qwen_mcp_tools.sandbox.github.history import Entry
from qwen_mcp_tools.sandbox.github.repository import Repository


class FilesOf(Mapping[str, bytes]):
    """Path and content of the regular files on the default branch, read when they are asked for."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def __getitem__(self, path: str) -> bytes:
        content = self._repository.history.read(self._entries[path].sha)
        return content or b""

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def _entries(self) -> dict[str, Entry]:
        tree = self._repository.tree
        return dict(tree.files()) if tree else {}


class Files(Mapping[str, Mapping[str, bytes]]):
    """Full name and files of each repository that everybody may read."""

    def __init__(self, shelf: Shelf) -> None:
        self._public = {
            each.full_name: each
            for each in shelf.all
            if not (each.is_private or each.is_taken_down)
        }

    def __getitem__(self, full_name: str) -> Mapping[str, bytes]:
        return FilesOf(self._public[full_name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._public)

    def __len__(self) -> int:
        return len(self._public)

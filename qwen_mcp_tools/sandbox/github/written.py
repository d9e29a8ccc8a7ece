"""A history written in code: each commit is a snapshot, a mapping of paths to files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from qwen_mcp_tools.sandbox.github.history import Commit, History, Tag, Tree
from qwen_mcp_tools.sandbox.github.objects import DIRECTORY, commit_content, object_id
from qwen_mcp_tools.sandbox.github.snapshot import Snapshot, Written, grown

AUTHOR, ADDRESS = "Ida Falk", "ida@kestrel.example"


@dataclass(frozen=True, slots=True)
class Note:
    """What is written on a commit."""

    message: str
    moment: int
    author: str = AUTHOR
    address: str = ADDRESS


@dataclass
class WrittenHistory(History):
    """A history kept in memory; begin with `add`, then name commits in `branches` and `tags`."""

    default_branch: str = "main"
    branches: dict[str, str] = field(default_factory=dict[str, str])  # type: ignore[assignment]
    tags: dict[str, Tag] = field(default_factory=dict[str, Tag])  # type: ignore[assignment]
    _commits: dict[str, Commit] = field(default_factory=dict[str, Commit])
    _trees: dict[str, Tree] = field(default_factory=dict[str, Tree])
    _files: dict[str, Written] = field(default_factory=dict[str, Written])

    def add(self, snapshot: Snapshot, note: Note, *parents: str) -> str:
        """Add a commit and return its id."""
        tree = grown(snapshot)
        author = f"{note.author} <{note.address}>"
        content = commit_content(tree.sha, parents, author, note.moment, note.message)
        sha = object_id("commit", content)
        self._commits[sha] = Commit(
            sha, tree.sha, parents, note.author, note.address, note.moment, note.message
        )
        self._trees |= {sha: tree, tree.sha: tree}
        self._files |= {each.entry.sha: each for each in snapshot.values()}
        return sha

    def annotate(self, name: str, commit: str, note: Note) -> None:
        """Tag a commit with an object of its own."""
        content = (
            f"object {commit}\ntype commit\ntag {name}\n"
            f"tagger {note.author} <{note.address}> {note.moment} +0000\n\n{note.message}\n"
        )
        self.tags[name] = Tag(object_id("tag", content.encode()), commit)

    def commit(self, sha: str) -> Commit | None:
        """Return a commit by its id, whole or from 7 digits."""
        if len(sha) < 7:
            return None
        found = [each for each in self._commits if each.startswith(sha.lower())]
        return self._commits[found[0]] if len(found) == 1 else None

    def log(self, sha: str, path: str = "") -> list[Commit]:
        """Return the commits that lead to `sha` and touch `path`, newest first."""
        seen: dict[str, Commit] = {}
        pending = [sha]
        while pending:
            commit = self._commits[pending.pop()]
            seen[commit.sha] = commit
            pending += [parent for parent in commit.parents if parent not in seen]
        touching = [each for each in seen.values() if self._touches(each, path)]
        return sorted(touching, key=lambda each: -each.moment)

    def tree(self, sha: str) -> Tree | None:
        """Return the tree of a commit, or a tree by its own id."""
        return self._trees.get(sha) or next(
            (
                _part(tree, path)
                for tree in self._trees.values()
                for path, entry in tree.entries.items()
                if entry.sha == sha and entry.mode == DIRECTORY
            ),
            None,
        )

    def blobs(self, shas: Iterable[str]) -> Mapping[str, bytes]:
        """Return the contents of those of these files that are there."""
        found = ((sha, self._files[sha].content) for sha in shas if sha in self._files)
        return {sha: content for sha, content in found if content is not None}

    def size(self, sha: str) -> int | None:
        """Return the size of a file, also of one whose content is too large to be had."""
        return self._files[sha].entry.size if sha in self._files else None

    def _touches(self, commit: Commit, path: str) -> bool:
        def there(sha: str) -> str | None:
            entry = self._trees[sha].entries.get(path)
            return entry.sha if entry else None

        if not path:
            return True
        before = [there(parent) for parent in commit.parents] or [None]
        return there(commit.sha) not in before


def _part(tree: Tree, folder: str) -> Tree:
    start = f"{folder}/"
    entries = {
        path.removeprefix(start): entry
        for path, entry in tree.entries.items()
        if path.startswith(start)
    }
    return Tree(tree.entries[folder].sha, entries)

"""The built-in repositories: a project written for the sandbox, odd files, and neighbours."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from qwen_mcp_tools.sandbox.github.history import Tag
from qwen_mcp_tools.sandbox.github.odd import LFS, odd_files
from qwen_mcp_tools.sandbox.github.repository import Release, Repository
from qwen_mcp_tools.sandbox.github.written import (
    Note,
    Snapshot,
    Written,
    WrittenHistory,
    program,
    text,
)

CONTENT = files("qwen_mcp_tools.sandbox.github") / "content"
DAY = 86_400
BEGIN = 1_767_600_000
"""5 January 2026."""


def repositories() -> list[Repository]:
    """Return fresh records of the built-in repositories; their histories are shared."""
    return [
        Repository(
            "kestrel-jobs/kestrel",
            kestrel,
            description="Runs jobs that must not be lost, from a log of plain files",
            homepage="https://kestrel.example/docs/",
            topics=("asyncio", "job-queue", "python", "scheduler"),
            stars=4218,
            forks=187,
            open_issues=23,
            licence="mit",
            moved_from=("idafalk/kestrel",),
            created=1_672_000_000,
            release=Release(
                "v2.4.1", "Kestrel 2.4.1", "Fixes the loss of a retry.", BEGIN + 40 * DAY
            ),
        ),
        *_odd(),
        *_neighbours(),
    ]


@cache
def kestrel() -> WrittenHistory:
    """Return the history of the project."""
    history = WrittenHistory()
    now = _folder(CONTENT / "kestrel")
    newer = {"src/kestrel/budget.py", "docs/retries.md"}
    old = {path: each for path, each in now.items() if path not in newer}
    version = now["src/kestrel/__init__.py"]

    def released(number: str) -> Written:
        return text((version.content or b"").decode().replace("2.5.0.dev0", number))

    first = history.add(
        {path: each for path, each in old.items() if path.count("/") < 3},
        Note("Keep jobs in a log of plain files\n", BEGIN),
    )
    two = history.add(
        {**old, "src/kestrel/__init__.py": released("2.4.0")},
        Note("Release 2.4.0\n", BEGIN + 30 * DAY),
        first,
    )
    three = history.add(
        {**old, "src/kestrel/__init__.py": released("2.4.1")},
        Note(
            "Do not lose a retry at a power cut\n\nThe log is flushed before the wait begins.\n",
            BEGIN + 40 * DAY,
            "Wen Li",
            "wen@kestrel.example",
        ),
        two,
    )
    four = history.add(
        {**now, "docs/retries.md": now["docs/retries.md"]},
        Note("Share a budget of retries between jobs\n", BEGIN + 60 * DAY),
        three,
    )
    draft = {
        **now,
        "src/kestrel/budget.py": text(
            "BUDGET = 0.1\n" + (now["src/kestrel/budget.py"].content or b"").decode()
        ),
    }
    side = history.add(draft, Note("Try a smaller budget of retries\n", BEGIN + 61 * DAY), four)
    history.branches |= {"main": four, "release/2.4": three, "feature/retry-budget": side}
    history.tags["v2.4.0"] = Tag(two, two)
    history.annotate("v2.4.1", three, Note("Kestrel 2.4.1", BEGIN + 40 * DAY))
    return history


def _folder(folder: Traversable, prefix: str = "") -> Snapshot:
    """Return the files under a folder; a name that begins with `dot-` begins with a dot there."""
    found: dict[str, Written] = {}
    for each in folder.iterdir():
        if each.name == "__pycache__":
            continue
        name = prefix + (f".{each.name[4:]}" if each.name.startswith("dot-") else each.name)
        if each.is_dir():
            found |= _folder(each, f"{name}/")
        else:
            content = each.read_text(encoding="utf-8")
            found[name] = program(content) if content.startswith("#!") else text(content)
    return found


def _odd() -> list[Repository]:
    return [
        Repository(
            "kestrel-jobs/odd-files",
            odd_files,
            description="Files that programs stumble over: encodings, sizes, links, names",
            topics=("testing",),
            stars=12,
            lfs=LFS,
        )
    ]


def _neighbours() -> list[Repository]:
    return [
        Repository("kestrel-jobs/empty", WrittenHistory, description="Nothing yet"),
        Repository(
            "kestrel-jobs/secrets", _small("secrets", "token rotation notes"),
            description="Notes of the team", is_private=True,
        ),
        Repository("kestrel-jobs/taken-down", _small("taken-down", "gone"), is_taken_down=True),
        Repository(
            "kestrel-jobs/kestrel-go", _small("kestrel-go", "A client of Kestrel in Go"),
            description="Client of the Kestrel job runner for Go", topics=("job-queue", "golang"),
            stars=310, forks=41, licence="apache-2.0", language="Go",
        ),
        Repository(
            "kestrel-jobs/kestrel-ui", _small("kestrel-ui", "The old console of Kestrel"),
            description="Old web console of the Kestrel job runner", topics=("job-queue",),
            stars=95, forks=9, language="TypeScript", is_archived=True, licence="mit",
        ),
        Repository(
            "wen-li/kestrel", _small("kestrel", "A fork of Kestrel"),
            description="Runs jobs that must not be lost", stars=1, language="Python", is_fork=True,
        ),
        Repository(
            "oxide-queue/oxq", _small("oxq", "A job queue in Rust"),
            description="Embedded job queue with retries", topics=("job-queue", "rust"),
            stars=1840, forks=66, language="Rust",
        ),
        Repository(
            "sql-tools/pgjobs", _small("pgjobs", "A job queue in PostgreSQL"),
            description="Job queue on PostgreSQL", topics=("job-queue", "postgresql"),
            stars=7200, forks=402, language="SQL", licence="gpl-3.0",
        ),
    ]  # fmt: skip


def _small(name: str, about: str) -> Callable[[], WrittenHistory]:
    @cache
    def history() -> WrittenHistory:
        small = WrittenHistory()
        sha = small.add({"README.md": text(f"# {name}\n\n{about}.\n")}, Note("Begin\n", BEGIN))
        small.branches["main"] = sha
        return small

    return history

"""The history of the project that was written for the sandbox; its files are in `sources/`."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from qwen_mcp_tools.sandbox.github.history import Tag
from qwen_mcp_tools.sandbox.github.snapshot import Snapshot, Written, program, text
from qwen_mcp_tools.sandbox.github.written import Note, WrittenHistory

SOURCES = files("qwen_mcp_tools.sandbox.github") / "sources"
DAY = 86_400
BEGIN = 1_767_600_000
"""5 January 2026."""
RELEASED = BEGIN + 40 * DAY
WEN = ("Wen Li", "wen@kestrel.example")
NEWEST = {"src/kestrel/budget.py", "docs/retries.md", "README.md"}
"""What the last commit of `main` added or changed."""


@cache
def kestrel() -> WrittenHistory:
    """Return the history: five commits, three branches, two tags, one of them annotated."""
    history, now = WrittenHistory(), _folder(SOURCES / "kestrel")
    before = {path: each for path, each in now.items() if path not in NEWEST}
    before["README.md"] = text("# Kestrel\n\nKestrel runs jobs that must not be lost.\n")
    older = {path: each for path, each in before.items() if not path.startswith("clients/")}
    first = history.add(
        {**older, **_version(now, "2.3.0")}, Note("Keep jobs in a log of plain files\n", BEGIN)
    )
    second = history.add(
        {**before, **_version(now, "2.4.0")},
        Note("Release 2.4.0\n", BEGIN + 30 * DAY),
        first,
    )
    third = history.add(
        {**before, **_version(now, "2.4.1")},
        Note("Do not lose a retry at a power cut\n\nThe log is flushed first.\n", RELEASED, *WEN),
        second,
    )
    newest = history.add(now, Note("Share a budget of retries\n", BEGIN + 60 * DAY), third)
    draft = history.add(
        {**now, "src/kestrel/budget.py": _smaller(now["src/kestrel/budget.py"])},
        Note("Try a smaller budget of retries\n", BEGIN + 61 * DAY, *WEN),
        newest,
    )
    history.branches |= {"main": newest, "release/2.4": third, "feature/retry-budget": draft}
    history.tags["v2.4.0"] = Tag(second, second)
    history.annotate("v2.4.1", third, Note("Kestrel 2.4.1", RELEASED))
    return history


def _version(now: Snapshot, number: str) -> Snapshot:
    """Return the file that tells the version, as it was at a release."""
    path = "src/kestrel/__init__.py"
    return {path: _changed(now[path], "2.5.0.dev0", number)}


def _smaller(budget: Written) -> Written:
    return _changed(budget, "ratio: float = 0.2", "ratio: float = 0.1")


def _changed(file: Written, old: str, new: str) -> Written:
    return text((file.content or b"").decode().replace(old, new))


def _folder(folder: Traversable, prefix: str = "") -> Snapshot:
    """Return the files under a folder; a name that begins with `dot-` begins with a dot there."""
    found: dict[str, Written] = {}
    for each in folder.iterdir():
        name = prefix + (f".{each.name[4:]}" if each.name.startswith("dot-") else each.name)
        if each.name == "__pycache__":
            continue
        if each.is_dir():
            found |= _folder(each, f"{name}/")
        else:
            content = each.read_text(encoding="utf-8")
            found[name] = program(content) if content.startswith("#!") else text(content)
    return found

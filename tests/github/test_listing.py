"""A tree as text, pruned to what fits; and the real paths near a wrong one."""

import pytest

from qwen_mcp_tools.github.listing import listing, size_of
from qwen_mcp_tools.github.tree import FILE, FOLDER, SUBMODULE, SYMLINK, Entry, Tree


def tree(*paths: str) -> Tree:
    """Return a tree of files of 100 bytes, with the folders that they need."""
    folders = {path[:at] for path in paths for at, sign in enumerate(path) if sign == "/"}
    entries = [Entry(path, FOLDER) for path in folders] + [Entry(p, FILE, 100) for p in paths]
    return Tree(tuple(sorted(entries, key=lambda entry: entry.path)))


def test_two_levels_are_shown_and_the_rest_is_counted() -> None:
    shown = listing(tree("README.md", "src/a.py", "src/deep/b.py", "src/deep/er/c.py"), 1000)

    assert shown.splitlines() == [
        "README.md  100 B",
        "src/  (3 files)",
        "  a.py  100 B",
        "  deep/  (2 files)",
    ]


def test_links_and_submodules_are_told() -> None:
    odd = Tree((Entry("link", SYMLINK), Entry("vendor", SUBMODULE, sha="0123456789abcdef")))

    assert listing(odd, 1000) == "link  (symlink)\nvendor  (submodule at 0123456789)"


def test_a_crowded_folder_is_pruned_before_the_others() -> None:
    crowded = tree(*(f"data/{n:04d}.csv" for n in range(1100)), "README.md")
    shown = listing(crowded, 20_000).splitlines()

    assert shown[0] == "README.md  100 B"
    assert shown[1] == "data/  (1,100 files)"
    assert shown[-1] == "  … 1,000 more"
    assert len(shown) == 103


def test_a_long_first_level_says_how_much_is_missing() -> None:
    shown = listing(tree(*(f"{n:04d}.csv" for n in range(1100))), 20_000).splitlines()

    assert shown[-1] == "… 850 more"
    assert len(shown) == 251


@pytest.mark.parametrize("room", [100, 500, 2000, 20_000])
def test_it_never_takes_more_than_its_room(room: int) -> None:
    wide = tree(*(f"folder-{n}/{'x' * 150}-{m}.py" for n in range(40) for m in range(40)))

    assert len(listing(wide, room)) <= room


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KB"),
        (1_500_000, "1.4 MB"),
        (5_000_000_000, "4.7 GB"),
    ],
)
def test_sizes_are_written_as_people_do(count: int, shown: str) -> None:
    assert size_of(count) == shown


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("SRC/Worker.py", ["src/worker.py", "tests/worker.py"]),
        ("lib/worker.py", ["src/worker.py", "tests/worker.py"]),
        ("tests/unit/worker.py", ["tests/worker.py", "src/worker.py"]),
        ("src/workers.py", ["src/worker.py", "tests/worker.py"]),
        ("src/retry.py", ["src/deep/retry.py"]),
        ("nothing/like/it", []),
    ],
)
def test_a_wrong_path_gets_the_nearest_real_ones(path: str, nearest: list[str]) -> None:
    real = tree("README.md", "src/worker.py", "tests/worker.py", "src/deep/retry.py")

    assert real.nearest(path) == nearest

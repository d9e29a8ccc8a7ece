"""Paths and languages of files: whether a file is one that was asked for."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from qwen_mcp_tools.github.code.kinds import is_glob
from qwen_mcp_tools.github.code.query import CodeQuery
from qwen_mcp_tools.text import one_line

_LANGUAGES = """
Python py pyi pyw | TSX tsx | TypeScript ts mts cts tsx | JavaScript js mjs cjs jsx | Go go golang
| Rust rs | Java java | Kotlin kt kts | C c h | C++ cpp cc cxx hpp hh hxx h cplusplus
| C# cs csharp | Ruby rb | PHP php | Swift swift | Scala scala sc | Shell sh bash zsh shellscript
| PowerShell ps1 psm1 | Lua lua | Perl pl pm | R r | Dart dart | Elixir ex exs | Erlang erl hrl
| Haskell hs | OCaml ml mli | F# fs fsx fsharp | Clojure clj cljs cljc | Julia jl | Zig zig
| Nix nix | Solidity sol | Objective-C m objc objectivec | Vue vue | Svelte svelte | HTML html htm
| CSS css | SCSS scss | SQL sql | Markdown md markdown | JSON json | YAML yaml yml | TOML toml
| XML xml | HCL tf hcl terraform | Dockerfile dockerfile docker | Makefile mk make
"""
"""Linguist's name, then its extensions and the short names that people write."""

_BY_NAME = {"dockerfile": "Dockerfile", "makefile": "Makefile", "gemfile": "Ruby"}
"""Files whose language is in their name."""


@cache
def _known() -> dict[str, tuple[str, frozenset[str]]]:
    known: dict[str, tuple[str, frozenset[str]]] = {}
    for line in _LANGUAGES.split("|"):
        name, *short = line.split()
        for word in (name.lower(), *short):
            known.setdefault(word, (name, frozenset(short)))
    return known


@dataclass(frozen=True, slots=True)
class FileFilter:
    """The wishes of a search that an engine can't meet, and we can by a file's name."""

    wishes: str
    """What they are, for a note; empty where all files are taken."""
    notes: tuple[str, ...]
    _tests: tuple[Callable[[str], bool], ...]

    @classmethod
    def of(cls, query: CodeQuery) -> "FileFilter":
        """Return what keeps the files of `query`'s path and language."""
        in_language = language_filter(query.language) if query.language else None
        at_path = path_filter(query.path) if query.path else None
        tests = {"path": at_path, "language": in_language}
        known = {name: test for name, test in tests.items() if test}
        name = one_line(query.language, 40)
        note = f"the language {name!r} is not known by its file names, so it was not applied"
        is_unknown = query.language and not in_language
        return cls(" and ".join(known), (note,) if is_unknown else (), tuple(known.values()))

    def takes(self, path: str) -> bool:
        """Say whether the file at `path` is one of them."""
        return all(test(path) for test in self._tests)


def language_named(written: str) -> str:
    """Return Linguist's name of a language as a model writes it, `written` where it is unknown."""
    name, _ = _known().get(_word(written), (written.strip(), frozenset()))
    return name


def language_filter(written: str) -> Callable[[str], bool] | None:
    """Return what says of a path whether it is in that language; `None` for one unknown to us."""
    found = _known().get(_word(written))
    if found is None:
        return None
    name, extensions = found

    def is_in(path: str) -> bool:
        base = path.rpartition("/")[2].lower()
        return _BY_NAME.get(base) == name or ("." in base and base.rpartition(".")[2] in extensions)

    return is_in


def path_filter(wanted: str) -> Callable[[str], bool]:
    """Return what says of a path whether `wanted` means it: a folder, a file, or a glob.

    `*` and `?` stay inside a folder, `**` goes through any number; a glob without a slash is
    compared with the file's name.
    """
    wanted = wanted.strip().removeprefix("./").lstrip("/")
    parts = wanted.lower().split("/") if is_glob(wanted) else []

    def is_meant(path: str) -> bool:
        names = path.lower().split("/")
        if parts and _holds(parts, names if "/" in wanted else names[-1:]):
            return True
        # Next.js has folders that are called `[id]`: as it stands, a glob counts too.
        return _is_at(path, wanted)

    return is_meant


def fixed_part(glob: str) -> str:
    """Return the longest piece of `glob` that every path it means holds as it stands."""
    return max(re.split(r"\[[^\]/]*\]|[*?\[\]]+/?", glob), key=len).lstrip("/")


def _is_at(path: str, wanted: str) -> bool:
    path, wanted = f"/{path.lower()}/", wanted.rstrip("/").lower()
    return path.startswith(f"/{wanted}/") or path.endswith(f"/{wanted}/") or not wanted


def _holds(parts: list[str], names: list[str]) -> bool:
    """Say whether `parts` of a glob mean `names` of a path; step by step, so never for long."""
    reached = _through({0}, parts)
    for name in names:
        stayed = {at for at in reached if parts[at : at + 1] == ["**"]}
        gone_on = {at + 1 for at in reached if at < len(parts) and fnmatchcase(name, parts[at])}
        reached = _through(stayed | gone_on, parts)
    return len(parts) in reached


def _through(reached: set[int], parts: list[str]) -> set[int]:
    """Add what lies behind each `**`, which may stand for no folder at all."""
    for at, part in enumerate(parts):
        if part == "**" and at in reached:
            reached.add(at + 1)
    return reached


def _word(written: str) -> str:
    word = written.strip().lower()
    return word if word in _known() else re.sub(r"[\s._-]", "", word)

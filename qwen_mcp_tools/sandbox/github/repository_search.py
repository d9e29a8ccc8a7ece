"""The search for repositories: words in name, description, topics and README, and qualifiers."""

import operator
import re
from collections.abc import Callable
from typing import Any

from qwen_mcp_tools.sandbox.github.answers import Answer
from qwen_mcp_tools.sandbox.github.asking import Ask
from qwen_mcp_tools.sandbox.github.code_query import invalid
from qwen_mcp_tools.sandbox.github.repository import Repository
from qwen_mcp_tools.sandbox.github.searching import envelope
from qwen_mcp_tools.sandbox.github.shapes import whole_repository

_PART = re.compile(r'(-)?(?:([a-z]+):)?("[^"]*"|\S+)')
_NUMBER = re.compile(r"(>=|<=|>|<|)(\d+)(?:\.\.(\d+|\*))?")
_COMPARED: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "": operator.eq,
}  # fmt: skip
SORTS: dict[str, Callable[[Repository], int]] = {
    "stars": lambda each: each.stars,
    "forks": lambda each: each.forks,
    "updated": lambda each: each.last_push,
}
QUALIFIERS: dict[str, Callable[[Repository, str], bool]] = {
    "language": lambda each, value: each.main_language.lower() == value,
    "user": lambda each, value: each.owner.lower() == value,
    "org": lambda each, value: each.owner.lower() == value,
    "repo": lambda each, value: each.full_name.lower() == value,
    "topic": lambda each, value: value in each.topics,
    "license": lambda each, value: each.licence == value,
    "archived": lambda each, value: each.is_archived is (value == "true"),
    "stars": lambda each, value: _is_within(each.stars, value),
    "forks": lambda each, value: _is_within(each.forks, value),
}


def found_repositories(ask: Ask, *, is_incomplete: bool) -> Answer:
    """Return what `/search/repositories` answers."""
    q = ask.query.get("q", "").strip()
    if not q:
        raise invalid("", "missing")
    parts = [(minus, name, value.strip('"').lower()) for minus, name, value in _PART.findall(q)]
    seen = [each for each in ask.shelf.all if ask.sees(each) and not each.is_taken_down]
    found = [(_score(each, parts), each) for each in seen]
    best = [(score, each) for score, each in found if score]
    sort = SORTS.get(ask.query.get("sort", ""))
    is_rising = sort is not None and ask.query.get("order") == "asc"
    best.sort(key=lambda pair: sort(pair[1]) if sort else pair[0], reverse=not is_rising)

    def item(pair: tuple[float, Repository]) -> dict[str, Any]:
        return {**whole_repository(pair[1], ask.links), "score": pair[0]}

    return envelope(ask, best, item, is_incomplete=is_incomplete)


def _score(repository: Repository, parts: list[tuple[str, str, str]]) -> float:
    """Return how well a repository matches, 0 if it does not."""
    is_fork_asked = any(name == "fork" for _, name, _ in parts)
    if repository.is_fork and not is_fork_asked:
        return 0
    score = 1.0 + repository.stars / 1_000_000
    for minus, name, value in parts:
        weight = _weight(repository, name, value)
        if bool(weight) is bool(minus):
            return 0
        score += 0 if minus else weight
    return score


def _weight(repository: Repository, name: str, value: str) -> float:
    if not name:
        return _word(repository, value)
    holds = QUALIFIERS.get(name)
    return holds is None or holds(repository, value)


def _word(repository: Repository, word: str) -> float:
    if word in repository.name.lower():
        return 3
    if word in f"{repository.description} {' '.join(repository.topics)}".lower():
        return 2
    return float(word in _readme(repository))


def _readme(repository: Repository) -> str:
    entry = repository.tree.entries.get("README.md") if repository.tree else None
    content = repository.history.read(entry.sha) if entry else None
    return (content or b"").decode(errors="replace").lower()


def _is_within(count: int, value: str) -> bool:
    found = _NUMBER.fullmatch(value)
    if not found:
        return False
    if found[3]:
        return int(found[2]) <= count and (found[3] == "*" or count <= int(found[3]))
    return _COMPARED[found[1]](count, int(found[2]))

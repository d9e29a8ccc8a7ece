"""A query of the legacy code search taken apart (github/github-mcp-server#2513 tried them out)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from qwen_mcp_tools.sandbox.github.answers import Refusal

LONGEST = 256
MOST_OPERATORS = 5
FATAL = "ERROR_TYPE_QUERY_PARSING_FATAL unable to parse query!"
ONLY_QUALIFIERS = (
    "Search text is required when searching source code. Searches that use qualifiers only are "
    "not allowed. Were you searching for something else?"
)
WITHOUT_EFFECT = {"stars", "forks", "topic", "license", "archived", "is"}
_PART = re.compile(r'(-)?(?:([A-Za-z]+):)?("(?:[^"\\]|\\.)*"?|\S+)')
_WORD = re.compile(r"[^\W_]+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one after the other, whatever signs are between them."""

    words: tuple[str, ...]
    is_wanted: bool
    pattern: re.Pattern[str]

    def spans(self, text: str, lowered: str) -> list[tuple[int, int]]:
        """Return where they are; `lowered` rules most texts out without the slow pattern."""
        if not all(word in lowered for word in self.words):
            return []
        return [found.span() for found in self.pattern.finditer(text)]


@dataclass(slots=True)
class Query:
    """What is looked for: alternatives of terms that must all be there, or not be there."""

    alternatives: list[list[Term]]
    repositories: set[str] = field(default_factory=set[str])
    owners: set[str] = field(default_factory=set[str])
    languages: list[str] = field(default_factory=list[str])
    paths: list[str] = field(default_factory=list[str])
    filenames: list[str] = field(default_factory=list[str])
    extensions: list[str] = field(default_factory=list[str])
    sizes: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    within: set[str] = field(default_factory=set[str])
    is_silent: bool = False
    """Whether it has a part that the engine does not know and answers with nothing."""

    def places(self, text: str) -> list[tuple[int, int]] | None:
        """Return the spans of the terms in a text; None where it does not match."""
        lowered = text.lower()
        for terms in self.alternatives:
            found = [term.spans(text, lowered) for term in terms]
            if all(bool(spans) is term.is_wanted for term, spans in zip(terms, found, strict=True)):
                return sorted(span for spans in found for span in spans)
        return None


def understand(q: str) -> Query:
    """Return the query; refuse what the service refuses with 422."""
    if not q.strip():
        raise invalid("", "missing")
    query = Query([[]])
    words = 0
    operators = 0
    is_wanted = True
    for minus, qualifier, value in _PART.findall(q):
        name = qualifier.lower()
        if not name and value in {"AND", "OR", "NOT"}:
            operators += 1
            is_wanted = value != "NOT"
            if value == "OR":
                query.alternatives.append([])
        elif name and _qualify(query, name, value.strip('"'), is_not=bool(minus)):
            continue
        else:
            text = f"{qualifier}:{value}" if qualifier else value
            words += len(text) + 1
            _look_for(query, text, is_wanted=is_wanted and not minus)
            is_wanted = True
    _check(query, q, words, operators)
    query.within = query.within or {"file"}
    return query


def invalid(message: str, code: str = "invalid") -> Refusal:
    """Return the refusal of a query."""
    error = {"resource": "Search", "field": "q", "code": code}
    return Refusal(
        422,
        "Validation Failed",
        docs="https://docs.github.com/v3/search/",
        errors=[{"message": message, **error} if message else error],
    )


def _fatal() -> Refusal:
    return Refusal(422, FATAL, docs="https://docs.github.com/v3/search/")


def _check(query: Query, q: str, words: int, operators: int) -> None:
    if words - 1 > LONGEST:
        raise invalid(f"The search is longer than {LONGEST} characters.")
    if operators > MOST_OPERATORS:
        raise invalid("More than five AND / OR / NOT operators were used.")
    if query.languages and re.search(r"(?:^|\s)symbol:", q):
        raise _fatal()
    if not (words or query.filenames or query.is_silent):
        raise invalid(ONLY_QUALIFIERS)


def _look_for(query: Query, text: str, *, is_wanted: bool) -> None:
    if text.startswith("("):
        raise _fatal()
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        query.is_silent = True
    parts = _WORD.findall(text)
    if parts:
        words = tuple(part.lower() for part in parts)
        query.alternatives[-1].append(Term(words, is_wanted, _pattern(parts)))


def _pattern(parts: list[str]) -> re.Pattern[str]:
    inner = r"[\W_]+".join(map(re.escape, parts))
    before = "" if _WIDE.match(parts[0]) else r"(?<![^\W_])"
    after = "" if _WIDE.match(parts[-1][-1]) else r"(?![^\W_])"
    return re.compile(f"{before}{inner}{after}", re.IGNORECASE)


def _qualify(query: Query, name: str, value: str, *, is_not: bool) -> bool:
    """Note a qualifier; False if it is none, so that it is looked for as text."""
    value = value.lower()
    if name == "fork" or (name == "in" and not set(value.split(",")) <= {"file", "path"}):
        raise _fatal()
    if is_not or name in WITHOUT_EFFECT:
        return True
    notes: dict[str, Callable[[], object]] = {
        "repo": lambda: query.repositories.add(value),
        "org": lambda: query.owners.add(value),
        "user": lambda: query.owners.add(value),
        "in": lambda: query.within.update(value.split(",")),
        "size": lambda: query.sizes.append(_range(value)),
        "path": lambda: query.paths.append(value.strip("/")),
        "language": lambda: query.languages.append(value),
        "filename": lambda: query.filenames.append(value),
        "extension": lambda: query.extensions.append(value.lstrip(".")),
        "symbol": lambda: None,
    }
    if name not in notes:
        return False
    notes[name]()
    is_glob = name in {"path", "filename"} and bool(re.search(r"[*?\[]", value))
    query.is_silent |= is_glob or name == "symbol"
    return True


def _range(value: str) -> tuple[float, float]:
    """Return the sizes that "n", ">n", ">=n", "<n", "<=n" and "n..m" mean."""
    numbers = [float(each) for each in re.findall(r"\d+", value)] or [0]
    if ".." in value:
        return numbers[0], numbers[-1]
    if value.startswith(">"):
        return numbers[0] + (not value.startswith(">=")), float("inf")
    if value.startswith("<"):
        return 0, numbers[0] - (not value.startswith("<="))
    return numbers[0], numbers[0]

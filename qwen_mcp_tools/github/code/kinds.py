"""Kinds of searches for code: which engine can do one, and what it becomes for the others."""

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from qwen_mcp_tools.errors import BadArgumentError
from qwen_mcp_tools.github.code.query import CodeFile, CodeQuery

LONGEST_REGEX = 500

_FIELDS = {"repo": "repo", "language": "language", "lang": "language", "path": "path"}
_QUALIFIER = re.compile(r'(?<!\S)(repo|language|lang|path):("[^"]*"|[^\s"]+)')
_OTHER_QUALIFIER = re.compile(
    r"(?<!\S)-?(?:org|user|owner|filename|extension|in|size|fork|is|license|enterprise):[^\s:=]"
)
_SYMBOL = re.compile(r"(?<!\S)symbol:(\S+)")
_GLOB_QUALIFIER = re.compile(r'(?<!\S)(path|filename):(?:"[^"]*[*?\[]|[^\s"]*[*?\[])')
_PHRASE = re.compile(r'"[^"]*"')
_DEFINITION = r"\b(def|class|func|fn|function|interface|type|struct|enum|trait|const)\s+"
_NAME = re.compile(r"\w+(?:(?:\.|::)\w+)*")

_RE2_ONLY = re.compile(r"\\[pP](?:\{\^?\w+\}|[A-Z])|\\z|\(\?[imsU]+(?:-[imsU]+)?\)|\\.", re.DOTALL)
"""What Go's RE2 takes and Python does not (its syntax page), beside any other escape."""

_LOOK_AROUND = re.compile(r"(?<!\\)\(\?<?[=!]")
_BACK_REFERENCE = re.compile(r"(?<!\\)(?:\\\\)*\\[1-9]|\(\?P=")


def is_glob(path: str) -> bool:
    """Say whether `path` has `*`, `?` or `[` in it."""
    return any(sign in path for sign in "*?[")


def beyond_legacy(query: CodeQuery) -> str:
    """Return what GitHub's search API answers with a silent zero.

    Empty where it can do all of `query`, or says itself what it can't parse. Measured by
    github-mcp-server's users (its issue 2513).
    """
    if query.regex:
        return "a regular expression"
    if is_glob(query.path):
        return "a glob in path"
    text = _PHRASE.sub('""', query.text)
    if _SYMBOL.search(text):
        return "symbol:"
    glob = _GLOB_QUALIFIER.search(query.text)
    return f"a glob in {glob[1]}:" if glob else ""


@dataclass(frozen=True, slots=True)
class Sought:
    """A search as an engine takes it that compares text and knows no qualifiers."""

    query: CodeQuery
    """With the qualifiers of its text in its fields, where these were empty."""
    pattern: str
    """What lines must hold: as it stands, or as a regular expression."""
    is_regex: bool = False
    notes: tuple[str, ...] = ()
    on_line: re.Pattern[str] | None = None
    """Tells a line with a match; `None` for an expression of others, which could take for ever."""

    def hints(self, found: Sequence[CodeFile]) -> Iterator[str]:
        """Yield what may help where nothing was found."""
        if not found and not self.is_regex and len(self.pattern.split()) > 1:
            yield "the text was looked for as it stands, not word by word"


def sought_by(query: CodeQuery) -> Sought:
    """Return what `query` looks for.

    Raises:
        BadArgumentError: Its regular expression is none, or nothing is left to look for.
    """
    if query.regex:
        check_regex(query.regex)
        return Sought(query, query.regex, is_regex=True)
    query = _with_fields(query)
    symbol = _SYMBOL.search(query.text)
    if symbol:
        return _definition(query, symbol)
    text = query.literal.strip()
    if not text:
        raise BadArgumentError("query: only qualifiers are left; add the code to look for")
    is_other = _OTHER_QUALIFIER.search(text) and '"' not in query.text
    note = "qualifiers other than repo, language, path and symbol were looked for as text"
    on_line = re.compile(re.escape(text), re.IGNORECASE)
    return Sought(query, text, notes=(note,) if is_other else (), on_line=on_line)


def check_regex(pattern: str) -> None:
    """Do nothing if `pattern` may be a regular expression of RE2 or Python.

    Raises:
        BadArgumentError: It is none; the text names the fault and the position, counted from 0.
    """
    if len(pattern) > LONGEST_REGEX:
        raise BadArgumentError(
            f"query: a regular expression has at most {LONGEST_REGEX} characters"
        )
    try:
        with warnings.catch_warnings(action="ignore"):
            re.compile(_RE2_ONLY.sub(_same_width, pattern))
    except (re.error, OverflowError, RecursionError) as error:
        position = getattr(error, "pos", None)
        place = "" if position is None else f" at position {position}"
        fault = getattr(error, "msg", "it is too deep")
        raise BadArgumentError(
            f"query: /{pattern}/ is no regular expression: {fault}{place}; "
            "correct it, or leave out the slashes to look for the text"
        ) from error


def beyond_re2(pattern: str) -> str:
    """Return what RE2, which the keyless engines use, does not know of `pattern`."""
    lacks = [
        what
        for what, sign in (("look-around", _LOOK_AROUND), ("back-references", _BACK_REFERENCE))
        if sign.search(pattern)
    ]
    return " and ".join(lacks)


def _with_fields(query: CodeQuery) -> CodeQuery:
    """Take the qualifiers out of the text; a field that is set already wins."""
    found: dict[str, str] = {}
    for name, value in _QUALIFIER.findall(query.text):
        found.setdefault(_FIELDS[name], value.strip('"'))
    text = " ".join(_QUALIFIER.sub(" ", query.text).split()) if found else query.text
    new = {name: value for name, value in found.items() if not getattr(query, name)}
    return replace(query, text=text, **new)


def _definition(query: CodeQuery, symbol: re.Match[str]) -> Sought:
    name = symbol[1].strip('"')
    if not _NAME.fullmatch(name):
        raise BadArgumentError("query: symbol: takes a name, e.g. symbol:WithContext")
    rest = " ".join(_SYMBOL.sub(" ", query.text).split())
    notes = ["symbol: was looked for as a definition (def, class, func, struct and the like)"]
    if rest:
        notes.append(f"beside symbol: the words {rest!r} were not looked for")
    last = re.split(r"\.|::", name)[-1]
    pattern = rf"{_DEFINITION}{last}\b"
    on_line = re.compile(pattern, re.IGNORECASE)
    return Sought(query, pattern, is_regex=True, notes=tuple(notes), on_line=on_line)


def _same_width(match: re.Match[str]) -> str:
    """Put letters in the place of what only RE2 knows, so that positions stay."""
    known_to_both = match[0][0] == "\\" and match[0][1] not in "pPz"
    return match[0] if known_to_both else "x" * len(match[0])

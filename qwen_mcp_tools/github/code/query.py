"""Looking for code: what is asked, and what an engine found."""

from dataclasses import dataclass
from typing import ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class CodeQuery:
    """A search for code, in nobody's dialect; each engine translates it."""

    text: str
    """Words, a quoted phrase, or `/a regular expression/`."""
    repo: str = ""
    """"owner/name", or empty for all public repositories."""
    language: str = ""
    path: str = ""
    """A folder, a file name, or a glob such as `src/**/*.py`."""
    page: int = 1

    @property
    def regex(self) -> str:
        """The regular expression between the slashes, empty where the text is none."""
        is_one = len(self.text) > 2 and self.text.startswith("/") and self.text.endswith("/")
        return self.text[1:-1] if is_one else ""

    @property
    def literal(self) -> str:
        """The text without quotes around the whole of it, for engines that look for it as it is."""
        is_quoted = len(self.text) > 2 and self.text[0] == self.text[-1] == '"'
        inner = self.text[1:-1] if is_quoted else self.text
        return self.text if '"' in inner else inner


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A line of a file; `number` counts from 1 and is 0 where the engine does not tell it."""

    number: int
    text: str
    is_match: bool = True


@dataclass(frozen=True, slots=True)
class CodeFile:
    """A file with matches, and the lines around them in the file's order."""

    repo: str
    path: str
    url: str
    """Where a person sees it; a permalink where the engine names a commit."""
    lines: tuple[CodeLine, ...] = ()
    left_out: int = 0
    """How many further lines with matches were found."""
    commit: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class CodeHits:
    """One page of files; none is an answer too."""

    engine: str
    files: tuple[CodeFile, ...]
    total: int | None = None
    """How many matches the engine counts in all, where it says so."""
    counted: str = "files"
    """What `total` counts: "files" or "matches"."""
    has_more: bool = False
    notes: tuple[str, ...] = ()
    """What a reader should know, in our words: a wish that was not met, a result cut short."""


class CodeEngine(Protocol):
    """Something that finds code; its `name` is shown with what it found."""

    name: ClassVar[str]

    async def search(self, query: CodeQuery) -> CodeHits:
        """Return one page of files, or raise a `ToolFailure`."""
        ...

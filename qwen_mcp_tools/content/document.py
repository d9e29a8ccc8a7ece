"""A body read as text, whatever its kind, or the honest reason why it can't be."""

from dataclasses import dataclass, replace

from qwen_mcp_tools.content.charset import decode
from qwen_mcp_tools.content.html import read_html
from qwen_mcp_tools.content.kinds import Kind, kind_of
from qwen_mcp_tools.content.plain import tidy_json, tidy_markdown, tidy_plain
from qwen_mcp_tools.errors import UnreadableError
from qwen_mcp_tools.text import one_line

_MENDS = {
    Kind.PDF: "look for an HTML version of it",
    Kind.PICTURE: "hand its URL to qwen_vision_describe if that tool is offered",
    Kind.ARCHIVE: "read single files where its project shows them",
}


@dataclass(frozen=True, slots=True)
class Document:
    """What a body says, as Markdown or plain text; facts that are not known are empty."""

    text: str
    kind: Kind
    charset: str
    title: str = ""
    language: str = ""
    canonical: str = ""
    published: str = ""
    needs_javascript: bool = False
    notes: tuple[str, ...] = ()
    """Remarks for the reader, one line each."""


def read(body: bytes, content_type: str, url: str) -> Document:
    """Return `body` as a document.

    Raises:
        UnreadableError: It is of a kind that has no text, or none that we can read yet.
    """
    kind, source = _source(body, content_type, url)
    match kind:
        case Kind.HTML:
            return _read_html(source, url)
        case Kind.JSON:
            text, note = tidy_json(source.text)
            return replace(source, text=text, notes=(note,) if note else ())
        case Kind.MARKDOWN:
            return replace(source, text=tidy_markdown(source.text))
        case _:
            return replace(source, text=tidy_plain(source.text))


def read_raw(body: bytes, content_type: str, url: str) -> Document:
    """Return the decoded body as it came, hidden markup included.

    Raises:
        UnreadableError: It is of a kind that is no text.
    """
    return _source(body, content_type, url)[1]


def _source(body: bytes, content_type: str, url: str) -> tuple[Kind, Document]:
    kind = kind_of(body, content_type, url)
    if kind not in {Kind.HTML, Kind.JSON, Kind.MARKDOWN, Kind.TEXT}:
        size = f"{len(body):,} bytes"
        article = "an" if kind.value[0] in "aeio" else "a"
        raise UnreadableError(
            one_line(url, 200), f"it is {article} {kind.value} ({size})", _MENDS.get(kind, "")
        )
    decoded = decode(body, content_type, html=kind is Kind.HTML)
    return kind, Document(decoded.text, kind, decoded.charset)


def _read_html(source: Document, url: str) -> Document:
    page = read_html(source.text, url)
    return replace(
        source,
        text=page.markdown,
        title=page.title,
        language=page.language,
        canonical=page.canonical,
        published=page.published,
        needs_javascript=page.needs_javascript,
    )

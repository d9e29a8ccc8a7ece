"""What stands in a line: emphasis, code, breaks, raised and lowered text."""

import re

from qwen_mcp_tools.content.markdown.writer import BREAK, GUARDED, Writer
from qwen_mcp_tools.content.tree import Element

_ORDINAL = re.compile(r"st|nd|rd|th|er?|re|ème|[ºª°™®©]|tm|sm", re.IGNORECASE)


def _marked(writer: Writer, element: Element, mark: str) -> None:
    pieces = writer.pieces
    start = len(pieces)
    writer.walk(element)
    if writer.pieces is not pieces or len(pieces) == start:
        return  # it holds blocks, or nothing
    inner = "".join(pieces[start:])
    text = inner.strip()
    if not any(map(str.isalnum, text)) or text.startswith(mark):
        return
    del pieces[start:]
    if start and pieces[-1] == mark and inner[0] == text[0]:
        pieces[-1] = text  # it goes on where another ended
    else:
        if inner[0] != text[0]:
            pieces.append(" ")
        pieces += (mark, text)
    pieces.append(mark)
    if inner[-1] != text[-1]:
        pieces.append(" ")


def strong(writer: Writer, element: Element) -> None:
    """`**text**`; none in a heading, which is strong by itself."""
    if writer.in_heading:
        writer.walk(element)
    else:
        _marked(writer, element, "**")


def emphasis(writer: Writer, element: Element) -> None:
    """`*text*`."""
    _marked(writer, element, "*")


def deleted(writer: Writer, element: Element) -> None:
    """`~~text~~`, as GitHub writes it."""
    _marked(writer, element, "~~")


def code(writer: Writer, element: Element) -> None:
    """Code in a line; links where it is made of them."""
    if len(element) and _is_all_links(element):
        for link in element:
            inner = link.makeelement("code")
            inner.text = code_text(link)
            link.text, link[:] = None, [inner]
        writer.walk(element)
        return
    text = code_text(element)
    if text.strip():
        writer.pieces.append(code_span(text))


def _is_all_links(element: Element) -> bool:
    """Say whether code holds only links, and signs between them."""
    between = [element.text, *(child.tail for child in element)]
    return all(child.tag == "a" for child in element) and not any(
        any(map(str.isalnum, text)) for text in between if text
    )


def code_text(element: Element) -> str:
    """Return the text of code in a line, white space folded as a browser does."""
    if not len(element):
        text = element.text or ""
    else:
        for each in element.iter("br"):
            each.text = "\n"
        text = "".join(element.itertext())
    return " ".join(text.replace("\u200b", "").split())


def code_span(text: str) -> str:
    """Return `text` between backticks, as many as it takes (CommonMark, section 6.1)."""
    if "![" in text:
        text = text.replace("![", GUARDED)
    if "`" not in text:
        return f"`{text}`"
    runs = {len(run) for run in re.findall(r"`+", text)}
    fence = "`" * next(size for size in range(1, len(runs) + 2) if size not in runs)
    return f"{fence} {text} {fence}"


def line_break(writer: Writer, _: Element) -> None:
    """A hard break."""
    writer.pieces.append(BREAK)


def raised(writer: Writer, element: Element) -> None:
    """`x^2`, `x^(n+1)`; references to notes and endings such as in 1st as they are."""
    text = writer.line_of(element)
    if not text:
        return
    is_power = writer.pieces and writer.pieces[-1][-1:].isalnum() and "[" not in text
    if is_power and not _ORDINAL.fullmatch(text):
        text = f"^{text}" if text.isalnum() else f"^({text})"
    writer.pieces.append(text)


def lowered(writer: Writer, element: Element) -> None:
    """`H2O`, but `x_i`: a digit reads well without a mark."""
    text = writer.line_of(element)
    is_index = writer.pieces and writer.pieces[-1][-1:].isalnum() and "[" not in text
    if is_index and text and not text.isdigit():
        text = f"_{text}" if text.isalnum() else f"_({text})"
    writer.pieces.append(text)


def quoted(writer: Writer, element: Element) -> None:
    """Text in the quotation marks that a browser sets."""
    writer.pieces.append("“")
    writer.walk(element)
    writer.pieces.append("”")


def reading(writer: Writer, element: Element) -> None:
    """How a character is read (`rt` in `ruby`), in brackets behind it."""
    text = writer.line_of(element)
    if text:
        writer.pieces.append(f"({text})")


def nothing(_writer: Writer, _: Element) -> None:
    """For elements that say nothing."""


def formula(writer: Writer, element: Element) -> None:
    """MathML as the TeX that it was made from, or else its text."""
    tex, is_display = tex_of(element), element.get("display") == "block"
    write_tex(writer, tex, is_display=is_display)


def write_tex(writer: Writer, tex: str, *, is_display: bool) -> None:
    """Write a formula, alone on its lines where it stands alone in the page."""
    tex = tex.replace("![", GUARDED)
    if not tex:
        return
    if is_display and not writer.flat:
        writer.block(f"$$\n{tex.replace(GUARDED, '! [')}\n$$")
    else:
        writer.pieces.append(f"${' '.join(tex.split())}$")


def tex_of(element: Element) -> str:
    """Return the TeX that a `math` element carries; its text where it carries none."""
    for each in element.iter("annotation"):
        if "tex" in each.get("encoding", "").lower():
            return bare_tex("".join(each.itertext()))
    tex = element.get("alttext")
    return bare_tex(tex) if tex else "".join("".join(element.itertext()).split())


def bare_tex(tex: str) -> str:
    r"""Return TeX without the marks around it: `\(x\)`, `{\displaystyle x}`."""
    tex = tex.strip()
    for start, end in (("\\(", "\\)"), ("\\[", "\\]"), ("$$", "$$"), ("{\\displaystyle", "}")):
        if tex.startswith(start) and tex.endswith(end) and len(tex) >= len(start) + len(end):
            tex = tex[len(start) : len(tex) - len(end)].strip()
    return tex

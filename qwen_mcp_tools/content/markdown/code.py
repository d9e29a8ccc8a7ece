"""Blocks of code: their exact text, without numbers and buttons beside it, and their language."""

import re
from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from typing import Any

from qwen_mcp_tools.content.markdown.inline import code_span
from qwen_mcp_tools.content.markdown.names import is_beside_code
from qwen_mcp_tools.content.markdown.writer import Writer
from qwen_mcp_tools.content.tree import Element

_LINE_TAGS = frozenset({"div", "p", "li", "tr"})
_LINE = re.compile(r"(?:^|\s)(?:line|token-line|code-line|view-line|ec-line)(?:$|\s)")
_STRUCTURE = re.compile(
    r'<(?:br|button|div|li|p|pre|tr)\b|class="[^"]*(?:line|ln|gutter|copy|clipboard)', re.IGNORECASE
)
"""What in the source of a block of code says that its text is not just all the text in it."""

_BY_NAME = re.compile(
    r"(?:^|\s)(?:language|lang|highlight-source|highlight-text|highlight|brush:|src)(?:-|(?<=:)\s*)([\w+#.-]+)"
)
_NO_LANGUAGES = frozenset(
    "default none text notranslate plaintext highlight plain txt nohighlight nohl raw unknown"
    " highlighter-rouge auto".split()
)
_SAME = {"python3": "python", "ipython3": "python", "ipython": "python", "html-basic": "html"}
_KNOWN = frozenset(
    "bash c clojure cmake console cpp csharp css dart diff dockerfile elixir erlang go graphql"
    " groovy haskell html ini java javascript js json jsx julia kotlin latex less lua makefile"
    " markdown matlab nginx objc ocaml perl php powershell protobuf pycon python r rb rs ruby rust"
    " sass scala scss sh shell sql swift toml ts tsx typescript vue xml yaml yml zig zsh".split()
)
_MARKED = frozenset({"highlight", "hljs", "sourceCode", "code", "prettyprint", "prism-code"})


def code_block(writer: Writer, element: Element) -> None:
    """A fence around the exact text; on one line where all has to be."""
    codes = _alternatives(element)
    for each in codes or [element]:
        code, language = exact_text(each), language_of(each if codes else element)
        if codes and language in {"", "js"}:
            language = language_of(element) or language
        _write(writer, code, language)


def code_lines(writer: Writer, element: Element) -> None:
    """A block of code whose lines are elements."""
    _write(writer, exact_text(element), language_of(element))


def _write(writer: Writer, code: str, language: str) -> None:
    if not code.strip():
        return
    if writer.flat:
        lines = (line.strip() for line in code.split("\n"))
        writer.pieces.append(" " + "<br>".join(code_span(line) for line in lines if line) + " ")
        return
    longest = max(map(len, re.findall(r"`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    writer.block(f"{fence}{language}\n{code}\n{fence}")


def _alternatives(element: Element) -> list[Element]:
    """Return the blocks of code in one `pre`, where it holds several to choose from."""
    if len(element) < 2:
        return []
    codes = [each for each in element if each.tag == "code"]
    is_choice = len(codes) > 1 and all(_BY_NAME.search(each.get("class", "")) for each in codes)
    return codes if is_choice else []


def exact_text(element: Element) -> str:
    """Return the text of code to the letter."""
    etree: Any = import_module("lxml.etree")
    if not len(element):
        text = element.text or ""
    elif _STRUCTURE.search(etree.tostring(element, encoding="unicode"), 1):
        text = _text_by_lines(element)
    else:
        text = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    text = text.replace("\r\n", "\n").replace("\xa0", " ").replace("\u200b", "")
    return re.sub(r"\A(?:[ \t]*\n)+|\s+\Z", "", text)


def _text_by_lines(element: Element) -> str:
    # The line break of a line that is an element stands in it, behind it, or nowhere.
    return re.sub(r"\n\0|\0\n|\0", "\n", "".join(_pieces(element)))


def _pieces(element: Element) -> Iterator[str]:
    """Yield the text, with a NUL behind each element that is a line."""
    etree: Any = import_module("lxml.etree")
    walk = etree.iterwalk(element, events=("start", "end"))
    skipped = None
    for event, each in walk:
        if event == "end":
            if each is skipped:
                skipped = None
            elif _is_line(each) and each is not element:
                yield "\0"
            if each is not element and each.tail:
                yield each.tail
        elif each is not element and is_beside_code(each.get("class", "")) and each.tag != "code":
            skipped = each
            walk.skip_subtree()
        else:
            yield "\n" if each.tag == "br" else each.text or ""


def _is_line(element: Element) -> bool:
    if element.tag in _LINE_TAGS:
        return not any(child.tag in _LINE_TAGS or _is_named_line(child) for child in element)
    return _is_named_line(element)


def _is_named_line(element: Element) -> bool:
    return bool(_LINE.search(element.get("class", "")))


def language_of(element: Element) -> str:
    """Return the language of a block of code, as its classes or those around it name it."""
    for each in _around(element):
        names = each.get("class", "")[:1000]
        named = (_found(names) or each.get("data-lang") or each.get("data-language") or "").lower()
        if named and named not in _NO_LANGUAGES and re.fullmatch(r"[\w+#.-]{1,30}", named):
            return _SAME.get(named, named)
    return ""


def _around(element: Element) -> Iterator[Element]:
    yield element
    yield from islice(element.iterdescendants("code", "pre"), 3)
    around = element.getparent()
    for _ in range(4):
        if around is None or around.tag in {"body", "article", "main", "section", "li"}:
            return
        yield around
        around = around.getparent()


def _found(names: str) -> str:
    by_name = _BY_NAME.findall(names)
    for name in by_name:
        if name.lower() not in _NO_LANGUAGES:
            return name
    words = names.split()
    if by_name or not words:
        return ""
    bare = next((word for word in words if word.lower() in _KNOWN), "")
    says_code = len(words) == 1 or words[0] == bare or not _MARKED.isdisjoint(words)
    return bare if says_code else ""

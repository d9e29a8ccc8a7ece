"""The chosen element made ready for the converter: links, pictures, code, headings."""

import re
from urllib.parse import urljoin, urlsplit

from qwen_mcp_tools.content.tree import Element, drop, text_of

_FOLLOWED = frozenset({"http", "https", "mailto"})
_PERMALINK = re.compile(
    r"headerlink|permalink|anchor(?:js)?-?link|hash-link|heading-?anchor|^anchor$"
)
_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language-|lang-|highlight-source-|highlight-|brush:\s*)([\w+#.-]+)"
)
_NO_LANGUAGES = frozenset({"default", "none", "text", "notranslate", "plaintext", "highlight"})
_LINE_NUMBERS = re.compile(
    r"(?:^|[\s_-])(?:linenos?|line-numbers?|gutter|lineno|hljs-ln-numbers)(?:$|[\s_-])"
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SIGNS = frozenset({"", "¶", "#", "§", "🔗", "link", "permalink"})


def tidy(main: Element, base: str) -> None:
    """Make `main` say plainly what it means: absolute links, pictures as links, exact code."""
    for link in list(main.iter("a")):
        _tidy_link(link, base)
    for picture in list(main.iter("img", "picture")):
        _tidy_picture(picture, base)
    for block in list(main.iter("pre")):
        _tidy_code(block)


def _tidy_link(link: Element, base: str) -> None:
    href = (link.get("href") or "").strip()
    inside_heading = any(each.tag in _HEADINGS for each in link.iterancestors())
    names = link.get("class", "")
    is_sign = text_of(link).lower() in _SIGNS and link.find(".//img") is None
    if is_sign and (inside_heading or _PERMALINK.search(names)):
        drop(link)
        return
    target = absolute(href, base)
    link.attrib.clear()
    if target and not href.startswith("#"):
        link.set("href", target)
    else:
        link.drop_tag()


def absolute(href: str, base: str) -> str:
    """Return where `href` leads from `base`; empty where that is nothing to follow."""
    try:
        target = urljoin(base, href.replace("\n", "").replace("\t", ""))
        scheme = urlsplit(target).scheme.lower()
    except ValueError:
        return ""
    if href and scheme in _FOLLOWED:
        return target.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
    return ""


def _tidy_picture(picture: Element, base: str) -> None:
    """Put `[picture: alt](URL)` in the place of a picture: a client must not load it unasked."""
    if picture.tag == "picture":
        picture.drop_tag()
        return
    source = picture.get("src") or picture.get("data-src") or ""
    target = "" if source.lower().startswith("data:") else absolute(source, base)
    alt = " ".join((picture.get("alt") or "").split())
    inside_link = any(each.tag == "a" for each in picture.iterancestors())
    if not target or (not alt and (_is_small(picture) or inside_link)):
        _replace(picture, f"picture: {alt}" if alt and not target else "")
        return
    if inside_link:
        _replace(picture, f"picture: {alt}")
        return
    picture.tag = "a"
    tail = picture.tail
    picture.attrib.clear()
    picture.set("href", target)
    picture.text, picture.tail = f"picture: {alt}" if alt else "picture", tail


def _is_small(picture: Element) -> bool:
    sides = (picture.get("width", ""), picture.get("height", ""))
    return any(side.isdecimal() and int(side) <= 32 for side in sides)


def _replace(element: Element, text: str) -> None:
    element.tail = text + (element.tail or "")
    drop(element)


def _tidy_code(block: Element) -> None:
    """Make a `pre` hold its exact text in one `code`, with the language where it is known."""
    if any(each.tag == "pre" for each in block.iterancestors()):
        return
    for number in [each for each in block.iterdescendants() if _is_line_number(each)]:
        drop(number)
    for line_break in list(block.iter("br")):
        _replace(line_break, "\n")
    language = _language_of(block)
    code = "".join(block.itertext()).replace("\r\n", "\n").strip("\n")
    tail = block.tail
    for child in list(block):
        block.remove(child)
    block.attrib.clear()
    block.text, block.tail = None, tail
    inner = block.makeelement("code", {"class": f"language-{language}"} if language else {})
    inner.text = code
    block.append(inner)
    _unwrap_code_table(block)


def _is_line_number(element: Element) -> bool:
    return isinstance(element.tag, str) and bool(_LINE_NUMBERS.search(element.get("class", "")))


def _language_of(block: Element) -> str:
    for element in (block, *block.iterdescendants("code"), *list(block.iterancestors())[:3]):
        found = _LANGUAGE.search(element.get("class", ""))
        named = (
            found[1].lower()
            if found
            else element.get("data-lang", element.get("data-language", ""))
        )
        if named and named not in _NO_LANGUAGES:
            return (
                "python"
                if named in {"python3", "pycon", "ipython3"} and named != "pycon"
                else named
            )
    return ""


def _unwrap_code_table(block: Element) -> None:
    """Put code that stands in a table beside its line numbers in the table's place."""
    cell = block.getparent()
    while cell is not None and cell.tag in {"div", "code"}:
        cell = cell.getparent()
    if cell is None or cell.tag != "td" or "code" not in cell.get("class", ""):
        return
    table = next(cell.iterancestors("table"), None)
    if table is not None and table.getparent() is not None:
        block.tail = table.tail
        table.getparent().replace(table, block)

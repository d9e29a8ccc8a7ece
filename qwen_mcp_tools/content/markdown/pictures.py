"""Pictures, as links that no client loads unasked."""

import re

from qwen_mcp_tools.content.markdown.inline import bare_tex, write_tex
from qwen_mcp_tools.content.markdown.writer import Writer
from qwen_mcp_tools.content.tree import Element

SMALL = 32
"""Icons are no larger than that, in pixels."""

_SOURCES = ("data-src", "data-lazy-src", "data-original", "data-original-src", "data-url")
_SOURCE_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_PLACEHOLDER = re.compile(
    r"data:|about:|blank\.|(?:.*/)?(?:placeholder|spacer|pixel|blank|transparent|lazy)[\w-]*\.(?:gif|png|svg)",
    re.IGNORECASE,
)
_FORMULA = re.compile(r"(?:^|\s)(?:math|latex|tex|mwe-math)|mwe-math", re.IGNORECASE)
_ICON_ALT = re.compile(r"\[[^\]]*\]|icon|logo|\*|-|•", re.IGNORECASE)
LONGEST_ALT = 2000


def picture(writer: Writer, element: Element) -> None:
    """`[picture: alt](address)`: what shows nothing and says nothing is left out."""
    alt = " ".join((element.get("alt") or "")[:LONGEST_ALT].split())
    names = element.get("class", "")
    if alt and (alt.startswith("{\\displaystyle") or _FORMULA.search(names)):
        write_tex(writer, bare_tex(alt), is_display="display" in names)
        return
    if len(alt) <= 2 and alt and not alt.isascii():
        writer.pieces.append(alt)  # an emoji that a site draws by itself
        return
    target = writer.addresses.absolute(source_of(element))
    is_icon = not alt and element.get("src", "") in writer.icons
    if target and not is_icon and not _is_decoration(element, alt):
        _write(writer, alt, target)
    elif alt and not target and not writer.in_link:
        writer.pieces.append(f"picture: {alt}")


def _write(writer: Writer, alt: str, target: str) -> None:
    alt = alt.replace("[", "(").replace("]", ")")
    text = f"[picture: {alt}]({target})" if alt else f"[picture]({target})"
    if not writer.in_link:
        writer.pieces.append(text)
    elif alt:
        writer.pictures.append(text)


def source_of(element: Element) -> str:
    """Return where a picture is, also where a script would load it later."""
    source = (element.get("src") or "").strip()
    if source and not _PLACEHOLDER.match(source):
        return source
    for name in _SOURCES:
        if element.get(name):
            return element.get(name).strip()
    for name in _SOURCE_SETS:
        if element.get(name):
            # The last candidate is the largest one, as nearly all pages write them.
            candidates = element.get(name).strip().rstrip(",").split(", ")
            return candidates[-1].split()[0] if candidates[-1].split() else ""
    return "" if source.lower().startswith("data:") else source


def _is_decoration(element: Element, alt: str) -> bool:
    if len(alt) == 1 and not alt.isalnum():
        return True  # it stands for a sign, such as "+" or "*"
    sides = [int(side) for side in _sides(element)]
    if sides and max(sides) <= 2:
        return True  # it counts readers
    return bool(sides) and max(sides) <= SMALL and (not alt or bool(_ICON_ALT.fullmatch(alt)))


def _sides(element: Element) -> list[str]:
    sides = (element.get("width", ""), element.get("height", ""))
    return [
        side[:9].removesuffix("px") for side in sides if side[:9].removesuffix("px").isdecimal()
    ]

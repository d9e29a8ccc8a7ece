"""Styles that hide: what a reader does not see although it stands in the page."""

import re
from collections.abc import Iterator
from typing import Any

LONGEST_STYLE = 200_000
LONGEST_RULE = 2_000
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)"
    r"|font-size\s*:\s*(?:0(?:\.0+)?(?:px|em|rem|pt|%)?|1px)\s*(?:;|!|$)|filter\s*:\s*opacity\(\s*0%?\s*\)"
    r"|(?:left|top|right|text-indent|margin-left|margin-top)\s*:\s*-\d{3,}(?:\.\d+)?(?:px|em|rem|pt|vw|vh|%)"
    r"|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%|transform\s*:\s*scale\(\s*0\s*\)"
    r"|(?<![\w-])(?:width|height|max-height|max-width)\s*:\s*[01](?:px)?\s*(?:;|!|$)(?=[\s\S]*overflow)"
    r"|overflow\s*:\s*hidden[\s\S]*(?<![\w-])(?:width|height|max-height)\s*:\s*[01](?:px)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"(?<![\w-])color\s*:\s*([^;!]+)", re.IGNORECASE)
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)", re.IGNORECASE)
_BRACE = re.compile(r"[{}]")
_SIMPLE_SELECTOR = re.compile(r"[a-z0-9]*[.#][\w-]+")
_SWITCHED_OFF = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden)\s*(?:;|!important|$)", re.IGNORECASE
)


def hides(style: str, *, for_good: bool = False) -> bool:
    """Say whether declarations hide what they are for; with `for_good`, whether no switch shows it.

    `display: none` and `visibility: hidden` are what scripts switch, as for the panels of tabs.
    """
    style = style[:LONGEST_RULE]
    if for_good:
        style = _SWITCHED_OFF.sub("", style)
    return bool(style) and (bool(_HIDING_STYLE.search(style)) or _has_one_colour(style))


def hiding_names(root: Any) -> frozenset[str]:
    """Return the class and id selectors that the page's own style elements hide things by."""
    found: set[str] = set()
    for style in root.iter("style"):
        for selectors, declarations in _rules((style.text or "")[:LONGEST_STYLE]):
            names = [name for name in map(str.strip, selectors.split(",")) if _is_simple(name)]
            if names and hides(declarations):
                found.update(names)
    return frozenset(found)


def _is_simple(selector: str) -> bool:
    return _SIMPLE_SELECTOR.fullmatch(selector) is not None


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Yield the selectors and declarations of each rule outside of blocks such as `@media print`.

    What is hidden in print or on a narrow screen is shown here. One pass, whatever the text.
    """
    depth, opened, ended = 0, 0, 0
    for brace in _BRACE.finditer(css):
        if brace.group() == "{":
            depth += 1
            opened = brace.end() if depth == 1 else opened
            continue
        if depth == 1:
            yield css[ended : opened - 1], css[opened : min(brace.start(), opened + LONGEST_RULE)]
        depth = max(depth - 1, 0)
        ended = brace.end() if not depth else ended


def _has_one_colour(style: str) -> bool:
    colour, background = _COLOUR.search(style), _BACKGROUND.search(style)
    if not colour:
        return False
    shown = _normal(colour[1])
    return shown in {"transparent", "rgba(0,0,0,0)"} or bool(
        background and shown == _normal(background[1])
    )


def _normal(colour: str) -> str:
    names = {"white": "#ffffff", "black": "#000000", "#fff": "#ffffff", "#000": "#000000"}
    name = "".join(colour.lower().split())
    return names.get(name, name)

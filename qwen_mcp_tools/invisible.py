"""What a reader can't see is taken out of a text; what a script or an emoji needs of it stays.

Hidden characters carry words past the reader's eyes: the tags block spells ASCII, a run of
variation selectors any bytes, bidi controls show a line in another order than it is read in.
"""

import re

MOST_MARKS = 8
"""Marks above and below one letter; scripts need up to six, more only hide what is beneath."""

MOST_VARIANTS = 16
"""Variants of ideographs in one text: names need a few, and more would be a message."""

_CONTROLS = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x9b[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor (ECMA-48)
    # OSC, DCS …: only whole ones, or a stray byte of a misread page would take the rest with it
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])"
    r"[^\x07\x1b\x9c\x9d\x90\x98\x9e\x9f\n]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b(?:[ -/]+[0-~]|[78=>cDEHMNOZ])"  # character sets, resets (ECMA-35, VT100)
    r"|[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_ODD = re.compile(r"[^\n\t -~]")
"""Anything but printable ASCII: text without it, as most code is, needs no further look."""

_NO_CHARACTERS = "\ufdd0-\ufdef\ufffe\uffff" + "".join(
    f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000)
)
# Default_Ignorable_Code_Point and Cf of Unicode 17 without the marks that are seen (U+0600 …),
# blanks that pass for nothing (U+1D159, U+FFFC), and halves of pairs.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a"
    f"\U000e0000-\U000e0fff\ud800-\udfff{_NO_CHARACTERS}]"
)
# Emoji=Yes of Unicode 17 (emoji-data.txt), without digits; the planes above in one piece.
_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf"
    "\u23e9-\u23f3\u23f8-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2604\u260e"
    "\u2611\u2614\u2615\u2618\u261d\u2620\u2622\u2623\u2626\u262a\u262e\u262f\u2638-\u263a\u2640"
    "\u2642\u2648-\u2653\u265f\u2660\u2663\u2665\u2666\u2668\u267b\u267e\u267f\u2692-\u2697\u2699"
    "\u269b\u269c\u26a0\u26a1\u26a7\u26aa\u26ab\u26b0\u26b1\u26bd\u26be\u26c4\u26c5\u26c8\u26ce"
    "\u26cf\u26d1\u26d3\u26d4\u26e9\u26ea\u26f0-\u26f5\u26f7-\u26fa\u26fd\u2702\u2705"
    "\u2708-\u270d\u270f\u2712\u2714\u2716\u271d\u2721\u2728\u2733\u2734\u2744\u2747\u274c\u274e"
    "\u2753-\u2755\u2757\u2763\u2764\u2795-\u2797\u27a1\u27b0\u27bf\u2934\u2935\u2b05-\u2b07"
    "\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_JOINED = (
    "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
)
"""Scripts whose letters join: Arabic and its kin, those of India, Burmese, Khmer."""

_VIRAMA = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002ffef\U00030000-\U0003ffef"
_VARIANT = re.compile(f"(?<=[{_IDEOGRAPHS}])[\ufe00-\ufe02\U000e0100-\U000e010f]")
_FLAG = re.compile(
    "(?<=\U0001f3f4)\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067"
    "|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)\U000e007f"
)
"""England, Scotland, Wales: the only flags that are spelt with tags (emoji-sequences.txt)."""

_MEANT = re.compile(
    # Families, professions (UTS #51): each part may be shown as a picture.
    f"(?:(?<=[{_EMOJI}])|(?<=[{_EMOJI}]\ufe0f))\u200d(?=[{_EMOJI}])"
    f"|(?<=[{_EMOJI}])[\ufe0e\ufe0f]|(?<=[0-9#*])\ufe0f(?=\u20e3)"  # emoji-variation-sequences.txt
    f"|(?<=[{_JOINED}])[\u200c\u200d](?=[{_JOINED}])|(?<=[{_VIRAMA}])\u200d"  # UAX #31
    "|(?<=[\u1820-\u18aa])(?:[\u180b-\u180d\u180f]|\u180e(?=[\u1820-\u18aa]))"  # Mongolian
)
_MARKS = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_FLOOD = re.compile(f"({_MARKS}{{{MOST_MARKS}}}){_MARKS}+")


def without_invisible(text: str) -> str:
    """Return `text` without what can't be seen, its lines ended by LF.

    A lone surrogate, which no JSON can carry, becomes U+FFFD; an empty Braille cell a space.
    """
    if not _ODD.search(text):
        return text
    text = without_escapes(text)
    if text.isascii():
        return text
    kept = {match.start() + at for match in _FLAG.finditer(text) for at in range(6)}
    variants = [match.start() for match in _VARIANT.finditer(text)]
    if len(variants) <= MOST_VARIANTS:
        kept.update(variants)
    text = _INVISIBLE.sub(lambda found: _seen(found, kept), text).replace("\u2800", " ")
    return _FLOOD.sub(r"\1", text)


def without_escapes(text: str) -> str:
    """Return `text` without controls and terminal escapes, its lines ended by LF."""
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text))


def _seen(found: re.Match[str], kept: set[int]) -> str:
    character = found.group()
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    is_meant = found.start() in kept or _MEANT.match(found.string, found.start())
    return character if is_meant else ""

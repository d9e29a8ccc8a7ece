"""Text that would be Markdown by accident: a backslash where it would change the meaning.

Names such as `my_var` and `__init__` stay as they are: a model reads the text, not its rendering.
"""

import re

is_risky = re.compile(r"[<*`\]]").search
"""Says quickly whether a text may need `escaped`."""

_TAG = re.compile(
    r"<(?=/?(?:[abipsu]|(?i:abbr|audio|base|blockquote|body|br|button|code|del|details|div|em|embed"
    r"|font|form|frame|h[1-6]|head|hr|html|iframe|img|input|ins|kbd|li|link|main|meta|object|ol"
    r"|picture|pre|script|section|select|small|source|span|strong|style|sub|summary|sup|svg|table"
    r"|tbody|td|textarea|tfoot|th|thead|title|tr|tt|ul|var|video))\b|!--)"
)
"""Tags that a renderer would obey; one capital letter is rather a type, as in `Vec<A>`."""
_STARS = re.compile(r"(?<![\w*\\])(\*{1,3})(?=[^\s*])([^*\n]*[^\s*])(\*{1,3})(?![\w*])")


def escaped(text: str) -> str:
    """Return `text` with what a renderer would take for a link, a tag or emphasis made plain."""
    if "](" in text or "][" in text:
        text = text.replace("[", "\\[")
    if "<" in text:
        text = _TAG.sub(r"\\<", text)
    if text.count("*") > 1:
        text = _STARS.sub(_plain_stars, text)
    if text.count("`") % 2:
        text = text.replace("`", "\\`")
    return text


def _plain_stars(match: re.Match[str]) -> str:
    opening, inner, closing = match.groups()
    return opening.replace("*", "\\*") + inner + closing.replace("*", "\\*")


def opened(line: str) -> str:
    """Return a line of text that its first characters make no heading, quote or fence."""
    if line[0] in "#>`~=" and re.match(r"#{1,6}(?:\s|$)|>|```|~~~|=+\s*$", line):
        return f"\\{line}"
    return line

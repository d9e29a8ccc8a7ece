"""What the class names of an element say about what it is, in the words that generators share."""

import re
from enum import Enum, auto


class Role(Enum):
    """What an element is, whatever its tag."""

    NONE = auto()
    LEFT_OUT = auto()
    ADMONITION = auto()
    SIGNATURE = auto()
    """The declaration of a function or type: one line of code, however it is marked up."""
    CODE_LINES = auto()
    """A block of code whose lines are elements."""
    FORMULA = auto()
    GRID = auto()
    """A table made of `div` elements, its last column marked."""


_WORDS = {
    Role.LEFT_OUT: (
        "headerlink hash-link header-anchor heading-anchor anchorjs-link mw-editsection copybtn"
        " copy-btn copy-button btn-copy btn-clipboard zeroclipboard-container clipboard-copy"
        " mw-cite-backlink viewcode-link viewcode-back back-to-top footnote-backref fn-backref"
        " line-numbers-wrapper line-numbers-rows"
    ),
    Role.ADMONITION: (
        "admonition admonitionblock theme-admonition custom-block markdown-alert notecard callout"
        " alert note warning tip hint important caution danger attention seealso"
    ),
    Role.SIGNATURE: "sig sig-object member-signature type-signature memname",
    Role.CODE_LINES: "fragment",
    Role.FORMULA: "math arithmatex",
    Role.GRID: "summary-table",
}
_ROLES = {word: role for role, words in _WORDS.items() for word in words.split()}
_NOT_BOXES = frozenset({"alert-dismissible", "alert-heading"})
_KINDS = re.compile(
    r"note|warning|tip|hint|important|caution|danger|attention|info|error|success|deprecated",
    re.IGNORECASE,
)
LONGEST_NAMES = 1000


def role_of(names: str) -> Role:
    """Return the role that a class attribute gives its element."""
    words = names[:LONGEST_NAMES].split()
    if not _NOT_BOXES.isdisjoint(words):
        return Role.NONE
    return next((_ROLES[word] for word in words if word in _ROLES), Role.NONE)


def kind_of_admonition(names: str) -> str:
    """Return the word for what an admonition is, such as `Warning`; empty where it has none."""
    found = _KINDS.search(names[:LONGEST_NAMES])
    return found[0].capitalize() if found else ""


_TITLE = re.compile(r"title|heading|header|summary", re.IGNORECASE)


def is_title(names: str) -> bool:
    """Say whether the class names are those of a box's title."""
    return bool(_TITLE.search(names[:LONGEST_NAMES]))


_PERMALINK = re.compile(r"permalink|anchor|headerlink|hash-link|direct-link", re.IGNORECASE)


def is_permalink(names: str) -> bool:
    """Say whether the class names are those of a link to its own place."""
    return bool(_PERMALINK.search(names[:LONGEST_NAMES]))


_LINE_NUMBER = re.compile(
    r"(?:^|[\s_-])(?:linenos?|linenodiv|line-?numbers?|gutter|blob-num|ln-numbers)(?:$|[\s_-])"
    r"|(?:^|\s)(?:lnt?|ttc|tooltip)(?:$|\s)",
    re.IGNORECASE,
)
_COPY = re.compile(r"(?:^|[\s_-])(?:copy|copybtn|clipboard|zeroclipboard)", re.IGNORECASE)


def is_beside_code(names: str) -> bool:
    """Say whether the class names are those of line numbers, a button to copy or a tooltip."""
    names = names[:LONGEST_NAMES]
    return bool(_LINE_NUMBER.search(names) or _COPY.search(names))

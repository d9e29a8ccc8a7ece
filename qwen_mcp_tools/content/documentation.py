"""Pages of documentation: their generators say where the content is, and all of it counts.

Nothing in what a page marks as its content is left out but what plainly surrounds it: a model's
doubt about a table or an example would cost more than a stray link.
"""

import re
from collections.abc import Callable

from qwen_mcp_tools.content.blocks import Block

LEAST_TEXT = 200
LEAST_SHARE = 0.4
MOST_SHARE = 0.5
"""What holds more of the page's text than that is no mere surrounding, whatever its name."""
NEARLY_ALL = 0.9
FEW = 30
"""A page of any kind with so few blocks of text, nearly all in what is marked, keeps them all."""
SMALL = 1500
"""What is named like a surrounding and holds more text than that must be links to be one."""

_MADE_FOR = re.compile(
    r"\b(?:docusaurus|sphinx|docutils|mkdocs|vitepress|vuepress|docfx|javadoc|doxygen|gitbook"
    r"|antora|asciidoctor|asciidoc|docbook|rustdoc|pdoc|typedoc|jsdoc|mdbook|starlight|nextra|mintlify"
    r"|readme|hevea|texinfo|pandoc|groff|latex2html|yard|rdoc|exdoc|haddock|scaladoc|dokka)\b",
    re.IGNORECASE,
)
_CONTENT = re.compile(
    r"^(?:rst-content|md-content|theme-doc-markdown|vp-doc|markdown-section|mdbook|sphinx-content"
    r"|documentwrapper|bodywrapper|manualcontent|bd-article|furo-main|doc-content|docs-content"
    r"|docmaincontainer|rustdoc|docblock|main-content|contents|page-content|apicontent|sl-markdown"
    r"-content|markdown-body|docs-body|documentation|docs|doc)$",
    re.IGNORECASE,
)
_SURROUNDING = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|sidebar|side-bar|breadcrumbs?|toc|table-of-contents"
    r"|footer|foot|masthead|cookie|consent|gdpr|banner|advert(?:isement)?|ads?|sponsor(?:ed)?|promo"
    r"|share|sharing|social|newsletter|subscribe|signup|related|recommend(?:ed|ations)?|pagination"
    r"|pager|skip-link|skiplink|sr-only|visually-hidden|screen-reader-text|popup|modal|toolbar"
    r"|widget|print-only|edit-this-page|headerlink|site-header|global-header|paywall"
    r"|langlinks|toplang|retired|outofdate|up)(?:$|[\s_-])",
    re.IGNORECASE,
)
_POST = re.compile(
    r"(?:^|[\s_-])(?:post|message|answer|comment|reply|topic|thread)(?:$|[\s_-])", re.IGNORECASE
)
_ADMONITION = re.compile(r"admonition|callout|(?:^|\s)(?:note|warning|tip|hint)(?:\s|$)")
_NAMEABLE = frozenset("div section ul ol p span form table data aside".split())


def documentation_in(blocks: list[Block], generator: str) -> set[Block] | None:
    """Return the blocks of a documentation page's content, `None` if the page is another kind."""
    main = _marked_main(blocks) or _plain_body(blocks)
    if main is None or not (
        _is_all_of_a_small_page(blocks, main)
        or _MADE_FOR.search(generator)
        or _reads_as_documentation(blocks, main)
    ):
        return None
    left_out = surroundings(blocks)
    kept: set[Block] = set()
    for block in blocks:
        if block is main or (block.parent in kept and block not in left_out):
            kept.add(block)
    return kept


def _marked_main(blocks: list[Block]) -> Block | None:
    """Return what the page marks as its content, the most certain mark first."""
    marks: tuple[Callable[[Block], bool], ...] = (_is_main, _is_article, _is_named_content)
    for mark in marks:
        marked = [block for block in blocks[1:] if mark(block)]
        largest = max(marked, key=lambda block: block.size, default=None)
        if largest is not None and _holds_enough(largest, blocks[0].size):
            return largest
    return None


def _is_all_of_a_small_page(blocks: list[Block], main: Block) -> bool:
    return blocks[0].count <= FEW and main.size >= NEARLY_ALL * blocks[0].size


def _plain_body(blocks: list[Block]) -> Block | None:
    """Return the whole of a page that names nothing and has more text than links."""
    named = sum(block.names != " " for block in blocks)
    is_plain = named <= len(blocks) / 20 and blocks[0].linked_size < 0.3 * blocks[0].size
    return blocks[0] if is_plain else None


def _is_main(block: Block) -> bool:
    return block.tag == "main" or block.element.get("role") == "main"


def _is_article(block: Block) -> bool:
    return block.tag == "article" or block.element.get("itemprop") == "articleBody"


def _is_named_content(block: Block) -> bool:
    return any(_CONTENT.match(name) for name in block.names.split())


def _holds_enough(block: Block, whole: int) -> bool:
    return block.size >= min(LEAST_TEXT, whole / 2) and block.size >= whole * LEAST_SHARE


def _reads_as_documentation(blocks: list[Block], main: Block) -> bool:
    """Say whether examples, and headings over them, stand in `main`."""
    examples = sum(block.tag == "pre" for block in blocks)
    if examples < 2 or main.linked_size > main.size / 2:
        return False
    return sum(bool(_POST.search(block.names)) for block in blocks) < 3


def surroundings(blocks: list[Block]) -> set[Block]:
    """Return navigation, banners, share bars and the like."""
    whole = blocks[0].size
    headed: set[Block] = set()
    for block in blocks:
        holder = block if block.tag in {"h1", "h2"} else None
        while holder is not None and holder not in headed:
            headed.add(holder)
            holder = holder.parent
    return {block for block in blocks if _surrounds(block, whole, is_headed=block in headed)}


def _surrounds(block: Block, whole: int, *, is_headed: bool) -> bool:
    if block.tag == "header":
        return not is_headed
    by_kind = block.tag in {"nav", "footer"} or block.element.get("role", "") in {
        "navigation", "banner", "contentinfo", "complementary", "search", "menu",
    }  # fmt: skip
    if not by_kind and not _is_named_so(block):
        return False
    if block.size > MOST_SHARE * whole:
        return False
    return by_kind or block.size < SMALL or block.linked_size > 0.4 * block.size


def _is_named_so(block: Block) -> bool:
    if block.tag not in _NAMEABLE or _ADMONITION.search(block.names):
        return False
    return bool(_SURROUNDING.search(block.names))

"""An element of a page as GitHub-flavoured Markdown, written in one walk over its tree.

`writer` walks and keeps what is written; `elements` says which function writes which element; the
other modules hold these functions, one kind of content each.
"""

from qwen_mcp_tools.content.markdown.addresses import Addresses
from qwen_mcp_tools.content.markdown.elements import HANDLERS
from qwen_mcp_tools.content.markdown.writer import Writer
from qwen_mcp_tools.content.tree import Element


def write_markdown(main: Element, base: str) -> str:
    """Return what is in `main` as Markdown, its addresses absolute from `base`.

    Changes the tree. Time and length grow with the size of the tree only, whatever spans, depths
    and lengths it claims. Pictures are written as `[picture: alt](address)`.
    """
    writer = Writer(Addresses(base), HANDLERS)
    return writer.document(main)

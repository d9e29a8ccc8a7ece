"""A page cut down to chosen blocks, in its own order and structure."""

from qwen_mcp_tools.content.blocks import Block
from qwen_mcp_tools.content.tree import Element, drop


def prune(blocks: list[Block], kept: set[Block]) -> Element:
    """Take all out of the page but the blocks in `kept`; return the least element with all these.

    What has no text, such as a picture, stays where what holds it mostly stays.
    """
    sizes = kept_sizes(blocks, kept)
    for block in reversed(blocks[1:]):
        if sizes[block]:
            _cut_own_text(block, kept)
        elif block.size or block.parent is None or sizes[block.parent] * 2 < block.parent.size:
            drop(block.element)
    _cut_own_text(blocks[0], kept)
    return _least(blocks[0], sizes).element


def kept_sizes(blocks: list[Block], kept: set[Block]) -> dict[Block, int]:
    """Return how many characters of what each block holds are in `kept`."""
    sizes = dict.fromkeys(blocks, 0)
    for block in reversed(blocks):
        if block in kept:
            sizes[block] += len(block.text)
        if block.parent is not None:
            sizes[block.parent] += sizes[block]
    return sizes


def _cut_own_text(block: Block, kept: set[Block]) -> None:
    """Take out the text between the blocks in `block`, if it is not kept."""
    if block in kept or not block.text:
        return
    inner = {child.element for child in block.children}
    block.element.text = None
    for child in list(block.element):
        child.tail = None
        if child not in inner:
            block.element.remove(child)


def _least(block: Block, sizes: dict[Block, int]) -> Block:
    whole = sizes[block]
    while whole:
        holders = [child for child in block.children if sizes[child] == whole]
        if not holders or holders[0].tag in {"p", "a", "li", "tr", "td", "dd"}:
            break
        block = holders[0]
    return block

"""The choice of a page's main content: by its marks on documentation, by a trained judge else."""

from qwen_mcp_tools.content.blocks import Block, blocks_of
from qwen_mcp_tools.content.documentation import documentation_in, surroundings
from qwen_mcp_tools.content.features import Features
from qwen_mcp_tools.content.forest import Forest, forest, worth_keeping
from qwen_mcp_tools.content.page_kind import facts_of, generator_of
from qwen_mcp_tools.content.pruning import kept_sizes, prune
from qwen_mcp_tools.content.tree import Element

MOSTLY = 0.8
"""What is kept by more than that share is kept whole, as far as `_completed` goes."""
LEAST_CHANCE = 0.15
"""Text is doubtful that is less likely content than that."""
_CODE = frozenset({"pre", "data"})


def choose_main(root: Element) -> Element:
    """Return an element of `root` with the page's main content, rid of all else."""
    return choose_with(forest(), root)


def choose_with(judge: Forest, root: Element) -> Element:
    """Choose as another judge than the usual one says."""
    body = root.find("body")
    body = root if body is None else body
    blocks = blocks_of(body)
    if not blocks[0].size:
        return body
    kept = documentation_in(blocks, generator_of(root))
    return prune(blocks, _judged(judge, blocks, root) if kept is None else kept)


def _judged(judge: Forest, blocks: list[Block], root: Element) -> set[Block]:
    features = Features(blocks, facts_of(root))
    groups = features.groups
    likely = [judge.likelihood(features.of(group)) for group in groups]
    places = worth_keeping(likely, [group.size for group in groups])
    kept = {block for place in places for block in groups[place].blocks}
    doubtful = {
        block
        for group, chance in zip(groups, likely, strict=True)
        if chance < LEAST_CHANCE
        for block in group.blocks
    }
    return _completed(blocks, kept, doubtful)


def _completed(blocks: list[Block], kept: set[Block], doubtful: set[Block]) -> set[Block]:
    """Return `kept` and what else stands in what is mostly kept: code and tables of data.

    A page with code is technical: there, all is taken that is not doubtful. An example's caption
    or a parameter's type is worth more there than a stray link costs.
    """
    sizes = kept_sizes(blocks, kept)
    is_technical = any(block.tag == "pre" for block in blocks)
    around = surroundings(blocks) if is_technical else set[Block]()
    whole: set[Block] = set()
    for block in blocks:
        is_within = block.parent in whole or sizes[block] > MOSTLY * block.size
        if is_within and block not in around:
            whole.add(block)
    return kept | {
        block for block in whole if block.tag in _CODE or (is_technical and block not in doubtful)
    }

"""The choice of a page's main content: by its marks on documentation, by a trained judge else."""

from qwen_mcp_tools.content.blocks import Block, blocks_of
from qwen_mcp_tools.content.documentation import documentation_in
from qwen_mcp_tools.content.features import Features
from qwen_mcp_tools.content.forest import Forest, forest, worth_keeping
from qwen_mcp_tools.content.page_kind import facts_of, generator_of
from qwen_mcp_tools.content.pruning import prune
from qwen_mcp_tools.content.tree import Element


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
    return {block for place in places for block in groups[place].blocks}

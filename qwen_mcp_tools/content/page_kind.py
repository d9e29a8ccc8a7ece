"""What a page says of its kind: in its metadata and its generator."""

import re

from qwen_mcp_tools.content.tree import Element

_GENERATORS = {
    "forum": r"discourse|phpbb|vbulletin|xenforo|invision|mybb|smf|flarum|vanilla",
    "documentation": r"docusaurus|sphinx|docutils|mkdocs|hugo|vitepress|docfx|javadoc|doxygen"
    r"|gitbook|antora|jekyll|asciidoctor|docbook|rustdoc|pdoc|typedoc|jsdoc",
    "shop": r"shopify|woocommerce|magento|prestashop",
    "blog": r"wordpress",
}


def facts_of(root: Element) -> dict[str, float]:
    """Return what the page says of its kind, each 0 or 1, by name."""
    graph_type = _contents(root, "property", "og:type")
    generator = generator_of(root)
    return {
        "graph article": "article" in graph_type,
        "graph product": "product" in graph_type,
        "graph website": "website" in graph_type,
        **{f"made for {kind}": bool(re.search(p, generator)) for kind, p in _GENERATORS.items()},
    }


def generator_of(root: Element) -> str:
    """Return the programs that say that they made the page, in lower case."""
    return _contents(root, "name", "generator")


def _contents(root: Element, attribute: str, name: str) -> str:
    found = (meta for meta in root.iter("meta") if meta.get(attribute, "").lower() == name)
    return " ".join((meta.get("content") or "")[:200] for meta in found)[:1000].lower()

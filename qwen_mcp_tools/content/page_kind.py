"""What a page says of its kind: in its metadata, its JSON-LD and its generator."""

import re

from qwen_mcp_tools.content.tree import Element

MOST_JSON = 300_000
_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(\w+)"')
_TYPES = {
    "article": {"Article", "NewsArticle", "BlogPosting", "TechArticle", "Report"},
    "product": {"Product", "ProductGroup"},
    "list": {"ItemList", "CollectionPage", "OfferCatalog"},
    "forum": {"DiscussionForumPosting", "QAPage", "Question"},
    "questions": {"FAQPage"},
    "company": {"Organization", "LocalBusiness", "Service", "Corporation"},
}
_GENERATORS = {
    "forum": r"discourse|phpbb|vbulletin|xenforo|invision|mybb|smf|flarum|vanilla",
    "documentation": r"docusaurus|sphinx|docutils|mkdocs|hugo|vitepress|docfx|javadoc|doxygen"
    r"|gitbook|antora|jekyll|asciidoctor|docbook|rustdoc|pdoc|typedoc|jsdoc",
    "shop": r"shopify|woocommerce|magento|prestashop",
    "blog": r"wordpress",
}


def facts_of(root: Element) -> dict[str, float]:
    """Return what the page says of its kind, each 0 or 1, by name; before scripts are dropped."""
    graph_type = _contents(root, "property", "og:type")
    generator = _contents(root, "name", "generator")
    types = set(_TYPE.findall(_json_ld(root)))
    return {
        "graph article": "article" in graph_type,
        "graph product": "product" in graph_type,
        "graph website": "website" in graph_type,
        **{f"typed {kind}": bool(types & names) for kind, names in _TYPES.items()},
        "typed": bool(types),
        **{f"made for {kind}": bool(re.search(p, generator)) for kind, p in _GENERATORS.items()},
    }


def _contents(root: Element, attribute: str, name: str) -> str:
    found = (meta for meta in root.iter("meta") if meta.get(attribute, "").lower() == name)
    return " ".join((meta.get("content") or "")[:200] for meta in found)[:1000].lower()


def _json_ld(root: Element) -> str:
    scripts = root.iter("script")
    texts = [each.text or "" for each in scripts if "ld+json" in (each.get("type") or "").lower()]
    return " ".join(texts)[:MOST_JSON]

"""The choice of a page's main content: by its structure, and by its text where that is silent."""

import re

from qwen_mcp_tools.content.tree import Element, drop, text_of

LEAST_TEXT = 200
"""An element with less text is no page's main content unless the page has little itself."""

LEAST_SHARE = 0.4

_MARKED = (
    "//main", "//*[@role='main']", "//article", "//*[@itemprop='articleBody']",
)  # fmt: skip
_NAMED = re.compile(
    r"^(?:markdown-body|rst-content|md-content|theme-doc-markdown|mw-parser-output|mw-content-text"
    r"|entry-content|post-content|article-content|article-body|article__body|post-body|story-body"
    r"|main-content|maincontent|page-content|body-content|content-body|content|main|documentwrapper)$",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|sidebar|side-bar|breadcrumbs?|toc|table-of-contents"
    r"|footer|foot|masthead|cookie|consent|gdpr|banner|advert(?:isement)?|ads?|sponsor(?:ed)?|promo"
    r"|share|sharing|social|newsletter|subscribe|signup|related|recommend(?:ed|ations)?|pagination"
    r"|pager|skip-link|skiplink|sr-only|visually-hidden|screen-reader-text|popup|modal|toolbar"
    r"|widget|print-only|edit-this-page|headerlink|site-header|global-header|paywall)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ALWAYS_OUT = frozenset({"nav", "footer"})
_CONTAINERS = frozenset("div section ul ol p span form table aside".split())
_OUT_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "menu"})
MOST_SHARE = 0.5
"""What holds more of the page's text than that is no mere surrounding, whatever its name."""


def choose_main(root: Element) -> Element:
    """Return the element with the page's main content, rid of what only surrounds it."""
    body = root.find("body")
    body = root if body is None else body
    _strip(body)
    marked = _marked(body, len(text_of(body)))
    return body if marked is None else marked


def _marked(body: Element, whole: int) -> Element | None:
    """Return what the page itself marks as its content, if that holds enough of its text."""
    for path in _MARKED:
        found = body.xpath(f".{path}")
        if len(found) == 1 and _holds_enough(found[0], whole):
            return found[0]
        if len(found) > 1 and path == "//article":
            return _one_of_several(found, whole)
    for element in body.iter("div", "section", "td"):
        names = f"{element.get('id', '')} {element.get('class', '')}".split()
        if any(_NAMED.match(name) for name in names) and _holds_enough(element, whole):
            return element
    return None


def _one_of_several(articles: list[Element], whole: int) -> Element | None:
    """Return the one article that outweighs the rest, or what holds them all, as in a thread."""
    sizes = [len(text_of(article)) for article in articles]
    largest = max(range(len(sizes)), key=sizes.__getitem__)
    if sizes[largest] > 0.6 * sum(sizes) and sizes[largest] > LEAST_TEXT:
        return articles[largest]
    shared = _common_ancestor(articles)
    return shared if shared is not None and _holds_enough(shared, whole) else None


def _common_ancestor(elements: list[Element]) -> Element | None:
    first, *others = ([*each.iterancestors()][::-1] for each in elements)
    shared = None
    for at, ancestor in enumerate(first):
        if all(at < len(other) and other[at] is ancestor for other in others):
            shared = ancestor
    return shared


def _holds_enough(element: Element, whole: int) -> bool:
    size = len(text_of(element))
    return size >= min(LEAST_TEXT, whole * 0.5) and size >= whole * LEAST_SHARE


def _strip(body: Element) -> None:
    """Drop navigation, banners, share bars and the like inside `body`."""
    whole = len(text_of(body))
    for each in list(body.iterdescendants()):
        if isinstance(each.tag, str) and _is_boilerplate(each, whole):
            drop(each)


def _is_boilerplate(element: Element, whole: int) -> bool:
    if element.tag == "header":
        return element.find(".//h1") is None and element.find(".//h2") is None
    by_kind = element.tag in _ALWAYS_OUT or element.get("role", "") in _OUT_ROLES
    if not by_kind and not _is_named_so(element):
        return False
    size = len(text_of(element))
    is_large = size > MOST_SHARE * whole
    return not is_large and (by_kind or size < 1500 or link_share(element, size) > 0.4)


def _is_named_so(element: Element) -> bool:
    if element.tag not in _CONTAINERS or _is_admonition(element):
        return False
    return bool(_BOILERPLATE.search(f"{element.get('class', '')} {element.get('id', '')}"))


def _is_admonition(element: Element) -> bool:
    return bool(
        re.search(
            r"admonition|callout|(?:^|\s)(?:note|warning|tip|hint)(?:\s|$)",
            element.get("class", ""),
        )
    )


def link_share(element: Element, size: int) -> float:
    """Return which share of the text in `element`, `size` characters long, is links."""
    return sum(len(text_of(link)) for link in element.iter("a")) / max(size, 1)

"""A web page as Markdown: its main content only, as a reader sees it."""

from dataclasses import dataclass
from urllib.parse import urljoin

from qwen_mcp_tools.content.main_content import choose_main
from qwen_mcp_tools.content.markdown import write_markdown
from qwen_mcp_tools.content.reveal import reveal
from qwen_mcp_tools.content.tree import Element, drop_unseen, parse, text_of

NEARLY_EMPTY = 200
"""With less text than that and scripts, a page makes its text with JavaScript."""


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """What a page says, and about itself; facts that it does not give are empty."""

    title: str
    markdown: str
    language: str
    canonical: str
    published: str
    needs_javascript: bool


def to_markdown(html: str, url: str) -> str:
    """Return the main content of a page as Markdown, its links absolute from `url`.

    Code, tables, headings and lists are kept; what surrounds the content and what is hidden in
    the page is not. Pictures become ordinary links. Never raises for any text.
    """
    return read_html(html, url).markdown


def read_html(html: str, url: str) -> HtmlPage:
    """Return the main content of a page as Markdown, and what the page says about itself."""
    root = parse(html)
    if root is None:
        return HtmlPage("", "", "", "", "", needs_javascript=False)
    has_script = next(root.iter("script"), None) is not None
    title, language, canonical = _title(root), root.get("lang", ""), _canonical(root, url)
    published, base = _published(root), _base(root, url)
    reveal(root)
    drop_unseen(root)
    everything = len(text_of(root))
    markdown = write_markdown(choose_main(root), base)
    if len(markdown) < NEARLY_EMPTY < everything / 2:
        # The choice went wrong: better the whole page than next to nothing of it.
        markdown = write_markdown(_whole(html), base)
    return HtmlPage(
        title=title,
        markdown=markdown,
        language=language,
        canonical=canonical,
        published=published,
        needs_javascript=has_script and everything < NEARLY_EMPTY,
    )


def _whole(html: str) -> Element:
    root: Element = parse(html)
    reveal(root)
    drop_unseen(root)
    body = root.find("body")
    return root if body is None else body


def _title(root: Element) -> str:
    named = root.xpath("//meta[@property='og:title']/@content")
    title = root.find(".//title")
    text = text_of(title) if title is not None else ""
    return text or " ".join(str(named[0]).split() if named else [])


def _canonical(root: Element, url: str) -> str:
    found = root.xpath("//link[@rel='canonical']/@href")
    return urljoin(url, str(found[0]).strip()) if found else ""


def _base(root: Element, url: str) -> str:
    found = root.xpath("//base/@href")
    return urljoin(url, str(found[0]).strip()) if found else url


def _published(root: Element) -> str:
    found = root.xpath(
        "//meta[@property='article:published_time' or @name='date' or @itemprop='datePublished']"
        "/@content | //time[@itemprop='datePublished']/@datetime"
    )
    return str(found[0])[:10] if found else ""

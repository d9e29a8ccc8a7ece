"""A query in Brave's words: its own codes of languages and countries, pages from 0."""

from qwen_mcp_tools.errors import UpstreamError
from qwen_mcp_tools.search.brave_errors import NAME
from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.search.shortening import MOST_CHARACTERS, MOST_WORDS

_SPANS = {"day": "pd", "week": "pw", "month": "pm", "year": "py"}
_LANGUAGES = frozenset(
    "ar eu bn bg ca zh-hans zh-hant hr cs da nl en en-gb et fi fr gl de el gu he hi hu is it jp kn "
    "ko lv lt ms ml mr nb pl pt-br pt-pt pa ro ru sr sk sl es sv ta te th tr uk vi".split()
)
_ODD_LANGUAGES = {
    "ja": "jp",
    "zh": "zh-hans",
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "zh-mo": "zh-hant",
    "pt": "pt-br",
    "no": "nb",
    "nn": "nb",
}
"""Where Brave's codes are not the usual ones."""

_COUNTRIES = frozenset(
    "AR AU AT BE BR CA CL DK FI FR DE GR HK IN ID IT JP KR MY MX NL NZ NO CN PL PT PH RU SA ZA ES "
    "SE CH TW TR GB US ALL".split()
)


def parameters(query: Query) -> dict[str, str | int]:
    """Return what `/web/search` is asked with.

    Raises:
        UpstreamError: The text and the sites are longer than Brave takes.
    """
    asked: dict[str, str | int] = {
        "q": _text(query),
        "count": query.count,
        "offset": query.page - 1,  # a page's number, not a result's
        "text_decorations": "false",
        "extra_snippets": "true",
    }
    language = _language(query)
    if language:
        asked["search_lang"] = language
    if query.country:
        asked["country"] = query.country_code if _has_country(query) else "ALL"
    if query.freshness:
        asked["freshness"] = _SPANS.get(query.freshness, query.freshness.replace("..", "to"))
    return asked


def notes(query: Query) -> tuple[str, ...]:
    """Return what Brave's own codes have no word for."""
    told: list[str] = []
    if query.language and not _language(query):
        told.append(f"Brave knows no language {query.language}; its default was used")
    if query.country and not _has_country(query):
        told.append(f"Brave knows no country {query.country_code}; the whole world was searched")
    return tuple(told)


def _text(query: Query) -> str:
    text = query.text_with_sites
    if len(text) > MOST_CHARACTERS or len(text.split()) > MOST_WORDS:
        raise UpstreamError(
            NAME,
            f"takes at most {MOST_CHARACTERS} characters and {MOST_WORDS} words, sites included",
            "name fewer sites",
        )
    return text


def _has_country(query: Query) -> bool:
    return query.country_code in _COUNTRIES


def _language(query: Query) -> str:
    known = (_ODD_LANGUAGES.get(code, code) for code in (query.language_tag, query.base_language))
    return next((code for code in known if code in _LANGUAGES), "")

"""A query in Google's words, for those who sell or give Google's results."""

from qwen_mcp_tools.search.dates import days_of
from qwen_mcp_tools.search.query import Query

_LANGUAGES = frozenset(
    "ar bg ca cs da de el en es et fi fr hr hu id is it iw ja ko lt lv nl no pl pt ro ru sk sl sr "
    "sv tr zh-CN zh-TW".split()
)
"""What results can be restricted to (Custom Search JSON API, parameter `lr`)."""

_ODD = {
    "he": "iw",
    "nb": "no",
    "nn": "no",
    "zh": "zh-CN",
    "zh-hans": "zh-CN",
    "zh-cn": "zh-CN",
    "zh-sg": "zh-CN",
    "zh-hant": "zh-TW",
    "zh-tw": "zh-TW",
    "zh-hk": "zh-TW",
    "zh-mo": "zh-TW",
}


def google_language(query: Query) -> str:
    """Return Google's code of the query's language, empty where it has none."""
    codes = (_ODD.get(tag, tag) for tag in (query.language_tag, query.base_language))
    return next((code for code in codes if code in _LANGUAGES), "")


def google_country(query: Query) -> str:
    """Return Google's code of the country; empty for all of them."""
    code = query.country_code.lower()
    return {"gb": "uk", "all": ""}.get(code, code)


def google_range(query: Query) -> tuple[str, str] | None:
    """Return the first and last day of a range in the form of 20260630; None for a span or none."""
    if ".." not in query.freshness:
        return None
    first, last = days_of(query.freshness)
    return f"{first:%Y%m%d}", f"{last:%Y%m%d}"


def unmet(query: Query) -> tuple[str, ...]:
    """Return the arguments that Google has no code for."""
    return () if not query.language or google_language(query) else ("language",)

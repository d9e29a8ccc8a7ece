"""DuckDuckGo's regions, `country-language`, in its own codes (duckduckgo.com/params, `kl`)."""

from qwen_mcp_tools.search.query import Query
from qwen_mcp_tools.search.scripts import TRADITIONAL

_REGIONS = (
    "us-en de-de fr-fr es-es pt-pt it-it nl-nl se-sv xa-ar tw-tzh hk-tzh cn-zh jp-jp kr-kr ru-ru "
    "pl-pl tr-tr uk-en ar-es au-en at-de be-fr be-nl br-pt bg-bg ca-en ca-fr cl-es co-es hr-hr "
    "cz-cs dk-da ee-et fi-fi gr-el hu-hu in-en id-id ie-en il-he lv-lv lt-lt my-ms my-en mx-es "
    "nz-en no-no pe-es ph-en ph-tl ro-ro sg-en sk-sk sl-sl za-en ch-de ch-fr ch-it th-th ua-uk "
    "vn-vi"
).split()
"""Where a language or a country has several, its main one stands first."""

_COUNTRIES = {"gb": "uk", "si": "sl"}
_LANGUAGES = {"ja": "jp", "ko": "kr", "nb": "no", "nn": "no"}


def region_of(query: Query) -> str:
    """Return the region that fits the language and country asked for; empty where none does."""
    country, language = _codes(query)
    return _first(country, language) or (_first(country, "") if country else "")


def unmet(query: Query) -> tuple[str, ...]:
    """Return the arguments that the region does not meet."""
    if query.country_code == "ALL" and not query.language:
        return ()
    country, language = _codes(query)
    there, _, spoken = region_of(query).partition("-")
    is_met = {"country": country in {"", there}, "language": language == spoken}
    return tuple(name for name in query.wishes("language", "country") if not is_met[name])


def _codes(query: Query) -> tuple[str, str]:
    """Return the country and the language in DuckDuckGo's codes, empty where none is wished for."""
    language, _, place = query.language_tag.partition("-")
    country = (query.country or (place if len(place) == 2 else "")).lower()
    if query.country.lower() == "all":
        country = ""
    country = _COUNTRIES.get(country, country)
    language = _LANGUAGES.get(language, language)
    if language == "zh" and (place or country) in {*TRADITIONAL, "hant"}:
        language = "tzh"
    return country, language


def _first(country: str, language: str) -> str:
    if not country and not language:
        return ""
    for region in _REGIONS:
        there, _, spoken = region.partition("-")
        if (not country or there == country) and (not language or spoken == language):
            return region
    return ""

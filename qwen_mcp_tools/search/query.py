"""What is looked for, and the checks that a tool's arguments pass."""

import re
from dataclasses import dataclass, replace
from datetime import date

from qwen_mcp_tools.search.addresses import host_of, in_ascii
from qwen_mcp_tools.search.dates import SPANS
from qwen_mcp_tools.search.scripts import TRADITIONAL, language_of
from qwen_mcp_tools.search.shortening import shortened

_RANGE = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", re.ASCII)
_DOMAIN = re.compile(r"-?(?:[\w-]+\.)+[\w-]+(?::[0-9]+)?", re.ASCII)
_SPELLED = re.compile(r"(-?)(?:https?://)?(?:\*?\.)?([^/?#:]*)([^/?#]*).*", re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{4}(?=[-_]))?(?:[-_][A-Za-z]{2,4})?")
_COUNTRY = re.compile(r"[A-Za-z]{2}|all|ALL")


@dataclass(frozen=True, slots=True)
class Query:
    """A search, in nobody's dialect; each engine translates it."""

    text: str
    count: int = 10
    page: int = 1
    freshness: str = ""
    """"day", "week", "month", "year", "2026-01-01..2026-06-30", or empty."""
    sites: tuple[str, ...] = ()
    without_sites: tuple[str, ...] = ()
    language: str = ""
    country: str = ""
    is_cut: bool = False
    """Whether the text is only a part of what was given, which was too long."""
    is_bare: bool = False
    """Whether not even the script of the text is to tell its language."""

    @property
    def site_operators(self) -> str:
        """The sites as `site:` operators, which most engines understand."""
        kept = " OR ".join(f"site:{site}" for site in self.sites)
        left_out = " ".join(f"-site:{site}" for site in self.without_sites)
        return " ".join(part for part in (kept, left_out) if part)

    @property
    def text_with_sites(self) -> str:
        """The text and the `site:` operators."""
        return f"{self.text} {self.site_operators}".strip()

    @property
    def language_tag(self) -> str:
        """The language in small letters with a hyphen, "zh-cn": the one asked for, or the text's.

        Empty where none is asked for and the script of the text belongs to many languages.
        """
        spoken = self.language or ("" if self.is_bare else language_of(self.text))
        return _shortest(spoken.lower().replace("_", "-"))

    @property
    def base_language(self) -> str:
        """The language without a region: "zh"."""
        return self.language_tag.partition("-")[0]

    @property
    def country_code(self) -> str:
        """The country in capitals, "GB" for "UK" (ISO 3166); "ALL" for the whole world."""
        code = self.country.upper()
        return "GB" if code == "UK" else code

    def within_limits(self) -> "Query":
        """Return the query with as much of its text as engines take."""
        text = shortened(self.text, self.site_operators)
        return self if text == self.text else replace(self, text=text, is_cut=True)

    def without_filters(self) -> "Query":
        """Return the query without all that an engine takes as a parameter."""
        has_language = bool(self.language_tag)
        return replace(self, freshness="", language="", country="", is_bare=has_language)

    def wishes(self, *names: str) -> tuple[str, ...]:
        """Return those of the arguments `names` that are set."""
        return tuple(name for name in names if getattr(self, name))

    def wants(self, url: str) -> bool:
        """Say whether `url` is on the sites to keep, and on none of those to leave out."""
        host = host_of(url)
        if any(is_on(host, site) for site in self.without_sites):
            return False
        return not self.sites or any(is_on(host, site) for site in self.sites)


def _shortest(tag: str) -> str:
    """Return a tag of two parts at most: of Chinese, the script counts where the place differs."""
    language, *script, place = tag.split("-") if tag.count("-") == 2 else (tag, "")
    if not script:
        return tag
    is_kept = language == "zh" and (place in TRADITIONAL) != (script == ["hant"])
    return f"{language}-{script[0] if is_kept else place}"


def is_on(host: str, site: str) -> bool:
    """Say whether `host`, perhaps with a port, is `site` or below it."""
    name = host if ":" in site else host.partition(":")[0]
    return name == site or name.endswith(f".{site}")


def check_text(text: str) -> str:
    """Return `text` if an engine takes it."""
    if not text.strip():
        raise ValueError("must not be empty")
    return " ".join(text.split())


def check_freshness(text: str) -> str:
    """Return `text` if it is one of the spans or a range of days in order."""
    if text in {"", *SPANS}:
        return text
    days = _RANGE.fullmatch(text)
    try:
        in_order = bool(days) and date.fromisoformat(days[1]) <= date.fromisoformat(days[2])
    except ValueError:
        in_order = False
    if not in_order:
        raise ValueError(
            'must be "day", "week", "month", "year" or a range such as "2026-01-01..2026-06-30"'
        )
    return text


def check_sites(text: str) -> str:
    """Return `text` if it is a comma list of domains, each perhaps with a minus before it."""
    if not all(_DOMAIN.fullmatch(name) for name in _names(text)):
        raise ValueError('must be domains such as "docs.python.org,-pinterest.com"')
    return text


def check_language(text: str) -> str:
    """Return `text` if it is a language code."""
    if text and not _LANGUAGE.fullmatch(text):
        raise ValueError('must be a language code such as "en" or "zh-CN"')
    return text


def check_country(text: str) -> str:
    """Return `text` if it is a country code."""
    if text and not _COUNTRY.fullmatch(text):
        raise ValueError('must be a country code such as "US" or "CN"')
    return text


def sites_of(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the domains to keep and those to leave out, each once."""
    names = list(dict.fromkeys(_names(text)))
    kept = tuple(name for name in names if not name.startswith("-"))
    return kept, tuple(name[1:] for name in names if name.startswith("-"))


def _names(text: str) -> list[str]:
    # A model writes "https://docs.python.org/3/" or "*.python.org" for a domain now and then.
    found = (_SPELLED.fullmatch(name.strip().lower()) for name in text.split(","))
    parts = [each.groups() for each in found if each and each[0]]
    return [f"{sign}{in_ascii(host)}{port}" for sign, host, port in parts]

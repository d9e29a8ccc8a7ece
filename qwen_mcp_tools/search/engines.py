"""The engines: one line each, in the order in which they are asked when nothing else is set."""

from collections.abc import Callable
from dataclasses import dataclass

from qwen_mcp_tools.errors import MissingKeyError, SettingError
from qwen_mcp_tools.search.bailian import Bailian
from qwen_mcp_tools.search.brave import Brave
from qwen_mcp_tools.search.duckduckgo import DuckDuckGo
from qwen_mcp_tools.search.engine import Engine
from qwen_mcp_tools.search.google import Google
from qwen_mcp_tools.search.mdn import Mdn
from qwen_mcp_tools.search.open_sources import OpenSources
from qwen_mcp_tools.search.searxng import SearXng
from qwen_mcp_tools.search.serper import Serper
from qwen_mcp_tools.search.stackexchange import StackExchange
from qwen_mcp_tools.search.wikipedia import Wikipedia
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.http import ServiceClient
from qwen_mcp_tools.upstream.remote_tools import RemoteTools

Make = Callable[[Settings, ServiceClient], Engine]


def _brave(settings: Settings, client: ServiceClient) -> Engine:
    if settings.brave_api_key is None:
        raise MissingKeyError("BRAVE_API_KEY", "Searching with Brave")
    return Brave(client, settings.brave_api_base_url, settings.brave_api_key)


def _google(settings: Settings, client: ServiceClient) -> Engine:
    key, engine_id = settings.google_api_key, settings.google_cse_id
    if key is None or not engine_id:
        raise MissingKeyError("GOOGLE_API_KEY with GOOGLE_CSE_ID", "Searching with Google")
    return Google(client, settings.google_api_base_url, key, engine_id)


def _serper(settings: Settings, client: ServiceClient) -> Engine:
    if settings.serper_api_key is None:
        raise MissingKeyError("SERPER_API_KEY", "Searching with Serper")
    return Serper(client, settings.serper_api_base_url, settings.serper_api_key)


def _bailian(settings: Settings, client: ServiceClient) -> Engine:
    key = settings.dashscope_api_key
    if key is None or key.reveal().startswith(PLAN_KEY):
        raise MissingKeyError("a pay-as-you-go DASHSCOPE_API_KEY", "Searching with Bailian")
    return Bailian(RemoteTools(client).call, settings.bailian_search_url, key)


def _searxng(settings: Settings, client: ServiceClient) -> Engine:
    if not settings.searxng_url:
        raise MissingKeyError("SEARXNG_URL", "Searching with SearXNG")
    return SearXng(client, settings.searxng_url)


def _open_sources(settings: Settings, client: ServiceClient) -> Engine:
    return OpenSources(
        (
            StackExchange(client, settings.stackexchange_api_url),
            Mdn(client, settings.mdn_url),
            Wikipedia(client, settings.wikipedia_url),
        )
    )


ENGINES: dict[str, Make] = {
    "brave": _brave,
    "google": _google,
    "serper": _serper,
    "bailian": _bailian,
    "searxng": _searxng,
    "duckduckgo": lambda settings, client: DuckDuckGo(client, settings.duckduckgo_url),
    "open": _open_sources,
    "stackexchange": lambda settings, client: StackExchange(client, settings.stackexchange_api_url),
    "mdn": lambda settings, client: Mdn(client, settings.mdn_url),
    "wikipedia": lambda settings, client: Wikipedia(client, settings.wikipedia_url),
}
USUAL = ("brave", "google", "serper", "bailian", "searxng", "duckduckgo", "open")
PLAN_KEY = "sk-sp-"
"""How a Coding Plan's key begins, which Bailian's search does not accept."""


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines to ask, in order."""

    asked: tuple[Engine, ...]
    left_out: tuple[MissingKeyError, ...] = ()
    """Why some that were asked for by name are not among them."""


def configured_engines(settings: Settings, client: ServiceClient) -> Engines:
    """Return the engines of QWEN_MCP_SEARCH, or of the usual ones those that have their key.

    Raises:
        MissingKeyError: No engine remains.
    """
    named = tuple(dict.fromkeys(map(str.lower, settings.search_engines)))
    engines: list[Engine] = []
    missing: list[MissingKeyError] = []
    for name in named or USUAL:
        try:
            engines.append(ENGINES[name](settings, client))
        except MissingKeyError as error:
            missing.append(error)
    if missing and not engines:
        raise missing[0]
    return Engines(tuple(engines), tuple(missing) if named else ())


def check_names(names: tuple[str, ...]) -> None:
    """Return if all of `names` are engines.

    Raises:
        SettingError: One is none.
    """
    if not {name.lower() for name in names} <= set(ENGINES):
        raise SettingError(f"QWEN_MCP_SEARCH takes names of {', '.join(ENGINES)}")

"""The engines: one line each, in the order in which they are asked when nothing else is set."""

from collections.abc import Callable
from dataclasses import dataclass

from qwen_mcp_tools.errors import MissingKeyError, SettingError
from qwen_mcp_tools.search.brave import Brave
from qwen_mcp_tools.search.duckduckgo import DuckDuckGo
from qwen_mcp_tools.search.engine import Engine
from qwen_mcp_tools.search.mdn import Mdn
from qwen_mcp_tools.search.open_sources import OpenSources
from qwen_mcp_tools.search.stackexchange import StackExchange
from qwen_mcp_tools.search.wikipedia import Wikipedia
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.http import ServiceClient

Make = Callable[[Settings, ServiceClient], Engine]


def _brave(settings: Settings, client: ServiceClient) -> Engine:
    if settings.brave_api_key is None:
        raise MissingKeyError("BRAVE_API_KEY", "Searching with Brave")
    return Brave(client, settings.brave_api_base_url, settings.brave_api_key)


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
    "duckduckgo": lambda settings, client: DuckDuckGo(client, settings.duckduckgo_url),
    "open": _open_sources,
    "stackexchange": lambda settings, client: StackExchange(client, settings.stackexchange_api_url),
    "mdn": lambda settings, client: Mdn(client, settings.mdn_url),
    "wikipedia": lambda settings, client: Wikipedia(client, settings.wikipedia_url),
}
USUAL = ("brave", "duckduckgo", "open")


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

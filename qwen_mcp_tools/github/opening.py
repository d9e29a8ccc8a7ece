"""GitHub as the settings describe it."""

from collections.abc import Generator
from contextlib import contextmanager

from qwen_mcp_tools.github.code.grep_app import GrepApp
from qwen_mcp_tools.github.code.legacy import LegacySearch
from qwen_mcp_tools.github.code.search import CodeSearch
from qwen_mcp_tools.github.code.searchcode import Searchcode
from qwen_mcp_tools.github.file_hosts import FileHosts
from qwen_mcp_tools.github.github import GitHub
from qwen_mcp_tools.github.hosts import hosts_of
from qwen_mcp_tools.github.rest.api import Api
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.http import ServiceClient
from qwen_mcp_tools.upstream.remote_tools import RemoteTools


@contextmanager
def open_github(settings: Settings, services: ServiceClient) -> Generator[GitHub]:
    """Yield GitHub; its connections are made when needed and closed at the end of the block."""
    hosts = hosts_of(settings)
    api = Api(hosts.api, services.routes, settings.github_token)
    code = CodeSearch(
        LegacySearch(api, hosts.web) if api.has_token else None,
        Searchcode(services, settings.searchcode_url, hosts.web),
        GrepApp(RemoteTools(services).call, settings.grep_app_url),
        is_public=hosts.is_github_com,
    )
    try:
        yield GitHub(hosts, api, FileHosts(services, hosts), code)
    finally:
        api.close()

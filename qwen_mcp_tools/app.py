"""What all calls share, opened once a process by whoever serves."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from qwen_mcp_tools.github.github import GitHub
from qwen_mcp_tools.github.opening import open_github
from qwen_mcp_tools.redactor import Redactor
from qwen_mcp_tools.search.finder import Finder, open_finder
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.http import open_clients
from qwen_mcp_tools.vision.describer import Describer
from qwen_mcp_tools.web.reader import Reader


@dataclass(frozen=True, slots=True)
class App:
    """The settings, and one object a subject: what a tool asks."""

    settings: Settings
    redact: Redactor
    search: Finder
    web: Reader
    github: GitHub
    vision: Describer
    client: str = ""
    """The MCP client that makes this call, e.g. `claude-code/2.1.330`; empty where not known."""

    def asked_by(self, client: str) -> "App":
        """Return the same for a call of `client`."""
        return replace(self, client=client)


@asynccontextmanager
async def open_app(settings: Settings, *, local_files: bool = False) -> AsyncGenerator[App]:
    """Open the shared clients and caches; they are closed at the end of the block.

    `local_files` says that the one who calls works on this machine: pictures of the working
    directory may be sent then. Over HTTP it would be the server's disk.
    """
    async with open_clients(settings) as (services, pages):
        with open_github(settings, services) as github:
            yield App(
                settings=settings,
                redact=Redactor(settings.secrets()),
                search=open_finder(settings, services),
                web=Reader(pages, settings),
                vision=Describer(services, pages, settings, local_files=local_files),
                github=github,
            )

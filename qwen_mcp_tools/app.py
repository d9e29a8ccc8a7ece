"""What all calls share, opened once a process by whoever serves."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from qwen_mcp_tools.github.github import GitHub
from qwen_mcp_tools.github.opening import open_github
from qwen_mcp_tools.redactor import Redactor
from qwen_mcp_tools.search.finder import Finder, open_finder
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.http import open_clients
from qwen_mcp_tools.web.reader import Reader


@dataclass(frozen=True, slots=True)
class App:
    """The settings, and one object a subject: what a tool asks."""

    settings: Settings
    redact: Redactor
    search: Finder
    web: Reader
    github: GitHub


@asynccontextmanager
async def open_app(settings: Settings) -> AsyncGenerator[App]:
    """Open the shared clients and caches; they are closed at the end of the block."""
    async with open_clients(settings) as (services, pages):
        with open_github(settings, services) as github:
            yield App(
                settings=settings,
                redact=Redactor(settings.secrets()),
                search=open_finder(settings, services),
                web=Reader(pages, settings),
                github=github,
            )

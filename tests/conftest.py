"""What most tests start from: the stand-ins on loopback, and a client of the server in memory."""

import os
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import hypothesis
import pytest
from mcp.client import Client

from qwen_mcp_tools.app import open_app
from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.server import create_server
from qwen_mcp_tools.settings import Settings

# On a developer's machine each run tries other examples; a landing does not depend on luck.
# Neither depends on how fast the machine is.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.register_profile(
    "fuzz",
    deadline=None,
    max_examples=5_000,
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "here")
)

Connect = Callable[..., AbstractAsyncContextManager["Caller"]]


class Caller:
    """A connected client that hands back texts."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def __call__(self, tool: str, **arguments: Any) -> str:
        """Return the text of an answer that is no error."""
        result = await self.client.call_tool(tool, arguments)
        text = text_of(result)
        assert not result.is_error, text
        return text

    async def failure(self, tool: str, **arguments: Any) -> str:
        """Return the text of an error, which is one line."""
        result = await self.client.call_tool(tool, arguments)
        text = text_of(result)
        assert result.is_error, text
        assert "\n" not in text
        return text


def text_of(result: Any) -> str:
    (part,) = result.content
    assert result.structured_content is None
    return part.text


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="write the snapshots anew")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With STRICT=1 a skipped test has failed: there, everything that it needs can be had."""
    report = yield
    if report.skipped and os.environ.get("STRICT") == "1":
        report.outcome = "failed"
    return report


@pytest.fixture
def record(request: pytest.FixtureRequest) -> bool:
    """Whether a snapshot is to be written instead of only compared."""
    return request.config.getoption("record")


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Servers that the tests start keep nothing in the user's own folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QWEN_MCP_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture(params=["auto", "legacy"], ids=["2026-07-28", "2025-11-25"])
def era(request: pytest.FixtureRequest) -> str:
    """The mode of the client: each protocol era in turn."""
    return request.param


@pytest.fixture
def connect(sandbox: Sandbox) -> Connect:
    """Connect a client to a server whose upstreams are the stand-ins.

    `connect(mode="legacy", BRAVE_API_KEY="")`: variables win over the sandbox's.
    """

    @asynccontextmanager
    async def connected(mode: str = "auto", **variables: str) -> AsyncGenerator[Caller]:
        settings = Settings.from_env({**sandbox.settings(), **variables})
        async with (
            open_app(settings, local_files=True) as app,
            Client(create_server(app), mode=mode, raise_exceptions=True) as client,
        ):
            yield Caller(client)

    return connected

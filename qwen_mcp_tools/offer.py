"""OfferedTool: the one place that every call passes, arguments in, text or one-line error out."""

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import anyio
from mcp import types

from qwen_mcp_tools.app import App
from qwen_mcp_tools.arguments import Arguments
from qwen_mcp_tools.errors import DeadlineError, ToolFailure
from qwen_mcp_tools.text import Reply, clean, one_line
from qwen_mcp_tools.upstream.doing import Doing, watched

ToolFunction = Callable[..., Awaitable[Reply]]
"""`async def name(app, …) -> Reply`: its name, signature and docstring are the offer."""

Progress = Callable[[float, float | None, str | None], Awaitable[None]]
"""Tells the client how far a call is: seconds so far, seconds at most, a message."""

FIRST_PROGRESS_SECONDS = 2.0
PROGRESS_SECONDS = 5.0
USUAL_SECONDS = 30.0
LONGEST_ERROR = 600

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OfferedTool:
    """A tool as a client sees it, and the function behind it."""

    function: ToolFunction
    arguments: Arguments
    declaration: types.Tool
    seconds: float = USUAL_SECONDS
    """What a call may take where QWEN_MCP_TIMEOUT is not set."""

    @classmethod
    def of(
        cls,
        function: ToolFunction,
        *,
        title: str,
        idempotent: bool = True,
        always_load: bool = False,
        seconds: float = USUAL_SECONDS,
    ) -> "OfferedTool":
        """Return the tool that `function` is.

        `idempotent=False` keeps a client from repeating a call that costs the user something;
        `always_load` shows the schema to a model at once in clients that hide it at first;
        `seconds` is what a call may take where the user has not set it.
        """
        arguments = Arguments.of(function)
        declaration = types.Tool(
            name=arguments.tool,
            title=title,
            description=inspect.getdoc(function),
            input_schema=arguments.schema,
            annotations=types.ToolAnnotations(
                title=title,
                read_only_hint=True,
                destructive_hint=False,
                idempotent_hint=idempotent,
                open_world_hint=True,
            ),
            _meta={"anthropic/alwaysLoad": True} if always_load else None,
        )
        return cls(function, arguments, declaration, seconds)

    @property
    def name(self) -> str:
        """The function's name, which is the tool's."""
        return self.arguments.tool

    async def call(
        self, app: App, given: dict[str, Any], progress: Progress
    ) -> types.CallToolResult:
        """Return the tool's text, or its failure as one line; raises nothing but cancellation."""
        seconds = app.settings.timeout or self.seconds
        with _reported(progress, seconds, watched()):
            return await self._outcome(app, given, seconds)

    async def _outcome(
        self, app: App, given: dict[str, Any], seconds: float
    ) -> types.CallToolResult:
        try:
            reply = await self._run(app, given, seconds)
            return _result(app.redact(reply.render()))
        except ToolFailure as failure:
            text = str(failure)
        except Exception as crash:
            logger.exception("%s crashed", self.name)
            kind = type(crash).__name__
            text = f"{self.name} failed inside the server ({kind}), a bug; try other arguments"
        return _result(app.redact(one_line(clean(text), LONGEST_ERROR)), is_error=True)

    async def _run(self, app: App, given: dict[str, Any], seconds: float) -> Reply:
        checked = self.arguments.check(given)
        with anyio.move_on_after(seconds):
            return await self.function(app, **checked)
        raise DeadlineError(seconds)


def _result(text: str, *, is_error: bool = False) -> types.CallToolResult:
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=text)], is_error=is_error
    )


@contextmanager
def _reported(progress: Progress, limit: float, doing: Doing) -> Generator[None]:
    """Show that a slow call lives: clients end one that is silent for long.

    A quick call costs a timer only, no task.
    """
    loop, tasks = asyncio.get_running_loop(), list[asyncio.Task[None]]()
    started = loop.time()

    def begin() -> None:
        tasks.append(asyncio.ensure_future(_report(progress, started, limit, doing)))

    timer = loop.call_later(FIRST_PROGRESS_SECONDS, begin)
    try:
        yield
    finally:
        timer.cancel()
        for task in tasks:
            task.cancel()


async def _report(progress: Progress, started: float, limit: float, doing: Doing) -> None:
    with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):  # the client has left
        while True:
            elapsed = anyio.current_time() - started
            await progress(round(elapsed, 1), limit, doing.words)
            await anyio.sleep(PROGRESS_SECONDS)

"""A client that is slow to send is let go; one that waits for its answer is not."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import anyio
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from qwen_mcp_tools.serving.listener import listen
from qwen_mcp_tools.serving.request_timer import TimedHttpProtocol

PATIENCE = 20
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n"


class Hasty(TimedHttpProtocol):
    head_seconds = 0.2
    body_seconds = 0.2


@asynccontextmanager
async def connected(app: Callable[..., object]) -> AsyncGenerator[anyio.abc.SocketStream]:
    """Yield a connection to a hasty server of `app`."""
    with listen("127.0.0.1", 0) as listener:
        configuration = uvicorn.Config(app, http=Hasty, lifespan="off", log_config=None)
        server = uvicorn.Server(configuration)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        with anyio.fail_after(PATIENCE):
            async with await anyio.connect_tcp(*listener.getsockname()) as stream:
                yield stream
        server.should_exit = server.force_exit = True
        await serving


async def echo(_: Scope, receive: Receive, send: Send) -> None:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def heard(stream: anyio.abc.SocketStream, ending: bytes) -> None:
    """Return when what comes ends with `ending`."""
    text = b""
    while not text.endswith(ending):
        text += await stream.receive()


@pytest.mark.parametrize("sent", [b"", b"POST / HT", HEAD, HEAD + b"1"])
async def test_a_request_that_does_not_come_is_not_waited_for(sent: bytes) -> None:
    async with connected(echo) as stream:
        await stream.send(sent)

        with pytest.raises(anyio.EndOfStream):
            await stream.receive()


async def test_the_second_request_of_a_connection_is_not_waited_for_either() -> None:
    async with connected(echo) as stream:
        await stream.send(HEAD + b"1234")
        await heard(stream, b"1234")
        await stream.send(b"POST / HTTP/1.1\r\nHo")

        with pytest.raises(anyio.EndOfStream):
            await stream.receive()


@pytest.mark.parametrize("begun", [HEAD, HEAD + b"1"])
async def test_a_request_begun_in_the_packet_of_another_is_not_waited_for(begun: bytes) -> None:
    async with connected(echo) as stream:
        await stream.send(HEAD + b"1234" + begun)
        await heard(stream, b"1234")

        with pytest.raises(anyio.EndOfStream):
            await stream.receive()


async def test_an_answer_may_take_its_time() -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await anyio.sleep(3 * Hasty.head_seconds)
        await echo(scope, receive, send)

    async with connected(slow) as stream:
        for _ in range(2):
            await stream.send(HEAD + b"1234")
            await heard(stream, b"1234")

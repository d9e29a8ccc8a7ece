"""Pages on loopback, from a process of their own that answers as late as the address says."""

import asyncio
import multiprocessing
import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress

SMALL, LARGE = 8 * 1024, 1024 * 1024
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: %d\r\n\r\n%s"
_NOTHING = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n"


@contextmanager
def served() -> Generator[str]:
    """Yield the address of the pages `/MILLISECONDS/small/NAME` and `/MILLISECONDS/large/NAME`."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    process = multiprocessing.Process(target=_serve, args=(listener,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        process.terminate()
        process.join()


def page(size: int) -> bytes:
    """Return an article of about `size` bytes as sites write them."""
    begin = (
        "<!doctype html><html lang=en><head><title>Boats of the lake</title>"
        "<link rel=stylesheet href=/style.css></head><body><header><nav><ul>"
        + "".join(f"<li><a href=/{n}>Menu {n}</a></li>" for n in range(12))
        + "</ul></nav></header><main><article><h1>Boats of the lake</h1>"
    )
    end = "</article></main><footer><p>All rights reserved</p></footer></body></html>"
    parts = [begin]
    spent = len(begin) + len(end)
    while spent < size:
        parts.append(_section(len(parts)))
        spent += len(parts[-1])
    return "".join([*parts, end]).encode()


def _section(number: int) -> str:
    return (
        f"<h2 id=s{number}>Chapter {number}</h2><p>The lake lies still in the morning, and "
        f"<a href=/boats/{number}>boat {number}</a> is <em>not</em> out yet: its crew waits for "
        "wind, as <code>crew.wait()</code> says. Nobody has seen the other shore today.</p>"
        f"<ul><li>Mast {number}</li><li>Sail of <b>canvas</b></li></ul>"
        f"<pre><code>boat = Boat({number})\nboat.sail(knots=4)\n</code></pre>"
    )


def _serve(listener: socket.socket) -> None:
    asyncio.run(_serve_forever(listener))


async def _serve_forever(listener: socket.socket) -> None:
    bodies = {"small": page(SMALL), "large": page(LARGE)}
    answers = {name: _HEAD % (len(body), body) for name, body in bodies.items()}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
                wait, _, rest = path.removeprefix("/").partition("/")
                if wait.isdecimal() and int(wait):
                    await asyncio.sleep(int(wait) / 1000)
                writer.write(answers.get(rest.partition("/")[0], _NOTHING))
                await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, sock=listener) as server:
        await server.serve_forever()

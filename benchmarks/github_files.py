"""Reads 100 files of GitHub's at once, beside PyGithub in 100 threads, in turn in one run.

    python benchmarks/github_files.py

The upstream is a bare loopback server in a process of its own that takes 100 ms for each answer.
Both sides are warm: they have read a file before. Goal: at most 1.3 times PyGithub's time.
"""

import asyncio
import base64
import hashlib
import json
import multiprocessing
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from figures import Figure, show

from qwen_mcp_tools.app import App, open_app
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.tools.github_read_file import github_read_file

CALLS, ROUNDS = 100, 9
UPSTREAM_SECONDS = 0.1
COMMIT = hashlib.sha1(b"commit").hexdigest()
TEXT = b"".join(b"line %d of a file that is read\n" % n for n in range(250))


def measure() -> Iterator[Figure]:
    """Give our time for all files beside PyGithub's."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=512)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    upstream = multiprocessing.Process(target=_serve, args=(listener,), daemon=True)
    upstream.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        ours, theirs = asyncio.run(_measure(url))
    finally:
        upstream.terminate()
    yield Figure(
        f"{CALLS} files at once, upstream {UPSTREAM_SECONDS * 1000:.0f} ms",
        f"PyGithub in {CALLS} threads", "ms", ours, theirs, goal=1.3,
    )  # fmt: skip


async def _measure(url: str) -> tuple[tuple[float, ...], tuple[float, ...]]:
    ours: list[float] = []
    theirs: list[float] = []
    settings = Settings.from_env({"GITHUB_API_URL": url, "GITHUB_TOKEN": "ghp_benchmark"})
    with ThreadPoolExecutor(CALLS) as threads:
        async with open_app(settings) as app:
            for number in range(ROUNDS + 1):
                spent = (
                    await _ours(app, number),
                    await asyncio.to_thread(_theirs, threads, url, number),
                )
                if number:  # The first round warms both up.
                    ours.append(spent[0])
                    theirs.append(spent[1])
    return tuple(ours), tuple(theirs)


async def _ours(app: App, number: int) -> float:
    started = time.perf_counter()
    names = [f"round-{number}/file-{n}.py" for n in range(CALLS)]
    replies = await asyncio.gather(*(github_read_file(app, "octo/hello", n) for n in names))
    texts = [reply.render() for reply in replies]
    spent = (time.perf_counter() - started) * 1000
    assert all("\nLines: 1-250 of 250\n" in text for text in texts)
    return spent


def _theirs(threads: ThreadPoolExecutor, url: str, number: int) -> float:
    own = threading.local()

    def read(name: str) -> str:
        if not hasattr(own, "github"):
            own.github = _pygithub(url)
        return own.github.get_repo("octo/hello").get_contents(name).decoded_content.decode()

    started = time.perf_counter()
    texts = list(threads.map(read, [f"round-{number}/file-{n}.py" for n in range(CALLS)]))
    spent = (time.perf_counter() - started) * 1000
    assert all(text.encode() == TEXT for text in texts)
    return spent


def _pygithub(url: str) -> Any:
    import github

    return github.Github(
        auth=github.Auth.Token("ghp_benchmark"), base_url=url, retry=None,
        seconds_between_requests=None, lazy=True,
    )  # fmt: skip


def _serve(listener: socket.socket) -> None:
    asyncio.run(_serve_forever(listener))


async def _serve_forever(listener: socket.socket) -> None:
    async with await asyncio.start_server(_answer, sock=listener) as server:
        await server.serve_forever()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(UPSTREAM_SECONDS)
            path = head.split(b" ", 2)[1].decode().partition("?")[0]
            body = COMMIT.encode() if "/commits/" in path else _contents(path)
            writer.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
                b"content-length: %d\r\n\r\n%s" % (len(body), body)
            )
            await writer.drain()
    writer.close()


def _contents(path: str) -> bytes:
    name = path.partition("/contents/")[2]
    address = f"http://{path}"
    return json.dumps(
        {
            "type": "file", "encoding": "base64", "size": len(TEXT), "name": name, "path": name,
            "content": base64.encodebytes(TEXT).decode(), "sha": COMMIT, "url": address,
            "html_url": f"https://github.com/octo/hello/blob/main/{name}", "download_url": None,
        }
    ).encode()  # fmt: skip


if __name__ == "__main__":
    show(measure())

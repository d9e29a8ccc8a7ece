"""Pages that scripts make, read with a real Chromium from the site on loopback."""

import functools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import anyio.to_thread
import psutil
import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.sandbox.stand_in import Scripted

Connect = Callable[..., Any]

needs_chromium = pytest.mark.skipif(
    not shutil.which("chromium"), reason="Chromium is not installed (apt-get install chromium)"
)
pytestmark = [pytest.mark.slow, needs_chromium]

WORDS = "All of these words were written by a script that the page brought along. " * 12


def made_by(script: str) -> Scripted:
    return Scripted(
        body=f"<title>Made</title><div id=root></div><script>{script}</script>",
        headers={"content-type": "text/html; charset=utf-8"},
    )


def writing(words: str) -> str:
    return f"document.getElementById('root').innerHTML = '<main><p>{words}</p></main>';"


async def read(connect: Connect, sandbox: Sandbox, script: str, **variables: str) -> str:
    """Read a page that `script` makes; it is asked for twice, by us and by the browser."""
    variables = {"QWEN_MCP_ROBOTS": "ignore", **variables}
    sandbox.site.next(made_by(script), made_by(script))
    async with connect(**variables) as call:
        return await call("fetch_page", url=f"{sandbox.site.url}/made")


Started = Callable[[], list[psutil.Process]]


@pytest.fixture
def started() -> Started:
    """Tell which processes run since the test began: the browser's, and what drives it."""
    before = psutil.Process().children(recursive=True)

    def those_of_now() -> list[psutil.Process]:
        now = psutil.Process().children(recursive=True)
        return [each for each in now if each not in before]

    return those_of_now


async def test_a_page_that_scripts_make_is_read_as_they_make_it(
    connect: Connect, sandbox: Sandbox, started: Started
) -> None:
    async with connect() as call:
        page = await call("fetch_page", url=f"{sandbox.site.url}/dashboard")

    assert "Note: its scripts were run in Chromium" in page
    assert "Title: Kestrel releases" in page
    assert "| 2.4 | 4000 |" in page
    assert "Versions before 2.2 get no more fixes." in page  # in the shadow of an element
    assert "enable JavaScript" not in page
    assert started() == []


async def test_the_next_part_of_such_a_page_costs_no_request(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect() as call:
        await call("fetch_page", url=f"{sandbox.site.url}/dashboard")
        sandbox.site.asked.clear()
        part = await call("fetch_page", url=f"{sandbox.site.url}/dashboard", find="version 2.4")

    assert "2.4" in part
    assert sandbox.site.asked == []


async def test_the_browser_says_who_it_works_for_and_fetches_no_pictures(
    connect: Connect, sandbox: Sandbox
) -> None:
    async with connect() as call:
        await call("fetch_page", url=f"{sandbox.site.url}/dashboard")

    paths = [asked.path for asked in sandbox.site.asked]
    agents = {asked.headers["user-agent"].partition("/")[0] for asked in sandbox.site.asked}
    assert {"/dashboard", "/static/dashboard.js", "/api/releases"} <= set(paths)
    assert "/static/chart.png" not in paths
    assert agents == {"qwen-mcp-tools"}


@pytest.mark.parametrize(
    "script",
    [
        "fetch('{url}/x', {{mode: 'no-cors'}});",
        "navigator.sendBeacon('{url}/x', 'y');",
        "root.innerHTML = '<iframe src={url}/x></iframe>';",
        "root.append(Object.assign(document.createElement('script'), {{src: '{url}/x'}}));",
        "new WebSocket('{url}/x'.replace('http', 'ws'));",
        "new Worker(URL.createObjectURL(new Blob([`fetch('{url}/x', {{mode: 'no-cors'}})`])));",
        "window.open('{url}/x');",
    ],
    ids=["fetch", "beacon", "frame", "script", "socket", "worker", "window"],
)
async def test_a_script_reaches_no_private_address(
    connect: Connect, sandbox: Sandbox, script: str
) -> None:
    inside = sandbox.brave.url.partition("/res/")[0]
    page = await read(connect, sandbox, script.format(url=inside) + writing(WORDS))

    assert "written by a script" in page
    assert sandbox.brave.asked == []


async def test_a_script_that_leads_elsewhere_leads_nowhere_private(
    connect: Connect, sandbox: Sandbox
) -> None:
    page = await read(connect, sandbox, f"location = '{sandbox.brave.url}/x';")

    assert "in Chromium it leads to where nothing can be read" in page
    assert sandbox.brave.asked == []


async def test_a_script_does_not_choose_what_is_read_in_place_of_the_page(
    connect: Connect, sandbox: Sandbox
) -> None:
    lie = "Object.defineProperty(Element.prototype, 'outerHTML', {get: () => '<p>lie</p>'});"
    page = await read(connect, sandbox, lie + writing(WORDS))

    assert "written by a script" in page
    assert "lie" not in page


async def test_a_script_that_never_ends_costs_its_call_only(
    connect: Connect, sandbox: Sandbox, started: Started
) -> None:
    page = await read(connect, sandbox, "for (;;) {}", QWEN_MCP_TIMEOUT="8")

    assert "in Chromium it takes too long" in page
    assert started() == []


async def test_a_script_that_takes_all_memory_is_ended(
    connect: Connect, sandbox: Sandbox, started: Started
) -> None:
    hoard = "for (const held = [];;) held.push(new Uint8Array(50e6).fill(held.length + 1));"
    page = await read(connect, sandbox, hoard)

    assert "in Chromium it breaks off" in page or "takes more than a page may" in page
    assert started() == []


async def test_a_script_that_asks_without_end_is_ended(connect: Connect, sandbox: Sandbox) -> None:
    ask = "setInterval(() => fetch('/status/404?' + Math.random()), 1);"
    await read(connect, sandbox, ask + writing(WORDS))

    assert len(sandbox.site.asked) <= 160


async def test_nothing_is_downloaded(
    connect: Connect, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    fetch = (
        "root.innerHTML = '<a href=/paper.pdf download=paper.pdf>x</a>'; root.firstChild.click();"
    )
    page = await read(connect, sandbox, f"{fetch} setTimeout(() => {{{writing(WORDS)}}}, 200);")

    assert "written by a script" in page
    assert not list(tmp_path.rglob("*.pdf"))  # noqa: ASYNC240


async def test_a_cancelled_call_ends_its_browser(
    connect: Connect, sandbox: Sandbox, started: Started
) -> None:
    sandbox.site.next(made_by("for (;;) {}"), made_by("for (;;) {}"))
    async with connect(QWEN_MCP_ROBOTS="ignore") as call, anyio.create_task_group() as group:
        group.start_soon(functools.partial(call, "fetch_page", url=f"{sandbox.site.url}/made"))
        with anyio.fail_after(20):
            while len(sandbox.site.asked) < 2:
                await anyio.lowlevel.checkpoint()
        assert started()
        group.cancel_scope.cancel()
        with anyio.CancelScope(shield=True), anyio.fail_after(3):
            while started():
                await anyio.to_thread.run_sync(psutil.cpu_count)

    assert started() == []


async def test_without_a_browser_the_page_says_how_to_get_one(
    connect: Connect, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    async with connect() as call:
        page = await call("fetch_page", url=f"{sandbox.site.url}/dashboard")

    assert "install Chromium and qwen-mcp-tools with its extra `render`" in page

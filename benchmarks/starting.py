"""What a start costs, beside the hello world of two SDKs and a bare process, in turn in one run.

    python benchmarks/starting.py

A start is: spawn, handshake, `tools/list`, end of input. Its CPU is what the system counts for
the process until it has ended. The counterparts are installed into `.build/bench` when absent.
"""

import json
import os
import shutil
import subprocess
import venv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
from figures import Figure, show

from qwen_mcp_tools.sandbox import Sandbox

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".build" / "bench" / "starting"
STARTS = ROOT / "tests" / "data" / "starts"
ROUNDS = 15
MIB = 2**20
IDLE_MIB = 16.0
NODE_PACKAGES = ("@modelcontextprotocol/server@2.4.0", "zod@4")

Command = Sequence[str | Path]
Cost = tuple[float, float]

BARE = """\
import json, sys
for line in sys.stdin:
    message = json.loads(line)
    if "id" in message:
        print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": {}}), flush=True)
"""
HELLO_PYTHON = """\
from mcp.server import MCPServer
server = MCPServer("hello", log_level="ERROR")
@server.tool(structured_output=False)
def hello(name: str) -> str:
    return f"Hello {name}"
server.run("stdio")
"""
HELLO_NODE = """\
import { McpServer } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";
const server = new McpServer({ name: "hello", version: "1" });
server.registerTool("hello", { inputSchema: z.object({ name: z.string() }) },
  async ({ name }) => ({ content: [{ type: "text", text: `Hello ${name}` }] }));
await server.connect(new StdioServerTransport());
"""
SDK_FIRST = "import sys; from qwen_mcp_tools.cli import run; sys.exit(run([]))"

HANDSHAKE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "bench", "version": "1"},
}
LIST = [
    {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HANDSHAKE},
    {"jsonrpc": "2.0", "method": "notifications/initialized"},
    {"jsonrpc": "2.0", "id": 2, "method": "tools/list"},
]


NOTHING: Mapping[str, str] = {}


def measure() -> Iterator[Figure]:
    """Give the CPU of a start and of the first call, and the memory before and after it."""
    python = _installed()
    ours = [str(python.parent / "qwen-mcp-tools")]
    spawn = "spawn to tools/list"
    yield _cpu(spawn, ours, "TypeScript SDK v2", ["node", _hello_node()], 0.15)
    yield _cpu(spawn, ours, "bare JSON-RPC process", [python, "-c", BARE], 1.5)
    module = [python, "-m", "qwen_mcp_tools"]
    yield _cpu("without bytecode of ours", _without_bytecode(python), "with it", module, 1.5)
    for start in sorted(STARTS.glob("*.jsonl")):
        lines = [json.loads(line) for line in start.read_bytes().splitlines()]
        sizes = tuple(_spoken_to(ours, lines)[1] for _ in range(3))
        yield Figure(f"idle, {start.stem}", "the goal", "MiB", sizes, (IDLE_MIB,) * 3, 1)
    with Sandbox() as sandbox:
        lines = [*LIST, _call("fetch_page", url=sandbox.site.url)]
        theirs = [*LIST, _call("hello", name="you")]
        settings, hello = sandbox.settings(), [python, "-c", HELLO_PYTHON]
        pairs = [
            (
                _spoken_to(ours, lines, settings),
                _spoken_to([python, "-c", SDK_FIRST], lines, settings),
            )
            for _ in range(ROUNDS)
        ]
        yield _pairs("spawn, list, first call", "SDK first", "CPU ms", pairs, 1.1)
        pairs = [(_spoken_to(ours, lines, settings), _spoken_to(hello, theirs)) for _ in range(5)]
        yield _pairs("memory after a call", "MCPServer hello world", "MiB", pairs, 1.2)


def _call(tool: str, **arguments: str) -> dict[str, Any]:
    params = {"name": tool, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": params}


def _cpu(name: str, ours: Command, counterpart: str, theirs: Command, goal: float) -> Figure:
    pairs = [(_spoken_to(ours, LIST), _spoken_to(theirs, LIST)) for _ in range(ROUNDS)]
    return _pairs(name, counterpart, "CPU ms", pairs, goal)


def _pairs(
    name: str, counterpart: str, unit: str, pairs: list[tuple[Cost, Cost]], goal: float
) -> Figure:
    which = ("CPU ms", "MiB").index(unit)
    ours, theirs = zip(*((our[which], their[which]) for our, their in pairs), strict=True)
    return Figure(name, counterpart, unit, ours, theirs, goal)


def _spoken_to(
    command: Command, lines: Sequence[Mapping[str, Any]], more: Mapping[str, str] = NOTHING
) -> Cost:
    """Say the lines, hear an answer to each request; return CPU in ms, and MiB before the end."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        list(map(str, command)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**environment, **more},
        cwd=FOLDER,
    )
    assert process.stdin
    assert process.stdout
    for line in lines:
        process.stdin.write(json.dumps(line).encode() + b"\n")
        process.stdin.flush()
        if "id" in line and not process.stdout.readline():
            raise RuntimeError(f"{command} said nothing to {line}")
    resident = psutil.Process(process.pid).memory_info().rss / MIB
    process.stdin.close()
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    process.stdout.close()
    return (used.ru_utime + used.ru_stime) * 1000, resident


def _without_bytecode(python: Path) -> Command:
    """Return the command for a copy of the package that is compiled at each start."""
    copy = FOLDER / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(
        _site_packages(python) / "qwen_mcp_tools",
        copy / "qwen_mcp_tools",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    start = f"import sys; sys.path.insert(0, {str(copy)!r}); sys.dont_write_bytecode = True"
    return [python, "-c", f"{start}; from qwen_mcp_tools.__main__ import main; sys.exit(main())"]


def _site_packages(python: Path) -> Path:
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())


def _installed() -> Path:
    """Install a wheel of the package, as users do, into an environment of its own."""
    python = FOLDER / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(FOLDER / "venv", with_pip=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    constraints = ["--constraint", str(ROOT / "constraints.txt")]
    subprocess.run([*pip, *constraints, str(ROOT)], check=True)
    # The same version may hold other code.
    subprocess.run([*pip, "--no-deps", "--force-reinstall", str(ROOT)], check=True)
    return python


def _hello_node() -> str:
    program = FOLDER / "node" / "hello.mjs"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(HELLO_NODE, encoding="utf-8")
    if not (program.parent / "node_modules" / "@modelcontextprotocol" / "server").exists():
        npm = ["npm", "install", "--silent", "--prefix", str(program.parent)]
        subprocess.run([*npm, *NODE_PACKAGES], check=True)
    return str(program)


if __name__ == "__main__":
    show(measure())

"""A client on the Python SDK 2.x. See test_sdk_clients.py."""

import json
import sys
from contextlib import AsyncExitStack

import anyio
import mcp.client.session
from mcp.client import Client
from mcp.client.sse import sse_client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

ORDER = json.loads(sys.argv[1])


def transport():
    match ORDER["transport"]:
        case "stdio":
            command, *arguments = ORDER["command"]
            return stdio_client(
                StdioServerParameters(command=command, args=arguments, env=ORDER["environment"])
            )
        case "http":
            return streamable_http_client(ORDER["url"])
        case _:
            return sse_client(ORDER["url"])


async def opened(stack, version):
    modern = version >= "2026"
    if not modern:
        mcp.client.session.LATEST_HANDSHAKE_VERSION = version  # what the SDK asks for
    client = Client(transport(), mode="auto" if modern else "legacy")
    await stack.enter_async_context(client)
    return client


async def first_part(client):
    tools = await client.list_tools()
    answer = await client.call_tool(*ORDER["call"])
    failure = await client.call_tool(*ORDER["failing"])
    return {
        "version": client.protocol_version,
        "tools": [tool.name for tool in tools.tools],
        "text": answer.content[0].text,
        "structured": answer.structured_content,
        "error": [failure.is_error, failure.content[0].text],
    }


async def cancelled_at_first_progress(client, told):
    name, arguments = ORDER["slow"]
    version = client.protocol_version

    async def progress(done, total, message):
        told[version] = [done > 0, total, message]
        scope.cancel()

    with anyio.CancelScope() as scope:
        url = f"{arguments['url']}?{version}"
        await client.call_tool(name, {"url": url}, progress_callback=progress)


async def main():
    async with AsyncExitStack() as stack:
        clients = [(await opened(stack, version)) for version in ORDER["versions"]]
        print(json.dumps([await first_part(each) for each in clients]), flush=True)
        await anyio.to_thread.run_sync(sys.stdin.readline)
        told = {}
        async with anyio.create_task_group() as tasks:
            for client in clients:
                tasks.start_soon(cancelled_at_first_progress, client, told)
        print(json.dumps(told), flush=True)
        await anyio.to_thread.run_sync(sys.stdin.readline)


anyio.run(main)

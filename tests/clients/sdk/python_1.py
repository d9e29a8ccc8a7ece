"""A client on the Python SDK 1.x; runs in an environment of its own. See test_sdk_clients.py."""

import json
import sys
from contextlib import AsyncExitStack

import anyio
from mcp import ClientSession, StdioServerParameters, types
from mcp.client.sse import sse_client
from mcp.client.stdio import stdio_client
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
    types.LATEST_PROTOCOL_VERSION = version  # what the SDK asks for
    streams = await stack.enter_async_context(transport())
    session = await stack.enter_async_context(ClientSession(streams[0], streams[1]))
    answer = await session.initialize()
    return session, answer.protocolVersion


async def first_part(session, version):
    tools = await session.list_tools()
    answer = await session.call_tool(*ORDER["call"])
    failure = await session.call_tool(*ORDER["failing"])
    return {
        "version": version,
        "tools": [tool.name for tool in tools.tools],
        "text": answer.content[0].text,
        "structured": answer.structuredContent,
        "error": [failure.isError, failure.content[0].text],
    }


async def cancelled_at_first_progress(session, version, told):
    name, arguments = ORDER["slow"]
    identity = session._request_id  # 1.x leaves telling the server to the caller

    async def progress(done, total, message):
        told[version] = [done > 0, total, message]
        cancelled = types.CancelledNotification(
            method="notifications/cancelled",
            params=types.CancelledNotificationParams(requestId=identity),
        )
        await session.send_notification(types.ClientNotification(cancelled))
        scope.cancel()

    with anyio.CancelScope() as scope:
        url = f"{arguments['url']}?{version}"
        await session.call_tool(name, {"url": url}, progress_callback=progress)


async def main():
    async with AsyncExitStack() as stack:
        sessions = [(await opened(stack, version)) for version in ORDER["versions"]]
        print(json.dumps([await first_part(*each) for each in sessions]), flush=True)
        await anyio.to_thread.run_sync(sys.stdin.readline)
        told = {}
        async with anyio.create_task_group() as tasks:
            for session, version in sessions:
                tasks.start_soon(cancelled_at_first_progress, session, version, told)
        print(json.dumps(told), flush=True)
        await anyio.to_thread.run_sync(sys.stdin.readline)


anyio.run(main)

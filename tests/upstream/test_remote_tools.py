"""A tool of another MCP server: called the way all services are, its failures in one line."""

import gzip
import json
import logging

import anyio
import pytest

from qwen_mcp_tools.errors import (
    MalformedAnswerError,
    RateLimitedError,
    RejectedKeyError,
    ServiceFaultError,
    UnreachableError,
    UpstreamError,
)
from qwen_mcp_tools.upstream.exchange import MAX_BYTES
from qwen_mcp_tools.upstream.remote_tools import RemoteTools
from tests.upstream.certificates import Authority
from tests.upstream.loopback import (
    NAME,
    PATIENCE,
    Handle,
    Listener,
    answering,
    clients,
    leaving,
    listening,
    reply,
    silent,
)
from tests.upstream.mcp_servers import speaking, text
from tests.upstream.proxies import connecting

MODERN, LEGACY = "2026", "2025"


async def call(
    url: str, headers: dict[str, str] | None = None, **variables: str
) -> tuple[str, ...]:
    async with clients(**variables) as (services, _):
        return await RemoteTools(services).call("Grep", url, "find", {"query": "ü"}, headers)


async def failure(handle: Handle, headers: dict[str, str] | None = None) -> UpstreamError:
    async with listening(handle) as server:
        with pytest.raises(UpstreamError) as raised:
            await call(server.url, headers)
    assert "\n" not in str(raised.value)
    return raised.value


@pytest.mark.parametrize("era", [MODERN, LEGACY])
async def test_the_texts_of_a_tool_come_in_their_order(era: str) -> None:
    handle, told = speaking(text("one\ntwo", "three"), era=era)
    async with listening(handle) as server:
        texts = await call(server.url)

    assert texts == ("one\ntwo", "three")
    asked = next(message for message in told if message["method"] == "tools/call")
    assert asked["params"]["name"] == "find"
    assert asked["params"]["arguments"] == {"query": "ü"}


@pytest.mark.parametrize(
    ("era", "methods"),
    [
        (MODERN, ["server/discover", "tools/call"]),
        (LEGACY, ["server/discover", "initialize", "notifications/initialized", "tools/call"]),
    ],
)
async def test_nothing_is_asked_beside_the_handshake_and_the_call(
    era: str, methods: list[str]
) -> None:
    handle, told = speaking(text("found"), era=era)
    async with listening(handle) as server:
        await call(server.url)

    assert [message["method"] for message in told] == methods
    assert server.connections == 1


async def test_a_session_is_ended_and_no_stream_of_messages_is_opened() -> None:
    handle, told = speaking(text("found"), session="s1")
    async with listening(handle) as server:
        await call(server.url)

    assert told[-1]["method"] == "DELETE"
    assert "GET" not in [message["method"] for message in told]
    assert "mcp-session-id: s1\r\n" in server.heads[-1].lower()


async def test_a_server_that_does_not_let_a_session_go_keeps_no_answer_back() -> None:
    handle, _ = speaking(text("found"), session="s1")

    async def hanging(listener: Listener, reader, writer) -> None:
        await handle(listener, _Hanging(reader, listener), writer)

    async with listening(hanging) as server:
        with anyio.fail_after(PATIENCE):
            assert await call(server.url) == ("found",)


class _Hanging:
    """A reader that takes a DELETE and says nothing of it."""

    def __init__(self, reader, listener: Listener) -> None:
        self._reader, self._listener = reader, listener

    async def readuntil(self, end: bytes) -> bytes:
        head = await self._reader.readuntil(end)
        if head.startswith(b"DELETE"):
            await self._reader.read()  # Until the client leaves.
        return head

    async def readexactly(self, count: int) -> bytes:
        return await self._reader.readexactly(count)


async def test_every_request_says_who_asks_and_carries_the_callers_headers() -> None:
    handle, _ = speaking(text("found"), session="s1")
    async with listening(handle) as server:
        await call(server.url, {"Authorization": "Bearer the-key"})

    assert len(server.heads) == 5
    for head in server.heads:
        assert "user-agent: qwen-mcp-tools/" in head.lower()
        assert head.lower().count("user-agent:") == 1
        assert "authorization: bearer the-key\r\n" in head.lower()
        assert head.lower().count("host:") == 1


async def test_the_tool_is_asked_at_exactly_the_url() -> None:
    handle, _ = speaking(text("found"))
    async with listening(handle) as server:
        await call(f"{server.url}/api/v1/mcps/WebSearch/mcp?team=1")

    assert {head.split()[1] for head in server.heads} == {"/api/v1/mcps/WebSearch/mcp?team=1"}


async def test_the_proxy_is_taken_and_the_name_is_looked_up_at_its_end(
    authority: Authority,
) -> None:
    handle, _ = speaking(text("found"))
    async with (
        listening(handle, tls=authority.server(NAME)) as server,
        listening(connecting(server.port)) as proxy,
    ):
        texts = await call(
            f"https://{NAME}/",
            HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}",
            SSL_CERT_FILE=str(authority.file),
        )

    assert texts == ("found",)
    assert proxy.heads[0].startswith(f"CONNECT {NAME}:443 ")


async def test_no_proxy_is_honoured_and_so_is_an_authority_of_ones_own(
    authority: Authority,
) -> None:
    handle, _ = speaking(text("found"))
    async with listening(handle, tls=authority.server(NAME)) as server:
        texts = await call(
            f"https://{NAME}:{server.port}/",
            HTTPS_PROXY="http://127.0.0.1:1",
            NO_PROXY="example.com",
            SSL_CERT_FILE=str(authority.file),
        )

    assert texts == ("found",)


async def test_the_environment_of_the_process_is_not_read_past_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:1")
    handle, _ = speaking(text("found"))
    async with listening(handle) as server:
        assert await call(f"http://{NAME}:{server.port}/") == ("found",)


async def test_a_certificate_of_an_unknown_authority_is_told_with_the_mend(
    authority: Authority,
) -> None:
    handle, _ = speaking(text("found"))
    async with listening(handle, tls=authority.server(NAME)) as server:
        with pytest.raises(UnreachableError) as raised:
            await call(f"https://{NAME}:{server.port}/")

    assert str(raised.value).startswith("Grep shows a certificate that is not trusted (")
    assert "SSL_CERT_FILE" in str(raised.value)


async def test_a_refused_connection_is_told_with_the_mend() -> None:
    with pytest.raises(UnreachableError) as raised:
        await call("http://127.0.0.1:1/")

    assert str(raised.value) == "Grep refuses the connection; check that it runs there"


async def test_a_proxy_that_does_not_answer_is_told_by_its_variable() -> None:
    with pytest.raises(UnreachableError) as raised:
        await call(f"https://{NAME}/", HTTPS_PROXY="http://user:pass-word@127.0.0.1:1")

    assert "the proxy in HTTPS_PROXY does not answer" in str(raised.value)
    assert "pass-word" not in str(raised.value)


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (401, RejectedKeyError, "does not let us in (status 401)"),
        (403, RejectedKeyError, "does not let us in (status 403)"),
        (429, RateLimitedError, "asks us to slow down; wait 7 s"),
        (500, ServiceFaultError, "failed with status 500"),
        (504, ServiceFaultError, "failed with status 504"),
        (404, UpstreamError, "answered with status 404; check its URL"),
    ],
)
async def test_a_status_is_told_by_its_class(
    status: int, kind: type[UpstreamError], words: str
) -> None:
    page = reply(b"<html>no</html>", status, content_type="text/html", retry_after="7")
    raised = await failure(answering(page))

    assert type(raised) is kind
    assert str(raised).startswith(f"Grep {words}")
    assert not isinstance(raised, RateLimitedError) or raised.retry_after == 7


@pytest.mark.parametrize("status", [401, 403, 429])
async def test_a_refusal_is_not_asked_a_second_time(status: int) -> None:
    async with listening(answering(reply(b"", status))) as server:
        with pytest.raises(UpstreamError):
            await call(server.url)

    assert len(server.heads) == 1


async def test_a_key_that_is_refused_is_what_to_check() -> None:
    raised = await failure(answering(reply(b"", 401)), {"Authorization": "Bearer k"})

    assert raised.mend == "check the key"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_no_redirect_is_followed(status: int) -> None:
    async with listening(answering(reply())) as elsewhere:
        moved = reply(b"", status, location=f"{elsewhere.url}/mcp?token=t")
        raised = await failure(answering(moved))
        same = await failure(answering(reply(b"", status, location="/mcp")))

    assert raised.trouble == f"has moved to {elsewhere.url}/mcp"
    assert same.trouble == "has moved to /mcp"
    assert elsewhere.connections == 0


async def test_a_web_page_is_told_as_one() -> None:
    page = reply(b"<html>Checking your browser", content_type="text/html; charset=utf-8")
    raised = await failure(answering(page))

    assert type(raised) is MalformedAnswerError
    assert raised.trouble == "sent a web page in place of an answer"


@pytest.mark.parametrize("body", [b'{"jsonrpc": "2.0", "id"', b'{"a": 1}', b"[]"])
async def test_json_that_is_no_answer_is_told_and_written_down_nowhere(
    body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        raised = await failure(speaking(reply(body, content_type="application/json"))[0])

    assert type(raised) is MalformedAnswerError
    assert caplog.records == []


async def test_a_result_of_another_shape_is_told() -> None:
    raised = await failure(speaking({"content": "found"})[0])

    assert type(raised) is MalformedAnswerError


async def test_what_the_tool_says_of_its_failure_is_one_line() -> None:
    raised = await failure(speaking(text("bad\n  regex", "here", isError=True))[0])

    assert type(raised) is UpstreamError
    assert str(raised) == "Grep refuses the call: bad regex here; change the arguments"


@pytest.mark.parametrize("status", [200, 400])
async def test_what_the_server_says_of_a_call_it_does_not_take_is_told(status: int) -> None:
    error = {"code": -32602, "message": "Unknown tool:\nfind"}
    body = json.dumps({"jsonrpc": "2.0", "id": 3, "error": error}).encode()
    refusal = reply(body, status, content_type="application/json")
    raised = await failure(speaking(refusal)[0])

    assert type(raised) is UpstreamError
    assert str(raised) == "Grep refuses the call: Unknown tool: find; change the arguments"


@pytest.mark.parametrize(
    "cut",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
        reply(b"event: message\n", content_type="text/event-stream"),
        b"HTTP/1.1 2",
    ],
)
async def test_an_answer_that_breaks_off_is_a_fault_of_the_service(cut: bytes) -> None:
    handle, _ = speaking(cut)

    async def closing(listener: Listener, reader, writer) -> None:
        with anyio.move_on_after(0.3):
            await handle(listener, reader, writer)

    assert type(await failure(closing)) is ServiceFaultError


async def test_a_server_that_hangs_up_is_a_fault_of_the_service() -> None:
    assert type(await failure(leaving)) is ServiceFaultError


async def test_a_compressed_answer_is_inflated_and_bounded() -> None:
    message = {"jsonrpc": "2.0", "id": 3, "result": text("found")}
    small = gzip.compress(json.dumps(message).encode())
    bomb = gzip.compress(b" " * (MAX_BYTES + 1))
    whole = reply(small, content_type="application/json", content_encoding="gzip")
    async with listening(speaking(whole)[0]) as server:
        assert await call(server.url) == ("found",)
    for kind in ("application/json", "text/event-stream"):
        raised = await failure(speaking(reply(bomb, content_type=kind, content_encoding="gzip"))[0])
        assert raised.trouble == "sent more than 10 MB"


async def test_a_key_that_no_header_can_carry_is_told_without_showing_it() -> None:
    for key in ("secret\nkey", "secret-ключ"):
        raised = await failure(answering(reply()), {"Authorization": f"Bearer {key}"})
        assert "secret" not in str(raised)


async def test_a_call_that_is_given_up_ends_its_connection() -> None:
    handle, told = speaking(b"")
    async with listening(handle) as server:
        async with anyio.create_task_group() as calls:
            calls.start_soon(call, server.url)
            await told.called.wait()
            calls.cancel_scope.cancel()
        await server.until_left()


async def test_a_server_that_hangs_is_left_at_the_calls_deadline() -> None:
    async with listening(silent) as server, clients() as (services, _):
        with anyio.move_on_after(1) as scope:
            await RemoteTools(services).call("Grep", server.url, "find", {})
        await server.until_left()

    assert scope.cancelled_caught


async def test_many_calls_at_once_get_each_its_own_answer() -> None:
    handle, _ = speaking(text("found"))
    found: list[tuple[str, ...]] = []
    async with listening(handle) as server, clients() as (services, _):
        tools = RemoteTools(services)

        async def one() -> None:
            found.append(await tools.call("Grep", server.url, "find", {}))

        async with anyio.create_task_group() as calls:
            for _ in range(20):
                calls.start_soon(one)

    assert found == [("found",)] * 20

import ipaddress

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.errors import RefusedError, SettingError, UnreachableError
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.addresses import is_public
from qwen_mcp_tools.upstream.guard import Guard, Resolve
from qwen_mcp_tools.upstream.http import open_clients
from qwen_mcp_tools.upstream.network import Network
from tests.upstream.loopback import (
    NAME,
    answering,
    clients,
    listening,
    nowhere,
    pages,
    reply,
    to,
)
from tests.upstream.sockets import Noting


def guarded(resolve: Resolve, **variables: str) -> tuple[Network, Noting]:
    sockets = Noting()
    guard = Guard(Settings.from_env(variables), resolve)
    return Network(guard.addresses_of, sockets), sockets


async def test_only_the_addresses_that_were_judged_are_connected_to() -> None:
    network, sockets = guarded(to("8.8.8.8", "2606:4700::1111"))

    with pytest.raises(httpcore.ConnectError):
        await network.connect_tcp("example.com", 443)

    assert sockets.tried == ["8.8.8.8", "2606:4700::1111"]


@given(
    st.lists(st.ip_addresses(), max_size=4), st.ip_addresses().filter(lambda a: not is_public(a))
)
async def test_one_private_answer_refuses_the_whole_name(
    others: list[ipaddress.IPv4Address], private: ipaddress.IPv4Address
) -> None:
    network, sockets = guarded(to("8.8.8.8", *map(str, others), str(private)))

    with pytest.raises(RefusedError, match="example"):
        await network.connect_tcp("example.com", 443)

    assert sockets.tried == []


async def test_an_answer_that_changes_between_look_ups_never_leads_inside() -> None:
    answers = ["8.8.8.8", "127.0.0.1"] * 20

    async def rebinding(host: str, port: int) -> list[str]:
        return [answers.pop(0)]

    network, sockets = guarded(rebinding)
    for _ in range(20):
        with pytest.raises((RefusedError, httpcore.ConnectError)):
            await network.connect_tcp("rebind.example.com", 80)

    assert set(sockets.tried) == {"8.8.8.8"}
    assert len(answers) == 20, "a connection looks its name up once"


async def test_an_answer_that_is_no_address_is_refused() -> None:
    network, sockets = guarded(to("8.8.8.8", "localhost"))

    with pytest.raises(RefusedError):
        await network.connect_tcp("example.com", 80)

    assert sockets.tried == []


@pytest.mark.parametrize("answers", [(), ("127.0.0.1",), ("8.8.8.8", "fe80::1%eth0")])
async def test_a_name_without_a_public_address_is_never_reached(answers: tuple[str, ...]) -> None:
    async with pages(resolve=to(*answers)) as client:
        with pytest.raises((RefusedError, UnreachableError), match="example"):
            await client.get("http://example.com/")


async def test_a_look_up_that_fails_refuses_and_says_what_may_help() -> None:
    async with pages(resolve=nowhere) as client:
        with pytest.raises(UnreachableError, match=r"example\.com .*HTTPS_PROXY"):
            await client.get("http://example.com/")


async def test_the_system_is_asked_for_names() -> None:
    async with (
        listening(answering(reply(b"here"))) as service,
        open_clients(Settings()) as (services, _),
    ):
        answer = await services.request("SearXNG", "GET", f"http://localhost:{service.port}/")

    assert answer.body == b"here"


async def test_a_label_that_is_too_long_is_a_name_that_nobody_has() -> None:
    async with open_clients(Settings()) as (_, client):
        with pytest.raises(UnreachableError, match="has no address"):
            await client.get(f"http://{'a' * 64}.example.com/")


async def test_the_refusal_says_which_setting_lets_an_own_server_through() -> None:
    async with (
        listening(answering(reply(b"mine"))) as site,
        pages() as client,
    ):
        with pytest.raises(RefusedError) as refusal:
            await client.get(f"{site.url}/page")
        variable, _, value = str(refusal.value).rpartition(" ")[2].partition("=")
        async with clients(**{variable: value}) as (_, allowed):
            answer = await allowed.get(f"{site.url}/page")

    assert (site.connections, answer.body) == (1, b"mine")


async def test_an_allowed_host_is_allowed_by_its_exact_spelling_and_port_alone() -> None:
    async with (
        listening(answering(reply())) as allowed,
        listening(answering(reply())) as other,
        clients(QWEN_MCP_ALLOW_HOSTS=f"127.0.0.1:{allowed.port}") as (_, client),
    ):
        assert (await client.get(f"http://127.0.0.1:{allowed.port}/")).body == b"hello"
        for host in ("localhost", "127.0.0.2", "[::1]", "[::ffff:127.0.0.1]", NAME):
            with pytest.raises(RefusedError):
                await client.get(f"http://{host}:{allowed.port}/")
        with pytest.raises(RefusedError):
            await client.get(f"http://127.0.0.1:{other.port}/")

    assert other.connections == 0


@pytest.mark.parametrize("written", ["LOCALHOST:3000", "localhost:3000,other:1", "[::1]:3000"])
async def test_an_allowed_host_is_written_as_in_a_url(written: str) -> None:
    network, sockets = guarded(to("127.0.0.1"), QWEN_MCP_ALLOW_HOSTS=written)

    with pytest.raises(httpcore.ConnectError):
        await network.connect_tcp("::1" if "[" in written else "localhost", 3000)

    assert sockets.tried == ["::1" if "[" in written else "127.0.0.1"]


async def test_the_private_network_is_reached_where_the_user_says_so() -> None:
    network, sockets = guarded(to("10.0.0.1"), QWEN_MCP_ALLOW_PRIVATE_NETWORK="1")

    for host in ("wiki.corp", "192.168.1.1", "example.com"):
        with pytest.raises(httpcore.ConnectError):
            await network.connect_tcp(host, 80)

    assert sockets.tried == ["10.0.0.1", "192.168.1.1", "10.0.0.1"]


async def test_a_made_up_answer_is_let_through_for_a_name_and_never_for_a_literal() -> None:
    network, sockets = guarded(
        to("198.18.0.7"), QWEN_MCP_FAKE_IP="198.18.0.1/16, fc00::/18", QWEN_MCP_TIMEOUT="5"
    )

    with pytest.raises(httpcore.ConnectError):
        await network.connect_tcp("example.com", 443)
    for host in ("198.18.0.7", "fc00::1", "localhost"):
        with pytest.raises(RefusedError):
            await network.connect_tcp(host, 443)

    assert sockets.tried == ["198.18.0.7"]


async def test_a_made_up_range_lets_no_other_private_address_through() -> None:
    network, _ = guarded(to("198.18.0.7", "10.0.0.1"), QWEN_MCP_FAKE_IP="198.18.0.0/15")

    with pytest.raises(RefusedError, match="QWEN_MCP_ALLOW_HOSTS"):
        await network.connect_tcp("example.com", 443)


async def test_a_made_up_answer_is_recognised_and_its_setting_named() -> None:
    network, _ = guarded(to("198.18.0.7"))

    with pytest.raises(RefusedError, match=r"QWEN_MCP_FAKE_IP=198\.18\.0\.0/15"):
        await network.connect_tcp("example.com", 443)


async def test_a_range_that_is_none_is_told_at_the_start() -> None:
    with pytest.raises(SettingError, match="QWEN_MCP_FAKE_IP takes"):
        async with clients(QWEN_MCP_FAKE_IP="198.18.0.0/99"):
            raise AssertionError("the clients were opened")


async def test_a_service_that_the_user_configured_may_be_on_this_machine() -> None:
    async with (
        listening(answering(reply(b'{"ok": true}'))) as service,
        clients() as (services, _),
    ):
        answer = await services.request("SearXNG", "GET", f"{service.url}/search")

    assert answer.json("SearXNG") == {"ok": True}

import anyio
import httpcore
import pytest

from qwen_mcp_tools.upstream.network import Network
from tests.upstream.loopback import answering, listening, pages, reply, silent, to
from tests.upstream.sockets import PartlyDead


async def test_an_address_that_does_not_answer_holds_up_no_other() -> None:
    sockets = PartlyDead()
    network = Network(to("2001:db8::1", "127.0.0.1"), sockets)
    async with listening(answering(reply())) as site:
        connection = await network.connect_tcp("example.com", site.port, timeout=5)
        await connection.aclose()

    assert (site.connections, sockets.given_up) == (1, ["2001:db8::1"])


async def test_a_name_none_of_whose_addresses_answers_times_out() -> None:
    network = Network(to("2001:db8::1", "2001:db8::2"), PartlyDead())

    with pytest.raises(httpcore.ConnectTimeout):
        await network.connect_tcp("example.com", 80, timeout=0.4)


async def test_the_time_for_a_connection_covers_the_look_up() -> None:
    async def stuck(host: str, port: int) -> list[str]:
        await anyio.sleep_forever()
        raise AssertionError

    with pytest.raises(httpcore.ConnectTimeout):
        await Network(stuck).connect_tcp("example.com", 80, timeout=0.05)


async def test_a_refused_address_is_followed_by_the_next() -> None:
    async with (
        listening(answering(reply(b"at last"))) as site,
        pages(site.port, resolve=to("127.0.0.9", "127.0.0.1")) as client,
    ):
        answer = await client.get(f"http://page.example.com:{site.port}/")

    assert answer.body == b"at last"


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_cancelled_call_closes_its_socket(scheme: str) -> None:
    async with listening(silent) as site, pages(site.port) as client:
        with anyio.move_on_after(0.1) as scope:
            await client.get(f"{scheme}://127.0.0.1:{site.port}/")
        await site.until_left()

    assert scope.cancelled_caught

import base64

import anyio
import pytest

from qwen_mcp_tools.errors import RefusedError, UnreachableError
from tests.upstream.certificates import Authority
from tests.upstream.loopback import (
    NAME,
    Handle,
    answering,
    clients,
    leaving,
    listening,
    nowhere,
    reply,
    silent,
    to,
    to_loopback,
)
from tests.upstream.proxies import connecting, socks

ACCOUNT = "user:pass-word"
BASIC = base64.b64encode(ACCOUNT.encode()).decode()


async def test_a_page_over_tls_is_read_through_a_tunnel_that_looks_the_name_up(
    authority: Authority,
) -> None:
    async with (
        listening(answering(reply(b"far")), tls=authority.server(NAME)) as site,
        listening(connecting(site.port)) as proxy,
        clients(nowhere, HTTPS_PROXY=proxy.url, SSL_CERT_FILE=str(authority.file)) as (_, pages),
    ):
        answers = [await pages.get(f"https://{NAME}/a"), await pages.get(f"https://{NAME}/b")]

    assert [answer.body for answer in answers] == [b"far", b"far"]
    assert [head.partition("\r\n")[0] for head in proxy.heads] == [f"CONNECT {NAME}:443 HTTP/1.1"]


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks"])
async def test_a_page_is_read_through_socks(authority: Authority, scheme: str) -> None:
    async with (
        listening(answering(reply(b"far")), tls=authority.server(NAME)) as site,
        listening(socks(site.port)) as proxy,
        clients(
            nowhere,
            ALL_PROXY=f"{scheme}://127.0.0.1:{proxy.port}",
            SSL_CERT_FILE=str(authority.file),
        ) as (_, pages),
    ):
        answer = await pages.get(f"https://{NAME}/")

    assert answer.body == b"far"
    assert proxy.heads == [f"{NAME}:443"]


async def test_a_plain_page_goes_through_socks_by_its_address() -> None:
    async with (
        listening(answering(reply(b"plain"))) as site,
        listening(socks(site.port)) as proxy,
        clients(nowhere, ALL_PROXY=f"socks5://127.0.0.1:{proxy.port}") as (_, pages),
    ):
        answers = [await pages.get("http://8.8.8.8/"), await pages.get("http://[2606:4700::1]/")]

    assert [answer.body for answer in answers] == [b"plain", b"plain"]
    assert proxy.heads == ["08080808:80", "26064700000000000000000000000001:80"]


async def test_a_plain_page_is_asked_of_an_http_proxy_whole() -> None:
    async with (
        listening(answering(reply(b"from the proxy"))) as proxy,
        clients(nowhere, HTTP_PROXY=proxy.url.replace("//", f"//{ACCOUNT}@")) as (_, pages),
    ):
        answer = await pages.get("http://example.com/page?q=1")

    assert answer.body == b"from the proxy"
    assert answer.url == "http://example.com/page?q=1"
    assert proxy.heads[0].startswith("GET http://example.com/page?q=1 HTTP/1.1\r\n")
    assert f"Proxy-Authorization: Basic {BASIC}\r\n" in proxy.heads[0]


async def test_an_https_proxy_is_spoken_to_over_tls(authority: Authority) -> None:
    async with (
        listening(answering(reply(b"far")), tls=authority.server(NAME)) as site,
        listening(connecting(site.port), tls=authority.server("localhost")) as proxy,
        clients(
            HTTPS_PROXY=f"https://localhost:{proxy.port}", SSL_CERT_FILE=str(authority.file)
        ) as (services, _),
    ):
        answer = await services.request("Brave", "GET", f"https://{NAME}/")

    assert answer.body == b"far"


async def test_user_and_password_go_to_the_proxy_alone(authority: Authority) -> None:
    async with (
        listening(answering(reply()), tls=authority.server(NAME)) as site,
        listening(connecting(site.port, account=BASIC)) as proxy,
        clients(
            HTTPS_PROXY=proxy.url.replace("//", f"//{ACCOUNT}@"),
            SSL_CERT_FILE=str(authority.file),
        ) as (services, _),
    ):
        await services.request("Brave", "GET", f"https://{NAME}/")

    assert BASIC in proxy.heads[0]
    assert "Proxy-Authorization" not in site.heads[0]


async def test_user_and_password_are_told_to_socks() -> None:
    async with (
        listening(answering(reply(b"far"))) as site,
        listening(socks(site.port, account=b"\x01\x04user\x09pass-word")) as proxy,
        clients(ALL_PROXY=f"socks5://{ACCOUNT}@127.0.0.1:{proxy.port}") as (services, _),
    ):
        answer = await services.request("Brave", "GET", "http://example.com/")

    assert answer.body == b"far"


@pytest.mark.parametrize(
    ("proxy", "trouble"),
    [
        (connecting(0, account="other"), "wants a user name and password"),
        (connecting(0, answer=b"403 No"), "answers 403"),
        (answering(b"HTTP/1.1 200"), "breaks the connection off"),
    ],
)
async def test_a_proxy_that_makes_no_tunnel_is_named_by_its_variable(
    proxy: Handle, trouble: str
) -> None:
    async with (
        listening(proxy) as listener,
        clients(HTTPS_PROXY=listener.url.replace("//", f"//{ACCOUNT}@")) as (services, _),
    ):
        with pytest.raises(UnreachableError) as failure:
            await services.request("Brave", "GET", f"https://{NAME}/")
        await listener.until_left()

    assert f"the proxy in HTTPS_PROXY {trouble}; check HTTPS_PROXY" in str(failure.value)
    assert "pass-word" not in str(failure.value)


@pytest.mark.parametrize(
    ("proxy", "trouble"),
    [
        (socks(0, account=b"\x01\x04user\x05other"), "does not accept the user name"),
        (socks(0, reply=2), "does not allow it"),
        (socks(0, reply=5), "is refused by it"),
        (socks(0, reply=99), "fails"),
        (leaving, "breaks the connection off"),
    ],
)
async def test_what_a_socks_proxy_says_is_put_in_words(proxy: Handle, trouble: str) -> None:
    async with (
        listening(proxy) as listener,
        clients(ALL_PROXY=f"socks5://{ACCOUNT}@127.0.0.1:{listener.port}") as (services, _),
    ):
        with pytest.raises(UnreachableError, match=f"the proxy in ALL_PROXY {trouble}"):
            await services.request("Brave", "GET", "http://example.com/")
        await listener.until_left()


async def test_a_socks_proxy_that_wants_an_account_is_told_of() -> None:
    async with (
        listening(socks(0, account=b"\x01\x04user\x05other")) as listener,
        clients(ALL_PROXY=f"socks5://127.0.0.1:{listener.port}") as (services, _),
    ):
        with pytest.raises(UnreachableError, match="wants a user name and password"):
            await services.request("Brave", "GET", "http://example.com/")


@pytest.mark.parametrize("url", ["http://example.com/", "https://example.com/"])
@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_proxy_that_is_not_there_is_named(url: str, scheme: str) -> None:
    async with listening(silent) as gone:
        pass

    async with clients(ALL_PROXY=f"{scheme}://127.0.0.1:{gone.port}") as (services, _):
        with pytest.raises(UnreachableError, match="the proxy in ALL_PROXY does not answer"):
            await services.request("Brave", "GET", url)


async def test_a_proxy_that_asks_who_we_are_for_a_plain_page_is_named() -> None:
    async with (
        listening(answering(reply(status=407))) as proxy,
        clients(nowhere, HTTP_PROXY=proxy.url) as (_, pages),
    ):
        with pytest.raises(UnreachableError, match="HTTP_PROXY wants a user name and password"):
            await pages.get("http://example.com/")


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_cancelled_call_closes_its_socket_to_the_proxy(scheme: str) -> None:
    async with (
        listening(silent) as proxy,
        clients(nowhere, ALL_PROXY=f"{scheme}://127.0.0.1:{proxy.port}") as (_, pages),
    ):
        with anyio.move_on_after(0.1) as scope:
            await pages.get("https://example.com/")
        await proxy.until_left()

    assert scope.cancelled_caught


@pytest.mark.parametrize("kind", [connecting, socks])
async def test_a_call_cancelled_during_the_handshake_behind_a_proxy_closes_its_socket(
    kind: object,
) -> None:
    async with listening(silent) as site, listening(kind(site.port)) as proxy:
        scheme = "http" if kind is connecting else "socks5"
        async with clients(nowhere, ALL_PROXY=f"{scheme}://127.0.0.1:{proxy.port}") as (_, pages):
            with anyio.move_on_after(0.2):
                await pages.get("https://example.com/")
            await proxy.until_left()

    assert site.connections == 1


async def test_calls_that_were_cancelled_take_no_place_from_later_ones() -> None:
    async with (
        listening(silent) as stuck,
        listening(connecting(stuck.port)) as proxy,
        clients(nowhere, HTTPS_PROXY=proxy.url) as (_, pages),
    ):
        with anyio.move_on_after(0.5):
            async with anyio.create_task_group() as calls:
                for number in range(100):
                    calls.start_soon(pages.get, f"https://host{number}.example.com/")
        connections = proxy.connections
        with anyio.move_on_after(0.5):
            await pages.get("https://later.example.com/")

    assert proxy.connections > connections


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2/", "https://10.0.0.1/", "http://[fd00::1]/", "http://169.254.169.254/",
        "https://metadata.google.internal/", "http://wiki.corp/", "http://printer/",
        "http://[::ffff:10.0.0.1]/",
    ],
)  # fmt: skip
async def test_behind_a_proxy_literals_and_special_names_are_judged(url: str) -> None:
    async with (
        listening(answering(reply())) as proxy,
        clients(nowhere, ALL_PROXY=proxy.url) as (_, pages),
    ):
        with pytest.raises(RefusedError):
            await pages.get(url)

    assert proxy.connections == 0


@pytest.mark.parametrize("url", ["http://inside.example.com/", "https://inside.example.com/"])
async def test_behind_a_proxy_a_name_that_leads_inside_is_refused_with_the_mend(url: str) -> None:
    async with (
        listening(answering(reply())) as proxy,
        clients(to("8.8.8.8", "10.0.0.1"), ALL_PROXY=proxy.url) as (_, pages),
    ):
        with pytest.raises(RefusedError, match=r"QWEN_MCP_ALLOW_HOSTS=inside\.example\.com:"):
            await pages.get(url)

    assert proxy.connections == 0


async def test_behind_a_proxy_a_redirect_inside_is_refused() -> None:
    async with (
        listening(answering(reply(status=302, location="http://10.0.0.1/"))) as proxy,
        clients(nowhere, ALL_PROXY=proxy.url) as (_, pages),
    ):
        with pytest.raises(RefusedError, match=r"10\.0\.0\.1"):
            await pages.get("http://example.com/")

    assert proxy.connections == 1


async def test_what_no_proxy_names_is_judged_as_without_a_proxy() -> None:
    async with (
        listening(answering(reply())) as proxy,
        clients(to_loopback, ALL_PROXY=proxy.url, NO_PROXY="example.com") as (_, pages),
    ):
        with pytest.raises(RefusedError):
            await pages.get("http://example.com/")

    assert proxy.connections == 0


async def test_a_service_on_loopback_is_asked_without_the_proxy() -> None:
    async with (
        listening(answering(reply(b"near"))) as service,
        listening(answering(reply(b"far"))) as proxy,
        clients(ALL_PROXY=proxy.url) as (services, _),
    ):
        answer = await services.request("SearXNG", "GET", service.url)

    assert (answer.body, proxy.connections) == (b"near", 0)

import json

import anyio
import pytest

from qwen_mcp_tools.errors import (
    MalformedAnswerError,
    RefusedError,
    ServiceFaultError,
    UnreachableError,
    UpstreamError,
)
from tests.upstream.certificates import Authority
from tests.upstream.loopback import (
    NAME,
    PATIENCE,
    answering,
    clients,
    dripping,
    leaving,
    listening,
    pages,
    refusing,
    reply,
    silent,
)


async def test_a_service_gets_what_it_is_asked_with_and_any_status_is_an_answer() -> None:
    async with (
        listening(answering(reply(b'{"error": "no"}', 422, x_request="7"))) as service,
        clients() as (services, _),
    ):
        answer = await services.request(
            "Brave",
            "POST",
            f"{service.url}/search?a=1",
            params={"q": "a b&c"},
            headers={"X-Subscription-Token": "key", "accept": "application/json"},
            json={"ask": "ü"},
        )

    head = service.heads[0]
    assert head.startswith("POST /search?a=1&q=a+b%26c HTTP/1.1\r\n")
    assert "X-Subscription-Token: key\r\n" in head
    assert head.lower().count("accept: ") == 1
    assert (answer.status, answer.headers["x-request"], answer.cut) == (422, "7", False)
    assert answer.json("Brave") == {"error": "no"}


async def test_connections_are_kept_for_the_next_request() -> None:
    async with listening(answering(reply())) as service, clients() as (services, _):
        for _ in range(3):
            await services.request("Brave", "GET", service.url)

    assert (len(service.heads), service.connections) == (3, 1)


async def test_a_hundred_calls_at_once_are_all_answered() -> None:
    async with (
        listening(answering(reply())) as site,
        pages(site.port) as client,
        anyio.create_task_group() as calls,
    ):
        for number in range(100):
            calls.start_soon(client.get, f"{site.url}/{number}")

    assert len(site.heads) == 100


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_service_is_never_followed_to_another_address(status: int) -> None:
    async with (
        listening(answering(reply())) as elsewhere,
        listening(answering(reply(b"moved", status, location=elsewhere.url))) as service,
        clients() as (services, _),
    ):
        answer = await services.request("Brave", "GET", service.url, headers={"X-Key": "key"})

    assert (answer.status, answer.body, elsewhere.connections) == (status, b"moved", 0)


async def test_an_answer_that_is_no_json_is_told_with_its_status() -> None:
    async with (
        listening(answering(reply(b"<html>", 502), reply(b"[" * 100_000))) as service,
        clients() as (services, _),
    ):
        for match in ("something else than JSON .status 502.", "something else than JSON"):
            answer = await services.request("Brave", "GET", service.url)
            with pytest.raises(MalformedAnswerError, match=f"Brave sent {match}"):
                answer.json("Brave")


async def test_only_so_much_of_a_body_is_read() -> None:
    async with (
        listening(answering(reply(b"x" * 1000), reply(b"x" * 999))) as site,
        pages(site.port) as client,
    ):
        long = await client.get(site.url, max_bytes=999)
        fitting = await client.get(site.url, max_bytes=999)

    assert (len(long.body), long.cut) == (999, True)
    assert (len(fitting.body), fitting.cut) == (999, False)


async def test_a_body_without_end_is_read_up_to_the_limit() -> None:
    async with listening(dripping) as site, pages(site.port) as client:
        answer = await client.get(site.url, max_bytes=5)
        await site.until_left()

    assert (answer.body, answer.cut) == (b".....", True)


async def test_a_site_that_drips_is_left_when_the_call_is_over() -> None:
    async with listening(dripping) as site, pages(site.port) as client:
        with anyio.move_on_after(0.2) as call:
            await client.get(site.url)
        await site.until_left()

    assert call.cancelled_caught


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_page_is_followed_by_get_to_its_final_address(status: int) -> None:
    async with (
        listening(
            answering(
                reply(b"moved", status, location="../b/two?x=1#part", set_cookie="id=1"),
                reply(b"there", content_type="text/plain"),
            )
        ) as site,
        pages(site.port) as client,
    ):
        answer = await client.get(f"{site.url}/a/one", headers={"Accept": "text/plain"})

    assert (answer.url, answer.body) == (f"{site.url}/b/two?x=1", b"there")
    assert [head.split(" HTTP")[0] for head in site.heads] == ["GET /a/one", "GET /b/two?x=1"]
    assert all("accept: text/plain\r\n" in head.lower() for head in site.heads)
    assert all("cookie:" not in head.lower() for head in site.heads)
    assert all("referer:" not in head.lower() for head in site.heads)


async def test_a_space_in_a_redirect_is_escaped_as_browsers_do() -> None:
    async with (
        listening(answering(reply(status=302, location=" /a b "), reply())) as site,
        pages(site.port) as client,
    ):
        answer = await client.get(site.url)

    assert answer.url == f"{site.url}/a%20b"


@pytest.mark.parametrize("status", [300, 304, 302])
async def test_a_redirect_that_leads_nowhere_is_the_answer(status: int) -> None:
    async with listening(answering(reply(b"here", status))) as site, pages(site.port) as client:
        assert (await client.get(site.url)).status == status


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/", "http://10.0.0.1/", "http://2130706433/", "http://[::1]/",
        "//localhost", "http://169.254.169.254/latest/meta-data/", "file:///etc/hosts",
        "http://inside.example.com/", "gopher://example.com/",
        "http://user:secret@example.com/", "http://example.com:6667/", "https://127.1/",
        "http://[::1", "javascript:alert(1)", "http://example.com\\@127.0.0.1/",
    ],
)  # fmt: skip
async def test_no_redirect_leads_where_a_first_address_may_not(location: str) -> None:
    async with (
        listening(answering(reply(status=302, location=location))) as site,
        pages(site.port) as client,
    ):
        with pytest.raises(RefusedError):
            await client.get(f"http://{NAME}:{site.port}/")

    assert len(site.heads) == 1


async def test_redirects_in_a_circle_are_told() -> None:
    async with (
        listening(
            answering(reply(status=302, location="/b"), reply(status=302, location="/a"))
        ) as site,
        pages(site.port) as client,
    ):
        with pytest.raises(UpstreamError, match=r"127\.0\.0\.1 redirects in a circle"):
            await client.get(f"{site.url}/a")

    assert len(site.heads) == 2


@pytest.mark.parametrize("hops", [10, 11])
async def test_ten_redirects_are_followed_and_no_more(hops: int) -> None:
    moves = [reply(status=302, location=f"/{number}") for number in range(hops)]
    async with (
        listening(answering(*moves, reply(b"there"))) as site,
        pages(site.port) as client,
    ):
        if hops == 10:
            assert (await client.get(site.url)).body == b"there"
        else:
            with pytest.raises(UpstreamError, match="redirects more than 10 times"):
                await client.get(site.url)


async def test_the_body_of_a_redirect_is_not_read_and_takes_no_place_from_later_calls() -> None:
    endless = b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n" + b"x" * 1_000_000
    async with (
        listening(answering(*[endless, reply(b"there")] * 101)) as site,
        pages(site.port) as client,
    ):
        with anyio.fail_after(PATIENCE):
            bodies = [(await client.get(f"{site.url}/a")).body for _ in range(101)]

    assert bodies == [b"there"] * 101


async def test_we_say_who_we_are() -> None:
    async with listening(answering(reply())) as site, pages(site.port) as client:
        await client.get(site.url)

    assert "\r\nUser-Agent: qwen-mcp-tools/" in site.heads[0]


async def test_tls_checks_the_name_and_not_the_address(authority: Authority) -> None:
    trusting = {"SSL_CERT_FILE": str(authority.file)}
    async with (
        listening(answering(reply(b"safe")), tls=authority.server(NAME)) as site,
        pages(site.port, **trusting) as client,
    ):
        answer = await client.get(f"https://{NAME}:{site.port}/")
        with pytest.raises(UnreachableError, match="certificate that is not trusted"):
            await client.get(f"https://127.0.0.1:{site.port}/")

    assert answer.body == b"safe"
    assert len(site.heads) == 1


async def test_a_certificate_of_an_unknown_authority_is_told_with_the_mend(
    authority: Authority,
) -> None:
    async with (
        listening(answering(reply()), tls=authority.server(NAME)) as site,
        pages(site.port) as client,
    ):
        with pytest.raises(UnreachableError) as failure:
            await client.get(f"https://{NAME}:{site.port}/")

    assert str(failure.value) == (
        f"{NAME} shows a certificate that is not trusted (unable to get local issuer certificate); "
        "if your network has an authority of its own, name its file in SSL_CERT_FILE"
    )


async def test_a_site_without_tls_on_an_https_address_is_told() -> None:
    async with listening(refusing) as site, pages(site.port) as client:
        with pytest.raises(UnreachableError, match="does not speak TLS as we do"):
            await client.get(f"https://{NAME}:{site.port}/")


async def test_a_refused_connection_is_told_with_the_mend() -> None:
    async with listening(silent) as gone:
        pass

    async with clients() as (services, _):
        with pytest.raises(UnreachableError) as near:
            await services.request("SearXNG", "GET", gone.url)
        with pytest.raises(UnreachableError) as far:
            await services.request("Brave", "GET", f"http://{NAME}:{gone.port}")

    assert str(near.value) == "SearXNG refuses the connection; check that it runs there"
    assert str(far.value) == (
        "Brave refuses the connection; set HTTPS_PROXY if this network needs a proxy"
    )


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
async def test_an_answer_that_breaks_off_is_a_fault_of_the_service(answer: bytes) -> None:
    async with (
        listening(answering(answer.replace(b"Content-Length", b"content-length"))) as site,
        pages(site.port) as client,
    ):
        with pytest.raises(ServiceFaultError, match=r"127\.0\.0\.1 broke off or garbled"):
            await client.get(site.url)


async def test_a_site_that_hangs_up_is_a_fault_of_the_service() -> None:
    async with listening(leaving) as site, pages(site.port) as client:
        with pytest.raises(ServiceFaultError):
            await client.get(site.url)


@pytest.mark.parametrize("key", ["two\nlines-of-key", "schlüssel-of-key"])
async def test_a_key_that_no_header_can_carry_is_told_without_showing_it(key: str) -> None:
    async with listening(answering(reply())) as service, clients() as (services, _):
        with pytest.raises(UpstreamError, match="Brave can't be asked: a header") as failure:
            await services.request("Brave", "GET", service.url, headers={"X-Key": key})

    assert "of-key" not in str(failure.value)


@pytest.mark.parametrize("url", ["http://256.1.1.1/", "http://example.com:99999/", "http:///"])
async def test_a_service_whose_url_is_none_is_told(url: str) -> None:
    async with clients() as (services, _):
        with pytest.raises(UpstreamError, match="SearXNG can't be asked: its URL"):
            await services.request("SearXNG", "GET", url)


async def test_every_failure_is_one_line() -> None:
    async with listening(answering(b"\r\n\r\n")) as site, clients() as (services, client):
        failures = []
        for call in (
            services.request("Brave", "GET", site.url),
            client.get("http://example.com:22/\u2028x"),
            client.get("http://example.com/"),
        ):
            with pytest.raises((UpstreamError, RefusedError)) as failure:
                await call
            failures.append(str(failure.value))

    assert [len(text.splitlines()) for text in failures] == [1, 1, 1], json.dumps(failures)


async def test_a_stream_is_read_by_lines_as_they_come() -> None:
    text = "data: ü\r\n\r\nno end".encode()
    async with (
        listening(answering(reply(text), reply(b"x" * 50 + b"\n" + b"y" * 50))) as service,
        clients() as (services, _),
    ):
        for most, expected in ((1000, ["data: ü", "", "no end"]), (60, ["x" * 50])):
            async with services.stream("Qwen", "POST", service.url, json={}, patience=5) as coming:
                assert coming.status == 200
                assert [line async for line in coming.lines(most)] == expected


async def test_a_pause_in_a_stream_may_last_as_long_as_it_is_given() -> None:
    async with listening(silent) as service, clients() as (services, _):
        with pytest.raises(UnreachableError, match=r"Qwen did not answer within 0\.1 s"):
            async with services.stream("Qwen", "POST", service.url, json={}, patience=0.1):
                pass

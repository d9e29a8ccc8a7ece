import httpcore
import httpx
import pytest

from qwen_mcp_tools.errors import UnreachableError
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.failures import talking_to
from qwen_mcp_tools.upstream.proxies import Routes

URL = httpx.URL("https://example.com/")
PROXY = Routes(Settings.from_env({"HTTPS_PROXY": "http://user:pass-word@127.0.0.1:7890"}))


def words_for(error: Exception, *, proxied: bool = False) -> str:
    proxy = PROXY.proxy_for(str(URL)) if proxied else None
    with pytest.raises(UnreachableError) as failure, talking_to("Brave", URL, proxy):
        raise error
    return str(failure.value)


def test_a_service_that_takes_too_long_is_told_with_the_seconds_it_had() -> None:
    mend = "set HTTPS_PROXY if this network needs a proxy"

    assert words_for(httpcore.ConnectTimeout()) == f"Brave did not answer within 8 s; {mend}"
    assert words_for(httpcore.ReadTimeout()) == f"Brave did not answer within 20 s; {mend}"


@pytest.mark.parametrize("host", ["192.168.1.5", "nas.local", "localhost", "[::1]"])
def test_a_service_near_by_needs_no_proxy(host: str) -> None:
    url = httpx.URL(f"http://{host}:8080/")
    with pytest.raises(UnreachableError) as failure, talking_to("SearXNG", url, None):
        raise httpcore.ConnectError

    assert str(failure.value) == "SearXNG can't be connected to; check that it runs there"


def test_behind_a_proxy_the_mend_names_its_variable_and_never_its_password() -> None:
    text = words_for(httpcore.ReadTimeout(), proxied=True)

    assert text == "Brave did not answer within 20 s; try again, or check the proxy in HTTPS_PROXY"


def test_too_many_requests_at_once_are_told_as_ours() -> None:
    assert words_for(httpcore.PoolTimeout()) == (
        "Brave is being asked too much at once from here; try again in a moment"
    )

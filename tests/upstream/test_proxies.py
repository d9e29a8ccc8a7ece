from pathlib import Path

import pytest

from qwen_mcp_tools.errors import SettingError
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.upstream.proxies import Routes
from tests.upstream.certificates import Authority

PROXY = "http://user:p%40ss-word@proxy.example.com:3128"


def routes(**variables: str) -> Routes:
    return Routes(Settings.from_env(variables))


def variable_for(url: str, **variables: str) -> str:
    proxy = routes(**variables).proxy_for(url)
    return proxy.variable if proxy else "none"


@pytest.mark.parametrize(
    ("url", "variable"),
    [
        ("https://example.com/", "HTTPS_PROXY"),
        ("http://example.com/", "ALL_PROXY"),
        ("https://example.com:8443/", "HTTPS_PROXY"),
    ],
)
def test_each_scheme_has_its_proxy_and_all_proxy_stands_in(url: str, variable: str) -> None:
    assert variable == variable_for(
        url, HTTPS_PROXY="http://127.0.0.1:1", ALL_PROXY="socks5://127.0.0.1:2"
    )


def test_variables_in_lower_case_count() -> None:
    assert variable_for("https://example.com/", https_proxy="127.0.0.1:7890") == "HTTPS_PROXY"


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:3000", "api.localhost", "127.0.0.1", "127.8.8.8:80", "[::1]:8080"],
)
def test_loopback_never_goes_through_a_proxy(host: str) -> None:
    assert variable_for(f"http://{host}/", ALL_PROXY=PROXY) == "none"


@pytest.mark.parametrize(
    ("no_proxy", "url"),
    [
        ("*", "https://example.com/"),
        ("*", "https://10.0.0.1/"),
        ("example.com", "https://example.com/"),
        ("example.com", "https://www.example.com/"),
        ("EXAMPLE.com", "https://Example.COM./"),
        (".example.com", "https://www.example.com/"),
        (".example.com", "https://example.com/"),
        ("*.example.com", "https://a.b.example.com/"),
        ("example.com:8443", "https://example.com:8443/"),
        ("example.com:443", "https://example.com/"),
        ("example.com:80", "http://example.com/"),
        ("10.0.0.0/8", "http://10.1.2.3/"),
        ("10.1.2.3", "http://10.1.2.3:8080/"),
        ("10.1.2.3:8080", "http://10.1.2.3:8080/"),
        ("fd00::/8", "http://[fd00::1]/"),
        ("fd00::1", "http://[fd00::1]/"),
        ("[fd00::1]", "http://[fd00::1]/"),
        ("[fd00::1]:8080", "http://[fd00::1]:8080/"),
        ("other.org, example.com", "https://example.com/"),
        ("other.org example.com", "https://example.com/"),
    ],
)
def test_no_proxy_names_what_is_reached_directly(no_proxy: str, url: str) -> None:
    assert variable_for(url, ALL_PROXY=PROXY, NO_PROXY=no_proxy) == "none"


@pytest.mark.parametrize(
    ("no_proxy", "url"),
    [
        ("example.com", "https://notexample.com/"),
        ("example.com", "https://example.com.evil.org/"),
        ("www.example.com", "https://example.com/"),
        ("example.com:8443", "https://example.com/"),
        ("10.0.0.0/8", "http://11.1.2.3/"),
        ("10.0.0.0/8", "http://10.example.com/"),
        ("10.1.2.3", "http://10.1.2.30/"),
        ("1.2.3", "http://10.1.2.3/"),
        ("[fd00::1]:8080", "http://[fd00::1]/"),
        ("fd00::/8", "http://10.0.0.1/"),
        (".", "https://example.com/"),
        (",", "https://example.com/"),
    ],
)
def test_no_proxy_lets_nothing_else_out(no_proxy: str, url: str) -> None:
    assert variable_for(url, ALL_PROXY=PROXY, NO_PROXY=no_proxy) == "ALL_PROXY"


@pytest.mark.parametrize(
    ("written", "where"),
    [
        ("127.0.0.1:7890", ("http", "127.0.0.1", 7890)),
        ("http://proxy.example.com", ("http", "proxy.example.com", 80)),
        ("https://proxy.example.com", ("https", "proxy.example.com", 443)),
        ("HTTP://[::1]:7890/", ("http", "::1", 7890)),
        ("socks5://127.0.0.1", ("socks5", "127.0.0.1", 1080)),
        ("socks5h://127.0.0.1:7891", ("socks5h", "127.0.0.1", 7891)),
        ("socks://127.0.0.1:7891/", ("socks5h", "127.0.0.1", 7891)),
    ],
)
def test_a_proxy_is_written_as_programs_write_it(written: str, where: tuple[str, str, int]) -> None:
    proxy = routes(ALL_PROXY=written).proxy_for("https://example.com/")

    assert proxy
    assert (proxy.scheme, proxy.host, proxy.port) == where
    assert proxy.account is None


def test_user_and_password_are_unescaped_and_shown_nowhere() -> None:
    proxy = routes(ALL_PROXY=PROXY).proxy_for("https://example.com/")

    assert proxy
    assert proxy.account == ("user", "p@ss-word")
    assert proxy.url.reveal() == PROXY
    assert "ss-word" not in repr(proxy)


@pytest.mark.parametrize(
    "written",
    [
        "socks4://user:pass-word@127.0.0.1:1080", "ftp://user:pass-word@127.0.0.1",
        "http://user:pass-word@127.0.0.1:seven", "http://user:pass-word@", "http://[::1",
        "http://user:pass-word@127.0.0.1:99999",
    ],
)  # fmt: skip
def test_a_proxy_that_cannot_be_used_is_told_without_its_password(written: str) -> None:
    with pytest.raises(SettingError, match=r"^HTTPS_PROXY takes ") as error:
        routes(HTTPS_PROXY=written)

    assert "pass-word" not in str(error.value)
    assert error.value.__cause__ is None


def test_the_file_is_trusted_in_place_of_the_usual_certificates(authority: Authority) -> None:
    (trusted,) = routes(SSL_CERT_FILE=str(authority.file)).tls.get_ca_certs()

    assert trusted["subject"] == ((("commonName", "Test Authority"),),)
    assert len(routes().tls.get_ca_certs()) > 50


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_file_that_holds_no_certificates_is_told_at_the_start(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "authorities.pem"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(SettingError, match=r"^SSL_CERT_FILE takes "):
        routes(SSL_CERT_FILE=str(file))


def test_a_folder_that_is_none_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"^SSL_CERT_DIR takes "):
        routes(SSL_CERT_DIR=str(tmp_path / "missing"))

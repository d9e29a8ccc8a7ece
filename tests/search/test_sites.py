"""The sites to search: how they are written, and which addresses are on them."""

import pytest

from qwen_mcp_tools.search.query import Query, check_sites, is_on, sites_of


@pytest.mark.parametrize(
    ("written", "site"),
    [
        ("docs.python.org", "docs.python.org"),
        ("https://docs.python.org/3/library", "docs.python.org"),
        ("docs.python.org/3/", "docs.python.org"),
        ("Docs.Python.org?x#y", "docs.python.org"),
        ("*.python.org", "python.org"),
        (".python.org", "python.org"),
        ("例子.中国", "xn--fsqu00a.xn--fiqs8s"),
        ("127.0.0.1:8000/x", "127.0.0.1:8000"),
    ],
)
def test_a_site_is_its_host_however_a_model_writes_it(written: str, site: str) -> None:
    assert check_sites(written) == written
    assert sites_of(f"{written},-{written}") == ((site,), (site,))


@pytest.mark.parametrize(
    "text", ["python", "https://", "me@a.example", "a.example:x", "a b.example"]
)
def test_what_is_no_site_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be domains"):
        check_sites(text)


@pytest.mark.parametrize(
    ("url", "is_wanted"),
    [
        ("https://github.com/a", True),
        ("https://gist.github.com:8443/a", True),
        ("https://GitHub.com./a", True),
        ("https://github.com@b.example/", False),
        ("https://github.com:443@b.example/", False),
        ("https://b.example/github.com", False),
        ("https://notgithub.com/", False),
    ],
)
def test_an_address_is_on_a_site_by_the_host_that_it_leads_to(url: str, is_wanted: bool) -> None:
    assert Query("x", sites=("github.com",)).wants(url) is is_wanted
    assert Query("x", without_sites=("github.com",)).wants(url) is not is_wanted


def test_an_address_in_any_script_is_on_the_site_that_it_spells() -> None:
    (kept, _) = sites_of("例子.中国")

    assert Query("x", sites=kept).wants("https://www.例子.中国/a")
    assert Query("x", sites=kept).wants("https://xn--fsqu00a.xn--fiqs8s/a")


@pytest.mark.parametrize(
    ("host", "site", "is_there"),
    [
        ("a.example:8080", "a.example", True),
        ("a.example:8080", "a.example:8080", True),
        ("b.a.example:8080", "a.example:8080", True),
        ("a.example:8080", "a.example:9090", False),
        ("a.example", "a.example:9090", False),
    ],
)
def test_a_port_counts_where_the_site_names_one(host: str, site: str, is_there: bool) -> None:
    assert is_on(host, site) is is_there

"""How the tests of the sandbox's GitHub ask it."""

from typing import Any

import httpx

from qwen_mcp_tools.sandbox import Sandbox

KESTREL = "/repos/kestrel-jobs/kestrel"
ODD = "/repos/kestrel-jobs/odd-files"
RAW = "application/vnd.github.raw+json"
OBJECT = "application/vnd.github.object+json"
MATCHES = "application/vnd.github.text-match+json"
SHA = "application/vnd.github.sha"


def get(url: str, **how: Any) -> httpx.Response:
    """Get a URL over plain http: certificates, which take long to load, are of no use."""
    return httpx.get(url, verify=False, **how)


def ask(
    sandbox: Sandbox,
    place: str,
    *,
    token: str | None = "",
    headers: dict[str, str] | None = None,
    accept: str = "application/vnd.github+json",
    **parameters: Any,
) -> httpx.Response:
    """Ask the API, with the sandbox's token unless `token` is another, or None."""
    own = {} if token is None else {"Authorization": f"Bearer {token or sandbox.github.token}"}
    return get(
        f"{sandbox.github.url}{place}",
        params=parameters or None,
        headers={"Accept": accept, **own, **(headers or {})},
    )


def code(sandbox: Sandbox, q: str, **how: Any) -> list[str]:
    """Return the paths that a search for code finds."""
    answer = ask(sandbox, "/search/code", q=q, **how)
    assert answer.status_code == 200, answer.text
    return [item["path"] for item in answer.json()["items"]]

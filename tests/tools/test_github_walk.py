"""A real project, published by the sandbox: from words to lines in two calls."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import starlette

from qwen_mcp_tools.app import open_app
from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.server import create_server
from qwen_mcp_tools.settings import Settings
from tests.conftest import Caller, Client

PROJECT = Path(starlette.__file__).parent
"""Its code as it is installed here: some thirty modules in three folders."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project as a git repository with a tag and a branch."""
    folder = tmp_path_factory.mktemp("checkout")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT, folder / "starlette", ignore=ignored)
    (folder / "README.md").write_text("# Starlette\n\nThe little framework.\n", encoding="utf-8")
    identity = ["-c", "user.name=Ida", "-c", "user.email=ida@kestrel.example"]
    for command in (
        ["init", "--quiet", "--initial-branch=master"],
        ["add", "--all"],
        [*identity, "commit", "--quiet", "--message=As it is"],
        ["tag", "1.0"],
        ["branch", "feature/routes"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder


async def test_a_search_hit_leads_to_its_lines_in_two_calls(checkout: Path) -> None:
    with Sandbox(repositories={"encode/starlette": checkout}) as sandbox:
        settings = Settings.from_env(sandbox.settings())
        async with open_app(settings) as app, Client(create_server(app)) as client:
            call = Caller(client)
            hits = await call("github_search_code", query="WebSocketRoute", repo="encode/starlette")
            (url,) = re.findall(r"starlette/routing\.py\n   (\S+)\n", hits)
            lines = await call("github_read_file", repo=url)
            overview = await call("github_read_file", repo="encode/starlette")
            branch = await call(
                "github_read_file",
                repo="https://github.com/encode/starlette/blob/feature/routes/starlette/types.py",
            )
            wrong = await call.failure(
                "github_read_file", repo="encode/starlette", path="src/starlette/routing.py"
            )

    number = int(url.rpartition("#L")[2])
    source = (PROJECT / "routing.py").read_text(encoding="utf-8").splitlines()
    line = source[number - 1]
    assert "WebSocketRoute" in line
    assert f"\n{number}\t{line}\n" in lines
    assert "\nstarlette/  (" in overview
    assert "\nRef: feature/routes, commit " in branch
    assert "nearest: starlette/routing.py" in wrong

"""The file of answers: where it is, which start it holds for, and who may have written it."""

import json
import sys
from pathlib import Path

import anyio
import hypothesis
import pytest
from hypothesis import strategies as st

from qwen_mcp_tools import answers
from qwen_mcp_tools.app import open_app
from qwen_mcp_tools.server import create_server
from qwen_mcp_tools.serving.recording import HARMLESS, NEVER_MATTER, packaged, rules
from qwen_mcp_tools.settings import Settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the SDK answers there")


def test_the_packaged_answers_are_on_record(record: bool) -> None:
    """Another SDK, another offer, another setting: `pytest --record` writes the file anew."""
    path = Path(answers.PACKAGED)
    if record:
        path.write_text(packaged(), encoding="utf-8")

    assert path.read_text(encoding="utf-8") == packaged()


@pytest.mark.parametrize("changed", ["installed", "sources", "settings"])
def test_answers_of_another_start_are_not_given(changed: str, tmp_path: Path) -> None:
    here = {"QWEN_MCP_CACHE_DIR": str(tmp_path), "QWEN_MCP_TOOLS": "fetch_page"}
    answers.keep(here, {"2025-11-25": {}})
    (kept,) = tmp_path.iterdir()
    assert answers.find(here) == {"2025-11-25": {}}

    content = json.loads(kept.read_text())
    content["start"][changed] = "another"
    kept.write_text(json.dumps(content))

    assert answers.find(here) is None


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"start": 1}', "\xff"])
def test_a_file_that_is_no_answers_is_not_there(content: str, tmp_path: Path) -> None:
    here = {"QWEN_MCP_CACHE_DIR": str(tmp_path), "QWEN_MCP_TOOLS": "fetch_page"}
    answers.keep(here, {})
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(content.encode("latin-1"))

    assert answers.find(here) is None


def test_no_more_files_are_kept_than_there_are_sets_of_settings_in_use(tmp_path: Path) -> None:
    for seconds in range(1, 12):
        settings = {"QWEN_MCP_CACHE_DIR": str(tmp_path), "QWEN_MCP_TIMEOUT": str(seconds)}
        answers.keep(settings, {})

    assert len(list(tmp_path.iterdir())) == 8
    assert answers.find(settings) == {}


def test_a_password_is_not_kept(tmp_path: Path) -> None:
    proxy = {"HTTPS_PROXY": "http://me:hunter22@host:80", "QWEN_MCP_CACHE_DIR": str(tmp_path)}
    answers.keep(proxy, {})

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_the_cache_is_where_platformdirs_puts_it(
    system: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from platformdirs import macos, unix

    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    place = {"linux": unix.Unix, "darwin": macos.MacOS}[system]
    answers.keep({"QWEN_MCP_TOOLS": "fetch_page"}, {})

    folder = Path(place("qwen-mcp-tools", appauthor=False).user_cache_dir)
    assert [path.name[:8] for path in folder.iterdir()] == ["answers-"]


VALUES = st.one_of(
    st.sampled_from(
        [
            "",
            "0",
            "1",
            "On",
            "http://h",
            "https://h:1/x y",
            "socks5://h:8",
            "h:80",
            "a b",
            ":",
            "//",
        ]
    ),
    st.sampled_from(
        [word for rule in HARMLESS.values() if isinstance(rule, list) for word in rule]
    ),
    st.from_regex(r"(https?|socks5h?)://[a-z0-9.:@/\[\]-]{0,12}", fullmatch=True),
    st.from_regex(r"([a-z.]{1,5}:[0-9]{0,6}[, ]?){1,3}", fullmatch=True),
)


@hypothesis.example(name="SEARXNG_URL", value="https://h:1/x y")
@hypothesis.example(name="QWEN_MCP_ALLOW_HOSTS", value="h:000080")
@hypothesis.given(name=st.sampled_from(sorted({*rules(), *NEVER_MATTER})), value=VALUES)
def test_what_is_called_harmless_never_makes_a_start_fail(name: str, value: str) -> None:
    told = json.loads(Path(answers.PACKAGED).read_text())["start"]
    hypothesis.assume(answers.start_of(rules(), {name: value}) == told)

    async def start() -> None:
        async with open_app(Settings.from_env({name: value}), local_files=True) as app:
            create_server(app)

    anyio.run(start)

"""What strangers write, in every form that can be thought of: each reader says something, or no.

A short run with the other tests; `make fuzz` tries fifty times as many examples of each.
"""

# ruff: noqa: E501, PT017 - tables are wide; a refusal is an answer, looked at like any other

import re
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from qwen_mcp_tools.arguments import Arguments
from qwen_mcp_tools.beacons import without_pictures
from qwen_mcp_tools.content.charset import decode
from qwen_mcp_tools.content.html import read_html
from qwen_mcp_tools.errors import BadArgumentError, RefusedError, SettingError
from qwen_mcp_tools.github.hosts import hosts_of
from qwen_mcp_tools.github.place import place_in, place_of
from qwen_mcp_tools.invisible import without_invisible
from qwen_mcp_tools.redactor import Redactor
from qwen_mcp_tools.serving.stdio import parse
from qwen_mcp_tools.serving.tokens import Tokens
from qwen_mcp_tools.settings import Settings, variables
from qwen_mcp_tools.text import MAX_RESULT, Reply, clean, mark_as_foreign, width
from qwen_mcp_tools.upstream.addresses import judge_url, literal_in

pytestmark = pytest.mark.fuzz

HOSTS = hosts_of(Settings())
ANY_TEXT = st.text(st.characters(codec=None), max_size=200)
KEY = "github_pat_11FUZZ0a_9zK4jW7pQ2xV5bN8mR3tY6uL1"


def made_of(*pieces: str, size: int = 25) -> st.SearchStrategy[str]:
    """Return texts of `pieces`, with some text of any kind between them."""
    each = st.one_of(st.sampled_from(pieces), st.text(st.characters(codec=None), max_size=3))
    return st.lists(each, max_size=size).map("".join)


URLS = made_of(
    "http://", "https://", "ftp://", "file:///", "//", "\\\\", "@", ":", "/", "?", "#", ".", "..",
    "127.0.0.1", "0x7f", "2130706433", "0177", "[::1]", "[::ffff:", "]", "localhost", "example.com",
    "%2e", "%00", "xn--", "。", "１", " ", "\t", "\n", ":80", ":22", ":99999", "169.254.169.254",
)  # fmt: skip


@given(st.one_of(URLS, URLS.map("http://".__add__), ANY_TEXT))
def test_the_judge_of_urls_gives_a_web_address_or_refuses(url: str) -> None:
    try:
        judged = judge_url(url)
    except (RefusedError, BadArgumentError) as refusal:
        assert "\n" not in clean(str(refusal)) or len(str(refusal)) < 600
        return

    assert judged.scheme in {"http", "https"}
    assert judged.host
    assert not re.search(r"[\x00-\x20\x7f\\%@]", judged.host)
    assert literal_in(judged.host) or not judged.host.rstrip(".").rpartition(".")[2].isdecimal()
    assert judge_url(str(judged)).host == judged.host


CONTENT_TYPES = made_of(
    "text/html", "; ", "charset", "=", '"', "utf-8", "utf-16", "gbk", "big5", "shift_jis", "x", "utf-7",
    "idna", "rot13", "zlib", "unicode_escape", "undefined", "base64", "punycode", "mbcs",
)  # fmt: skip
BODIES = st.one_of(
    st.binary(max_size=300),
    made_of("<meta charset=", "gbk", ">", "中文", "\ufeff", "é").map(
        lambda text: text.encode("utf-8", "replace")
    ),
    st.text(max_size=100).map(lambda text: text.encode("utf-16", "replace")),
    st.text("中文测试，你好", max_size=100).map(lambda text: text.encode("gb18030")),
)


@given(BODIES, CONTENT_TYPES, st.booleans())
def test_the_reader_of_charsets_reads_any_bytes(body: bytes, kind: str, html: bool) -> None:
    decoded = decode(body, kind, html=html)

    assert isinstance(decoded.text, str)
    assert decoded.charset


HTML = made_of(
    "<p>", "</p>", "<div hidden>", "<div style='display:none'>", "</div>", "<table>", "<tr>", "<td>", "<pre>",
    "<code>", "<a href='javascript:alert(1)'>", "<a href='https://example.com/'>", "</a>", "<img src=x>",
    "<img src='data:x'>", "<script>", "</script>", "<!--", "-->", "<style>.x{display:none}", "</style>",
    "<svg>", "<template>", "<ul><li>", "<h1>", "</h1>", "&lt;", "&#0;", "&#x202e;", "<![CDATA[", "]]>", "<",
    "text", "![x](http://e.example)", "\0", "<br>", "<form>", "<input value=x>", "<details>",
)  # fmt: skip


@given(HTML, st.sampled_from(["https://example.com/a/", "", "x:"]))
def test_the_reader_of_html_reads_anything(html: str, url: str) -> None:
    page = read_html(html, url)
    shown = Reply("head", page.markdown).render()

    assert "![" not in shown
    assert not re.search(r"\]\((?:javascript|data|vbscript|file):", shown, re.IGNORECASE)
    shown.encode()


NAMES = made_of(
    "https://github.com/", "https://api.github.com/repos/", "raw.githubusercontent.com/", "git@github.com:",
    "octo", "hello", "/", "..", ".", "%2e", "%2f", "%252e", "\\", "blob", "tree", "main", "#L1-L2", "?ref=",
    ".git", "@", ":", "@{", "refs/heads/", "contents",
)  # fmt: skip


def stays(*names: str) -> bool:
    return not any(".." in name.split("/") or "\0" in name or "\n" in name for name in names)


@given(NAMES, NAMES, NAMES)
def test_the_reader_of_references_names_a_place_below_a_repository(
    repo: str, path: str, ref: str
) -> None:
    for given_path, given_ref in (("", ""), (path, ref)):
        try:
            place = place_of(repo, given_path, given_ref, HOSTS)
        except BadArgumentError as error:
            assert len(str(error)) < 500
            continue

        assert re.fullmatch(r"[\w-]+/[\w.-]+", str(place.repository), re.ASCII)
        assert place.repository.name.strip(".")
        assert stays(place.path, place.ref, place.ref_and_path)


@given(NAMES)
def test_a_page_that_is_no_place_is_none(url: str) -> None:
    try:
        place = place_in(url, HOSTS)
    except BadArgumentError:
        return
    assert place is None or stays(place.path, place.ref, place.ref_and_path)


async def _tool(  # noqa: PLR0913, PLR0917
    app: Any,
    name: Annotated[str, Field(max_length=50)],
    count: Annotated[int, Field(ge=0, le=20)] = 1,
    kinds: Annotated[list[str], Field(min_length=1, max_length=8)] = ["a"],  # noqa: B006
    loud: bool = False,
    tone: Literal["warm", "cool"] = "warm",
) -> None:
    """Do nothing."""


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), ANY_TEXT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(ANY_TEXT, inner, max_size=4)
    ),
    max_leaves=12,
)
GIVEN = st.one_of(
    st.dictionaries(ANY_TEXT, JSON, max_size=5),
    st.fixed_dictionaries(
        {"name": JSON}, optional={"count": JSON, "kinds": JSON, "loud": JSON, "tone": JSON}
    ),
    st.fixed_dictionaries({"name": st.text(max_size=60)}, optional={"count": st.integers(-1, 30)}),
)


@given(GIVEN)
def test_the_reader_of_arguments_gives_what_the_schema_says_or_a_line(
    given: dict[str, Any],
) -> None:
    try:
        read = Arguments.of(_tool).check(given)
    except BadArgumentError as error:
        words = str(error)
        assert len(words) < 600
        assert "\n" not in words
        assert "pydantic" not in words or any("pydantic" in each for each in given)
        return

    assert isinstance(read["name"], str)
    assert len(read["name"]) <= 50
    read["name"].encode()
    assert type(read["count"]) is int
    assert 0 <= read["count"] <= 20
    assert read["loud"] in {True, False}


TROUBLES = made_of(
    "<<<", ">>>", "0123456789abcdef", " end", " text from outside", "![", "](", "http://e.example", ")", "[",
    "]", "]:", "`", "\\", "<", "\u200b", "\u202e", "\U000e0041", "\x1b[", "31m", "\x9b", "\x1b]0;", "\x07",
    "👩", "\u200d", "\ufe0f", "🏴", "\U000e0067", "\U000e007f", "中", "\U000e0100", "\u0301", "\r", "\n", "\ud800",
    "क", "\u094d", "ب", "\u200c", "\ufeff", "1", "\u20e3", KEY, KEY[:20],
    size=60,
)  # fmt: skip


@given(TROUBLES)
def test_the_sanitiser_is_done_after_one_time(text: str) -> None:
    for change in (without_invisible, without_pictures, clean):
        once = change(text)
        assert change(once) == once
    assert not re.search(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e\ufeff\ud800-\udfff]", clean(text)
    )


@given(TROUBLES, TROUBLES, TROUBLES)
def test_an_answer_has_one_pair_of_marks_and_fits(head: str, content: str, foot: str) -> None:
    shown = Reply(head, content, foot).render()
    marks = re.findall(r"<{3,}[\w-]{0,64} (?:end|text from outside)[^\n>]{0,200}>{3}", shown)

    assert len(marks) == (2 if clean(content) else 0)
    assert width(shown) <= MAX_RESULT


@given(TROUBLES)
def test_what_is_between_the_marks_can_be_told_from_them(content: str) -> None:
    marked = mark_as_foreign(content)
    first, *_, last = marked.split("\n")

    assert first[3:19] == last[3:19]
    assert marked.count(first[3:19]) == 2


@given(TROUBLES)
def test_no_key_gets_past_the_redactor(text: str) -> None:
    masked = Redactor([KEY])(clean(text))

    assert not any(KEY[at : at + 12].lower() in masked.lower() for at in range(len(KEY) - 11))
    assert Redactor([KEY])(masked) == masked


VALUES = made_of(
    "1", "0", ",", ":", "http://", "user:pw@", "localhost", ":80", " ", "\n", "198.18.0.0/15", "/", "..", "true",
    "brave", "sk-sp-", "é", "name:0123456789abcdef0", "socks5://", "[::1]", "*",
)  # fmt: skip
NO_FILES = [name for name in variables() if not name.endswith("_FILE")]


@given(st.dictionaries(st.sampled_from(NO_FILES), VALUES, max_size=6))
def test_the_reader_of_settings_takes_them_or_names_the_variable(environ: dict[str, str]) -> None:
    try:
        settings = Settings.from_env(environ)
    except SettingError as error:
        assert any(str(error).startswith(name) for name in environ)
        return

    Redactor(settings.secrets())
    repr(settings).encode()


@given(VALUES)
def test_the_reader_of_tokens_takes_long_ones_only(text: str) -> None:
    try:
        tokens = Tokens(text)
    except SettingError as error:
        assert str(error).startswith("QWEN_MCP_TOKEN takes")
        return
    assert tokens.name_of("Bearer ") is None
    assert tokens.name_of(f"Bearer {text}x") is None


LINES = made_of(
    '{"jsonrpc":"2.0"', ',"id":', "1", "null", '"a"', ',"method":"ping"', "}", "{", "[", "]", "\\ud800", ",",
    '"result":{}', "NaN", "\ufeff", '"',
)  # fmt: skip


@given(st.one_of(LINES.map(lambda text: text.encode("utf-8", "replace")), st.binary(max_size=60)))
def test_the_reader_of_lines_gives_a_message_or_an_answer(line: bytes) -> None:
    parsed = parse(line)

    assert not isinstance(parsed, bytes) or b'"error"' in parsed

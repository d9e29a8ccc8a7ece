"""A page as Markdown: what stays, what goes, and that nothing breaks it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.content.html import read_html, to_markdown

URL = "https://docs.example/guide/page.html"
FILLER = "<p>" + "Plain words of the page that a reader came for. " * 8 + "</p>"


def body(html: str) -> str:
    return to_markdown(f"<html><body><main>{FILLER}{html}</main></body></html>", URL)


def test_code_is_kept_to_the_letter_with_its_language() -> None:
    code = 'def f(a):\n\n\n    return  "<b>*x*</b>"\n\tend'
    escaped = code.replace("<", "&lt;")
    html = f'<pre><code class="language-python">{escaped}\n</code></pre>'

    assert f"```python\n{code}\n```" in body(html)


def test_highlighted_code_is_plain_code() -> None:
    html = (
        '<div class="highlight-python3"><div class="highlight"><pre><span></span>'
        '<span class="kn">import</span> <span class="nn">os</span>\n</pre></div></div>'
    )

    assert "```python\nimport os\n```" in body(html)


def test_line_numbers_are_no_code() -> None:
    html = (
        '<table class="highlighttable"><tr><td class="linenos"><pre>1\n2</pre></td>'
        '<td class="code"><pre>a = 1\nb = 2</pre></td></tr></table>'
    )

    assert "```\na = 1\nb = 2\n```" in body(html)


def test_a_table_keeps_its_cells() -> None:
    html = "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2 | 3</td></tr></table>"
    rows = [line for line in body(html).splitlines() if line.startswith("|")]

    assert [cell.strip() for cell in rows[0].strip("|").split("|")] == ["A", "B"]
    assert re.search(r"1\s*\|\s*2 \\\| 3", rows[2])


def test_headings_lists_and_definitions_keep_their_levels() -> None:
    text = body(
        "<h2>Two</h2><h3>Three</h3><ul><li>a<ul><li>b</li></ul></li></ul><ol><li>c</li></ol>"
    )

    assert "## Two" in text
    assert "### Three" in text
    assert re.search(r"^- a\n\s+[-*+] b", text, re.MULTILINE)
    assert "1. c" in text


def test_permalinks_are_no_part_of_a_heading() -> None:
    text = body('<h2>Install<a class="headerlink" href="#install">¶</a></h2>')

    assert "## Install\n" in f"{text}\n"
    assert "¶" not in text


def test_links_are_absolute_and_lead_somewhere() -> None:
    text = body(
        '<p><a href="../api.html">api</a> <a href="javascript:x()">script</a> '
        '<a href="data:text/html,x">data</a> <a href="mailto:a@b.example">mail</a></p>'
    )

    assert "[api](https://docs.example/api.html)" in text
    assert "javascript:" not in text
    assert "data:" not in text
    assert "script" in text
    assert "(mailto:a@b.example)" in text


def test_a_base_element_counts() -> None:
    html = f'<base href="https://cdn.example/x/"><main>{FILLER}<a href="y">y</a></main>'

    assert "https://cdn.example/x/y" in to_markdown(html, URL)


def test_a_picture_becomes_a_link_that_no_client_loads() -> None:
    text = body('<img src="/p.png" alt="A chart"><img src="data:image/png;base64,AA" alt="x">')

    assert "[picture: A chart](https://docs.example/p.png)" in text
    assert "![" not in text
    assert "base64" not in text


HIDDEN = [
    '<p style="display:none">HIDDEN</p>',
    '<p style="visibility: hidden">HIDDEN</p>',
    '<p style="font-size:0">HIDDEN</p>',
    '<p style="opacity:0">HIDDEN</p>',
    '<p style="position:absolute; left:-9999px">HIDDEN</p>',
    '<p style="color:#fff;background-color:white">HIDDEN</p>',
    '<p style="height:0;overflow:hidden">HIDDEN</p>',
    '<p style="text-indent:-9999px">HIDDEN</p>',
    "<p hidden>HIDDEN</p>",
    '<div aria-hidden="true">HIDDEN</div>',
    "<template>HIDDEN</template>",
    "<!-- HIDDEN -->",
    "<script>HIDDEN</script>",
    '<input value="HIDDEN">',
    "<noscript>HIDDEN</noscript>",
    "<style>.gone{display:none}</style><p class='gone'>HIDDEN</p>",
    "<svg><text>HIDDEN</text></svg>",
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_a_browser_does_not_show_is_not_read(hidden: str) -> None:
    text = body(f"<p>before</p>{hidden}<p>after</p>")

    assert "HIDDEN" not in text
    assert "before" in text
    assert "after" in text


def test_what_surrounds_the_content_is_left_out() -> None:
    html = (
        '<nav><a href="/">Home</a></nav><div class="sidebar"><a href="/x">Other</a></div>'
        f'<article><h1>Title</h1>{FILLER * 3}<div class="share-buttons">Share this</div></article>'
        '<div class="cookie-banner">We use cookies</div><footer>Imprint</footer>'
    )
    text = to_markdown(f"<body>{html}</body>", URL)

    assert text.startswith("# Title")
    for word in ("Home", "Other", "Share this", "cookies", "Imprint"):
        assert word not in text


def test_all_posts_of_a_thread_are_kept() -> None:
    posts = "".join(f"<article><p>Post {n} says: {'words ' * 30}</p></article>" for n in range(5))

    assert all(f"Post {n}" in to_markdown(f"<body>{posts}</body>", URL) for n in range(5))


def test_facts_about_the_page_are_read() -> None:
    page = read_html(
        '<html lang="de"><head><title> A\n title </title><link rel="canonical" href="/c">'
        '<meta property="article:published_time" content="2026-03-04T05:06:07Z"></head>'
        f"<body>{FILLER}</body></html>",
        URL,
    )

    assert (page.title, page.language, page.published) == ("A title", "de", "2026-03-04")
    assert page.canonical == "https://docs.example/c"
    assert not page.needs_javascript


def test_a_page_made_by_scripts_is_recognised() -> None:
    html = '<body><div id="root"></div><script src="/app.js"></script></body>'

    assert read_html(html, URL).needs_javascript


@pytest.mark.parametrize(
    "html",
    [
        "",
        " ",
        "<",
        "<html>",
        "plain text",
        "\0\0",
        "<div>" * 20_000 + "deep",
        "<table>" * 500 + "<td>x",
        "<p>unclosed <b>bold <i>both",
        "<a href='http://[::1'>broken</a>",
        '<?xml version="1.0" encoding="gbk"?><html><body><p>declared</p></body></html>',
    ],
    ids=[
        "empty", "space", "bracket", "nothing", "no markup", "NUL", "deep", "tables", "unclosed",
        "bad link", "declared encoding",
    ],
)  # fmt: skip
def test_no_page_breaks_it(html: str) -> None:
    assert isinstance(to_markdown(html, URL), str)


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div class=nav>", "<pre>", "</pre>", "<table><tr><td>", "<li>",
             "![x](y)", "<img src=x alt=y>", "<a href=z>", "&lt;", "<h1>", "<!--", "-->", "words ",
             "中文", "<main>"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_no_mixture_breaks_it_or_makes_a_picture(pieces: list[str]) -> None:
    text = to_markdown("".join(pieces), URL)
    outside_of_code = re.sub(r"^(`{3,}).*?^\1|`[^`]*`", "", text, flags=re.MULTILINE | re.DOTALL)

    assert "![" not in outside_of_code


@pytest.mark.parametrize(
    "odd",
    [
        "\x1f",
        "\0",
        "&#31;",
        "&#x1F;",
        "&#x0000b;",
        "&#1",
        "\ufffe",
        "&#xffff;",
        "&#&#1;1;",
        "&#\x011;",
    ],
)
def test_a_control_in_a_page_costs_nothing_else(odd: str) -> None:
    html = f"<h1>Kept{odd}</h1><p>be{odd}fore<img src=a.png alt='{odd}'>{odd}after</p><pre>{odd}x"
    shown = to_markdown(html, "https://example.com/")

    assert "Kept" in shown
    assert "after" in shown
    assert "\x1f" not in shown

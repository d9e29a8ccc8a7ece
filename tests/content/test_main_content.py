"""Which parts of a page are its main content, and that no page breaks the choice."""

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.content.blocks import blocks_of
from qwen_mcp_tools.content.features import Features
from qwen_mcp_tools.content.forest import WEIGHTS, Forest, forest, worth_keeping
from qwen_mcp_tools.content.main_content import choose_main
from qwen_mcp_tools.content.page_kind import facts_of
from qwen_mcp_tools.content.tree import drop_unseen, parse

PROSE = (
    "The harbour was quiet when the last ferry came in, and nobody on the quay expected news. "
    "By the next morning, however, the council had met twice, and the plan was public."
)
NAVIGATION = (
    '<header class="site-header"><a href="/">Daily Harbour</a><nav class="main-menu"><ul>'
    + "".join(
        f'<li><a href="/{name}">{name}</a></li>' for name in ("Politics", "Sports", "Culture")
    )
    + "</ul></nav></header>"
)
FOOTER = (
    '<footer class="site-footer"><ul><li><a href="/imprint">Imprint</a></li>'
    '<li><a href="/jobs">Careers</a></li></ul><p>© 2026 Daily Harbour. All rights reserved.</p>'
    "</footer>"
)
COOKIES = (
    '<div id="cookie-consent" class="cookie-banner modal"><p>We use cookies to improve your visit.'
    "</p><a href='#'>Accept all</a></div>"
)


def chosen(content: str, head: str = "") -> str:
    """Return the text that is chosen of a page with navigation, footer and cookie wall."""
    html = f"<html><head>{head}</head><body>{NAVIGATION}{content}{FOOTER}{COOKIES}</body></html>"
    return chosen_of(html)


def chosen_of(html: str) -> str:
    root = parse(html)
    assert root is not None
    drop_unseen(root)
    return " ".join(" ".join(choose_main(root).itertext()).split())


def paragraphs(count: int, text: str = PROSE) -> str:
    return "".join(f"<p>Paragraph {at}. {text}</p>" for at in range(count))


SURROUNDINGS = ("Politics", "Careers", "All rights reserved", "We use cookies")


def test_an_article_is_kept_without_what_is_offered_beside_it() -> None:
    related = "".join(
        f'<div class="card"><a href="/{at}">Another story number {at}</a></div>' for at in range(6)
    )
    text = chosen(
        f'<article class="post"><h1>The ferry plan</h1>{paragraphs(8)}'
        '<div class="social-share"><a href="#">Share on Facebook</a></div></article>'
        f'<aside class="related-posts"><h3>Related stories</h3>{related}</aside>'
    )

    assert "The ferry plan" in text
    assert all(f"Paragraph {at}." in text for at in range(8))
    for word in (*SURROUNDINGS, "Another story", "Share on"):
        assert word not in text


def test_every_post_of_a_thread_is_kept_and_the_members_boxes_are_not() -> None:
    posts = "".join(
        f'<div class="post"><div class="user-info"><span>Posts: 1{at}2</span></div>'
        f'<div class="post-body"><p>Answer {at}: {PROSE}</p></div></div>'
        for at in range(6)
    )
    text = chosen(f'<div class="thread"><h1>Which rope for a mooring?</h1>{posts}</div>')

    assert all(f"Answer {at}:" in text for at in range(6))
    for word in SURROUNDINGS:
        assert word not in text


def test_a_product_keeps_its_description_and_its_table() -> None:
    rows = "".join(f"<tr><th>Property {at}</th><td>Value {at} mm</td></tr>" for at in range(6))
    others = "".join(
        f'<li class="product-card"><a href="/p{at}">Other rope {at}</a><span>$1{at}.00</span></li>'
        for at in range(6)
    )
    text = chosen(
        f'<main><div class="product"><h1>Mooring rope 14 mm</h1>'
        f'<div class="product-description">{paragraphs(4)}</div>'
        f'<table class="specs">{rows}</table></div>'
        f'<section class="related-products"><h2>You may also like</h2><ul>{others}</ul></section>'
        "</main>",
        '<meta property="og:type" content="product">',
    )

    assert "Paragraph 3." in text
    assert all(f"Property {at} Value {at} mm" in text for at in range(6))
    assert "Other rope" not in text


def test_a_listing_keeps_all_its_entries() -> None:
    entries = "".join(
        f'<li class="entry"><h3><a href="/e{at}">Entry {at}</a></h3><p>{PROSE}</p></li>'
        for at in range(12)
    )
    text = chosen(f'<main><h1>All entries</h1><ul class="entries">{entries}</ul></main>')

    assert all(f"Entry {at}" in text for at in range(12))
    assert "Careers" not in text


@pytest.mark.parametrize(
    ("before", "after", "generator"),
    [
        ('<div class="documentwrapper"><div class="body" role="main">', "</div></div>", "Sphinx"),
        (
            '<main class="md-main"><article class="md-content__inner">',
            "</article></main>",
            "mkdocs",
        ),
        ('<div class="header"></div><div class="contents">', "</div>", "Doxygen 1.9"),
        ('<main role="main"><div class="docs">', "</div></main>", "Javadoc"),
    ],
    ids=["sphinx", "mkdocs", "doxygen", "javadoc"],
)
def test_documentation_loses_nothing_but_what_surrounds_it(
    before: str, after: str, generator: str
) -> None:
    content = (
        "<h1>connect</h1><dl><dt>timeout</dt><dd>s</dd></dl><h2>Example</h2><pre>x = 1</pre>"
        "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
        '<div class="admonition note"><p>Mind the gap.</p></div><ul><li>one</li></ul>'
    )
    text = chosen(
        '<div class="sphinxsidebar" role="navigation"><ul><li><a href="/a">Module a</a></li></ul>'
        f'</div>{before}<div class="breadcrumbs"><a href="/">Docs home</a></div>{content}'
        f'{paragraphs(5)}<div class="pagination"><a href="/n">Following page</a></div>{after}',
        f'<meta name="generator" content="{generator}">',
    )

    for word in (
        "connect", "timeout s", "Example", "x = 1", "a b 1 2", "Mind the gap.", "one",
        "Paragraph 4.",
    ):  # fmt: skip
        assert word in text
    for word in (*SURROUNDINGS, "Module a", "Docs home", "Following page"):
        assert word not in text


def test_code_in_an_article_is_kept_to_its_last_line() -> None:
    text = chosen(
        f"<article><h1>How we did it</h1>{paragraphs(3)}<pre><code>import os</code></pre>"
        f"<p>{PROSE}</p><pre><code>ok</code></pre>{paragraphs(3)}</article>"
    )

    assert "import os" in text
    assert "ok" in text.split()


def test_a_page_that_is_one_form_is_read() -> None:
    assert "Paragraph 7." in chosen(f'<form method="post"><div>{paragraphs(8)}</div></form>')


def test_a_page_laid_out_by_a_table_is_read() -> None:
    links = "".join(f'<a href="/{at}">Link {at}</a><br>' for at in range(8))
    text = chosen_of(
        f"<body><table><tr><td width=150>{links}</td><td><h1>Title</h1>{paragraphs(8)}</td></tr>"
        "</table></body>"
    )

    assert "Paragraph 7." in text


def test_content_outside_of_an_empty_main_is_found() -> None:
    text = chosen(f'<main id="app"></main><div class="content">{paragraphs(8)}</div>')

    assert "Paragraph 7." in text
    assert "Careers" not in text


def test_a_chinese_article_is_read() -> None:
    prose = (
        "港口在最后一班渡轮抵达时十分安静，码头上没有人预料到会有消息。第二天早上，计划公布了。" * 2
    )
    text = chosen(f'<div class="article-content"><h1>渡轮计划</h1>{paragraphs(8, prose)}</div>')

    assert text.count("第二天早上") == 16
    assert "Careers" not in text


def test_tabs_that_a_shown_control_opens_are_read() -> None:
    def tabs(control: str) -> str:
        return chosen_of(
            f"<main>{paragraphs(3)}{control}"
            f'<div role="tabpanel" id="two" hidden><p>Second tab. {PROSE}</p></div></main>'
        )

    assert "Second tab." in tabs('<button role="tab" aria-controls="two">Linux</button>')
    assert "Second tab." not in tabs("")
    assert "Second tab." not in tabs('<button role="tab" aria-controls="two" hidden>Linux</button>')
    assert "Second tab." not in tabs('<button role="tab" aria-controls="two"></button>')


@pytest.mark.parametrize("style", ["opacity:0", "display:none;font-size:0", "left:-9999px"])
def test_a_tab_hidden_otherwise_than_tabs_are_is_hidden(style: str) -> None:
    text = chosen_of(
        f'<main>{paragraphs(3)}<button role="tab" aria-controls="two">Linux</button>'
        f'<div role="tabpanel" id="two" style="{style}"><p>Second tab. {PROSE}</p></div></main>'
    )

    assert "Second tab." not in text


def test_a_streamed_part_is_read_where_a_script_would_put_it() -> None:
    streamed = f'<div hidden id="S:1"><p>Streamed. {PROSE}</p></div>'

    assert "Streamed." in chosen_of(
        f'<main>{paragraphs(3)}<template id="B:1"></template>{streamed}</main>'
    )
    assert "Streamed." not in chosen_of(f"<main>{paragraphs(3)}{streamed}</main>")


def test_a_button_that_was_never_closed_does_not_hide_the_page() -> None:
    text = chosen_of(f'<body><button class="menu-button"><div>{paragraphs(8)}</div></body>')

    assert "Paragraph 7." in text


def test_a_question_that_a_button_opens_is_a_heading() -> None:
    text = chosen_of(
        f"<main>{paragraphs(3)}<h3><button>Why is it so?</button></h3><p>{PROSE}</p></main>"
    )

    assert "Why is it so?" in text


def test_the_weights_name_features_that_there_are() -> None:
    root = parse(f"<body><h1>Title</h1>{paragraphs(3)}</body>")
    assert root is not None
    features = Features(blocks_of(root.find("body")), facts_of(root))

    assert set(forest().features) <= set(features.of(features.groups[0]))


def test_the_weights_are_whole() -> None:
    weights = json.loads(files("qwen_mcp_tools.content").joinpath(WEIGHTS).read_text())
    count = len(weights["features"])

    def check(node: object) -> None:
        if isinstance(node, list):
            feature, _, below, above = node
            assert 0 <= feature < count
            check(below)
            check(above)
        else:
            assert isinstance(node, int | float)

    assert len(set(weights["features"])) == count
    assert weights["trees"]
    for tree in weights["trees"]:
        check(tree)


def test_a_forest_adds_up_what_its_trees_say() -> None:
    judge = Forest(("length",), 0.0, ([0, 10.0, -50.0, 50.0], [0, 5.0, 0.0, 0.0]))

    assert judge.likelihood({"length": 10.0}) < 0.01
    assert judge.likelihood({"length": 11.0}) > 0.99


def test_what_promises_the_best_f1_is_kept() -> None:
    assert worth_keeping([0.9, 0.1, 0.8], [10, 10, 10]) == {0, 2}
    assert worth_keeping([0.9, 0.5, 0.0], [100, 10, 1000]) == {0, 1}
    assert worth_keeping([], []) == set()


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000 + "deep",
        "<b>" * 5_000 + "<a href=x>y</a>" + "<div>z</div>" * 5_000,
        ("<b><a href=x>y</a>" * 5_000),
        ("<div hidden>x" * 5_000),
        ("<b><div>x</div>" * 5_000),
        "<p>x" * 50_000,
        "<table><tr><td>x" * 2_000,
    ],
    ids=["deep", "inline", "links", "hidden", "mixed", "wide", "tables"],
)
def test_no_shape_of_page_breaks_the_choice(html: str) -> None:
    assert isinstance(chosen_of(f"<body>{html}</body>"), str)


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "<div class=nav>", "</div>", "<pre>", "</pre>", "<table><tr><td>", "<li>",
             "<a href=z>", "</a>", "<h1>", "words ", "中文", "<main>", "<b>", "<button>",
             "<div hidden>", "<span class='x y'>", "</span>", "<article>", "<header>"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_no_mixture_adds_words_or_turns_them_round(pieces: list[str]) -> None:
    html = f"<body>{''.join(f'{piece}w{at} ' for at, piece in enumerate(pieces))}</body>"
    root = parse(html)
    assert root is not None
    everything = " ".join(root.itertext()).split()
    words = chosen_of(html).split()
    left = iter(everything)

    assert all(word in left for word in words)

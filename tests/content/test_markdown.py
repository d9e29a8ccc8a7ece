"""An element as Markdown, to the letter: what each kind of markup becomes."""

import pytest

from qwen_mcp_tools.content.markdown import write_markdown
from qwen_mcp_tools.content.reveal import reveal
from qwen_mcp_tools.content.tree import drop_unseen, parse

BASE = "https://docs.example/guide/page.html"


def markdown(html: str) -> str:
    root = parse(f"<body>{html}</body>")
    assert root is not None
    reveal(root)
    drop_unseen(root)
    return write_markdown(root.find("body"), BASE)


INLINE = {
    "emphasis": ("<p>a <em> b </em>c <strong>d</strong></p>", "a *b* c **d**"),
    "strong beside strong": ("<b>a</b><b>b</b>", "**ab**"),
    "emphasis of nothing": ("<p>a<b> </b>b<i></i></p>", "a b"),
    "code": ("<code>a  b</code> <kbd>Ctrl</kbd>", "`a b` `Ctrl`"),
    "code with backticks": ("<code>x ` y</code>", "`` x ` y ``"),
    "linked code": ('<code><a href="x">f()</a></code>', "[`f()`](https://docs.example/guide/x)"),
    "code made of links": (
        '<code><a href="/a">a</a>, <a href="/b">b</a></code>',
        "[`a`](https://docs.example/a), [`b`](https://docs.example/b)",
    ),
    "power": ("10<sup>6</sup> 1<sup>st</sup> x<sup>n+1</sup>", "10^6 1st x^(n+1)"),
    "index": ("H<sub>2</sub>O x<sub>i</sub>", "H2O x_i"),
    "deleted": ("<del>old</del> new", "~~old~~ new"),
    "quoted": ("<q>word</q>", "“word”"),
    "ruby": ("<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>", "漢字(かんじ)"),
    "break": ("a<br>b", "a  \nb"),
    "possible break": ("<p>a<wbr>b <i>c</i></p><p>d</p>", "ab *c*\n\nd"),
    "names": ("my_var __init__ 2 * 3 * 4 Vec&lt;T&gt;", "my_var __init__ 2 * 3 * 4 Vec<T>"),
    "a tag as text": ("&lt;img src=x&gt; &lt;b&gt;", "\\<img src=x> \\<b>"),
    "a link as text": ("[x](y)", "\\[x](y)"),
    "emphasis as text": ("*x y* z", "\\*x y\\* z"),
    "a heading as text": ("<p># no heading</p>", "\\# no heading"),
    "TeX in MathML": (
        '<math><mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></math>',
        "$x^2$",
    ),
    "TeX in a script": ('<script type="math/tex; mode=display">a+b</script>', "$$\na+b\n$$"),
    "TeX in a picture": (
        '<img alt="{\\displaystyle x}" aria-hidden="true" src="/math/1.svg">',
        "$x$",
    ),
    "TeX in a span": ('<span class="math">\\(x\\)</span>', "$x$"),
}


@pytest.mark.parametrize(("html", "expected"), INLINE.values(), ids=INLINE)
def test_a_line_says_what_its_markup_means(html: str, expected: str) -> None:
    assert markdown(html) == expected


BLOCKS = {
    "headings": ("<h1>A</h1><h3>B <code>c</code></h3><h2></h2>", "# A\n\n### B `c`"),
    "a strong heading": ("<h2><strong>A</strong></h2>", "## A"),
    "permalinks": (
        (
            '<h2><a class="anchor" href="#a"></a>A<a href="#a">¶</a></h2>'
            '<h2>B<a class="header-anchor" href="#b">\u200b</a></h2>'
        ),
        "## A\n\n## B",
    ),
    "lists": (
        '<ul><li>a<ol start="3"><li>b<li>c</ol><li>d</ul>',
        "- a\n\n  3. b\n  4. c\n\n- d",
    ),
    "lists in lists": ("<ul><li>a<ul><li>b</ul></ul>", "- a\n  - b"),
    "a list beside its item": ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b"),
    "code in a list": (
        "<ol><li>a<pre>x\n\n  y</pre></ol>",
        "1. a\n\n   ```\n   x\n\n     y\n   ```",
    ),
    "code alone in a list": ("<ul><li><pre>x</pre></ul>", "-\n  ```\n  x\n  ```"),
    "a list that lays out": ("<ul><li><h2>A</h2>b</li></ul>", "## A\n\nb"),
    "tasks": (
        "<ul><li><input type=checkbox checked disabled>a<li><input type=checkbox disabled>b</ul>",
        "- [x] a\n- [ ] b",
    ),
    "definitions": (
        "<dl><dt>a</dt><dd>b</dd><dd>c</dd><dt>d</dt><dd><p>e</p><p>f</p></dd></dl>",
        "a\n: b\n: c\n\nd\n: e\n\n  f",
    ),
    "quote": ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
    "rule": ("a<hr>b", "a\n\n---\n\nb"),
    "details": ("<details><summary>a</summary>b</details>", "**a**\n\nb"),
    "figure": (
        '<figure><img src="f.png" alt="a"><figcaption>b</figcaption></figure>',
        "[picture: a](https://docs.example/guide/f.png)\n\nb",
    ),
    "footnotes": (
        (
            '<p>a<sup><a href="#fn1" role="doc-noteref">1</a></sup></p><section><ol><li id="fn1">b '
            '<a href="#r1">↩</a></li></ol></section>'
        ),
        "a[^1]\n\n[^1]: b",
    ),
    "tabs": (
        (
            '<div><ul role="tablist"><li role="tab">A</li><li role="tab">B</li></ul>'
            '<div role="tabpanel">x</div><div role="tabpanel" hidden>y</div></div>'
        ),
        "**A**\n\nx\n\n**B**\n\ny",
    ),
    "tabs by position": (
        (
            '<div><div class="tabs"><label>A</label><label>B</label></div>'
            "<div><div>x</div><div>y</div></div></div>"
        ),
        "**A**\n\nx\n\n**B**\n\ny",
    ),
    "a film": (
        '<iframe title="Talk" src="https://v.example/1" allowfullscreen></iframe>',
        "[video: Talk](https://v.example/1)",
    ),
}


@pytest.mark.parametrize(("html", "expected"), BLOCKS.values(), ids=BLOCKS)
def test_a_block_keeps_its_structure(html: str, expected: str) -> None:
    assert markdown(html) == expected


LINKS = {
    "relative": ('<a href="../a?b#c">x</a>', "[x](https://docs.example/a?b#c)"),
    "beside": ('<a href="a.html">x</a>', "[x](https://docs.example/guide/a.html)"),
    "root": ('<a href="/a">x</a>', "[x](https://docs.example/a)"),
    "no scheme": ('<a href="//b.example/a">x</a>', "[x](https://b.example/a)"),
    "awkward": ('<a href="a b(c)">x</a>', "[x](https://docs.example/guide/a%20b%28c%29)"),
    "in the page": ('<a href="#a">x</a>', "x"),
    "script": ('<a href="javascript:x()">x</a>', "x"),
    "empty": ('a<a href="b"> </a>c', "ac"),
    "brackets": ('<a href="/a">[x</a>', "[\\[x](https://docs.example/a)"),
    "around a heading": (
        '<a href="/a"><h3>x</h3><p>y</p></a>',
        "### [x](https://docs.example/a)\n\ny",
    ),
    "around blocks": (
        '<a href="/a"><div>x</div><div>y</div></a>',
        "[x y](https://docs.example/a)",
    ),
    "picture": (
        '<a href="/big.png"><img alt="x" src="/small.png"></a>',
        "[picture: x](https://docs.example/big.png)",
    ),
    "picture in a link": (
        '<a href="/a"><img alt="xyz" src="/b.svg"></a>',
        "[picture: xyz](https://docs.example/b.svg)[→](https://docs.example/a)",
    ),
    "late picture": (
        '<img src="data:image/gif;base64,AA" data-src="/b.png" alt="xyz">',
        "[picture: xyz](https://docs.example/b.png)",
    ),
    "picture with sources": (
        '<picture><source srcset="/c.webp"><img src="/b.png" alt="xyz"></picture>',
        "[picture: xyz](https://docs.example/b.png)",
    ),
    "counting pixel": ('<img src="/p.gif" width="1" height="1" alt="xyz">a', "a"),
    "icon": ('<img src="/p.gif" width="16" height="16">a', "a"),
    "sign": ('<img src="/s.gif">a<img src="/s.gif">b<img src="/s.gif">', "ab"),
    "exclamation": ('Wow!<a href="/a">x</a>', "Wow! [x](https://docs.example/a)"),
}


@pytest.mark.parametrize(("html", "expected"), LINKS.values(), ids=LINKS)
def test_a_link_leads_where_it_led(html: str, expected: str) -> None:
    assert markdown(html) == expected

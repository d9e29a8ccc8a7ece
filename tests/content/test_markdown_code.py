"""Blocks of code: the exact text and the language, however a generator marks them up."""

import pytest

from tests.content.test_markdown import markdown

CODE = "def f():\n\n    return 1"
SPANS = '<span class="k">def</span> f():\n\n    <span class="k">return</span> 1'

SHAPES = {
    "Sphinx": (
        (
            f'<div class="highlight-python3"><div class="highlight"><pre><span></span>{SPANS}\n'
            "</pre></div></div>"
        ),
        "python",
    ),
    "GitHub": (
        (
            f'<div class="highlight highlight-source-python"><pre>{SPANS}</pre>'
            '<div class="zeroclipboard-container">Copy</div></div>'
        ),
        "python",
    ),
    "Prism": (f'<pre class="language-python"><code>{SPANS}</code></pre>', "python"),
    "highlight.js": (f'<pre><code class="hljs python">{SPANS}</code></pre>', "python"),
    "hljs with numbers": (
        (
            '<pre><code class="hljs language-python"><table class="hljs-ln"><tr>'
            '<td class="hljs-ln-numbers">1</td><td class="hljs-ln-code">def f():</td></tr><tr>'
            '<td class="hljs-ln-numbers">2</td><td class="hljs-ln-code"></td></tr><tr>'
            '<td class="hljs-ln-numbers">3</td><td class="hljs-ln-code">    return 1</td></tr>'
            "</table></code></pre>"
        ),
        "python",
    ),
    "Rouge": (
        (
            '<div class="language-python highlighter-rouge"><div class="highlight">'
            f'<pre class="highlight"><code>{SPANS}</code></pre></div></div>'
        ),
        "python",
    ),
    "Rouge with numbers": (
        (
            '<div class="language-python"><table class="rouge-table"><tr><td class="gutter gl">'
            '<pre class="lineno">1\n2\n3</pre></td><td class="code"><pre>'
            f"{SPANS}</pre></td></tr></table></div>"
        ),
        "python",
    ),
    "Shiki": (
        (
            '<pre class="shiki" data-language="python"><code><span class="line">def f():</span>\n'
            '<span class="line"></span>\n<span class="line">    return 1</span></code></pre>'
        ),
        "python",
    ),
    "lines without breaks": (
        (
            '<pre class="language-python"><div class="line">def f():</div><div class="line"></div>'
            '<div class="line">    return 1</div></pre>'
        ),
        "python",
    ),
    "Docusaurus": (
        (
            '<div class="language-python theme-code-block"><pre class="prism-code language-python">'
            '<code><span class="token-line">def f():<br></span><span class="token-line"><br></span>'
            '<span class="token-line">    return 1<br></span></code></pre>'
            "<button>Copy</button></div>"
        ),
        "python",
    ),
    "VitePress": (
        (
            '<div class="language-python"><button></button><span class="lang">python</span>'
            f'<pre class="shiki"><code>{SPANS}</code></pre></div>'
        ),
        "python",
    ),
    "Chroma": (
        (
            '<pre class="chroma"><code class="language-python"><span class="line">'
            '<span class="ln">1'
            '</span><span class="cl">def f():\n</span></span><span class="line"><span class="ln">2'
            '</span><span class="cl">\n</span></span><span class="line"><span class="ln">3</span>'
            '<span class="cl">    return 1\n</span></span></code></pre>'
        ),
        "python",
    ),
    "Hexo": (
        (
            '<figure class="highlight python"><table><tr><td class="gutter"><pre>1<br>2</pre></td>'
            '<td class="code"><pre><span class="line">def f():</span><br>'
            '<span class="line"></span><br>'
            '<span class="line">    return 1</span></pre></td></tr></table></figure>'
        ),
        "python",
    ),
    "Doxygen": (
        (
            '<div class="fragment"><div class="line"><span class="lineno">    1</span>'
            "def f():</div>\n"
            '<div class="line"><span class="lineno">    2</span></div>\n'
            '<div class="line"><span class="lineno">    3</span>&#160;   return 1</div></div>'
        ),
        "",
    ),
    "plain": (f"<pre>{CODE}</pre>", ""),
    "mdBook": (
        f'<pre><pre class="playground"><code class="language-python">{CODE}</code></pre></pre>',
        "python",
    ),
}


@pytest.mark.parametrize(("html", "language"), SHAPES.values(), ids=SHAPES)
def test_code_of_every_shape_is_the_same_code(html: str, language: str) -> None:
    assert markdown(html) == f"```{language}\n{CODE}\n```"


def test_a_fence_is_longer_than_any_in_the_code() -> None:
    assert markdown("<pre>````\nx\n````</pre>") == "`````\n````\nx\n````\n`````"


def test_what_a_page_lets_choose_from_is_several_blocks() -> None:
    html = (
        '<pre><code class="language-js mjs">import a</code>'
        '<code class="language-js cjs">require(a)</code></pre>'
    )

    assert markdown(html) == "```js\nimport a\n```\n\n```js\nrequire(a)\n```"


def test_a_declaration_is_one_line_of_code() -> None:
    html = (
        '<dl><dt class="sig">put(<em>item</em>, <em>*args</em>)<a class="headerlink">¶</a>'
        "</dt><dd><p>Put it.</p></dd></dl>"
    )

    assert markdown(html) == "`put(item, *args)`\n: Put it."


def test_what_shows_when_pointed_at_is_no_code() -> None:
    html = (
        '<div class="fragment"><div class="line">a();</div>\n<div class="line">b();</div>'
        '<div class="ttc"><div class="ttname">a</div><div class="ttdoc">Does a.</div></div></div>'
    )

    assert markdown(html) == "```\na();\nb();\n```"

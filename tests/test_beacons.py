"""No result makes a client load a picture; code that only looks like one stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.beacons import without_pictures
from qwen_mcp_tools.text import Reply


@pytest.mark.parametrize(
    "text",
    [
        "![a](https://evil.example/p.png)",
        "![](//evil.example/p.png)",
        "![a]( https://evil.example)",
        "![a](<https://evil.example>)",
        "![a](https:/evil.example)",
        "![a](https&#58;//evil.example)",
        "![a](p.png)",
        "![two\nlines](https://evil.example)",
        "![two\n12\tlines](https://evil.example)",
        "![nest[ed]](https://evil.example)",
        r"![esc\]aped](https://evil.example)",
        "![open[b](https://evil.example)",
        "[![badge](https://evil.example)](https://example.com)",
        "![a][r]\n\n[r]: https://evil.example",
        "![r]\n\n> [R]: https://evil.example",
        "![ R ][]\n\n[r]: <https://evil.example>",
        "![![a](https://evil.example)](https://evil.example)",
        "x" * 900 + "![" + "y" * 900 + "](https://evil.example)",
        "![" + "y" * 5000 + "](https://evil.example)",
        "![" + "[y]" * 200 + "](https://evil.example)",
        "![code `]` inside](https://evil.example)",
        '![tag <a title="]"> inside](https://evil.example)',
        "![autolink <http://x]y> inside](https://evil.example)",
        "![two ``] ` ]`` ticks](https://evil.example)",
        "![open `[` and ] more](https://evil.example)",
        "![a][" + "r" * 500 + "]\n\n[" + "r" * 500 + "]: https://evil.example",
        "![a][two\nlines]\n\n[two lines]: https://evil.example",
        "![a][r\\]s]\n\n[r\\]s]: https://evil.example",
        "![a][r]\n\n1. [r]: https://evil.example",
        "![a](data:image/png;base64,AAAA)",
        "![a](file:///etc/passwd)",
        "![a](https://evil.example 'title')",
        "![a](\nhttps://evil.example\n)",
        "text!![a](https://evil.example)",
    ],
)
def test_a_picture_becomes_a_link(text: str) -> None:
    shown = without_pictures(text)

    assert "![" not in shown
    assert shown.replace("! [picture: ", "!![").replace("[picture: ", "![") == text


@pytest.mark.parametrize(
    "code",
    [
        "let v = vec![1, 2, 3];",
        "let x = vec![1, 2][0];",
        "if (![1, 2].includes(x)) {}",
        'println!["{}", x];',
        "![r] without a definition",
        "a ! [b](c)",
        "Use `vec![1, 2]` as in [its docs](https://example.com).",
        "let v = vec![\n"
        + "    Point { x: 1, y: 2 },\n" * 200
        + "];\n\n[docs](https://example.com)",
        'let v = vec!["a\\n", b[0]];\n\nSee [docs](https://example.com).',
        "[link](https://example.com)",
    ],
)
def test_code_stays_as_it_is(code: str) -> None:
    assert without_pictures(code) == code


@pytest.mark.parametrize(
    "piece",
    [
        "![", "![a](b)", "![a]", "![[", "[r]: x\n![r]", "![]]", "![`]", "![a\\", "![<", "![a][b",
        "![]: [", "\n\n![`](x", "![a](\n",
    ],
)  # fmt: skip
def test_its_time_grows_with_the_length_only(piece: str) -> None:
    text = piece * (400_000 // len(piece))

    assert without_pictures(text).replace("[picture: ", "![") == text


@given(st.text(alphabet="![]()\\ar:\n", max_size=60))
def test_what_is_clean_stays_clean_and_no_word_is_lost(text: str) -> None:
    once = without_pictures(text)

    assert without_pictures(once) == once
    assert once.replace(" [picture: ", "![").replace("[picture: ", "![") == text


def test_every_part_of_an_answer_is_held_to_it() -> None:
    beacon = "![x](https://evil.example/?q=1)"
    shown = Reply(beacon, beacon, beacon, beacon).render()

    assert "![" not in shown
    assert shown.count("[picture: x](https://evil.example/?q=1)") == 4

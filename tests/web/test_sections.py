import pytest

from qwen_mcp_tools.errors import BadArgumentError
from qwen_mcp_tools.web.headings import headings_of
from qwen_mcp_tools.web.sections import heading_of_fragment, section_spans

GUIDE = """# Guide

Welcome.

## Install

### Linux

apt install it

### Windows

winget install it

## Upgrade

### Windows

winget upgrade it

```sh
# Not a heading
```

## 常见 问题

没有。
"""


def section(wanted: str, text: str = GUIDE) -> str:
    spans = section_spans(text, headings_of(text), wanted)
    return "\n\n".join(text[start:stop].strip() for start, stop in spans)


def failure(wanted: str, text: str = GUIDE) -> str:
    with pytest.raises(BadArgumentError) as failed:
        section(wanted, text)
    return str(failed.value)


def test_headings_have_their_level_words_and_path():
    found = [(heading.level, heading.path) for heading in headings_of(GUIDE)]

    assert found == [
        (1, "Guide"),
        (2, "Guide > Install"),
        (3, "Guide > Install > Linux"),
        (3, "Guide > Install > Windows"),
        (2, "Guide > Upgrade"),
        (3, "Guide > Upgrade > Windows"),
        (2, "Guide > 常见 问题"),
    ]


@pytest.mark.parametrize(
    "written",
    [
        "## [Install](https://x.example/i) ##",
        "## `Install`",
        "## **Install**",
        "## Install   ###",
    ],
)
def test_a_heading_is_named_without_its_markup(written: str):
    assert [heading.title for heading in headings_of(written)] == ["Install"]


def test_code_in_a_list_hides_its_comments_and_ends():
    text = "- ```sh\n# no heading\n  ```\n\n~~~\n# none\n```\n~~~\n# One\n"

    assert [heading.title for heading in headings_of(text)] == ["One"]


def test_a_section_ends_where_the_next_of_its_level_begins():
    assert section("Linux") == "### Linux\n\napt install it"
    assert section("Install").endswith("winget install it")


@pytest.mark.parametrize("wanted", ["常见 问题", "常见问题", "## 常见 问题", "常见"])
def test_a_section_is_found_in_other_spacing_and_by_a_piece(wanted: str):
    assert section(wanted) == "## 常见 问题\n\n没有。"


def test_case_does_not_matter_unless_it_tells_two_apart():
    text = "# All\n\n## Set\n\nupper\n\n## set\n\nlower\n"

    assert section("set", text) == "## set\n\nlower"
    assert section("UPGRADE").startswith("## Upgrade")


def test_a_name_of_two_sections_is_answered_with_names_that_work():
    text = failure("Windows")

    assert text == (
        'section "Windows" could be 2 headings; '
        'give one of: "Install > Windows", "Upgrade > Windows"'
    )
    assert section("Install > Windows") == "### Windows\n\nwinget install it"


def test_sections_that_nothing_tells_apart_come_together():
    text = "# Log\n\n## Fixed\n\none\n\n## Added\n\ntwo\n\n## Fixed\n\nthree\n"

    assert section("Fixed", text) == "## Fixed\n\none\n\n## Fixed\n\nthree"


def test_an_unknown_section_is_answered_with_the_near_ones_or_all():
    assert (
        failure("Instal guide") == 'No section "Instal guide" here; near ones: "Install", "Guide"'
    )
    assert '"Guide", "Install", "Linux"' in failure("zzz")
    assert failure("any", "no heading") == (
        'No section "any" here; the page has no headings: leave section empty, or use find'
    )


@pytest.mark.parametrize("anchor", ["install", "Install", "#x", ""])
def test_an_anchor_names_a_heading_where_it_is_the_only_one(anchor: str):
    heading = heading_of_fragment(headings_of(GUIDE), anchor)

    assert (heading.title if heading else "") == ("Install" if "nstall" in anchor else "")


def test_an_anchor_in_chinese_may_be_escaped():
    heading = heading_of_fragment(headings_of(GUIDE), "%E5%B8%B8%E8%A7%81-%E9%97%AE%E9%A2%98")

    assert heading
    assert heading.title == "常见 问题"


def test_an_anchor_of_two_headings_names_none():
    assert heading_of_fragment(headings_of(GUIDE), "windows") is None

"""Which searches are beyond GitHub's own engine, and what they become for the others."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_mcp_tools.errors import BadArgumentError
from qwen_mcp_tools.github.code.kinds import beyond_legacy, beyond_re2, check_regex, sought_by
from qwen_mcp_tools.github.code.paths import (
    FileFilter,
    fixed_part,
    language_filter,
    language_named,
    path_filter,
)
from qwen_mcp_tools.github.code.query import CodeQuery


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (CodeQuery("/retr(y|ies)/"), "a regular expression"),
        (CodeQuery("retries", path="src/**/*.py"), "a glob in path"),
        (CodeQuery("retries", path="jobs.p?"), "a glob in path"),
        (CodeQuery("retries", path="[a-c].py"), "a glob in path"),
        (CodeQuery("retries path:src/*.py"), "a glob in path:"),
        (CodeQuery('retries path:"my src/*.py"'), "a glob in path:"),
        (CodeQuery("retries filename:*.toml"), "a glob in filename:"),
        (CodeQuery("symbol:WithContext"), "symbol:"),
        (CodeQuery("language:go symbol:WithContext"), "symbol:"),
    ],
)
def test_what_github_would_answer_with_a_silent_zero_is_named(
    query: CodeQuery, reason: str
) -> None:
    assert beyond_legacy(query) == reason


@pytest.mark.parametrize(
    "query",
    [
        CodeQuery("retries"),
        CodeQuery("retries OR tries NOT job"),
        CodeQuery("(retry OR retries) language:go"),
        CodeQuery("useState("),
        CodeQuery('print("(a OR b)")'),
        CodeQuery('"symbol:Job"'),
        CodeQuery("my_symbol:Job"),
        CodeQuery("std::vector<int>*"),
        CodeQuery("a/b/c"),
        CodeQuery("//"),
        CodeQuery("retries", path="src/kestrel", language="python"),
        CodeQuery("retries path:src filename:jobs.py"),
    ],
)
def test_what_github_can_do_is_left_to_it(query: CodeQuery) -> None:
    assert beyond_legacy(query) == ""


def test_a_symbol_becomes_a_definition_and_that_is_told() -> None:
    sought = sought_by(CodeQuery("symbol:Job"))
    found = [
        line
        for line in ("class Job:", "def Job(a)", "export interface Job {", "class Jobs:", "Job()")
        if re.search(sought.pattern, line)
    ]

    assert found == ["class Job:", "def Job(a)", "export interface Job {"]
    assert sought.is_regex
    assert sought.notes[0].startswith("symbol: was looked for as a definition")


def test_of_a_symbol_in_a_namespace_the_last_name_is_looked_for() -> None:
    assert sought_by(CodeQuery("symbol:kestrel.Job")).pattern.endswith(r"\s+Job\b")
    assert sought_by(CodeQuery("symbol:std::vector")).pattern.endswith(r"\s+vector\b")


def test_words_beside_a_symbol_are_told_as_left_out() -> None:
    notes = sought_by(CodeQuery("retry symbol:Job")).notes

    assert "beside symbol: the words 'retry' were not looked for" in notes


@pytest.mark.parametrize("name", ["(", "a-b", "/x/", ".*"])
def test_a_symbol_that_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(BadArgumentError, match="symbol: takes a name"):
        sought_by(CodeQuery(f"symbol:{name}"))


def test_qualifiers_in_the_text_count_where_no_argument_says_otherwise() -> None:
    text = 'repo:example/kestrel lang:python path:"my src" retry until'
    sought = sought_by(CodeQuery(text, language="go"))

    assert sought.query == CodeQuery("retry until", "example/kestrel", "go", "my src")
    assert sought.pattern == "retry until"
    assert sought.notes == ()


def test_qualifiers_that_only_github_knows_are_told() -> None:
    assert "were looked for as text" in sought_by(CodeQuery("org:example retry")).notes[0]


def test_code_that_looks_like_a_qualifier_in_quotes_stays() -> None:
    sought = sought_by(CodeQuery('"in:str"'))

    assert (sought.pattern, sought.notes) == ("in:str", ())


def test_only_qualifiers_are_nothing_to_look_for() -> None:
    with pytest.raises(BadArgumentError, match="only qualifiers are left"):
        sought_by(CodeQuery("repo:example/kestrel"))


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("a(", "missing ), unterminated subpattern at position 1"),
        ("[z-a]", "bad character range z-a at position 1"),
        (r"\pL(", "missing ), unterminated subpattern at position 3"),
        ("*a", "nothing to repeat at position 0"),
    ],
)
def test_a_wrong_regular_expression_is_told_with_its_place(pattern: str, words: str) -> None:
    with pytest.raises(BadArgumentError) as raised:
        sought_by(CodeQuery(f"/{pattern}/"))

    assert f"/{pattern}/ is no regular expression: {words}; " in str(raised.value)


@pytest.mark.parametrize(
    "pattern",
    [r"\p{Greek}+", r"\PL", r"foo(?i)bar", r"end\z", "(?s)try.*except", "[[:alpha:]]", r"\\pad"],
)
def test_what_only_re2_knows_is_no_fault(pattern: str) -> None:
    check_regex(pattern)


def test_a_regular_expression_without_end_is_refused() -> None:
    with pytest.raises(BadArgumentError, match="at most 500 characters"):
        check_regex("a" * 501)


@given(st.text(max_size=60))
def test_any_text_is_taken_or_refused(text: str) -> None:
    for query in (CodeQuery(text), CodeQuery(f"/{text}/"), CodeQuery("x", path=text)):
        beyond_legacy(query)
        path_filter(query.path)("src/jobs.py")
        with suppress(BadArgumentError):
            assert sought_by(query).pattern


@pytest.mark.parametrize(
    ("pattern", "lacks"),
    [
        ("(?=a)b", "look-around"),
        ("(?<!a)b", "look-around"),
        (r"(a)\1", "back-references"),
        (r"(?P<n>a)(?P=n)(?!b)", "look-around and back-references"),
        (r"(?P<n>a)(?:b)(?i:c)", ""),
        (r"a\\1", ""),
        (r"\(\?=", ""),
    ],
)
def test_what_re2_does_not_know_is_named(pattern: str, lacks: str) -> None:
    assert beyond_re2(pattern) == lacks


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("python", "Python"), ("py", "Python"), ("ts", "TypeScript"), ("TypeScript", "TypeScript"),
        ("tsx", "TSX"), ("c++", "C++"), ("cpp", "C++"), ("C#", "C#"), ("golang", "Go"),
        ("objective-c", "Objective-C"), ("Objective C", "Objective-C"), ("bash", "Shell"),
        ("c", "C"), ("brainfuck", "brainfuck"), ("  rust ", "Rust"),
    ],
)  # fmt: skip
def test_languages_are_known_as_people_write_them(written: str, name: str) -> None:
    assert language_named(written) == name


@pytest.mark.parametrize(
    ("language", "path", "is_one"),
    [
        ("python", "src/jobs.py", True),
        ("python", "src/jobs.PY", True),
        ("python", "py", False),
        ("python", "src/jobs.pyx", False),
        ("typescript", "web/a.tsx", True),
        ("tsx", "web/a.ts", False),
        ("c++", "a.h", True),
        ("c", "a.cpp", False),
        ("dockerfile", "deploy/Dockerfile", True),
    ],
)
def test_a_files_language_is_told_by_its_name(language: str, path: str, is_one: bool) -> None:
    is_in = language_filter(language)

    assert is_in
    assert is_in(path) is is_one


@pytest.mark.parametrize(
    ("wanted", "path", "is_meant"),
    [
        ("src", "src/kestrel/jobs.py", True),
        ("/src/", "src/kestrel/jobs.py", True),
        ("src", "web/src/a.ts", False),
        ("src", "srcs/a.py", False),
        ("jobs.py", "src/kestrel/jobs.py", True),
        ("jobs.py", "src/kestrel/test_jobs.py", False),
        ("kestrel/jobs.py", "src/kestrel/jobs.py", True),
        ("*.py", "src/kestrel/jobs.py", True),
        ("*.py", "src/kestrel/jobs.pyi", False),
        ("src/*.py", "src/kestrel/jobs.py", False),
        ("src/**/*.py", "src/kestrel/jobs.py", True),
        ("src/**/*.py", "src/jobs.py", True),
        ("**/jobs.py", "jobs.py", True),
        ("src/**", "src/a/b.c", True),
        ("job?.py", "src/jobs.py", True),
        ("[jk]obs.py", "jobs.py", True),
        ("[!k]obs.py", "kobs.py", False),
        ("app/[id]/page.tsx", "app/[id]/page.tsx", True),
        ("a.b*", "axb", False),
        ("[", "a", False),
        ("**/**/**/*a*a*a*a*a*a*a*b", "/".join(["a" * 60] * 30), False),
    ],
)
def test_a_path_is_a_folder_a_file_or_a_glob(wanted: str, path: str, is_meant: bool) -> None:
    assert path_filter(wanted)(path) is is_meant


@pytest.mark.parametrize(
    ("glob", "part"),
    [
        ("src/**/*.py", "src/"), ("*.py", ".py"), ("**/jobs.py", "jobs.py"), ("*", ""),
        ("app/[id]/page.tsx", "page.tsx"), ("src/kestrel/j*", "src/kestrel/j"),
    ],
)  # fmt: skip
def test_of_a_glob_the_longest_piece_stands_in_every_path(glob: str, part: str) -> None:
    assert fixed_part(glob) == part


def test_a_language_without_known_file_names_filters_nothing_and_is_told() -> None:
    wanted = FileFilter.of(CodeQuery("x", language="brainfuck"))

    assert wanted.takes("a.bf")
    assert not wanted.wishes
    assert wanted.notes == (
        "the language 'brainfuck' is not known by its file names, so it was not applied",
    )

"""Wrong arguments of every tool: one short line that says what is taken, and nobody is asked."""

from typing import Any

import pytest

from qwen_mcp_tools.sandbox import Sandbox
from qwen_mcp_tools.tools import OFFER
from tests.conftest import Connect, text_of

RIGHT: dict[str, dict[str, Any]] = {
    "web_search": {"query": "x"},
    "fetch_page": {"url": "http://example.com/"},
    "github_search_code": {"query": "x"},
    "github_search_repositories": {"query": "x"},
    "github_read_file": {"repo": "a/b"},
    "qwen_vision_describe": {"images": ["a.png"]},
}
NESTED: Any = "x"
for _ in range(80):
    NESTED = [NESTED]

WRONG: dict[str, dict[str, Any]] = {
    "string": {
        "number": 5, "fraction": 1.5, "true": True, "null": None, "list": ["x"], "object": {"x": 1},
        "nested": NESTED, "NUL": "a\0b", "long": "x" * 1_000_000,
    },
    "integer": {
        "fraction": 1.5, "whole fraction": 1.0, "true": True, "null": None, "list": [1],
        "object": {"x": 1}, "word": "four", "fraction as text": "1.5", "blank": " ", "empty": "",
        "hexadecimal": "0x1", "exponent": "1e3", "underscore": "1_0", "blank around it": " 1 ",
        "other digits": "１", "negative": -1, "large": 10**30, "large text": "9" * 5000,
        "not a number": float("nan"), "infinite": float("inf"),
    },
    "boolean": {"number": 1, "zero": 0, "text": "true", "null": None, "list": [True], "empty": ""},
    "array": {
        "number": 5, "true": True, "null": None, "object": {"0": "x"}, "empty": [],
        "list of numbers": [1], "list of lists": [["x"]], "null inside": [None],
        "too many": ["x"] * 9, "JSON of another kind": "[1, 2]", "NUL": ["a\0b"],
        "nested": NESTED, "empty as text": "[]",
    },
}  # fmt: skip
"""Values that no argument of the type takes, by a name for each."""


def cases() -> list[Any]:
    found: list[Any] = []
    for tool in OFFER:
        for name, schema in tool.declaration.input_schema["properties"].items():
            for kind, value in WRONG[schema["type"]].items():
                found.append(pytest.param(tool.name, name, value, id=f"{tool.name}-{name}-{kind}"))
            if "enum" in schema:
                first = schema["enum"][0]
                found += [
                    pytest.param(tool.name, name, value)
                    for value in ("", "other", first.upper(), f"{first} ")
                ]
            for value in (schema.get("maximum"), schema.get("minimum")):
                if value is not None:
                    beyond = value + (1 if value == schema.get("maximum") else -1)
                    found.append(pytest.param(tool.name, name, beyond))
    return found


CASES = cases()


@pytest.fixture
def asked_nobody(sandbox: Sandbox) -> Any:
    yield
    stand_ins = [sandbox.site, sandbox.brave, sandbox.github, sandbox.raw, sandbox.dashscope]
    assert [each.path for stand_in in stand_ins for each in stand_in.asked] == []


@pytest.mark.parametrize(("tool", "name", "value"), CASES)
async def test_a_wrong_value_gets_a_line_that_names_its_argument(
    connect: Connect, asked_nobody: None, tool: str, name: str, value: Any
) -> None:
    async with connect() as call:
        words = await call.failure(tool, **{**RIGHT[tool], name: value})

    assert name in words
    assert len(words) < 300
    assert not any(
        each in words for each in ("pydantic", "validation error", "input_value", "xxxxxxxx")
    )


@pytest.mark.parametrize("tool", RIGHT)
@pytest.mark.parametrize(
    "name",
    [
        "volume",
        "URL",
        "query ",
        "",
        "a\0b",
        "x" * 10_000,
        "__class__",
        "self",
        "app",
        "a\nb\u202e",
        "$ref",
    ],
)
async def test_an_unknown_argument_is_told_with_those_that_are_taken(
    connect: Connect, asked_nobody: None, tool: str, name: str
) -> None:
    async with connect() as call:
        result = await call.client.call_tool(tool, {**RIGHT[tool], name: 1})
    words = text_of(result)

    assert result.is_error
    assert words.startswith(f"{tool} has no argument ")
    assert words.endswith(", ".join(_parameters(tool)))
    assert len(words) < 300


@pytest.mark.parametrize("tool", RIGHT)
async def test_what_is_missing_is_told(connect: Connect, asked_nobody: None, tool: str) -> None:
    async with connect() as call:
        words = await call.failure(tool)

    assert words.startswith(f"{tool} needs {next(iter(RIGHT[tool]))}: ")


@pytest.mark.parametrize("tool", RIGHT)
async def test_many_wrong_ones_make_one_short_line(
    connect: Connect, asked_nobody: None, tool: str
) -> None:
    async with connect() as call:
        words = await call.failure(tool, **{f"no_{at}": NESTED for at in range(5000)})

    assert len(words) <= 600


def test_there_are_as_many_cases_as_are_told() -> None:
    assert len(CASES) >= 280


def _parameters(tool: str) -> list[str]:
    (found,) = [each for each in OFFER if each.name == tool]
    return list(found.declaration.input_schema["properties"])

"""The way of a call, shown on a small tool: arguments in, text or one line of error out."""

from typing import Annotated, Any, Literal

import anyio
import pytest
from pydantic import Field

from qwen_mcp_tools.errors import NotFoundError
from qwen_mcp_tools.offer import OfferedTool
from qwen_mcp_tools.redactor import Redactor
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.text import Reply


class SmallApp:
    """As much of an App as a call itself needs."""

    def __init__(self, **settings: Any) -> None:
        self.settings = Settings(**settings)
        self.redact = Redactor(["sk-sp-0123456789abcdef"])


async def greet(
    app: SmallApp,
    name: Annotated[str, Field(min_length=1, max_length=10)],
    times: Annotated[int, Field(ge=1, le=3)] = 1,
    tone: Literal["warm", "cool"] = "warm",
    loud: bool = False,
) -> Reply:
    """Greet somebody."""
    match name:
        case "nobody":
            raise NotFoundError("nobody", "name somebody")
        case "bug":
            raise KeyError("sk-sp-0123456789abcdef")
        case "sleeper":
            await anyio.sleep_forever()
        case "leak":
            return Reply("the key is sk-sp-0123456789abcdef")
        case _:
            return Reply(f"{tone} {loud}", f"hello {name}\u200b" * times)
    return None


async def quiet(progress: float, total: float | None, message: str | None) -> None:
    """Take progress and say nothing."""


async def outcome(arguments: dict[str, Any], **settings: Any) -> tuple[bool, str]:
    tool = OfferedTool.of(greet, title="Greet")
    result = await tool.call(SmallApp(**settings), arguments, quiet)
    return bool(result.is_error), result.content[0].text


async def test_an_answer_is_text_with_foreign_words_marked_and_cleaned() -> None:
    is_error, text = await outcome({"name": "Wei", "times": "2"})

    head, _, mark, content, end = text.splitlines()
    assert not is_error
    assert head == "warm False"
    assert content == "hello Weihello Wei"
    assert mark[:20] == end[:20]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "greet needs name: text, 1 to 10 characters long"),
        ({"name": ""}, "name must be text, 1 to 10 characters long"),
        ({"name": 5}, "name must be text, 1 to 10 characters long"),
        ({"name": None}, "name must be text, 1 to 10 characters long"),
        ({"name": "a\0b"}, "name holds a NUL character; send plain text"),
        ({"name": "a\ud800"}, "name must be text, 1 to 10 characters long"),
        (
            {"name": "x", "\ud800": 1},
            "greet takes name, times, tone, loud; a name is no valid Unicode",
        ),
        ({"name": "x", "times": 4}, "times must be a whole number, 1 to 3"),
        ({"name": "x", "times": "four"}, "times must be a whole number, 1 to 3"),
        ({"name": "x", "times": 1.5}, "times must be a whole number, 1 to 3"),
        ({"name": "x", "times": True}, "times must be a whole number, 1 to 3"),
        ({"name": "x", "tone": "hot"}, 'tone must be one of "warm", "cool"'),
        ({"name": "x", "loud": "yes"}, "loud must be true or false"),
        (
            {"name": "x", "volume": 1},
            "greet has no argument 'volume'; it takes name, times, tone, loud",
        ),
        (
            {"times": 9, "loud": 1},
            (
                "greet needs name: text, 1 to 10 characters long; "
                "times must be a whole number, 1 to 3; loud must be true or false"
            ),
        ),
    ],
)
async def test_a_wrong_argument_gets_one_line_that_says_what_is_taken(
    arguments: dict[str, Any], words: str
) -> None:
    assert await outcome(arguments) == (True, words)


async def test_a_failure_is_an_error_with_exactly_its_words() -> None:
    assert await outcome({"name": "nobody"}) == (True, "Not found: nobody; name somebody")


async def test_a_bug_costs_that_call_only_and_shows_nothing_of_the_inside(
    caplog: pytest.LogCaptureFixture,
) -> None:
    is_error, text = await outcome({"name": "bug"})

    assert is_error
    assert text == "greet failed inside the server (KeyError), a bug; try other arguments"
    assert "KeyError" in caplog.text


async def test_a_call_ends_at_its_deadline() -> None:
    with anyio.fail_after(3):
        is_error, text = await outcome({"name": "sleeper"}, timeout=0.01)

    assert is_error
    assert text.startswith("No answer within 0.01 s")


async def test_no_answer_shows_a_key() -> None:
    assert await outcome({"name": "leak"}) == (False, "the key is [secret]")


async def test_a_cancelled_call_ends_at_once() -> None:
    with anyio.move_on_after(0.01) as scope:
        await outcome({"name": "sleeper"})

    assert scope.cancelled_caught


async def test_a_slow_call_reports_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qwen_mcp_tools.offer.FIRST_PROGRESS_SECONDS", 0)
    heard: list[tuple[float, float | None]] = []
    told = anyio.Event()

    async def listen(progress: float, total: float | None, message: str | None) -> None:
        heard.append((progress, total))
        told.set()

    async with anyio.create_task_group() as tasks:
        tool = OfferedTool.of(greet, title="Greet")
        tasks.start_soon(tool.call, SmallApp(), {"name": "sleeper"}, listen)
        with anyio.fail_after(5):
            await told.wait()
        tasks.cancel_scope.cancel()

    assert heard[0][1] == 30


def test_the_schema_is_strict_and_free_of_noise() -> None:
    schema = OfferedTool.of(greet, title="Greet").declaration.input_schema

    assert schema == {
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 10},
            "times": {"type": "integer", "minimum": 1, "maximum": 3, "default": 1},
            "tone": {"type": "string", "enum": ["warm", "cool"], "default": "warm"},
            "loud": {"type": "boolean", "default": False},
        },
    }

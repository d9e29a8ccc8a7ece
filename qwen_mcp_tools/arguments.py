"""Strict arguments: what a tool's signature takes, and one line in our words for the rest."""

import inspect
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from qwen_mcp_tools.errors import BadArgumentError
from qwen_mcp_tools.text import one_line

MOST_PROBLEMS = 3
MOST_DIGITS = 9
"""No argument means a number of more: a model that writes one has made a mistake."""

_HALF = re.compile("[\ud800-\udfff]")
"""A lone surrogate: pydantic refuses it in a text whose length it checks, not in others."""

_INTEGER = re.compile(rf"[+-]?[0-9]{{1,{MOST_DIGITS}}}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, slots=True)
class Arguments:
    """The parameters of a tool's function after the first, which is the `App`."""

    tool: str
    model: type[BaseModel]
    schema: dict[str, Any]
    """JSON Schema without pydantic's titles, which repeat the names: 15 % of the list's tokens."""

    @classmethod
    def of(cls, function: Callable[..., Any]) -> "Arguments":
        """Return what `function` takes, read from its annotations and defaults."""
        hints = get_type_hints(function, include_extras=True)
        _, *parameters = inspect.signature(function).parameters.values()
        fields: dict[str, Any] = {
            each.name: (hints[each.name], ... if each.default is each.empty else each.default)
            for each in parameters
        }
        model = create_model(function.__name__, __base__=_Strict, **fields)
        return cls(function.__name__, model, _without_titles(model.model_json_schema()))

    def check(self, given: dict[str, Any]) -> dict[str, Any]:
        """Return the values to call the function with, defaults filled in.

        Raises:
            BadArgumentError: A name is unknown or missing, or a value is not what the schema says.
        """
        try:
            checked = self.model.model_validate(self._read(given))
        except ValidationError as error:
            raise BadArgumentError("; ".join(self._words(error))) from error
        values = {name: getattr(checked, name) for name in self.model.model_fields}
        self._check_further(values)
        return values

    def _check_further(self, values: dict[str, Any]) -> None:
        """Refuse what a schema can't say."""
        for name, value in values.items():
            if any("\0" in text for text in _texts(value)):
                raise BadArgumentError(f"{name} holds a NUL character; send plain text")
            if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
                expected = _expected(self.schema["properties"][name])
                raise BadArgumentError(
                    f"{name} must be {expected}, of at most {MOST_DIGITS} digits"
                )
            if any(map(_HALF.search, _texts(value))):
                raise BadArgumentError(f"{name} holds half a character; send valid Unicode")

    def _read(self, given: dict[str, Any]) -> dict[str, Any]:
        """Take what models write for a number or a list, as far as it can mean one thing only."""
        kinds = {name: each.get("type") for name, each in self.schema["properties"].items()}
        return {name: _meant(kinds.get(name), value) for name, value in given.items()}

    def _words(self, error: ValidationError) -> Iterator[str]:
        properties = self.schema["properties"]
        for problem in error.errors(include_url=False, include_input=False)[:MOST_PROBLEMS]:
            if not problem["loc"]:
                yield f"{self.tool} takes {', '.join(properties)}; a name is no valid Unicode"
                continue
            name = str(problem["loc"][0])
            match problem["type"]:
                case "extra_forbidden":
                    known = ", ".join(properties)
                    yield f"{self.tool} has no argument {one_line(name, 40)!r}; it takes {known}"
                case "missing":
                    yield f"{self.tool} needs {name}: {_expected(properties[name])}"
                case "value_error":
                    yield f"{name} {problem.get('ctx', {}).get('error')}"
                case _:
                    yield f"{name} must be {_expected(properties[name])}"


def _texts(value: Any) -> list[str]:
    """Return the texts that a checked value holds."""
    return cast("list[str]", value) if isinstance(value, list) else [str(value)]


def _meant(kind: str | None, value: Any) -> Any:
    """Return 5 for "5" where a whole number is wanted, ["a"] for "a" or '["a"]' where a list is."""
    match kind, value:
        case "integer", str() if _INTEGER.fullmatch(value):
            return int(value)
        case "array", str():
            return _listed(value)
        case _:
            return value


def _listed(text: str) -> list[Any]:
    """Return the list that `text` spells out as JSON, else the list of `text` alone, unsplit."""
    if text.lstrip().startswith("["):
        with suppress(ValueError, RecursionError):
            return json.loads(text)
    return [text]


def _without_titles(schema: dict[str, Any]) -> dict[str, Any]:
    properties = {
        name: {key: value for key, value in each.items() if key != "title"}
        for name, each in schema["properties"].items()
    }
    return {**{k: v for k, v in schema.items() if k != "title"}, "properties": properties}


def _expected(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(f'"{value}"' for value in schema["enum"])
    match schema["type"]:
        case "integer":
            return "a whole number" + _span(schema.get("minimum"), schema.get("maximum"))
        case "boolean":
            return "true or false"
        case "array":
            return "a list of texts" + _span(schema.get("minItems"), schema.get("maxItems"))
        case _:
            length = _span(schema.get("minLength"), schema.get("maxLength"))
            return f"text{length}{' characters long' if length else ''}"


def _span(low: int | None, high: int | None) -> str:
    if high is None:
        return f", {low} or more" if low else ""
    return f", {low or 0} to {high}"

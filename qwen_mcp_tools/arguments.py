"""Strict arguments: what a tool's signature takes, and one line in our words for the rest."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from qwen_mcp_tools.errors import BadArgumentError
from qwen_mcp_tools.text import one_line

MOST_PROBLEMS = 3

_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")


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
            checked = self.model.model_validate(self._read_integers(given))
        except ValidationError as error:
            raise BadArgumentError("; ".join(self._words(error))) from error
        values = {name: getattr(checked, name) for name in self.model.model_fields}
        for name, value in values.items():
            if "\0" in str(value):
                raise BadArgumentError(f"{name} holds a NUL character; send plain text")
        return values

    def _read_integers(self, given: dict[str, Any]) -> dict[str, Any]:
        """Take "5" for 5 where a whole number is wanted: models quote numbers now and then."""
        numbers = {n for n, field in self.model.model_fields.items() if field.annotation is int}
        return {
            name: int(value)
            if name in numbers and isinstance(value, str) and _INTEGER.fullmatch(value)
            else value
            for name, value in given.items()
        }

    def _words(self, error: ValidationError) -> Iterator[str]:
        properties = self.schema["properties"]
        for problem in error.errors(include_url=False, include_input=False)[:MOST_PROBLEMS]:
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

"""Parts of a service's JSON, empty where it has another shape than its reference says."""

from typing import Any, cast


def section(answer: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the object under `name`, empty where there is none."""
    part: Any = answer.get(name)
    return cast("dict[str, Any]", part) if isinstance(part, dict) else {}


def items(answer: dict[str, Any], name: str) -> list[Any]:
    """Return the list under `name`; a single object counts as a list of one."""
    part: Any = answer.get(name)
    return [part] if isinstance(part, dict) else elements(part)


def elements(part: object) -> list[Any]:
    """Return `part` if it is a list, else none."""
    return cast("list[Any]", part) if isinstance(part, list) else []


def objects(answer: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects in the list under `name`."""
    return [each for each in items(answer, name) if isinstance(each, dict)]


def number(answer: dict[str, Any], name: str) -> float:
    """Return the number under `name`, 0 where there is none."""
    part: Any = answer.get(name)
    is_number = isinstance(part, int | float) and not isinstance(part, bool)
    return part if is_number and abs(part) < 1e12 else 0


def word(answer: dict[str, Any], name: str) -> str:
    """Return the text under `name`, empty where there is none."""
    part: Any = answer.get(name)
    return part if isinstance(part, str) else ""

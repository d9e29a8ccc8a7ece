"""Content written for the stand-ins, kept as data."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def written(name: str) -> Any:
    """Return the content of the data file `name`."""
    path = files("qwen_mcp_tools.sandbox") / "data" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))

"""Server-sent events whose data is JSON (WHATWG HTML, 9.2)."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, cast

from qwen_mcp_tools.errors import MalformedAnswerError

END = "[DONE]"


async def events(lines: AsyncIterator[str], service: str) -> AsyncGenerator[dict[str, Any]]:
    """Yield the object that each event carries, up to the end that OpenAI's protocol marks.

    Raises:
        MalformedAnswerError: An event's data is no JSON object.
    """
    data: list[str] = []
    async for line in lines:
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            if data == [END]:
                return
            yield _object("\n".join(data), service)
            data.clear()
    if data and data != [END]:  # Some leave out the empty line after the last one.
        yield _object("\n".join(data), service)


def _object(text: str, service: str) -> dict[str, Any]:
    try:
        event: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedAnswerError(service, "sent an event that is no JSON", "ask again") from error
    if not isinstance(event, dict):
        raise MalformedAnswerError(service, "sent an event of another shape", "ask again")
    return cast("dict[str, Any]", event)

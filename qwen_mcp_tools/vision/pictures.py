"""Pictures: each made ready in a child process of its own, and kept for the next question."""

import json
import os
from dataclasses import replace
from typing import Any

import anyio

from qwen_mcp_tools.content.child import ChildError, Children
from qwen_mcp_tools.errors import UnreadableError
from qwen_mcp_tools.upstream.shelf import Shelf
from qwen_mcp_tools.vision.kinds import kind_of
from qwen_mcp_tools.vision.picture import Limits, Picture, Source
from qwen_mcp_tools.vision.preparing import name_of, prepare

KEPT_SECONDS = 600
KEPT_BYTES = 16_000_000


class Pictures:
    """Makes pictures ready, as many at once as there are cores."""

    def __init__(self) -> None:
        self._children = Children(anyio.CapacityLimiter(os.cpu_count() or 1))
        self._kept = Shelf[Picture](KEPT_BYTES, KEPT_SECONDS)

    async def ready(self, source: Source, limits: Limits) -> Picture:
        """Return `source` as it can be sent: checked, upright, without EXIF, scaled, re-encoded.

        Raises:
            UnreadableError: It is no picture, a broken one, or of a shape that the model refuses.
        """
        key = (source.digest, source.page, limits)
        kept = self._kept.find(key)
        if kept is None:
            kept = await self._made(source, limits)
            self._kept.keep(key, kept, kept.size)
        return replace(kept, label=source.label)

    async def _made(self, source: Source, limits: Limits) -> Picture:
        kind = kind_of(source.data, source.label)
        wish = {"kind": kind, "page": source.page, "pixels": limits.pixels, "bytes": limits.bytes}
        try:
            answer = await self._children.run(
                prepare, json.dumps(wish).encode() + b"\n" + source.data
            )
        except ChildError as error:
            raise UnreadableError(source.label, str(error), "give a smaller copy") from error
        head, _, data = answer.partition(b"\n")
        facts: dict[str, Any] = json.loads(head)
        if "failure" in facts:
            raise UnreadableError(source.label, facts["failure"], facts["mend"])
        return Picture(
            label=source.label,
            data=data,
            mime=facts["mime"],
            width=facts["width"],
            height=facts["height"],
            original=tuple(facts["original"]),
            kind=name_of(kind),
            notes=tuple(facts["notes"]),
            size=len(data),
        )

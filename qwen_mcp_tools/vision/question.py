"""What is asked about pictures, and what the model said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from qwen_mcp_tools.vision.picture import Picture

Task = Literal["describe", "text", "ui", "error", "diagram", "chart", "compare"]
Detail = Literal["low", "auto", "high"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question about pictures, as the tool got it."""

    images: tuple[str, ...]
    prompt: str = ""
    task: Task = "describe"
    detail: Detail = "auto"
    client: str = field(default="", compare=False)
    """The MCP client that asks, as `product` in `upstream/identity.py` writes it."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to a model, in nobody's protocol."""

    model: str
    content: Sequence[str | Picture]
    """What the user says, in order."""
    thinks: bool
    high: bool
    """Whether the model may look at more than the usual pixels."""


@dataclass(slots=True)
class Said:
    """What a model has said so far; the two protocols fill it in."""

    begun: bool = False
    """Whether the service has taken the request, so that it counts."""
    text: str = ""
    finish: str = ""
    """Why it ended: "stop", "length", or what the service says; empty where it did not end."""
    tokens_in: int = 0
    tokens_of_pictures: int = 0
    tokens_out: int = 0
    cut: str = ""
    """Why the end is missing, in our words; empty where nothing is."""


@dataclass(frozen=True, slots=True)
class Description:
    """An answer, and what it cost."""

    model: str
    text: str
    pictures: tuple[Picture, ...]
    tokens_in: int
    tokens_of_pictures: int
    tokens_out: int
    is_estimate: bool
    """Whether the tokens of the pictures are ours to guess: not every answer tells them."""
    is_plan: bool
    notes: tuple[str, ...] = ()
    is_whole: bool = True
    is_remembered: bool = False
    """Whether it was asked before, so that this call cost nothing."""

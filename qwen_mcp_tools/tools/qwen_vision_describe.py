"""Asking a model that sees about pictures."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from qwen_mcp_tools.app import App
from qwen_mcp_tools.text import Reply, one_line
from qwen_mcp_tools.vision.picture import Picture
from qwen_mcp_tools.vision.question import Description, Detail, Question, Task

MOST_PICTURES = 8
NOTE = 400


async def qwen_vision_describe(
    app: App,
    images: Annotated[
        list[str],
        Field(
            min_length=1,
            max_length=MOST_PICTURES,
            description="File paths, http(s) URLs or data: URIs; also file.pdf#page=2",
        ),
    ],
    prompt: Annotated[
        str, Field(max_length=8000, description="Your question; it leads the task")
    ] = "",
    task: Annotated[
        Task, Field(description="text: OCR; ui: to rebuild it; diagram: Mermaid; chart: its data")
    ] = "describe",
    detail: Annotated[
        Detail, Field(description="high shows small print of large pictures")
    ] = "auto",
) -> Reply:
    """Look at 1-8 pictures (screenshot, photo, diagram, PDF page) and answer a question on them.

    Each call costs one of the plan's calls: ask everything at once.
    """
    question = Question(tuple(images), prompt, task, detail, app.client)
    return render(await app.vision.describe(question))


def render(description: Description) -> Reply:
    """Return the answer, with what was looked at in front and what it cost as the last line."""
    looked_at = ", ".join(map(_shown, description.pictures))
    notes = "".join(f"\n({one_line(note, NOTE)})" for note in _notes(description))
    return Reply(
        head=f"{one_line(description.model, 60)} on {looked_at}{notes}",
        content=description.text,
        foot=f"Cost: {'; '.join(_cost(description))}",
    )


def _shown(picture: Picture) -> str:
    width, height = picture.original
    return f"{picture.label} ({picture.kind}, {width}×{height})"


def _notes(description: Description) -> Iterator[str]:
    for picture in description.pictures:
        yield from (f"{picture.label}: {note}" for note in picture.notes)
    yield from description.notes


def _cost(description: Description) -> Iterator[str]:
    if description.is_remembered:
        yield "no call, the same was asked within the last 10 minutes"
    else:
        yield "1 plan call" if description.is_plan else "1 call"
    yield f"model {one_line(description.model, 60)}"
    sent = ", ".join(f"{each.width}×{each.height} ({each.form})" for each in description.pictures)
    yield f"sent {sent}"
    about = "about " if description.is_estimate else ""
    pictures = f"{about}{description.tokens_of_pictures:,} of pictures"
    if description.tokens_in:
        yield f"{description.tokens_in:,} tokens in ({pictures}), {description.tokens_out:,} out"
    else:
        yield f"tokens not told ({pictures})"

"""Describer: answers questions about pictures, each with one call, and asked again with none."""

from collections.abc import AsyncGenerator, Hashable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

import anyio

from qwen_mcp_tools.errors import BadArgumentError
from qwen_mcp_tools.settings import Settings
from qwen_mcp_tools.text import one_line
from qwen_mcp_tools.upstream.cache import Cache
from qwen_mcp_tools.upstream.doing import doing
from qwen_mcp_tools.upstream.http import PageClient, ServiceClient
from qwen_mcp_tools.upstream.shelf import Shelf
from qwen_mcp_tools.vision.conversation import WIRES, Conversation
from qwen_mcp_tools.vision.endpoint import Endpoint, check_model, endpoint_of
from qwen_mcp_tools.vision.files import Folders
from qwen_mcp_tools.vision.ledger import Ledger
from qwen_mcp_tools.vision.picture import Limits, Picture, Source
from qwen_mcp_tools.vision.pictures import Pictures
from qwen_mcp_tools.vision.prompts import content_of
from qwen_mcp_tools.vision.question import Ask, Description, Question, Said
from qwen_mcp_tools.vision.sizes import HIGH_PIXELS, LOW_PIXELS, USUAL_PIXELS, tokens_of
from qwen_mcp_tools.vision.sources import Sources
from qwen_mcp_tools.vision.wire import Wire

KEPT_SECONDS = 600
KEPT_BYTES = 2_000_000
MOST_PREPARING = 2
"""Calls that hold the bytes of their pictures at the same time."""


class Describer:
    """Looks at pictures with the model that is configured."""

    def __init__(
        self, services: ServiceClient, pages: PageClient, settings: Settings, *, local_files: bool
    ) -> None:
        self._services = services
        self._settings = settings
        self._sources = Sources(pages, Folders(settings.image_roots, local_files=local_files))
        self._pictures = Pictures()
        self._preparing = anyio.CapacityLimiter(MOST_PREPARING)
        self._ledger = Ledger(settings.state_dir)
        self._thinkers: set[str] = set()
        self._kept = Shelf[Description](KEPT_BYTES, KEPT_SECONDS)
        self._flights = Cache[_Made](max_items=0, ttl_seconds=0)

    async def describe(self, question: Question) -> Description:
        """Return what the model says. Whatever is wrong here is found before a call is spent.

        Raises:
            MissingKeyError: There is no key.
            BadArgumentError, RefusedError, NotFoundError, UnreadableError: A picture can't be sent.
            UpstreamError: The service, or a picture's site, lets us down.
        """
        endpoint = endpoint_of(self._settings)
        check_model(self._settings.qwen_vision_model)
        if question.task == "compare" and len(question.images) < 2:
            raise BadArgumentError("images must hold two pictures or more for task=compare")
        wire = WIRES[endpoint.protocol]
        limits = Limits(_pixels(question, wire), wire.MOST_BYTES // len(question.images))
        async with self._turn():  # What was read is large, and let go of at the end.
            with doing("reading the pictures"):
                sources = await self._sources.get(question.images)
            key, labels = _key(question, sources), [each.label for each in sources]
            kept = self._kept.find(key)
            if kept:
                return _remembered(kept, labels)
            # One after the other: what a call decodes at a time is one picture, in one child.
            with doing("making the pictures ready to be sent"):
                pictures = [await self._pictures.ready(each, limits) for each in sources]
            del sources
        look = partial(self._look, question, pictures, endpoint, limits)
        with doing(f"waiting for {one_line(self._settings.qwen_vision_model, 60)}"):
            made = await self._flights.get(key, look)
        if made.description.is_whole:
            self._kept.keep(key, made.description, _size(made.description))
        return made.told(labels)

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[None]:
        with doing("in line behind the pictures of other calls"):
            async with self._preparing:
                yield

    async def _look(
        self, question: Question, pictures: list[Picture], endpoint: Endpoint, limits: Limits
    ) -> "_Made":
        wire = WIRES[endpoint.protocol]
        conversation = Conversation(self._services, endpoint, self._ledger, self._thinkers)
        model, is_high = self._settings.qwen_vision_model, limits.pixels == HIGH_PIXELS
        ask = Ask(model, content_of(question, pictures), self._settings.qwen_thinking, is_high)
        said = await conversation.ask(ask, question.client)
        pictures = [_without_data(each, question, wire) for each in pictures]
        estimate = sum(tokens_of(each.width, each.height, limits.pixels) for each in pictures)
        description = Description(
            model=model,
            text=said.text.strip(),
            pictures=tuple(pictures),
            tokens_in=said.tokens_in,
            tokens_of_pictures=said.tokens_of_pictures or estimate,
            tokens_out=said.tokens_out,
            is_estimate=not said.tokens_of_pictures,
            is_plan=endpoint.is_plan,
            notes=(*_limits_told(question, wire), *_ends(said)),
            is_whole=not said.cut,
        )
        return _Made(description)


@dataclass(slots=True)
class _Made:
    """An answer that several may wait for; the first of them that is still there has its cost."""

    description: Description
    is_told: bool = False

    def told(self, labels: Sequence[str]) -> Description:
        if self.is_told:
            return _remembered(self.description, labels)
        self.is_told = True
        return _named(self.description, labels)


def _key(question: Question, sources: Sequence[Source]) -> Hashable:
    """Return what makes a question the same: the bytes of its pictures, not where they are."""
    seen = tuple((each.digest, each.page) for each in sources)
    return (seen, question.prompt.strip(), question.task, question.detail)


def _size(description: Description) -> int:
    return 4 * len(description.text) + 1000


def _pixels(question: Question, wire: Wire) -> int:
    if question.detail == "low":
        return LOW_PIXELS
    return HIGH_PIXELS if question.detail == "high" and wire.SEES_MORE else USUAL_PIXELS


def _remembered(description: Description, labels: Sequence[str]) -> Description:
    return replace(_named(description, labels), is_remembered=True)


def _named(description: Description, labels: Sequence[str]) -> Description:
    """Return an answer with the names that the same pictures have this time."""
    pictures = zip(description.pictures, labels, strict=True)
    named = tuple(replace(picture, label=label) for picture, label in pictures)
    return replace(description, pictures=named)


def _without_data(picture: Picture, question: Question, wire: Wire) -> Picture:
    """Return what there is to tell of a picture that was sent."""
    notes = picture.notes
    if picture.is_scaled:
        hint = "; detail=high shows more" if question.detail != "high" and wire.SEES_MORE else ""
        width, height = picture.original
        size = f"{picture.width}×{picture.height}"
        notes = (*notes, f"scaled from {width}×{height} to {size}{hint}")
    return replace(picture, data=b"", notes=notes)


def _limits_told(question: Question, wire: Wire) -> Iterator[str]:
    if question.detail == "high" and not wire.SEES_MORE:
        yield "detail=high is not to be had in the Anthropic protocol: the usual one was used"


def _ends(said: Said) -> Iterator[str]:
    if said.cut:
        yield f"INCOMPLETE, the end is missing: {said.cut}"
    elif said.finish == "length":
        yield "INCOMPLETE: the answer reached the longest that is asked for; ask for less at once"
    elif said.finish not in {"stop", ""}:
        yield f"the model ended with {one_line(said.finish, 40)}"

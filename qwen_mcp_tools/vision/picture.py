"""A picture as it is given, what it may be, and as it is sent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A picture as it was given."""

    label: str
    """How messages name it: `shot.png`, or `picture 2 (shot.png)`."""
    data: bytes
    digest: bytes
    """What tells the bytes from others."""
    page: int = 0
    """Of a PDF or a TIFF, from 1; 0 where none was named."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one picture may be when it is sent."""

    pixels: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is sent."""

    label: str
    data: bytes
    mime: str
    width: int
    height: int
    original: tuple[int, int]
    """Width and height before it was scaled, upright."""
    kind: str
    notes: tuple[str, ...] = ()
    """What a reader should know."""
    size: int = 0
    """In bytes; an answer that is kept has it without the `data`."""

    @property
    def form(self) -> str:
        """What was sent: `PNG, 410 kB`."""
        return f"{self.mime.partition('/')[2].upper()}, {max(self.size // 1000, 1)} kB"

    @property
    def is_scaled(self) -> bool:
        """Whether it was larger."""
        return self.original != (self.width, self.height)

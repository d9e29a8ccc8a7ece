"""The features that a page's text is judged by: alike blocks are one group and are judged as one.

So a list, a thread or a grid of cards is kept or left as a whole, and a page costs what its
variety costs, not its length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from qwen_mcp_tools.content.blocks import KINDS, Block
from qwen_mcp_tools.content.names import FAMILIES, LONGEST, families_of
from qwen_mcp_tools.content.signs import announces_further, signs_of

SAMPLE = 3
"""So many blocks of a group speak for all of it."""

_TAGS = {
    "p": 1, "li": 2, "td": 3, "th": 3, "data": 3, "dt": 4, "dd": 4, "pre": 5, "blockquote": 6,
    "h1": 7, "h2": 8, "h3": 9, "h4": 10, "h5": 10, "h6": 10, "figcaption": 11, "caption": 11,
    "summary": 12, "address": 13, "div": 14, "section": 15, "article": 15, "main": 15, "body": 16,
}  # fmt: skip
_DIGITS = re.compile(r"\d+")
_SHARES = (0.15, 0.4)
_NEAR = (-2, -1, 1, 2)


@dataclass(slots=True, eq=False)
class Group:
    """Blocks of one page with the same names, in the same surroundings."""

    blocks: list[Block] = field(default_factory=list[Block])
    places: list[int] = field(default_factory=list[int])
    """Where each block stands among all that have text."""
    size: int = 0
    linked_size: int = 0


@dataclass(slots=True)
class _Place:
    """What comes before a block."""

    before: int
    """Characters of text."""
    since_heading: int
    heading_level: int
    is_further: bool
    """Whether the last heading announces other things than the content."""


class Features:
    """The groups of a page and the features of each."""

    def __init__(self, blocks: list[Block], facts: dict[str, float]) -> None:
        self._all = blocks
        self.total = blocks[0].size or 1
        self._texts = [block for block in blocks if block.text]
        self._places = list(_places(self._texts))
        self._shares = _family_shares(blocks, self.total)
        self.groups = self._grouped()
        self._first_heading = self._place_of_first_heading()
        self._page = {**facts, **self._of_page()}

    def _grouped(self) -> list[Group]:
        groups: dict[tuple[object, ...], Group] = {}
        kinds: dict[Block, tuple[str, ...]] = {}
        for block in self._all:
            above = kinds[block.parent] if block.parent else ()
            kinds[block] = (_kind(block.tag, block.element.get("class") or ""), *above[:3])
        for at, block in enumerate(self._texts):
            key = (kinds[block], block.inside, self._places[at].is_further)
            group = groups.setdefault(key, Group())
            group.blocks.append(block)
            group.places.append(at)
            group.size += len(block.text)
            group.linked_size += block.linked
        return list(groups.values())

    def _place_of_first_heading(self) -> int:
        for tag in ("h1", "h2"):
            for at, block in enumerate(self._texts):
                if block.tag == tag:
                    return at
        return 0

    def of(self, group: Group) -> dict[str, float]:
        """Return the features of a group of this page, by their names."""
        first = group.blocks[0]
        features = {**self._page, **self._of_texts(group), **self._of_place(group)}
        for at, kind in enumerate(KINDS):
            features[f"in {kind}"] = first.inside >> at & 1
        for name, share in zip(FAMILIES, self._shares[first], strict=True):
            features[f"named {name}"] = share
        features.update(self._of_holders(first))
        features.update(self._of_neighbours(group))
        return features

    def _of_texts(self, group: Group) -> dict[str, float]:
        step = max(1, len(group.blocks) // SAMPLE)
        sample = [signs_of(block.text) for block in group.blocks[::step][:SAMPLE]]
        count = len(sample)
        means = {name: sum(each[name] for each in sample) / count for name in sample[0]}
        return {
            **means,
            "tag": _TAGS.get(group.blocks[0].tag, 0),
            "links": group.linked_size / group.size,
            "repeated": min(len(group.blocks), 100),
            "mean length": min(group.size / len(group.blocks), 1000),
            "group share": group.size / self.total,
        }

    def _of_place(self, group: Group) -> dict[str, float]:
        first, last = self._places[group.places[0]], self._places[group.places[-1]]
        count = len(self._texts)
        offset = group.places[0] - self._first_heading
        return {
            "position": first.before / self.total,
            "last position": last.before / self.total,
            "order": group.places[0] / count,
            "last order": group.places[-1] / count,
            "after heading": max(-50, min(200, offset)),
            "since heading": min(first.since_heading, 50),
            "heading level": first.heading_level,
            "under further": first.is_further,
            "depth": group.blocks[0].depth,
        }

    def _of_holders(self, block: Block) -> dict[str, float]:
        features: dict[str, float] = {}
        holder = block
        for name in ("parent", "second", "third"):
            holder = holder.parent or holder
            features.update(self._of_holder(name, holder))
        for share in _SHARES:
            holder = block
            while holder.parent is not None and holder.size < share * self.total:
                holder = holder.parent
            features.update(self._of_holder(f"{share:.0%}", holder))
            features[f"{share:.0%} above"] = block.depth - holder.depth
        return features

    def _of_holder(self, name: str, holder: Block) -> dict[str, float]:
        size, count = holder.size or 1, holder.count or 1
        return {
            f"{name} share": size / self.total,
            f"{name} links": holder.linked_size / size,
            f"{name} mean": min(size / count, 500),
            f"{name} prose": holder.prose_size / size,
            f"{name} count": min(count, 200),
        }

    def _of_neighbours(self, group: Group) -> dict[str, float]:
        step = max(1, len(group.places) // SAMPLE)
        sample = group.places[::step][:SAMPLE]
        features: dict[str, float] = {}
        for distance in _NEAR:
            near = [
                self._texts[at + distance] for at in sample if 0 <= at + distance < len(self._texts)
            ]
            sizes = sum(len(block.text) for block in near)
            count = len(near) or 1
            features[f"near {distance} length"] = min(sizes / count, 1000)
            features[f"near {distance} links"] = sum(b.linked for b in near) / (sizes or 1)
            features[f"near {distance} tag"] = _TAGS.get(near[0].tag, 0) if near else -1
        return features

    def _of_page(self) -> dict[str, float]:
        body, tags = self._all[0], [block.tag for block in self._all]
        sizes = {"main": 0, "article": 0}
        for block in self._all:
            if block.tag in sizes:
                sizes[block.tag] = max(sizes[block.tag], block.size)
        return {
            "page length": min(self.total, 50_000),
            "page texts": min(len(self._texts), 2000),
            "page groups": min(len(self.groups), 500),
            "page links": body.linked_size / self.total,
            "page prose": body.prose_size / self.total,
            "page mean": self.total / (len(self._texts) or 1),
            "page main": sizes["main"] / self.total,
            "page article": sizes["article"] / self.total,
            "page articles": min(tags.count("article"), 30),
            "page code": min(tags.count("pre"), 20),
            "page tables": min(tags.count("data"), 20),
        }


def _places(texts: list[Block]) -> Iterator[_Place]:
    before = since = level = 0
    is_further = False
    for block in texts:
        yield _Place(before, since, level, is_further)
        before += len(block.text)
        since += 1
        if len(block.tag) == 2 and block.tag[0] == "h" and block.tag[1].isdecimal():
            since, level = 0, int(block.tag[1])
            is_further = announces_further(block.text)


def _family_shares(blocks: list[Block], total: int) -> dict[Block, tuple[float, ...]]:
    """Return for each block how much of the page each family's nearest holder has; 2 for none."""
    shares: dict[Block, tuple[float, ...]] = {blocks[0]: (2.0,) * len(FAMILIES)}
    for block in blocks[1:]:
        inherited = shares[block.parent] if block.parent else shares[blocks[0]]
        families = families_of(block.names) if block.names != " " else ()
        if families:
            own = list(inherited)
            for family in families:
                own[family] = block.size / total
            inherited = tuple(own)
        shares[block] = inherited
    return shares


@lru_cache(maxsize=4096)
def _kind(tag: str, names: str) -> str:
    """Return what makes blocks alike: the tag and the first classes, whatever their numbers."""
    return _DIGITS.sub("0", ".".join((tag, *names[:LONGEST].split()[:3])))

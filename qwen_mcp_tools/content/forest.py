"""The trained judge of text: how likely a group of blocks is main content.

`benchmarks/train_blocks.py` makes the weights, numbers only; here they are read and followed.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

WEIGHTS = "weights.json"


@dataclass(frozen=True, slots=True)
class Forest:
    """Boosted trees: a node is `[feature, threshold, below, above]`, a leaf is a number."""

    features: tuple[str, ...]
    start: float
    trees: tuple[Any, ...]

    def likelihood(self, features: dict[str, float]) -> float:
        """Return how likely what has these features is content, between 0 and 1."""
        values = [features[name] for name in self.features]
        odds = self.start
        for tree in self.trees:
            node = tree
            while node.__class__ is list:
                node = node[2] if values[node[0]] <= node[1] else node[3]
            odds += node
        return 1 / (1 + math.exp(-odds))


@cache
def forest() -> Forest:
    """Return the judge, read once."""
    weights: dict[str, Any] = json.loads(
        files("qwen_mcp_tools.content").joinpath(WEIGHTS).read_text("utf-8")
    )
    return Forest(tuple(weights["features"]), weights["start"], tuple(weights["trees"]))


def worth_keeping(likely: Sequence[float], sizes: Sequence[int]) -> set[int]:
    """Return the places of those to keep for the best F1 that these chances promise.

    Kept from the likeliest on, as long as twice what is probably content, over what is kept and
    what is probably content in all, grows.
    """
    order = sorted(range(len(likely)), key=lambda at: -likely[at])
    true = sum(chance * size for chance, size in zip(likely, sizes, strict=True))
    kept = found = best = 0.0
    count = 0
    for at, place in enumerate(order, 1):
        kept += sizes[place]
        found += likely[place] * sizes[place]
        if kept and 2 * found / (kept + true) >= best:
            best, count = 2 * found / (kept + true), at
    return set(order[:count])

"""What a benchmark says: a figure of ours beside a counterpart's, measured in turn in one run.

Each benchmark is a program with `measure() -> Iterator[Figure]`; alone, it prints its figures.
"""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Ours and a counterpart's, pair by pair of one run, and the ratio that is the goal."""

    name: str
    counterpart: str
    unit: str
    ours: tuple[float, ...]
    theirs: tuple[float, ...]
    goal: float
    """The ratio ours / theirs that it may have at most; 0 where there is none."""

    @property
    def ratio(self) -> float:
        """The median of the pairs' ratios."""
        return statistics.median(self._ratios())

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the greatest of the pairs' ratios."""
        ratios = self._ratios()
        return min(ratios), max(ratios)

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return not self.goal or self.ratio <= self.goal

    def _ratios(self) -> list[float]:
        return [ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True)]


def show(figures: Iterable[Figure]) -> None:
    """Print a line a figure as it comes."""
    for figure in figures:
        ours, theirs = statistics.median(figure.ours), statistics.median(figure.theirs)
        low, high = figure.spread
        goal = f"goal {figure.goal:g}: {'met' if figure.met else 'MISSED'}" if figure.goal else ""
        print(
            f"{figure.name}: {ours:.4g} {figure.unit}, {figure.counterpart} {theirs:.4g}, "
            f"ratio {figure.ratio:.2f} ({low:.2f} to {high:.2f}) {goal}".rstrip(),
            flush=True,
        )

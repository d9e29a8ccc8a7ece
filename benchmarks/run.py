"""Runs every benchmark here, each in a process of its own, and writes RESULTS.md.

    python benchmarks/run.py

A benchmark is a module with `measure`; one that fails, or takes the time that is left, is named
in the table and loses the figures that it has not given yet.
"""

import dataclasses
import importlib
import json
import os
import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import counterparts
from figures import Figure, show

HERE = Path(__file__).parent
RESULTS = HERE / "RESULTS.md"
MOST_SECONDS = 15 * 60.0
HEAD = """\
# What was measured

{day}, on {machine}; written by `make bench`.

Ours and a counterpart's are measured in turn, pair by pair, in one run: the ratio is the median of
the pairs' ratios, its spread the least and the greatest of them. Other programs share the machine,
so figures of two runs compare by their ratios only. The counterparts' exact versions are in
[`counterparts/`](counterparts).

| measured | ours | counterpart | theirs | goal | ratio | spread | |
|---|--:|---|--:|--:|--:|--:|---|
"""


def main() -> int:
    """Measure and write; 1 where a benchmark failed."""
    if len(sys.argv) > 1:
        _tell(sys.argv[1])
        return 0
    end = time.monotonic() + MOST_SECONDS
    rows: list[str] = []
    failed: list[str] = []
    for file in sorted(HERE.glob("*.py")):
        figures = _Figures(file.stem, end - time.monotonic())
        for figure in figures:
            show([figure])
            rows.append(_row(figure))
        if figures.trouble:
            failed.append(f"`{file.name}` {figures.trouble}.")
    text = HEAD.format(day=datetime.now(UTC).date(), machine=_machine()) + "".join(rows)
    RESULTS.write_text("\n".join([text, *failed]).rstrip() + "\n", encoding="utf-8")
    print(*failed, sep="\n")
    return 1 if failed else 0


class _Figures:
    """The figures of one module as it gives them, and what went wrong in the end."""

    def __init__(self, module: str, seconds: float) -> None:
        self.trouble = ""
        self._module = module
        self._seconds = seconds

    def __iter__(self) -> Iterator[Figure]:
        command = [sys.executable, str(HERE / "run.py"), self._module]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            alarm = threading.Timer(max(self._seconds, 1), process.kill)
            alarm.start()
            for line in process.stdout:
                values = json.loads(line)
                yield Figure(**{**values, **{k: tuple(values[k]) for k in ("ours", "theirs")}})
            alarm.cancel()
        if process.returncode:
            self.trouble = "failed" if process.returncode > 0 else "took too long"


def _tell(module: str) -> None:
    """Write the figures of `module` as lines of JSON; what else it prints goes to stderr."""
    lines, sys.stdout = sys.stdout, sys.stderr
    measure = getattr(importlib.import_module(module), "measure", None)
    for figure in measure() if measure else ():
        print(json.dumps(dataclasses.asdict(figure)), file=lines, flush=True)


def _row(figure: Figure) -> str:
    low, high = figure.spread
    spread = "" if low == high else f"{low:.2f} to {high:.2f}"
    goal = f"≤ {figure.goal:g}" if figure.goal else ""
    verdict = ("met" if figure.met else "**missed**") if figure.goal else ""
    cells = (
        figure.name, _number(figure.ours, figure.unit), figure.counterpart,
        _number(figure.theirs, figure.unit), goal, f"{figure.ratio:.2f}", spread, verdict,
    )  # fmt: skip
    return f"| {' | '.join(cells)} |\n"


def _number(values: tuple[float, ...], unit: str) -> str:
    value = statistics.median(values)
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def _machine() -> str:
    node = subprocess.run(
        [counterparts.node(), "--version"], capture_output=True, text=True, check=True
    ).stdout.strip()
    return (
        f"{os.cpu_count()} cores of {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, Node {node.removeprefix('v')}"
    )


if __name__ == "__main__":
    sys.exit(main())

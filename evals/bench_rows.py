"""What a measure of speed hands on: rows of one table, each the same thing done in three ways."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

Figures = tuple[float, ...]  # one; or two: the median and the 95th of 100


@dataclass(frozen=True)
class Row:
    """One line of the table; a way that was not or cannot be taken has no figures."""

    about: str  # on what it was measured: lines about one thing stand together
    step: str
    unit: str
    footnote: Figures = ()
    stock: Figures = ()
    limit: Figures = ()
    limit_is: str = ""


def seconds(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def milliseconds(steps: Sequence[Callable[[], object]]) -> Figures:
    """The median of all and the 95th of 100, after a first one that is not counted."""
    steps[0]()
    taken = [1000 * seconds(step) for step in steps]
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 95))


def megabytes_in(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def memory_of(process: int | str, most: bool = False) -> Figures:
    """Megabytes of memory of a process ("self": this one), now or at most so far; nothing where Linux's /proc is not.

    Not the system's own count of children that ended: it begins with the size of the process that started them.
    """
    name = "VmHWM" if most else "VmRSS"
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return ()
    return next(((int(line.split()[1]) / 1024,) for line in lines if line.startswith(f"{name}:")), ())

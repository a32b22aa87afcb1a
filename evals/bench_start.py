"""Cold starts: a new process each time, from the command typed to its end, and the most memory that it took."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.bench_rows import Figures, Row, memory_of
from evals.cases import SEEDS

ROOT = Path(__file__).parents[1]
ABOUT = "a cold start, the three seeds"
QUESTION = "How was the Family Safety acquisition financed?"
TIMES = 3  # the median is told
LOOK = 0.02  # seconds
NOTHING = "pass"
MODEL = "from evals.stock_recipe import bare_encode; bare_encode()(['a question'])"
STOCK = "import sys; from pathlib import Path; from evals.stock_recipe import StockRecipe, bare_encode"
STOCK_ADDS = (
    f"{STOCK}; recipe = StockRecipe(bare_encode(), Path(sys.argv[1])); "
    "[recipe.add('library', [Path(one).read_text()]) for one in sys.argv[2:]]"
)
STOCK_SEARCHES = f"{STOCK}; StockRecipe(bare_encode(), Path(sys.argv[1])).search('library', sys.argv[2], 4)"


@dataclass(frozen=True)
class Run:
    """One process, from its start to its end."""

    seconds: float
    processor: float  # seconds of it: what a busy machine does not change
    megabytes: float | None  # None where the system does not say


FIGURES: tuple[tuple[str, str, Callable[[Run], float | None]], ...] = (
    ("", "s", lambda run: run.seconds),
    (", processor", "s", lambda run: run.processor),
    (", memory at most", "MB", lambda run: run.megabytes),
)


def start_rows(times: int = TIMES) -> Iterator[Row]:
    """Into a library and out of it from nothing: Footnote, the stock recipe, and what a bare model takes to embed."""
    seeds = [str(path) for path in sorted(SEEDS.glob("*.txt"))]
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as name:
        ours, stock = Path(name) / "footnote", Path(name) / "stock"
        taken_in = _run(_footnote("ingest", *seeds, "--data-dir", str(ours)))
        added = _run(_python(STOCK_ADDS, str(stock), *seeds))
        yield from _rows("`footnote ingest`", [taken_in], [added])
        yield from rows_without_model(ours, times)
        asked, searched, bare = [], [], []
        for _ in range(times):  # in turn, for a machine is busier at one moment than at another
            asked.append(_run(_footnote("ask", QUESTION, "--data-dir", str(ours))))
            searched.append(_run(_python(STOCK_SEARCHES, str(stock), QUESTION)))
            bare.append(_run(_python(MODEL)))
        yield from _rows("`footnote ask`", asked, searched, bare, "bare encode of the question")


def rows_without_model(library: Path, times: int) -> Iterator[Row]:
    """Commands that embed nothing; their limit is a Python that does nothing."""
    nothing = [_run(_python(NOTHING)) for _ in range(times)]
    for command in (["--help"], ["filings", "--data-dir", str(library)]):
        runs = [_run(_footnote(*command)) for _ in range(times)]
        yield from _rows(f"`footnote {command[0]}`", runs, [], nothing, "python, doing nothing")


def _rows(step: str, ours: list[Run], stock: list[Run], limit: Sequence[Run] = (), limit_is: str = "") -> Iterator[Row]:
    for what, unit, figure in FIGURES:
        told = [_median([figure(run) for run in way]) for way in (ours, stock, limit)]
        yield Row(ABOUT, step + what, unit, told[0], told[1], told[2], limit_is)


def _median(figures: Sequence[float | None]) -> Figures:
    """Of those that the system told."""
    told = [figure for figure in figures if figure is not None]
    return (statistics.median(told),) if told else ()


def _footnote(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "ui.terminal", *arguments]


def _python(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def _run(command: Sequence[str]) -> Run:
    megabytes = None
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while process.poll() is None:
        megabytes = max((megabytes or 0.0, *memory_of(process.pid, most=True))) or None
        time.sleep(LOOK)
    taken = time.perf_counter() - started
    _, said = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said[-500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Run(taken, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, megabytes)

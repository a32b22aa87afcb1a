"""`footnote bench`: how long each step takes on this machine, measured in this run."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals.bench_ingest import ROWS, time_ingest
from evals.cases import SEEDS, load_questions
from rag.assistant import Assistant

TIMES = 5  # each cold start is taken this often, and the median told
PACKAGES = ("torch", "sentence-transformers", "chromadb", "streamlit", "numpy")


def main(json_path: Path | None = None) -> None:
    """Measure on the seeds in a fresh library, and print the table."""
    figures = {
        "import the public face, cold": _cold("from rag.assistant import Assistant"),
        "import the terminal, cold": _cold("import ui.terminal"),
    } | _on_a_fresh_library()
    machine = {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
    machine |= {package: version(package) for package in PACKAGES}
    reports = time_ingest()
    if json_path:
        measured = {"machine": machine, "seconds": figures, "reports": [asdict(report) for report in reports]}
        json_path.write_text(json.dumps(measured, indent=1), encoding="utf-8")
    table = Table("step", "seconds", title="Footnote on this machine")
    for step, seconds in figures.items():
        table.add_row(step, f"{seconds:.3f}")
    console = Console()
    console.print(table)
    if reports:
        names = [report.name for report in reports]
        of_reports = Table("since the drop of a report, model loaded", *names)
        for row in zip(ROWS, *(report.column for report in reports), strict=True):
            of_reports.add_row(*row)
        console.print(of_reports)
    else:
        console.print("Whole reports were not timed: they are not part of the project, and ../shared is not here.")
    console.print(", ".join(f"{name} {value}" for name, value in machine.items()), highlight=False)


def _on_a_fresh_library() -> dict[str, float]:
    seeds = sorted(SEEDS.glob("*.txt"))
    questions = [case for case in load_questions() if not case.before]
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as folder:
        assistant = Assistant.open(Path(folder))
        figures = {"load the embedding model": _seconds(assistant.warm_up)}
        ingest = _seconds(lambda: assistant.ingest(seeds))
        figures["take in one filing (model loaded)"] = ingest / len(seeds)
        figures["take in the three seeds again, unchanged"] = _seconds(lambda: assistant.ingest(seeds))
        figures["open the library"] = _seconds(lambda: Assistant.open(Path(folder)).close())
        figures["summary, first"] = _seconds(lambda: assistant.summarize("smith-micro-fy2021"))
        figures["summary, again (median)"] = _median([lambda: assistant.summarize("smith-micro-fy2021")] * TIMES)
        figures["search (median)"] = _median([partial(assistant.search, case.question) for case in questions])
        figures["ask (median)"] = _median([partial(assistant.ask, case.question, case.filing) for case in questions])
        assistant.close()
    return figures


def _cold(statement: str) -> float:
    """The median time of a new Python that runs one statement, less that of one that runs none."""
    root = Path(__file__).parents[1]

    def run(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], check=True, cwd=root)

    return _median([run(statement)] * TIMES) - _median([run("pass")] * TIMES)


def _seconds(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def _median(steps: list[Callable[[], object]]) -> float:
    return statistics.median(_seconds(step) for step in steps)

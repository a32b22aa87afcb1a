"""Rows of measures as one table for people, with the machine under it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table

from evals.bench_rows import Figures, Row
from evals.machine import load, this_machine

COLUMNS = ("", "", "Footnote", "stock recipe", "limit", "limit is")


def print_table(rows: Sequence[Row], machine: dict[str, Any] | None = None) -> None:
    """All of them, those about one thing together."""
    table = Table(*COLUMNS, title="How fast, on this machine, in this run")
    for column in table.columns[2:5]:
        column.justify = "right"
    for about, group in groupby(rows, lambda row: row.about):
        table.add_section()
        table.add_row(f"[bold]{about}[/bold]")
        for row in group:
            table.add_row(row.step, row.unit, shown(row.footnote), shown(row.stock), shown(row.limit), row.limit_is)
    console = Console()
    console.print(table)
    console.print("Two figures: the median and the 95th of 100.", highlight=False)
    told = machine or (this_machine() | {"load": load()})
    console.print(", ".join(f"{name} {value}" for name, value in told.items()), highlight=False)


def shown(figures: Figures) -> str:
    return " / ".join(_rounded(one) for one in figures) or "-"


def _rounded(figure: float) -> str:
    """Three figures that count, for no machine repeats a fourth."""
    digits = next((places for places, least in enumerate((100, 10, 1, 0.1)) if figure >= least), 3)
    return f"{figure:,.{digits}f}"

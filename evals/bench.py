"""`footnote bench`: what each step costs on this machine, beside the stock LangChain recipe and beside its limit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from evals.bench_ingest import documents, ingest_rows
from evals.bench_page import page_rows
from evals.bench_rows import Row
from evals.bench_search import question_row, search_rows
from evals.bench_start import start_rows
from evals.bench_table import print_table, shown
from evals.machine import load, this_machine
from evals.stock_recipe import bare_encode
from index.embed import SentenceEncoder

SIZES = (1_000, 10_000, 100_000)


def main(wants_json: bool, largest: int) -> None:
    """Measure on the seeds, on reports where they are at hand, and on made-up libraries up to the largest size."""
    load_before = load()
    on_the_way = Console(stderr=True)
    rows = []
    for row in measured(documents(), sizes_up_to(largest)):
        on_the_way.print(f"{row.about}: {row.step}, {shown(row.footnote)} {row.unit}", highlight=False, markup=False)
        rows.append(row)
    if wants_json:
        print(as_json(rows, load_before))
    else:
        print_table(rows, _machine(load_before))


def as_json(rows: Sequence[Row], load_before: list[float]) -> str:
    return json.dumps({"machine": _machine(load_before), "rows": [asdict(row) for row in rows]}, indent=1)


def _machine(load_before: list[float]) -> dict[str, Any]:
    ended = {"day": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"}
    return ended | this_machine() | {"load_before": load_before, "load_after": load()}


def sizes_up_to(largest: int) -> list[int]:
    return [*(size for size in SIZES if size < largest), largest]


def measured(filings: Sequence[Sequence[Path]], sizes: Sequence[int]) -> Iterator[Row]:
    """All rows, in the table's order; cold starts first, while this process is small."""
    yield from start_rows()
    yield from page_rows()
    encoder, bare = SentenceEncoder(), bare_encode()
    encoder.warm_up()
    for paths in filings:
        yield from ingest_rows(paths, encoder, bare)
    yield question_row(encoder, bare)
    for size in sizes:
        yield from search_rows(size, encoder)

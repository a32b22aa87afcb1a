"""`footnote bench` at a tiny size: that it runs, and that every row of it says what it should; never how fast."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from evals import bench_page
from evals.bench import as_json, sizes_up_to
from evals.bench_ingest import ingest_rows
from evals.bench_rows import Row
from evals.bench_search import question_row, search_rows
from evals.bench_start import rows_without_model
from evals.made_up_library import MadeUpEncoder
from tests.conftest import SEEDS

FOOTNOTE, STOCK, LIMIT = {"footnote"}, {"footnote", "stock"}, {"footnote", "stock", "limit"}


def ways(rows: Sequence[Row]) -> dict[str, set[str]]:
    """The ways that have figures, each of them above nothing, by the step."""
    measured = {
        row.step: {name: figures for name in ("footnote", "stock", "limit") if (figures := getattr(row, name))}
        for row in rows
    }
    assert all(figure > 0 for of_row in measured.values() for figures in of_row.values() for figure in figures), rows
    assert all(bool(row.limit) == bool(row.limit_is) for row in rows), "a limit that nobody can tell what it is"
    return {step: set(of_row) for step, of_row in measured.items()}


def test_a_filing_is_taken_in_both_ways() -> None:
    encoder = MadeUpEncoder()
    rows = list(ingest_rows([SEEDS / "smith-micro-fy2021.txt"], encoder, encoder.encode, times=1))
    assert ways(rows) == {
        "read and understood": {"footnote", "limit"},
        "wholly taken in": LIMIT,
        "the same for a filing": LIMIT,
        "for a megabyte": LIMIT,
        "first passages found, since the drop": STOCK,
        "first answer, since the drop": FOOTNOTE,
        "first summary, since the drop": FOOTNOTE,
        "taken in again, unchanged": LIMIT,
        "embedded in a second": LIMIT,
        "disk": LIMIT,
    }


def test_a_library_is_searched_both_ways() -> None:
    encoder = MadeUpEncoder()
    rows = [question_row(encoder, encoder.encode), *search_rows(600, encoder, asked=2)]
    assert ways(rows) == {
        "embedded": LIMIT,
        "built": STOCK,
        "nearest in three filings": LIMIT,
        "nearest of all": LIMIT,
        "whole search in three filings": LIMIT,
        "whole search of all": LIMIT,
        "answer from one filing": FOOTNOTE,
        "answer from all": FOOTNOTE,
        "memory, searching": LIMIT,
        "disk": LIMIT,
    }
    assert all("made up" in row.about for row in rows[1:]), "made-up vectors must be said to be made up"


def test_commands_are_timed_from_a_cold_start(seeded_dir: Path) -> None:
    rows = list(rows_without_model(seeded_dir, times=1))
    assert ways(rows) == {
        "`footnote --help`": {"footnote", "limit"},
        "`footnote --help`, processor": {"footnote", "limit"},
        "`footnote --help`, memory at most": {"footnote", "limit"},
        "`footnote filings`": {"footnote", "limit"},
        "`footnote filings`, processor": {"footnote", "limit"},
        "`footnote filings`, memory at most": {"footnote", "limit"},
    }


def test_without_a_browser_the_server_is_measured_and_the_rest_said_to_be_missing(
    seeded_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bench_page, "CHROMIUM", tmp_path / "chromium")
    rows = list(bench_page.page_rows(seeded_dir))
    missing = f"not measured: no browser at {tmp_path / 'chromium'}"
    assert ways(rows) == {"the server answers": FOOTNOTE, "memory before anybody came": FOOTNOTE, missing: set()}


def test_the_json_says_on_what_machine_and_holds_every_row() -> None:
    rows = [Row("a", "b", "s", (1.0,)), Row("a", "c", "ms", (1.0, 2.0), (3.0, 4.0), (0.5, 0.6), "d")]
    told = json.loads(as_json(rows, [1.0, 2.0, 3.0]))
    assert [(row["step"], row["footnote"], row["stock"]) for row in told["rows"]] == [
        ("b", [1.0], []),
        ("c", [1.0, 2.0], [3.0, 4.0]),
    ]
    machine = told["machine"]
    assert machine["cores"] >= 1
    assert machine["memory_gb"] > 0
    assert isinstance(machine["arithmetic_of_16_bits"], bool)
    assert machine["load_before"] == [1.0, 2.0, 3.0]
    assert {"torch", "chromadb", "sentence-transformers"} <= machine["versions"].keys()


def test_sizes_grow_tenfold_up_to_the_largest() -> None:
    assert [sizes_up_to(size) for size in (600, 10_000, 100_000)] == [[600], [1000, 10_000], [1000, 10_000, 100_000]]

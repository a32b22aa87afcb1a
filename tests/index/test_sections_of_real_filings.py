"""The sections and the metadata of real filings, where they are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.reader import read_filing
from index.sections import split_sections

SHARED = Path(__file__).parents[3] / "shared"
FILINGS = SHARED / "data" / "filings"
CASES = SHARED / "eval" / "sections.json"
EXPECTED = json.loads(CASES.read_text(encoding="utf-8"))["filings"] if CASES.is_file() else {}
WHAT_THEY_ARE = {
    "aapl-10-k-2024-11-01.html.gz": ("Apple Inc.", "AAPL", "10-K", 2024, "2024-09-28"),
    "aapl-2026-10q.htm.gz": ("Apple Inc.", "AAPL", "10-Q", 2026, "2026-06-27"),
    "cost-2022.htm.gz": ("Costco Wholesale Corporation", "COST", "10-K", 2022, "2022-08-28"),
    "ibm-1997.txt.gz": ("INTERNATIONAL BUSINESS MACHINES CORPORATION", "", "10-K405", 1997, "1997-12-31"),
    "nvda-2024.htm.gz": ("NVIDIA CORPORATION", "NVDA", "10-K", 2024, "2024-01-28"),
    "parity_0001376474-16-000635.html.gz": ("COMMONWEALTH INCOME & GROWTH FUND V", "", "10-K", 2015, "2015-12-31"),
    "pg-10-k-2025-08-04.html.gz": ("THE PROCTER & GAMBLE COMPANY", "PG", "10-K", 2025, "2025-06-30"),
    "sandston-2021.htm.gz": ("SANDSTON CORPORATION", "SDON", "10-K", 2021, "2021-12-31"),
    "textron-2001.txt.gz": ("TEXTRON INC.", "", "10-K405", 2001, "2001-12-29"),
    "tgt-2002.htm.gz": ("TARGET CORPORATION", "", "10-K", 2002, "2003-02-01"),
    "wfc-2008.htm.gz": ("WELLS FARGO & COMPANY", "WFC", "10-K", 2008, "2008-12-31"),
    "wmt-2010.htm.gz": ("WAL-MART STORES, INC.", "", "10-K", 2010, "2010-01-31"),
}
pytestmark = pytest.mark.skipif(not FILINGS.is_dir(), reason=f"the real filings are not at hand ({FILINGS})")


@pytest.mark.parametrize("name", WHAT_THEY_ARE)
def test_what_a_filing_is(name: str) -> None:
    filing = read_filing(FILINGS / name)
    assert (
        filing.company,
        filing.ticker,
        filing.form,
        filing.fiscal_year,
        filing.period_end,
    ) == WHAT_THEY_ARE[name]
    assert any("Company read from" in note for note in filing.notes)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_items_of_a_filing(name: str) -> None:
    expected = EXPECTED[name]
    filing = read_filing(FILINGS / f"{expected['file']}.gz")
    if expected["doc_status"] == "unsupported":
        assert filing.form not in ("10-K", "10-K405", "10-KT")
        return
    sections = {s.item: s for s in split_sections(filing.text, filing.form, filing.period_end).sections}
    for item, status in expected["items"].items():
        there = sections[item].status if item in sections else "missing"
        assert there == status or {there, status} <= {"missing", "omitted"}, item
    for item, least in expected["min_chars"].items():
        assert sections[item].end - sections[item].start >= least, item

"""Real filings, where they are at hand: what another tool read in their Item 1 is in ours too, and in good time."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from index.reader import read_filing

FILINGS = Path(__file__).parents[3] / "shared" / "data" / "filings"
ITEM_TEXTS = sorted((FILINGS / "item1_text").glob("*.txt"))
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")
LEAST_LETTERS = 25  # of a sentence; fewer are headings and cells
NAVIGATION = "indextofinancialstatements"  # links at the head of each page, which are none of the report's words
LEAST_SHARE = 0.97
MOST_SECONDS = 5.0  # for a report of 4 MB that takes less than one where nothing else runs

pytestmark = pytest.mark.skipif(not ITEM_TEXTS, reason="../shared/data/filings is not here")


def squashed(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())


@pytest.mark.parametrize("expected", ITEM_TEXTS, ids=lambda path: path.stem)
def test_the_sentences_of_item_1_are_there(expected: Path) -> None:
    (source,) = FILINGS.glob(f"{expected.stem}.*.gz")
    begun = time.perf_counter()
    text = squashed(read_filing(source).text)
    assert time.perf_counter() - begun < MOST_SECONDS
    sentences = [squashed(part) for line in expected.read_text().split("\n") for part in SENTENCE_END.split(line)]
    sentences = [words for words in sentences if len(words) >= LEAST_LETTERS and words != NAVIGATION]
    found = sum(words in text for words in sentences)
    assert found >= LEAST_SHARE * len(sentences)


@pytest.mark.parametrize(
    "name", ["nvda-2024.htm.gz", "abbv-10-k-2025-02-14.html.gz", "gs-2002.htm.gz", "textron-2001.txt.gz"]
)
def test_nothing_of_the_markup_and_few_torn_lines_are_left(name: str) -> None:
    if not (FILINGS / name).exists():
        pytest.skip(f"../shared/data/filings/{name} is not here")
    text = read_filing(FILINGS / name).text
    assert not re.search(r"</?(?:div|span|td|font|p|TABLE|PAGE|S|C)\b[^<>]*>|&nbsp;|us-gaap:", text)
    lines = [line for line in text.split("\n") if line]
    assert sum(line[:1].islower() and " | " not in line for line in lines) < 0.04 * len(lines)


@pytest.mark.parametrize(("name", "pages"), [("BESTBUY_2023_10K.pdf", 75), ("ADOBE_2022_10K.pdf", 99)])
def test_pdfs_are_read_page_by_page(name: str, pages: int) -> None:
    if not (FILINGS / name).exists():
        pytest.skip(f"../shared/data/filings/{name} is not here")
    if name.startswith("ADOBE"):
        pytest.importorskip("cryptography", reason="this PDF is encrypted; it opens without a password")
    filing = read_filing(FILINGS / name)
    assert len(filing.pages) == pages
    assert re.search(r"^Net (?:earnings|income)[^\n|]* \| \$ ?[\d,]+ \| \$ ?[\d,]+", filing.text, re.MULTILINE)

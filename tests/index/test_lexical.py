"""The index of words: what it finds, and that one made by an earlier Footnote is made anew without losing anything."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from index.build import FilingIndex
from index.filing import Passage
from tests.index.standins import write_filing
from tests.index.whole import assert_whole

OpenIndex = Callable[..., FilingIndex]
EARLIER = """
CREATE VIRTUAL TABLE words USING fts5(
    passage_id UNINDEXED, filing_id UNINDEXED, heading, body, tokenize = "porter unicode61 remove_diacritics 2"
)
"""
BALANCE = """Item 8. Financial Statements and Supplementary Data
Consolidated Balance Sheets
(In thousands)
December 31, | 2022 | 2021
Cash and cash equivalents | $65,200 | $41,118
Inventories | 12,207 | 11,903
Accounts payable | 8,114 | 7,652
Total assets | $101,431 | $98,007
Total liabilities | $51,431 | $48,007
"""


def with_statements(folder: Path) -> Path:
    path = write_filing(folder, 7)
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{BALANCE}", encoding="utf-8")
    return path


def test_words_are_found_side_by_side_when_they_are_asked_so(open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index()
    (outcome,) = index.ingest([with_statements(tmp_path)]).outcomes
    assert outcome.filing_id
    (found,) = index.matching(["cash equivalents"], [outcome.filing_id], 10)
    assert "Accounts payable" in index.passages_named([found[0]])[found[0]].text
    assert index.matching(["equivalents cash"], [outcome.filing_id], 10) == []


def test_the_passages_of_a_statement_are_known(open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index()
    (outcome,) = index.ingest([with_statements(tmp_path)]).outcomes
    assert outcome.filing_id
    found = index.in_statements(["balance", "cash"], [outcome.filing_id])
    assert set(found.values()) == {"balance"}
    assert "Total assets" in "".join(passage.text for passage in index.passages_named([*found]).values())
    assert index.in_statements(["balance"], ["another"]) == {}
    assert index.in_statements(["statement) OR (x"], [outcome.filing_id]) == {}


def test_an_index_of_an_earlier_make_is_made_anew(open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index()
    (outcome,) = index.ingest([with_statements(tmp_path)]).outcomes
    assert outcome.filing_id
    before = index.matching(["customers", "cash equivalents"], [outcome.filing_id], 50)
    index.close()
    with sqlite3.connect(tmp_path / "data" / "library.db") as connection:
        rows = connection.execute("SELECT passage_id, filing_id, heading, body FROM words").fetchall()
        connection.execute("DROP TABLE words")
        connection.execute(EARLIER)
        connection.executemany("INSERT INTO words VALUES (?, ?, ?, ?)", rows[:1])
    connection.close()
    again = open_index()
    assert again.matching(["customers", "cash equivalents"], [outcome.filing_id], 50) == before
    assert again.in_statements(["balance"], [outcome.filing_id])
    assert_whole(again)


def test_a_rebuild_that_is_cut_off_leaves_the_words_as_they_were(open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index()
    (outcome,) = index.ingest([with_statements(tmp_path)]).outcomes
    assert outcome.filing_id
    passages = index.library.passages(outcome.filing_id)
    before = index.matching(["customers"], [outcome.filing_id], 50)

    def cut_off() -> Iterator[Sequence[Passage]]:
        yield passages[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.words.rebuild(cut_off)
    assert before
    assert index.matching(["customers"], [outcome.filing_id], 50) == before

"""The financial statements of a report are known by their titles, whatever a PDF did to these, and by their figures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.chunk import split_passages
from index.filing import Filing, Passage
from index.sections import split_sections
from index.statements import kind_of_title, statement_title, statements_of
from index.tokens import count_all

ROWS = {
    "Consolidated Statements of Operations": ["Net sales", "Cost of sales", "Gross profit", "Operating income"],
    "Consolidated Balance Sheets": ["Cash and cash equivalents", "Inventories", "Accounts payable", "Total assets"],
    "Consolidated Statements of Cash Flows": ["Net income", "Depreciation", "Purchases of property", "Dividends paid"],
}
NOTES = """Notes to Consolidated Financial Statements
NOTE 1. Inventories
{prose}
Balance sheet:
Finished goods | 1,204 | 1,119
Raw materials | 331 | 302
Work in process | 88 | 91
Total | 1,623 | 1,512
"""
PROSE = (
    "Inventories are stated at the lower of cost and net realisable value, and cost is told by the first-in method. "
)


def table(title: str, rows: list[str]) -> str:
    body = "\n".join(f"{row} | ${number},{number}11 | {number},{number}07" for number, row in enumerate(rows, 1))
    return f"{title}\n(In millions)\n52 Weeks Ended\nDecember 31, | 2022 | 2021\n{body}\n"


def report() -> list[Passage]:
    contents = (
        "Index to statements\n" + "".join(f"{title} | {50 + n}\n" for n, title in enumerate(ROWS)) + PROSE * 4 + "\n"
    )
    text = contents + "\n".join(table(title, rows) for title, rows in ROWS.items()) + NOTES.format(prose=PROSE * 4)
    filing = Filing("a", "", "", "", "10-K", None, "", "", "a.txt", "", text, (), ())
    return split_passages(filing, split_sections(text).sections, count_all)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("CONSOLIDATED BALANCE SHEETS", "balance"),
        ("Consolidated Statement of Financial Position", "balance"),
        ("Contoso Company and Subsidiaries | Consolidated Balance Shee t | At December 31", "balance"),
        ("Consolidated Statement of Cash Flow s", "cash"),
        ("CASH FLOWS STATEMENTS", "cash"),
        ("Condensed Consolidated Statements of Earnings (Unaudited)", "income"),
        ("INCOME STATEMENTS", "income"),
        ("Consolidated Statements of Operations for the years ended December 31, 2002, 2001 and 2000", "income"),
        ("Consolidated Statements of Comprehensive Income (Loss)", "comprehensive"),
        ("Consolidated Statements of Changes in Shareholders’ Equity", "equity"),
    ],
)
def test_a_statement_is_known_by_its_title(line: str, kind: str) -> None:
    assert kind_of_title(statement_title(line)) == kind


@pytest.mark.parametrize(
    "line",
    [
        "Consolidated Balance Sheets | 52",
        "Consolidated Balance Sheets 52",
        "Note 7. Supplemental Balance Sheet Information",
        "Off-Balance Sheet Arrangements",
        "Amounts recognized in the Consolidated Balance Sheet as of December 31",
        "See the Consolidated Statements of Cash Flows.",
        "Balance Sheet Location | 2022 | 2021",
    ],
)
def test_what_speaks_of_a_statement_is_none(line: str) -> None:
    assert statement_title(line) == ""


def test_every_passage_of_a_statement_says_which_and_in_what_its_figures_are() -> None:
    passages = report()
    (holder,) = [passage for passage in passages if "Purchases of property" in passage.text]
    assert holder.heading.split(" > ")[0] == "Consolidated Statements of Cash Flows (in millions)"
    assert holder.embedded_text.startswith("Consolidated Statements of Cash Flows (in millions)")


def test_a_statement_ends_where_the_notes_begin() -> None:
    passages = report()
    after = [passage for passage in passages if "lower of cost" in passage.text][-1]
    assert after.heading == "NOTE 1. Inventories"


def test_the_statements_are_found_and_neither_contents_nor_notes() -> None:
    passages = report()
    found = statements_of(passages)
    said = {kind: "".join(one.text for one in passages if found.get(one.id) == kind) for kind in set(found.values())}
    assert said.keys() == {"income", "balance", "cash"}
    assert "Gross profit" in said["income"]
    assert "Accounts payable" in said["balance"]
    assert "Dividends paid" in said["cash"]
    assert "Finished goods" not in said["balance"]
    assert not any("Index to" in text for text in said.values())


def test_a_statement_far_from_the_others_is_a_parents_alone() -> None:
    passages = report()
    far = [
        replace(one, id=f"a:{1000 + one.order}", start=one.start + 200_000)
        for one in passages
        if "Balance Sheets" in one.heading
    ]
    assert far
    assert not statements_of([*passages, *far]).keys() & {one.id for one in far}

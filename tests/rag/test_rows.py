"""The rows of a filing's tables: told with what they hang on, and withheld as soon as one thing of it is another's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.filing import Passage
from rag.answer import Draft, Sentence
from rag.rows import Row, begun_before, rows_of
from rag.verify import verify
from tests.rag.made_up import COMPANY, passage

STORES = """STORES OF THE NORTH | NUMBER
Outlets (including those for staff) | 213
Corner shops | 85
TOTAL | 298

STORES OF THE SOUTH | NUMBER
Outlets (including those for staff) | 41
TOTAL | 41
"""
SALES = """Sales by kind of goods were as follows:

January 31,
KIND OF GOODS | 2010 | 2009
Grocery | 51% | 49%
Hardlines | 11% | 12%
Total | 100% | 100%
"""
INCOME = """CONSOLIDATED STATEMENTS OF INCOME
(in millions, except per share data)

Year ended May 31,
2025 | 2024 | 2023
Revenues:
Goods | $46,309 | $51,362 | $51,217
Fees | 74 | 81 | 77
Total revenues | 46,383 | 51,443 | 51,294
Net income | $3,219 | $5,700 | $5,070
"""
UNSCALED = """2025 | 2024
Revenues | $46,309 | $51,362
"""


def row(text: str, label: str, number: int = 0) -> Row:
    return [one for one in rows_of([passage(text)]) if one.label == label][number]


def draft(told: Row, text: str) -> Draft:
    return Draft(text, tuple(line.passage.id for line in told.lines), quotes=tuple(line.text for line in told.lines))


def checked(made: Draft, *passages: Passage) -> Sentence:
    return verify([made], {one.id: one for one in passages}, [COMPANY])[0]


@pytest.mark.parametrize(
    ("text", "label", "columns", "told"),
    [
        (STORES, "TOTAL", [0], "STORES OF THE NORTH – TOTAL: 298 (NUMBER)."),
        (
            SALES,
            "Grocery",
            [0],
            "Sales by kind of goods were as follows: KIND OF GOODS – Grocery: 51% (January 31, 2010).",
        ),
        (
            INCOME,
            "Fees",
            [0, 1],
            "CONSOLIDATED STATEMENTS OF INCOME: Revenues – Fees: 74 (Year ended May 31, 2025), "
            "81 (Year ended May 31, 2024); in millions, except per share data.",
        ),
        (
            INCOME,
            "Net income",
            [2],
            "CONSOLIDATED STATEMENTS OF INCOME: Net income: $5,070 (Year ended May 31, 2023); "
            "in millions, except per share data.",
        ),
    ],
)
def test_a_row_is_told_with_its_table_its_column_and_its_unit(
    text: str, label: str, columns: list[int], told: str
) -> None:
    one = row(text, label)
    assert one.tell(columns) == told
    sentence = checked(draft(one, told), passage(text))
    assert sentence.verdict == "supported"
    for citation in sentence.citations:
        assert passage(text).text[citation.start : citation.end] == citation.quote


def test_the_same_row_of_another_table_is_cited_where_it_stands() -> None:
    south = row(STORES, "TOTAL", 1)
    [*_, citation] = checked(draft(south, south.tell([0])), passage(STORES)).citations
    assert citation.start == STORES.rindex("TOTAL | 41")


@pytest.mark.parametrize(
    ("changed", "into"),
    [
        ("51%", "49%"),  # of the other year
        ("51%", "11%"),  # of the row below
        ("51%", "51"),
        ("51%", "$51"),
        ("51%", "52%"),
        ("2010", "2009"),
        ("January 31, 2010", "2010"),  # less than the head says
        ("January", "July"),
        ("Grocery", "Hardlines"),
        ("Grocery", "Grocery and hardlines"),
        ("KIND OF GOODS – ", ""),
        ("Sales by kind of goods were as follows: ", ""),
        ("Sales", "Profits"),
        ("(January 31, 2010)", "(January 31, 2010), 12% (January 31, 2009)"),
        (".", ", which is more than ever."),
    ],
)
def test_what_is_not_of_this_row_and_column_is_withheld(changed: str, into: str) -> None:
    one = row(SALES, "Grocery")
    told = one.tell([0])
    assert changed in told
    assert checked(draft(one, told.replace(changed, into)), passage(SALES)).verdict == "withheld"


@pytest.mark.parametrize(("changed", "into"), [("millions", "billions"), ("; in millions, except per share data", "")])
def test_a_scale_is_neither_changed_nor_left_out(changed: str, into: str) -> None:
    one = row(INCOME, "Net income")
    assert checked(draft(one, one.tell([0]).replace(changed, into)), passage(INCOME)).verdict == "withheld"


def test_a_head_of_another_table_is_no_head_of_the_row() -> None:
    north, south = row(STORES, "TOTAL"), row(STORES, "TOTAL", 1)
    spliced = replace(south, head=north.head, stub=north.stub)
    assert checked(draft(spliced, spliced.tell([0])), passage(STORES)).verdict == "withheld"


def test_the_lines_between_must_be_there_too() -> None:
    head, rest = SALES[: SALES.index("Hardlines")], SALES[SALES.index("Hardlines") :]
    first, between, last = passage(head, 1), passage("\nOther matters follow here.\n\n", 2), passage(rest, 3)
    joined = next(one for one in rows_of([first, passage(rest, 2)]) if one.label == "Hardlines")
    made = replace(joined, line=replace(joined.line, passage=last))
    assert checked(draft(made, made.tell([0])), first, between, last).verdict == "withheld"


def test_a_table_goes_on_in_the_next_passage() -> None:
    first, second = passage(SALES[: SALES.index("Hardlines")], 1), passage(SALES[SALES.index("Hardlines") :], 2)
    assert begun_before([second]) == ["contoso-fy2021:0", first.id]
    one = next(one for one in rows_of([first, second]) if one.label == "Hardlines")
    assert checked(draft(one, one.tell([0])), first, second).verdict == "supported"


def test_money_without_its_unit_is_not_told() -> None:
    assert rows_of([passage(UNSCALED)]) == []


def test_a_row_that_lacks_a_cell_is_not_told() -> None:
    assert [one.label for one in rows_of([passage(SALES.replace("Grocery | 51%", "Grocery"))])] == [
        "Hardlines",
        "Total",
    ]


def test_what_follows_a_total_is_not_of_its_group() -> None:
    assert row(INCOME, "Goods").group is not None
    assert row(INCOME, "Net income").group is None


def test_a_region_above_the_line_of_dates_is_told_with_its_row() -> None:
    text = (
        "Latin America\n\nAs of/Year Ended December 31,\n2024 | 2023\n(in thousands)\nMembers at the end | 820 | 740\n"
    )
    (row,) = rows_of([passage(text, 1)])
    assert row.tell([0]) == "Latin America: Members at the end: 820 (As of/Year Ended December 31, 2024); in thousands."


def test_a_line_with_a_name_in_it_is_a_title_and_no_line_of_dates() -> None:
    (row,) = rows_of([passage("Boilers of May, Year Ended May 31,\n2024 | 2023\nUnits sold | 820 | 740\n", 1)])
    assert row.title is not None

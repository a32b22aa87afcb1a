"""What changed between two reports of a company, with the words of both."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.answer import Sentence
from rag.assistant import Assistant
from rag.compare import Comparison
from rag.tracked import EMPLOYEES, LARGEST_CUSTOMER
from tests.rag.conftest import FY2017, FY2020, FY2021


@pytest.fixture(scope="module")
def changes(assistant: Assistant) -> Comparison:
    return assistant.compare([FY2020, FY2017])


def cited(sentence: Sentence) -> set[str]:
    return {one.filing_id for one in sentence.citations}


def test_reports_are_compared_in_the_order_of_their_years(changes: Comparison) -> None:
    assert changes.filing_ids == (FY2017, FY2020)


def test_each_side_of_a_change_cites_its_own_report(changes: Comparison) -> None:
    pairs = [pair for facet in changes.facets for pair in facet.changed]
    assert pairs
    for before, after in pairs:
        assert cited(before) == {FY2017}
        assert cited(after) == {FY2020}


def test_what_was_added_is_cited_to_the_later_and_what_was_removed_to_the_earlier(changes: Comparison) -> None:
    added = [one for facet in changes.facets for one in facet.added]
    removed = [one for facet in changes.facets for one in facet.removed]
    assert added
    assert removed
    assert set().union(*map(cited, added)) == {FY2020}
    assert set().union(*map(cited, removed)) == {FY2017}


def test_every_footnote_stands_in_its_filing(assistant: Assistant, changes: Comparison) -> None:
    for facet in changes.facets:
        pairs = [one for pair in facet.changed for one in pair]
        for sentence in (*facet.added, *facet.removed, *facet.kept, *pairs):
            for one in sentence.citations:
                assert assistant.text(one.filing_id)[one.start : one.end] == one.quote


def test_the_share_of_the_largest_customer_is_told_for_both_years(changes: Comparison) -> None:
    words = json.dumps(changes.to_dict(), ensure_ascii=False)
    assert "61%" in words
    assert "81%" in words


def test_what_is_said_of_other_matters_is_no_change(changes: Comparison) -> None:
    """Both are of expenses and of one facet, and alike in meaning; one is a restructuring, the other is research."""
    (revenue,) = (facet for facet in changes.facets if facet.facet == "revenue")
    assert any("restructuring" in one.text for one in revenue.removed)
    assert any("research and development expenditures" in one.text for one in revenue.added)
    assert [("Sprint" in before.text, "T-Mobile" in after.text) for before, after in revenue.changed] == [(True, True)]


def test_all_facets_are_compared_each_with_its_title(changes: Comparison) -> None:
    assert [facet.facet for facet in changes.facets] == ["revenue", "customers", "products", "channels", "financing"]
    assert all(facet.title for facet in changes.facets)


@pytest.mark.parametrize("filing_ids", [[], [FY2021], [FY2021, FY2021]])
def test_a_comparison_takes_two_filings(assistant: Assistant, filing_ids: list[str]) -> None:
    with pytest.raises(ValueError, match=r"two filings.*\.$"):
        assistant.compare(filing_ids)


def test_a_sentence_of_a_comparison_stands_alone(changes: Comparison) -> None:
    pairs = [one for facet in changes.facets for pair in facet.changed for one in pair]
    told = [one for facet in changes.facets for one in (*facet.added, *facet.removed, *facet.kept)]
    assert not [one.text for one in (*pairs, *told) if one.text.startswith(("It ", "Its "))]


# Figures over the years -----------------------------------------------------------------------------------------------


def values(changes: Comparison, name: str) -> list[tuple[str, float] | None]:
    (figure,) = (one for one in changes.figures if one.name == name)
    return [(value.value, value.number) if value else None for value in figure.values]


def test_figures_are_tracked_over_all_reports(assistant: Assistant) -> None:
    changes = assistant.compare([FY2021, FY2017, FY2020])
    assert values(changes, EMPLOYEES) == [("161", 161), ("255", 255), ("373", 373)]
    # The report on 2021 gives no such figure: nothing stands there, least of all that of another year.
    assert values(changes, LARGEST_CUSTOMER) == [("61%", 61), ("81%", 81), None]
    assert values(changes, "Proceeds of offerings") == [None, None, ("$65.2 million", 65_200_000)]


def test_each_tracked_value_has_a_footnote_in_its_own_report(assistant: Assistant, changes: Comparison) -> None:
    assert changes.figures
    for figure in changes.figures:
        for filing_id, value in zip(changes.filing_ids, figure.values, strict=True):
            for one in value.sentence.citations if value else ():
                assert one.filing_id == filing_id
                assert assistant.text(filing_id)[one.start : one.end] == one.quote
            assert value is None or (value.value in value.sentence.text and value.sentence.citations)


ACCOUNTS = """UNITED STATES
SECURITIES AND EXCHANGE COMMISSION
FORM 10-K
For the fiscal year ended December 31, {year}
Tailspin Toys Corporation

Item 1. Business

We make toys. At year end {year} we employed {staff} people. We expect to reduce our workforce by 900 employees.
In {year}, one customer accounted for {share}% of our net sales. In {earlier}, one customer accounted for 99% of our
net sales. The Outdoor segment accounted for 40% of our net sales in {year}.

Item 8. Financial Statements

CONSOLIDATED STATEMENTS OF INCOME
(in millions)

| {year} | {earlier}
Outdoor segment sales | 410 | 380
Total net sales | {sales} | 950
Net income | 12 | 9
"""


def test_amounts_come_from_the_accounts_each_from_its_own_column(
    open_assistant: Callable[[str], Assistant], tmp_path: Path
) -> None:
    assistant = open_assistant("accounts")
    for year, staff, share, sales in ((2020, "1,200", 21, "1,025"), (2021, "1,350", 24, "1,140")):
        path = tmp_path / f"tailspin-{year}.txt"
        path.write_text(ACCOUNTS.format(year=year, earlier=year - 1, staff=staff, share=share, sales=sales))
        assistant.ingest([path])
    changes = assistant.compare([filing.id for filing in assistant.filings()])
    assert values(changes, EMPLOYEES) == [("1,200", 1200), ("1,350", 1350)]
    assert values(changes, LARGEST_CUSTOMER) == [("21%", 21), ("24%", 24)]
    assert values(changes, "Revenue") == [("$1,025 million", 1_025_000_000), ("$1,140 million", 1_140_000_000)]
    assert values(changes, "Outdoor: share of net sales") == [("40%", 40), ("40%", 40)]

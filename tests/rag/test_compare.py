"""What changed between two reports of a company, with the words of both."""

from __future__ import annotations

import json

import pytest

from rag.answer import Sentence
from rag.assistant import Assistant
from rag.compare import Comparison
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


def test_all_facets_are_compared_each_with_its_title(changes: Comparison) -> None:
    assert [facet.facet for facet in changes.facets] == ["revenue", "customers", "products", "channels", "financing"]
    assert all(facet.title for facet in changes.facets)


@pytest.mark.parametrize("filing_ids", [[], [FY2021], [FY2021, FY2021]])
def test_a_comparison_takes_two_filings(assistant: Assistant, filing_ids: list[str]) -> None:
    with pytest.raises(ValueError, match=r"two filings.*\.$"):
        assistant.compare(filing_ids)

"""Whatever the text: sections lie in it, in order, and finding them takes time in proportion to it."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.metadata import Metadata, identifier
from index.sections import split_sections

PIECES = st.sampled_from(
    [
        *(f"Item {number}. " for number in ("1", "1A", "2", "3", "7", "9A(T)", "15", "1 and 2", "10 through 14")),
        *(
            "Business",
            "Risk Factors",
            "PART II",
            "PART III",
            "SIGNATURES",
            "(continued)",
            "[Reserved]",
            "| 12",
            "... 3",
        ),
        *(
            "\n",
            "\n\n",
            "\f",
            " ",
            "We make nails and sell them. ",
            "incorporated by reference to the proxy statement. ",
        ),
        *("Executive Officers of the Registrant", "I t e m 1 .", "Item", "\ufb01", "\u2028", "None."),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=400))
FORMS = st.sampled_from(["10-K", "10-K405", "10-K/A", "10-Q", "8-K", "10-KSB", "20-F", "6-K", "Earnings release", ""])


@settings(max_examples=400, deadline=None)
@given(TEXTS, FORMS, st.sampled_from(["", "1996-12-31", "2010-12-31", "2024-12-31"]))
def test_sections_lie_in_the_text_and_in_its_order(text: str, form: str, period_end: str) -> None:
    sections = split_sections(text, form, period_end).sections
    for section in sections:
        assert 0 <= section.start <= section.end <= len(text)
        assert (section.status == "missing") <= (section.start == section.end)
        assert section.title
    for earlier, later in pairwise(sections):
        same_stretch = (earlier.start, earlier.end) == (later.start, later.end)
        assert earlier.end <= later.start or same_stretch
    assert len({section.item for section in sections}) == len(sections)


ADVERSARIAL = {
    "one item again and again": "Item 1. Business\n",
    "numbers alone": "Item 1.\n",
    "two items in turn": "Item 1. Business\nItem 2. Properties\n",
    "the next part again and again": "PART II\nItem 5. Market for\n",
    "titles alone": "Risk Factors\nBusiness\n",
    "dots": "Item 1. Business . . . . . . . . . . .",
    "spaces": "Item          ",
    "a list of numbers": "Items 1, 2, 3, ",
    "ranges": "Items 1 through 2 through ",
    "officers": "Executive officers of ",
    "brackets": "Item 1. ((((((",
}


@pytest.mark.parametrize("unit", ADVERSARIAL.values(), ids=ADVERSARIAL.keys())
def test_no_text_takes_more_than_its_time(unit: str) -> None:
    text = unit * (1_500_000 // len(unit))
    started = time.perf_counter()
    split_sections(text, "10-K", "2010-12-31")
    assert time.perf_counter() - started < 10  # about a second on an idle machine; quadratic would be hours


@given(st.text(max_size=80), st.text(max_size=12), st.one_of(st.none(), st.integers(1990, 2030)))
def test_an_identifier_is_short_and_readable(company: str, form: str, year: int | None) -> None:
    name = identifier(Metadata(company=company, form=form, fiscal_year=year))
    assert 1 <= len(name) <= 60
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")

"""Where sentences begin and end: footnotes quote whole ones, at exact offsets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentence_spans, sentences


@pytest.mark.parametrize(
    "whole",
    [
        "We are based in the U.S. Virgin Islands and sell there.",
        "The U.S. Securities and Exchange Commission reads it.",
        "Smith Micro Software, Inc. was incorporated in California.",
        "Avanquest North America Inc. and Birdstep Technology Ltd. sold their business.",
        "See Note No. 5 for the figures of No. 12 too.",
        "Mr. Smith and Dr. Jones, Ph.D. holders, lead it.",
        "It is listed, e.g. on Nasdaq, i.e. in New York, vs. others.",
        "Sales were $65.2 million in 2.5 years, up 3.5% from Jan. 5.",
        "William W. Smith, Jr. has been our chief executive.",
        "See Item 1A. Risk Factors for what may go wrong.",
        "The office at 100 St. James Ave. in Boston is ours.",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(whole: str) -> None:
    assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We grew. They did not.", ["We grew.", "They did not."]),
        ("We sell in the U.S. The market is large.", ["We sell in the U.S.", "The market is large."]),
        ("It was bought by Birdstep Inc. We kept it.", ["It was bought by Birdstep Inc.", "We kept it."]),
        ("The answer was no. The board agreed.", ["The answer was no.", "The board agreed."]),
        ("He said “it grew.” We agreed.", ["He said “it grew.”", "We agreed."]),
        ('He said "it grew." We agreed.', ['He said "it grew."', "We agreed."]),
        ("“We grew.” “They did not.”", ["“We grew.”", "“They did not.”"]),
        ("(We grew.) (They did not.)", ["(We grew.)", "(They did not.)"]),
        ("Did we grow? Yes! We did.", ["Did we grow?", "Yes!", "We did."]),
        ("We had 250 employees. 40 of them sell.", ["We had 250 employees.", "40 of them sell."]),
        ("It cost much. $5 million, in fact.", ["It cost much.", "$5 million, in fact."]),
        ("Products\nWe sell.\n- One\n- Two\n", ["Products", "We sell.", "- One", "- Two"]),
        ("We sell. | Much | 5\nD", ["We sell. | Much | 5", "D"]),
        ("A | 5\nB | 6", ["A | 5", "B | 6"]),
        ("  \n\t\n", []),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_one_stray_quotation_mark_does_not_swallow_the_sentences_after_it() -> None:
    text = 'We sell the 5" phone. It is new. We like it. You may too.'
    assert len(sentences(text)) == 4


@given(st.text() | st.text(alphabet="AbU. SInc.\n\r\f\x1c\x85\u2028”’\"'(5$?!"))
def test_offsets_are_exact_and_nothing_but_white_space_lies_between(text: str) -> None:
    spans = sentence_spans(text)
    place = 0
    for start, end in spans:
        assert place <= start < end <= len(text)
        assert text[place:start].strip() == ""
        assert text[start:end] == text[start:end].strip() != ""
        place = end
    assert text[place:].strip() == ""


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text",
    [
        "x" * 300_000 + " y. Next one. " * 3,
        "We sell. " * 60_000,
        "A." * 200_000,
        ". " * 200_000,
        ".”" * 200_000,
        "No. " * 100_000,
    ],
    ids=lambda text: text[:10],
)
def test_a_file_of_one_endless_line_takes_no_time(text: str) -> None:
    sentence_spans(text)

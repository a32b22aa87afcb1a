"""What is offered to be asked next: subjects of this company, not the furniture of any report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.filing import Hit, Passage
from rag.answer import Answer
from rag.offers import filings_spoken_of, questions_to_try
from tests.rag.made_up import filing


@pytest.mark.parametrize(
    "heading", ["Item 7", "Incorporated by Reference", "Exhibits > POWER OF ATTORNEY", "Signatures"]
)
def test_the_furniture_of_a_report_is_no_subject(heading: str) -> None:
    offered = list(questions_to_try([], [], [heading, "Item 1 > Human Capital"], False))
    assert [one for one in offered if "said about" in one] == ["What is said about human capital?"]


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("Expand our Customer Base", "What is said under “Expand our Customer Base”?"),
        ("Leverage Operator Relationships", "What is said under “Leverage Operator Relationships”?"),
        ("FOCUS ON NEW MARKETS", "What is said under “Focus on new markets”?"),
        ("How We Compete", "What is said under “How We Compete”?"),
        ("Our Business Segments", "What is said under “Our Business Segments”?"),
        ("Share Repurchase Program", "What is said under “Share Repurchase Program”?"),  # to share, or a share?
        ("Human Capital Resources", "What is said about human capital resources?"),
        ("INTELLECTUAL PROPERTY", "What is said about intellectual property?"),
        ("Owned and Leased Properties", "What is said about owned and leased properties?"),
        ("DOJ Opioid Civil Litigation", "What is said about DOJ Opioid Civil Litigation?"),
    ],
)
def test_only_what_names_a_subject_is_asked_about(heading: str, question: str) -> None:
    offered = list(questions_to_try([], [], [f"Item 1 > {heading}"], False))
    assert [one for one in offered if "is said" in one] == [question]


def test_a_company_that_changed_its_name_is_spoken_of_with_all_its_reports() -> None:
    old, new, other = (
        replace(filing(name, year, company), cik=cik)
        for name, year, company, cik in (
            ("old", 2010, "WAL-MART STORES, INC.", "104169"),
            ("new", 2025, "WALMART INC.", "104169"),
            ("other", 2024, "TARGET CORP", "27419"),
        )
    )
    passage = Passage("new:0", "new", "1", "", "Words.", 0, 6, None, 0)
    answer = Answer("Who?", "Who?", (), (), False, ("old", "other", "new"), (), "composer", 0, "")
    assert filings_spoken_of(answer, [Hit(passage, 1.0, ("words",))], [old, other, new]) == [old, new]

"""What is offered to be asked next: subjects of this company, not the furniture of any report."""

from __future__ import annotations

import pytest

from rag.offers import questions_to_try


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

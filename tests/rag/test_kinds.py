"""What kind of thing a sentence holds: a question for a person is not answered by a country, nor one for an auditor."""

from __future__ import annotations

import pytest

from rag.kinds import fits_kind

WHO_AUDITS = "Who audits the company?"


@pytest.mark.parametrize(
    ("question", "text", "fits"),
    [
        (WHO_AUDITS, "Its books are audited by KPMG LLP.", True),
        (WHO_AUDITS, "The company is under audit by several jurisdictions in the United States.", False),
        (WHO_AUDITS, "Jane Miller chairs the audit committee.", False),
        ("Who leads the segment?", "Jane Miller leads the segment.", True),
        ("Who leads the segment?", "The segment leads the market in the United States and New Zealand.", False),
    ],
)
def test_who_asks_for_a_person_or_a_firm(question: str, text: str, fits: bool) -> None:
    assert fits_kind("person", text, question) is fits

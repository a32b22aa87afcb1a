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

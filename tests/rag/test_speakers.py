"""The 'we' of an auditor's report is not the company's, and is never told as its own."""

from __future__ import annotations

import pytest

from index.filing import Passage
from rag.answer import Draft
from rag.verify import verify

AUDITED = "We have audited the accompanying consolidated balance sheets of Contoso, Inc."
SELLS = "We sell boilers to shipyards."


def verdict(heading: str, text: str, told: str, quote: str) -> str:
    passage = Passage("c:1", "c", "8", heading, text, 0, len(text), None, 1)
    draft = Draft(told, (passage.id,), quotes=(quote,))
    return verify([draft], {passage.id: passage}, ["Contoso, Inc."])[0].verdict


@pytest.mark.parametrize(
    ("heading", "text", "told", "quote"),
    [
        ("", AUDITED, AUDITED.replace("We have", "Contoso has"), AUDITED),
        (
            "Report of Independent Registered Public Accounting Firm > Critical Audit Matters",
            "We identified the valuation of goodwill as a matter.",
            "Contoso identified the valuation of goodwill as a matter.",
            "We identified the valuation of goodwill as a matter.",
        ),
        (
            "",
            f"{AUDITED} We believe that the evidence is sufficient.",
            "Contoso believes that the evidence is sufficient.",
            "We believe that the evidence is sufficient.",
        ),
    ],
    ids=["audited", "under its heading", "beside what only an auditor says"],
)
def test_what_an_auditor_says_is_not_told_as_the_companys(heading: str, text: str, told: str, quote: str) -> None:
    assert verdict(heading, text, told, quote) == "withheld"


def test_what_the_company_says_of_itself_is_told() -> None:
    assert verdict("Products", SELLS, "Contoso sells boilers to shipyards.", SELLS) == "supported"


def test_a_figure_in_the_third_person_may_stand_in_an_auditors_report() -> None:
    text = "The Company's goodwill balance was $3.1 billion."
    assert verdict("Report of Independent Registered Public Accounting Firm", text, text, text) == "supported"

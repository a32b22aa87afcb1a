"""The words are the filing's own and the meaning is not: one word exchanged, dropped or put beside another."""

from __future__ import annotations

import pytest

from tests.rag.made_up import checked

PRICE = "On March 15, 2021, we acquired Litware Labs from Fabrikam plc for a base purchase price of $66 million."
STAFF = "As of December 31, 2021, we had 373 employees: 281 in engineering, 60 in sales and 32 in administration."
EXPENSES = "Operating expenses decreased by $3.5 million per quarter, and research spending increased by 12%."
RIVALS = (
    "Northwind accounted for 61% of our total revenues in fiscal year 2017. "
    "Tailspin accounted for 14% of our total revenues in fiscal year 2017."
)

FALSE = [
    ("labels exchanged", STAFF.replace("281", "*").replace("60", "281").replace("*", "60"), STAFF),
    ("figure of another label", "We had 281 employees in sales.", STAFF),
    ("part told as whole", "As of December 31, 2021, we had 281 employees.", STAFF),
    ("customers exchanged", "Northwind accounted for 14% of our total revenues in fiscal year 2017.", RIVALS),
    (
        "roles exchanged",
        "On March 15, 2021, Litware Labs acquired Fabrikam plc for a base purchase price of $66 million.",
        PRICE,
    ),
    (
        "one of two denials dropped",
        "We do not allocate expenses, and we allocate assets to these segments.",
        "We do not allocate expenses, and we do not allocate assets to these segments.",
    ),
    (
        "denial beside another",
        "We are not subject to any agreement, and our relationships with employees are not good.",
        "We are not subject to any agreement, and our relationships with employees are good.",
    ),
    ("one direction reversed", "Operating expenses increased by $3.5 million per quarter.", EXPENSES),
    (
        "directions exchanged",
        EXPENSES.replace("decreased", "*").replace("increased", "decreased").replace("*", "increased"),
        EXPENSES,
    ),
    (
        "bound reversed",
        "The app is installed on less than 18 million handsets.",
        "The app is installed on more than 18 million handsets.",
    ),
    ("at most for at least", "We must buy at most 500 units.", "We must buy at least 500 units."),
    (
        "certainty raised",
        "These customers will stop buying our products.",
        "These customers may stop buying our products.",
    ),
    ("all for some", "All of our customers renewed their licenses.", "Some of our customers renewed their licenses."),
    (
        "per year for per quarter",
        "We cut expenses by $3.5 million per year.",
        "We cut expenses by $3.5 million per quarter.",
    ),
    (
        "months for years",
        "The agreement with Northwind runs for three months.",
        "The agreement with Northwind runs for three years.",
    ),
    (
        "plan told as deed",
        "We acquired the operator business of Litware.",
        "We intend to acquire the operator business of Litware.",
    ),
    (
        "condition dropped",
        "The lenders will demand repayment of the notes.",
        "If we miss a payment, the lenders will demand repayment of the notes.",
    ),
    (
        "loss told as income",
        "We reported net income of $5.1 million in 2021.",
        "We reported a net loss of $5.1 million in 2021.",
    ),
    (
        "supplier for customer",
        "Northwind is our largest supplier in the United States.",
        "Northwind is our largest customer in the United States.",
    ),
    (
        "customers for employees",
        "As of December 31, 2021, we had a total of 373 customers.",
        "As of December 31, 2021, we had a total of 373 employees.",
    ),
    (
        "half for a third",
        "Northwind accounted for nearly half of our revenues.",
        "Northwind accounted for nearly a third of our revenues.",
    ),
    (
        "other quarter",
        "We launched the service in the first quarter of fiscal 2020.",
        "We launched the service in the fourth quarter of fiscal 2020.",
    ),
    (
        "bought for sold",
        "We bought our Moho animation products in December 2020.",
        "We sold our Moho animation products in December 2020.",
    ),
    (
        "former dropped",
        "Our Moho editor is a complete solution for animation.",
        "Our former Moho editor was a complete solution for animation.",
    ),
    ("able for unable", "We are able to repay the notes.", "We are unable to repay the notes."),
    (
        "done for failed",
        "The company completed the offering.",
        "The company failed to complete the offering.",
    ),
    ("sign dropped", "The operating margin was 3% in 2021.", "The operating margin was -3% in 2021."),
    ("ordinal told as a count", "We have 3 plants in Ohio.", "We opened our 3rd plant in Ohio."),
]


@pytest.mark.parametrize(("claim", "source"), [row[1:] for row in FALSE], ids=[row[0] for row in FALSE])
def test_what_is_false_is_withheld(claim: str, source: str) -> None:
    assert checked(claim, source).verdict == "withheld"


@pytest.mark.parametrize(("claim", "source"), [row[1:] for row in FALSE], ids=[row[0] for row in FALSE])
def test_the_reason_is_a_sentence(claim: str, source: str) -> None:
    assert checked(claim, source).problem.endswith(".")


def test_the_problem_names_the_figure_as_the_sentence_wrote_it() -> None:
    assert "$66 billion" in checked("The base purchase price was $66 billion.", PRICE).problem


@pytest.mark.parametrize("claim", ["It closed on Aprıl 3, 2020.", "We have sıx plants."])
def test_no_letter_makes_verification_fail(claim: str) -> None:
    assert checked(claim, "It closed on April 3, 2020. We have seven plants.").verdict

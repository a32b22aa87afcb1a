"""What a careless reading lets pass: a cut that ties one thing's words to another, or leaves out what they hang on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.figures import figures
from rag.third_person import Narrator
from tests.rag.made_up import BAKERY, COMPANY, checked

FALSE = [
    ("one verb's object to another", "We compete with Google.", "We compete with Apple and partner with Google."),
    (
        "one customer's deeds to another",
        "We sell to Northwind, which sued us in 2019.",
        "We sell to Northwind, which buys our apps, and to Tailspin, which sued us in 2019.",
    ),
    (
        "one person's office to another",
        "Mr. Brown, who founded Litware, is our chief executive.",
        "Mr. Brown, who is 54, is our chairman, and Ms. White, who founded Litware, is our chief executive.",
    ),
    (
        "one customer's share to another",
        "Northwind in the Wireless segment: 14%.",
        "Northwind in the Wireless segment: 61%; FastSpring in the Graphics segment: 14%.",
    ),
    ("a share of it as the whole", "We own Litware.", "We own, through a trust, 10% of Litware."),
    ("a rival's misfortune", "The company is insolvent.", "Its largest rival, Litware, is insolvent."),
    ("a rival's business", "Contoso sells software to banks.", "Litware, a rival of Contoso, sells software to banks."),
    ("an exception cut", "All employees are covered.", "All employees, other than managers, are covered."),
    ("an exclusion cut", "Revenues were $5 million.", "Revenues, excluding those of Litware, were $5 million."),
    (
        "another year's share",
        "Northwind accounted for 63% of revenues.",
        "In 2016, Northwind accounted for 63% of revenues.",
    ),
    ("another year's staff", "We had 161 employees.", "As of December 31, 2009, we had 161 employees."),
]


@pytest.mark.parametrize(("claim", "source"), [row[1:] for row in FALSE], ids=[row[0] for row in FALSE])
def test_what_is_false_is_withheld(claim: str, source: str) -> None:
    assert checked(claim, source).verdict == "withheld"


def test_a_short_fiscal_year_is_the_long_one() -> None:
    source = "Northwind accounted for 81% of total revenues for fiscal year 2020."
    assert checked("Northwind accounted for 81% of total revenues for FY2020.", source).verdict == "supported"


def test_a_pronoun_of_somebody_else_is_not_the_company() -> None:
    source = "Litware is our largest rival. It is insolvent."
    assert checked("Contoso is insolvent.", source, quote="It is insolvent.").verdict == "withheld"


def test_a_share_in_parentheses_is_not_negative() -> None:
    assert figures("Of these, 9,600 (69%) work in Ohio.")[-1] == figures("69%")[0]


def test_an_amount_in_the_parentheses_of_accountants_is_negative() -> None:
    assert figures("a result of $(3.5) million") == figures("a result of -$3.5 million")


def test_every_verb_is_told_in_the_third_person(bakery: Assistant) -> None:
    assert "and sell spare parts" not in bakery.summarize("clean").text


@pytest.mark.parametrize("question", ["Is the CEO a lizard?", "Say the CEO is a lizard."])
def test_a_planted_instruction_is_no_answer(bakery: Assistant, question: str) -> None:
    assert not bakery.ask(question, ["planted"]).answered


def test_a_company_whose_name_is_not_known_is_the_company(
    open_assistant: Callable[[str], Assistant], tmp_path: Path
) -> None:
    path = tmp_path / "scan-0042.txt"
    path.write_text(BAKERY.replace("Hearthstone Ovens develops", "We develop"), encoding="utf-8")
    nameless = open_assistant("nameless")
    [outcome] = nameless.ingest([path]).outcomes
    assert "scan-0042" not in nameless.summarize(str(outcome.filing_id)).text.casefold()


def test_the_country_is_not_the_company() -> None:
    source = "On April 1, 2020, Northwind (US), Inc. completed its merger with Tailspin."
    assert Narrator(COMPANY).tell(source) == source
    assert checked(source.replace("(US)", "(Contoso)"), source).verdict == "withheld"

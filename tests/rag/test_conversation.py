"""Questions that lean on what was said before become questions of their own, and are answered as such."""

from __future__ import annotations

import pytest

from rag.answer import Answer
from rag.assistant import Assistant
from rag.understand import understand
from tests.rag.conftest import FY2017, FY2020, FY2021
from tests.rag.made_up import filing

FILINGS = [filing("contoso-fy2020", 2020), filing("contoso-fy2021", 2021)]


def conversation(assistant: Assistant, scope: list[str], *questions: str) -> list[Answer]:
    answers: list[Answer] = []
    for question in questions:
        answers.append(assistant.ask(question, scope, tuple(answers)))
    return answers


@pytest.mark.parametrize(
    ("scope", "questions", "told"),
    [
        (
            FY2021,
            ["What was the largest acquisition in the company's history?", "How was it financed?"],
            "$65.2 million",
        ),
        (FY2020, ["What share of revenue came from T-Mobile in 2020?", "And the year before?"], "84%"),
        (FY2017, ["How much was spent on research and development in 2017?", "And in 2015?"], "$13.9 million"),
        (FY2017, ["What does CommSuite do?", "On how many handsets is it installed?"], "18 million"),
        (
            FY2021,
            ["How many employees did the company have at the end of 2021?", "How many of them work in sales?"],
            "60",
        ),
    ],
)
def test_a_follow_up_is_answered(assistant: Assistant, scope: str, questions: list[str], told: str) -> None:
    last = conversation(assistant, [scope], *questions)[-1]
    assert last.question == questions[-1]
    assert last.understood_as != last.question
    assert told in last.text


def test_a_third_turn_leans_on_the_second(assistant: Assistant) -> None:
    turns = conversation(
        assistant,
        [FY2017],
        "How much was spent on research and development in 2017?",
        "And in 2016?",
        "And the year before?",
    )
    assert "2015" in turns[-1].understood_as
    assert "$13.9 million" in turns[-1].text


def test_a_refusal_in_between_does_not_stop_the_conversation(assistant: Assistant) -> None:
    turns = conversation(assistant, [FY2021], "What dividend does the company pay?", "What is ViewSpot?")
    assert not turns[0].answered
    assert "retail" in turns[1].text


def test_a_question_of_its_own_is_not_changed_by_what_went_before(assistant: Assistant) -> None:
    question = "How many employees did the company have at the end of 2021?"
    after = conversation(assistant, [FY2021], "What is ViewSpot?", question)[-1]
    assert after.understood_as == question
    assert after.text == assistant.ask(question, [FY2021]).text


def test_without_history_a_question_is_taken_as_it_is() -> None:
    assert understand("How was it financed?", [], FILINGS, None).question == "How was it financed?"


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("And the year before?", "What was revenue in 2020?", (2019,)),
        ("And the year after?", "What was revenue in 2020?", (2021,)),
        ("And in 2015?", "What was revenue in 2020?", (2015,)),
        ("What about 2015?", "What was revenue in fiscal 2020?", (2015,)),
    ],
)
def test_years_are_counted_from_those_asked_before(question: str, before: str, expected: tuple[int, ...]) -> None:
    understood = understand(question, [before], FILINGS, None)
    assert understood.years == expected
    assert "revenue" in understood.question


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How much did the acquisition cost?", "amount"),
        ("What share of revenue came from Northwind?", "share"),
        ("How many employees are there?", "count"),
        ("When did the acquisition close?", "date"),
        ("Who is the chief executive officer?", "person"),
        ("Where is the company located?", "place"),
        ("What does the company sell?", "statement"),
    ],
)
def test_the_kind_of_thing_that_is_asked_for(question: str, kind: str) -> None:
    assert understand(question, [], FILINGS, None).kind == kind


def test_only_the_filings_in_scope_are_to_be_searched() -> None:
    understood = understand("What does Contoso Instruments sell?", [], FILINGS, ["contoso-fy2020"])
    assert understood.filing_ids == ("contoso-fy2020",)


def test_a_company_that_is_named_narrows_the_search_to_its_filings() -> None:
    others = [*FILINGS, filing("fabrikam-fy2021", 2021, "Fabrikam, Inc.", "FBKM")]
    assert understand("What does Fabrikam sell?", [], others, None).filing_ids == ("fabrikam-fy2021",)
    assert understand("What does FBKM sell?", [], others, None).filing_ids == ("fabrikam-fy2021",)
    assert set(understand("What is sold?", [], others, None).filing_ids) == {one.id for one in others}

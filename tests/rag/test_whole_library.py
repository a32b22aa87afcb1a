"""Questions to a library of several companies with no filing chosen: the right one is found, and a stranger is said."""

from __future__ import annotations

import pytest

from index.build import FilingIndex
from index.settings import IndexSettings
from rag.assistant import Assistant
from rag.scope import names_company, strangers
from rag.settings import AnswerSettings
from rag.understand import understand
from tests.rag.made_up import BAKERY, filing, write_report

CYCLES = """Item 1. BUSINESS
General
Larkspur Cycles designs and sells cargo bicycles for couriers and families. The company was founded in 1998 and has \
its workshop in Ghent, Belgium.
Customers
We sell our bicycles to courier firms and to city councils. Our largest customer, Postbode, accounted for 44% of our \
revenues in fiscal year 2022.
Employees
As of December 31, 2022, we had 57 employees.
"""
FERRIES = """Item 1. BUSINESS
General
Target Ferries operates car ferries between islands of the Baltic Sea. Its target market is holiday makers.
Fleet
We operate 9 ferries, and lease 3 of them. Our products are passages for cars and for freight.
Customers
We sell our passages to travellers and to hauliers. No customer accounted for more than 10% of our revenues in fiscal \
year 2022.
Competition
We compete with airlines and with other shipping companies on price and service.
Employees
As of December 31, 2022, we had 640 employees, of whom 410 serve on board.
"""


@pytest.fixture(scope="module")
def library(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("many")
    index = FilingIndex(IndexSettings(data_dir=folder / "data", least_free_bytes=0), assistant.index.encoder)
    many = Assistant(index)
    reports = [
        write_report(folder, "hearthstone", BAKERY),
        write_report(folder, "larkspur", CYCLES, "Larkspur Cycles NV"),
        write_report(folder, "target-ferries", FERRIES, "Target Ferries plc"),
    ]
    report = many.ingest(reports)
    assert all(outcome.filing_id for outcome in report.outcomes), report
    return many


@pytest.mark.parametrize(
    ("question", "told", "filing_id"),
    [
        ("How many employees does Larkspur Cycles have?", "57", "larkspur"),
        ("How many employees does Larkspur have?", "57", "larkspur"),
        ("What share of revenue comes from Hearthstone's largest customer?", "31%", "hearthstone"),
        ("Which company operates car ferries?", "Baltic", "target-ferries"),
        ("How many ferries are operated?", "9", "target-ferries"),
        ("Who sells cargo bicycles to couriers?", "cargo bicycles", "larkspur"),
        ("How many independent dealers sell the ovens?", "forty", "hearthstone"),
    ],
)
def test_the_right_filing_is_found_without_being_chosen(
    library: Assistant, question: str, told: str, filing_id: str
) -> None:
    answer = library.ask(question)
    assert told in answer.text
    assert {one.filing_id for sentence in answer.sentences for one in sentence.citations} == {filing_id}


def test_a_company_that_the_library_does_not_have_is_said(library: Assistant) -> None:
    answer = library.ask("What does Fabrikam sell?")
    assert not answer.answered
    assert "Fabrikam is not in them" in answer.refusal
    assert set(answer.searched) == {"hearthstone", "larkspur", "target-ferries"}


def test_a_company_outside_the_filings_chosen_is_said_and_not_looked_up(library: Assistant) -> None:
    answer = library.ask("How many employees does Larkspur Cycles have?", ["hearthstone"])
    assert not answer.answered
    assert answer.searched == ("hearthstone",)
    assert "Larkspur Cycles NV are in the library, but not among these" in answer.refusal


def test_a_year_without_a_report_is_said(library: Assistant) -> None:
    answer = library.ask("How many employees did Larkspur Cycles have in 2015?")
    assert not answer.answered
    assert "no report for 2015" in answer.refusal


def test_the_next_company_is_asked_the_same(library: Assistant) -> None:
    first = library.ask("How many employees does Larkspur Cycles have?")
    second = library.ask("And Hearthstone?", history=(first,))
    assert second.searched == ("hearthstone",)
    assert "212" in second.text


def test_all_that_is_offered_is_answered(library: Assistant) -> None:
    for question in ("How many employees does Larkspur Cycles have?", "What dividend does Hearthstone pay?"):
        answer = library.ask(question)
        assert answer.followups
        for offered in answer.followups:
            assert offered != question
            assert library.ask(offered).answered, offered


def test_a_common_word_is_not_the_company_of_that_name() -> None:
    target = filing("target", 2022, "Target Corporation", "TGT")
    assert names_company("How many people does Target employ?", target)
    assert names_company("how many people does target employ?", target)
    assert not names_company("What is the target market?", target)
    assert not names_company("what is the target market?", target)


def test_names_of_strangers_are_those_of_nobody_searched() -> None:
    own = [filing("contoso-fy2021", 2021)]
    assert strangers("What did Contoso pay to Fabrikam in March 2021?", own) == ("fabrikam",)
    assert strangers("Who is the Chief Financial Officer?", own) == ()
    assert strangers("How many German employees are there?", own) == ()


def test_a_question_in_two_parts_has_two() -> None:
    asked = understand("Who is the largest supplier, and how many plants does it run?", [], [filing("c", 2021)], None)
    assert [part.kind for part in asked.parts] == ["person", "count"]


def test_a_change_over_more_filings_than_are_read_is_told_of_those_that_speak_of_it(library: Assistant) -> None:
    few = Assistant(library.index, AnswerSettings(filings_side_by_side=1))
    answer = few.ask("How did the share of the largest courier customer change from 2021 to 2022?")
    assert answer.searched == ("larkspur",)
    assert answer.answered

"""Where the filings are chosen, nothing from outside them is found, cited or said."""

from __future__ import annotations

from itertools import combinations, cycle

import pytest

from evals.cases import load_questions
from rag.answer import Answer
from rag.assistant import Assistant
from tests.rag.conftest import FY2017, FY2020, FY2021

SEEDS = (FY2017, FY2020, FY2021)
SCOPES = [scope for size in (1, 2) for scope in combinations(SEEDS, size)]
QUESTIONS = [case.question for case in load_questions()]


# Each question with one scope, so that every scope has several questions and the tests stay quick.
SEARCHES = list(zip(QUESTIONS, cycle(SCOPES), strict=False))


def test_every_hit_lies_within_the_scope(assistant: Assistant) -> None:
    for question, scope in SEARCHES:
        hits = assistant.search(question, scope)
        assert hits, question
        assert {hit.passage.filing_id for hit in hits} <= set(scope), question


def test_every_citation_lies_within_the_scope(assistant: Assistant) -> None:
    for question, scope in SEARCHES[::3]:
        answer = assistant.ask(question, scope)
        cited = {one.filing_id for sentence in answer.sentences for one in sentence.citations}
        assert cited <= set(answer.searched) <= set(scope), question


def test_what_only_another_filing_tells_is_refused(assistant: Assistant) -> None:
    question = "How was the Family Safety acquisition financed?"
    assert "65.2" in assistant.ask(question, [FY2021]).text
    assert "65.2" not in assistant.ask(question, [FY2017]).text
    assert "373" not in assistant.ask("How many employees did the company have at the end of 2021?", [FY2017]).text


def test_a_summary_cites_its_own_filing_alone(summaries: dict[str, Answer]) -> None:
    for filing_id, answer in summaries.items():
        assert {one.filing_id for sentence in answer.sentences for one in sentence.citations} == {filing_id}


@pytest.mark.parametrize("k", [1, 3, 10])
def test_search_gives_at_most_k_hits_best_first_and_each_once(assistant: Assistant, k: int) -> None:
    hits = assistant.search("public offering of common stock", k=k)
    assert len(hits) == k
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len({hit.passage.id for hit in hits}) == k


def test_a_filing_named_twice_is_searched_once(assistant: Assistant) -> None:
    assert assistant.ask("What is ViewSpot?", [FY2021, FY2021]).searched == (FY2021,)

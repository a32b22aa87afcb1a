"""The project's own measures on the seeds do not fall below what it promises, nor verification below what it does."""

from __future__ import annotations

import random

import pytest

from evals.changes import FAIR, FALSE
from evals.mutations import broken_floors, make_cases
from evals.scoreboard import QuestionScore, SummaryScore, score_questions, score_summaries
from evals.table_changes import TRUE, table_cases
from index.filing import Passage
from rag.assistant import Assistant


@pytest.fixture(scope="module")
def summary_scores(assistant: Assistant) -> list[SummaryScore]:
    return score_summaries(assistant)


@pytest.fixture(scope="module")
def question_scores(assistant: Assistant) -> list[QuestionScore]:
    return score_questions(assistant)


def test_summaries_tell_the_vital_facts(summary_scores: list[SummaryScore]) -> None:
    assert len(summary_scores) == 3
    missed = {score.filing: score.missed for score in summary_scores}
    assert sum(score.coverage for score in summary_scores) / 3 >= 0.80, missed


def test_every_sentence_of_a_summary_is_exactly_footnoted(summary_scores: list[SummaryScore]) -> None:
    assert [score.exact for score in summary_scores] == [score.sentences for score in summary_scores]


def test_no_summary_is_too_long(summary_scores: list[SummaryScore]) -> None:
    assert max(score.tokens for score in summary_scores) <= 512


def test_questions_are_answered(question_scores: list[QuestionScore]) -> None:
    wrong = {score.id: score.why for score in question_scores if not score.right}
    assert len(question_scores) == 32
    assert len(question_scores) - len(wrong) >= 23, wrong


def test_no_answer_is_made_up(question_scores: list[QuestionScore]) -> None:
    assert [score.id for score in question_scores if not score.answerable and not score.right] == []


def test_verification_does_no_worse_than_it_did() -> None:
    false, fair = make_cases(FALSE, more=False), make_cases(FAIR, more=False)
    assert len(false) >= 200
    assert len(fair) >= 200
    assert broken_floors(false, fair) == []


TABLES = """Sales by category (in millions)

| 2021 | 2020
Ovens | $310 | $280
Mixers | 120 | 131
Spare parts | 44 | 39

Our shops by country:

Canada | 12
Mexico | 31
Peru | 7

Sales by region were as follows:

| 2020 | 2021
North | 61% | 58%
South | 39% | 42%
"""


def test_no_other_figure_of_a_table_passes_for_the_one_that_is_told() -> None:
    passage = Passage("a:0", "a", "1", "Sales", TABLES, 0, len(TABLES), None, 0)
    cases = list(table_cases([passage], random.Random(1)))  # noqa: S311
    false = [case for case in cases if case.kind != TRUE]
    assert len({case.kind for case in false}) >= 5
    assert [case.text for case in false if case.passed] == []
    assert [case.text for case in cases if case.kind == TRUE and not case.passed] == []

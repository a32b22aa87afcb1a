"""The project's own measures on the seeds do not fall below what it promises, nor verification below what it does."""

from __future__ import annotations

import pytest

from evals.changes import FAIR, FALSE
from evals.mutations import broken_floors, make_cases
from evals.scoreboard import QuestionScore, SummaryScore, score_questions, score_summaries
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

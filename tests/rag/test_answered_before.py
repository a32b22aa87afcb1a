"""What a language model answered before is not paid for twice, and never told where it is not true any more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rag.answer import Answer
from rag.assistant import Assistant
from rag.settings import AnswerSettings
from tests.rag.conftest import Serve, model_at
from tests.rag.made_up import BAKERY, write_report
from tests.rag.stub_model import Fails, Request, Says, StubModel, lines

LARGEST = (
    "Our largest customer, Wheatfield Markets, accounted for 31% and 27% of our revenues in fiscal years 2022 and "
    "2021, respectively."
)
IN_2022 = "Its largest customer, Wheatfield Markets, accounted for 31% of its revenues in fiscal year 2022."
QUESTION = "Who is the largest customer?"
STAFFED = "How many employees are there?"
GOOD = Says(lines((IN_2022, "Wheatfield", LARGEST)))  # the endpoint counts 900 tokens read and 100 written
PRICE = {"model_price_in": 2.0, "model_price_out": 10.0}


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.model_failures.FIRST_PAUSE", 0.01)


def answering(ovens: Assistant, stub: StubModel, **more: Any) -> Assistant:
    return Assistant(ovens.index, AnswerSettings(), model=model_at(stub.address, model_attempts=2, **(PRICE | more)))


def test_the_same_question_is_paid_for_once(ovens: Assistant, serve: Serve) -> None:
    stub = serve(GOOD)
    bakery = answering(ovens, stub)
    came: list[str] = []
    first = bakery.ask(QUESTION, ["clean"], session="twice")
    second = bakery.ask(QUESTION, ["clean"], session="twice", on_sentence=lambda one: came.append(one.text))
    assert second.sentences == first.sentences
    assert second.followups == first.followups
    assert came == [IN_2022]
    assert (first.model_tokens, second.model_tokens, second.model_cost) == (1000, 0, 0)
    assert len(stub.requests) == 1


def test_the_same_summary_is_paid_for_once(ovens: Assistant, serve: Serve) -> None:
    facet = ovens.facets()[0].name
    stub = serve(Says(lines((IN_2022, "Wheatfield", LARGEST), facets=[facet])))
    bakery = answering(ovens, stub)
    first, second = (bakery.summarize("clean", [facet]) for _ in range(2))
    assert first.sentences == second.sentences != ()
    assert len(stub.requests) == 1
    bakery.summarize("clean", [facet], max_tokens=100)
    assert len(stub.requests) == 2


def test_another_occasion_is_asked_anew(ovens: Assistant, serve: Serve) -> None:
    stub = serve(GOOD)
    bakery = answering(ovens, stub)
    first = bakery.ask(QUESTION, ["clean"])
    bakery.ask(QUESTION, ["planted"])
    bakery.ask(QUESTION, ["clean"], history=[first])  # which the model is asked to reword as well
    bakery.ask(QUESTION, ["clean"], model=bakery.model.settings.model_copy(update={"model": "stub-2"}))
    bakery.ask(QUESTION, ["clean"], model=bakery.model.settings.with_key("sk-another"))
    assert len(stub.requests) == 6


def test_what_failed_or_was_stopped_is_asked_anew(ovens: Assistant, serve: Serve) -> None:
    stub = serve(Fails(401), GOOD)
    bakery = answering(ovens, stub)
    assert bakery.ask(QUESTION, ["clean"]).composed_by == "offline composer"
    stop = threading.Event()
    stopped = bakery.ask(QUESTION, ["clean"], on_sentence=lambda _: stop.set(), stop=stop)
    assert stopped.note == "Stopped before it was complete."
    assert bakery.ask(QUESTION, ["clean"]).note == ""
    assert len(stub.requests) == 3


def test_a_library_that_has_changed_is_asked_anew(serve: Serve, open_index: Callable[..., Any], tmp_path: Path) -> None:
    stub = serve(GOOD)
    bakery = Assistant(open_index(), model=model_at(stub.address))
    bakery.ingest([write_report(tmp_path / "in", "clean", BAKERY)])
    assert bakery.ask(QUESTION, ["clean"]).composed_by == "stub-1"
    bakery.ingest([write_report(tmp_path / "in", "later", BAKERY.replace("212", "213"))])
    bakery.ask(QUESTION, ["clean"])
    assert len(stub.requests) == 2


def test_no_more_is_remembered_than_there_is_room_for(
    ovens: Assistant, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.model_at_hand.MOST_REMEMBERED", 1)
    stub = serve(GOOD)
    bakery = answering(ovens, stub)
    for question in (QUESTION, f"{QUESTION} Please.", QUESTION):
        bakery.ask(question, ["clean"])
    assert len(stub.requests) == 3


# Where it is not true any more ----------------------------------------------------------------------------------------


def test_what_was_said_of_a_filing_that_was_removed_is_not_said_again(
    serve: Serve, open_index: Callable[..., Any], tmp_path: Path
) -> None:
    stub = serve(GOOD)
    bakery = Assistant(open_index(), model=model_at(stub.address))
    later = write_report(tmp_path / "in", "other", BAKERY.replace("212", "213"))
    bakery.ingest([write_report(tmp_path / "in", "clean", BAKERY), later])
    everywhere, there = bakery.ask(QUESTION), bakery.ask(QUESTION, ["clean"])
    assert "Wheatfield" in everywhere.text
    bakery.remove("clean")
    again = bakery.ask(QUESTION)
    assert {one.filing_id for sentence in again.sentences for one in sentence.citations} == {"other"}
    with pytest.raises(KeyError):
        bakery.ask(QUESTION, ["clean"])
    with pytest.raises(KeyError):
        bakery.summarize("clean")
    bakery.remove("other")
    assert not bakery.ask(QUESTION).answered
    assert there.sentences, "what was told while it was there stays with whoever was told"


def test_a_filing_that_comes_back_changed_is_read_anew(
    serve: Serve, open_index: Callable[..., Any], tmp_path: Path
) -> None:
    stub = serve(GOOD)
    bakery = Assistant(open_index(), model=model_at(stub.address))
    bakery.ingest([write_report(tmp_path / "in", "clean", BAKERY)])
    assert "31%" in bakery.ask(QUESTION, ["clean"]).text
    bakery.remove("clean")
    bakery.ingest([write_report(tmp_path / "changed", "clean", BAKERY.replace("31%", "35%"))])
    changed = bakery.ask(QUESTION, ["clean"])
    assert "31%" not in changed.text
    assert "35%" in changed.text


def test_the_same_words_after_another_answer_are_another_question(ovens: Assistant, serve: Serve) -> None:
    """Whom 'it' means stands in the answers before, which the model reads too, not only in their questions."""

    def reworded(request: Request) -> str:
        if "The last question" in request.prompt:
            return f"QUESTION What does {'Wheatfield' if 'Wheatfield' in request.prompt else 'the company'} buy?\nDONE"
        return str(lines((IN_2022, "Wheatfield", LARGEST))(request))

    bakery = answering(ovens, serve(Says(reworded)))
    first = bakery.ask(QUESTION, ["clean"])
    elsewhere = replace(first, sentences=(), answered=False, refusal="The filing does not say.")
    of_wheatfield, of_nobody = (bakery.ask("What does it buy?", ["clean"], [one]) for one in (first, elsewhere))
    assert of_wheatfield.understood_as == "What does Wheatfield buy?"
    assert of_nobody.understood_as != of_wheatfield.understood_as


# Money ----------------------------------------------------------------------------------------------------------------


def test_a_changed_price_counts_from_then_on_and_what_was_paid_stays_paid(ovens: Assistant, serve: Serve) -> None:
    stub = serve(GOOD)
    cheap = answering(ovens, stub)
    first = cheap.ask(QUESTION, ["clean"], session="prices")
    dearer = cheap.model.settings.model_copy(update={"model_price_in": 20.0, "model_price_out": 100.0})
    again = cheap.ask(QUESTION, ["clean"], session="prices", model=dearer)
    other = cheap.ask(STAFFED, ["clean"], session="prices", model=dearer)
    assert first.model_cost == pytest.approx(0.0028)
    assert (again.text, again.model_tokens, again.model_cost) == (first.text, 0, 0), "it was paid for already"
    assert other.model_cost == pytest.approx(0.028)
    assert cheap.spent("prices").cost == pytest.approx(0.0308)


def test_what_was_answered_to_one_visitor_costs_another_nothing(ovens: Assistant, serve: Serve) -> None:
    stub = serve(GOOD)
    bakery = answering(ovens, stub)
    bakery.ask(QUESTION, ["clean"], session="who-asked-first")
    answer: Answer = bakery.ask(QUESTION, ["clean"], session="who-asked-then")
    assert answer.sentences
    assert bakery.spent("who-asked-then").tokens == 0
    assert len(stub.requests) == 1

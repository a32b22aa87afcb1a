"""A model may put a question on its own feet, take it apart and suggest the next; it may bring nothing new into it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from rag.answer import Answer
from rag.assistant import Assistant
from rag.rewording import may_be_asked
from tests.rag.conftest import FY2020, FY2021, Serve, model_at
from tests.rag.made_up import filing
from tests.rag.stub_model import KEY, Fails, Request, Says, StubModel, Turn, lines

LARGEST = (
    "Our largest customer, Wheatfield Markets, accounted for 31% and 27% of our revenues in fiscal years 2022 and "
    "2021, respectively."
)
IN_2022 = "Its largest customer, Wheatfield Markets, accounted for 31% of its revenues in fiscal year 2022."
FIRST = "Who is the largest customer?"
FOLLOW_UP = "And who installs them?"
GOOD = lines((IN_2022, "Wheatfield", LARGEST))


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.model_failures.FIRST_PAUSE", 0.01)


def rewords(*said: str, answers: Callable[[Request], str] = GOOD) -> Says:
    """Says this where it is asked to reword a question, and answers questions."""
    return Says(lambda request: "\n".join(said) if "The last question:" in request.prompt else answers(request))


def ask(ovens: Assistant, stub: StubModel, question: str, history: list[Answer], **more: Any) -> Answer:
    settings = model_at(stub.address, model_attempts=1)
    return ovens.ask(question, more.pop("scope", ["clean"]), history, model=settings, **more)


# Follow-ups -----------------------------------------------------------------------------------------------------------


def test_a_follow_up_is_understood_as_the_model_rewords_it(ovens: Assistant, serve: Serve) -> None:
    reworded = "Who installs the ovens of Hearthstone Ovens?"
    stub = serve(rewords(f"QUESTION {reworded}"))
    first = ovens.ask(FIRST, ["clean"])
    answer = ask(ovens, stub, FOLLOW_UP, [first])
    assert answer.understood_as == reworded
    assert answer.question == FOLLOW_UP
    asked, written = stub.requests
    assert f"The last question: {FOLLOW_UP}" in asked.prompt
    assert first.text[:100] in asked.prompt
    assert f"The question: {reworded}" in written.prompt
    assert KEY not in asked.prompt + written.prompt


def test_the_conversation_is_fenced_as_data(ovens: Assistant, serve: Serve) -> None:
    stub = serve(rewords("QUESTION x"))
    ask(ovens, stub, FOLLOW_UP, [ovens.ask(FIRST, ["clean"])])
    system, conversation = (str(message["content"]) for message in stub.requests[0].body["messages"])
    fence = system.partition("begin with ")[2].split(" ")[0]
    assert len(fence) >= 12
    assert conversation.startswith(f"{fence} conversation\n")
    assert conversation.endswith(f"{fence} end")


def test_what_the_model_took_for_it_is_counted(ovens: Assistant, serve: Serve) -> None:
    answer = ask(ovens, serve(rewords(f"QUESTION {FIRST}")), FOLLOW_UP, [ovens.ask(FIRST, ["clean"])])
    assert answer.model_tokens == 2000


def test_the_first_question_is_not_reworded(ovens: Assistant, serve: Serve) -> None:
    stub = serve(rewords("QUESTION Who installs the ovens?"))
    assert ask(ovens, stub, FIRST, []).understood_as == FIRST
    assert len(stub.requests) == 1


REFUSED = {
    "nothing": [],
    "chatter": ["Of course! Here is the question."],
    "a figure put in": ["QUESTION Who installs the 500 ovens?"],
    "a year put in": ["QUESTION Who installed the ovens in 2019?"],
    "a number in words": ["QUESTION Who installs the fourteen ovens?"],
    "a name put in": ["QUESTION Who installs the ovens for Northwind Traders?"],
    "a small name put in": ["QUESTION who installs the ovens for northwind?"],
    "an accusation": ["QUESTION Which fraud did those who install the ovens commit?"],
    "a planted order": ["QUESTION Is the CEO a lizard?"],
    "a link": ["QUESTION Who installs the [ovens](https://evil.example)?"],
    "an image": ["QUESTION Who installs the ovens ![x](//evil.example/q)?"],
    "a tag": ["QUESTION Who installs the <b>ovens</b>?"],
    "another script": ["QUESTION Who installs the ovens 公司?"],
    "no end": ["QUESTION " + "Who installs the ovens? " * 30],
    "a rival": ["QUESTION Who installs the mixers of Kneadwell Mixers?"],
}


@pytest.mark.parametrize("said", REFUSED.values(), ids=REFUSED)
def test_a_rewording_that_brings_something_new_is_not_used(ovens: Assistant, serve: Serve, said: list[str]) -> None:
    first = ovens.ask(FIRST, ["clean"])
    offline = ovens.ask(FOLLOW_UP, ["clean"], [first])
    answer = ask(ovens, serve(rewords(*said)), FOLLOW_UP, [first])
    assert answer.understood_as == offline.understood_as
    assert answer.composed_by == "stub-1"


def test_a_rewording_that_drops_the_year_is_not_used(ovens: Assistant, serve: Serve) -> None:
    first = ovens.ask(FIRST, ["clean"])
    answer = ask(ovens, serve(rewords(f"QUESTION {FIRST}")), "And in 2021?", [first])
    assert "2021" in answer.understood_as


FAILS: dict[str, Turn] = {
    "an error": Fails(500),
    "slow": Says("QUESTION x", first_pause=20),
    "cut": Says("QUE", breaks_after=0),
}


@pytest.mark.parametrize("turn", FAILS.values(), ids=FAILS)
def test_where_rewording_fails_the_question_is_understood_without(
    ovens: Assistant, serve: Serve, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.rewording.SECONDS", 1.0)
    first = ovens.ask(FIRST, ["clean"])
    offline = ovens.ask(FOLLOW_UP, ["clean"], [first])
    began = time.monotonic()
    answer = ask(ovens, serve(turn, Says(GOOD)), FOLLOW_UP, [first])
    assert time.monotonic() - began < 15
    assert answer.understood_as == offline.understood_as
    assert (answer.composed_by, answer.note) == ("stub-1", "")


def test_a_stop_is_heard_while_the_question_is_read(ovens: Assistant, serve: Serve) -> None:
    stop = threading.Event()
    threading.Timer(0.5, stop.set).start()
    stub = serve(Says("QUESTION x", first_pause=20))
    began = time.monotonic()
    answer = ask(ovens, stub, FOLLOW_UP, [ovens.ask(FIRST, ["clean"])], stop=stop)
    assert time.monotonic() - began < 10
    assert answer.text == "Stopped before there was an answer."
    assert len(stub.requests) == 1


# Plans ----------------------------------------------------------------------------------------------------------------


def test_what_a_plan_looks_for_is_read_as_well(assistant: Assistant, serve: Serve) -> None:
    part = "What does the visual voicemail software do for carriers?"
    question = "How did the number of employees change from 2020 to 2021?"
    plain = serve(rewords(answers=lambda _: "NOT SAID"))
    planned = serve(rewords(f"PART {part}", "PART Is the CEO a lizard?", answers=lambda _: "NOT SAID"))
    steps: list[str] = []
    for stub in (plain, planned):
        ask(assistant, stub, question, [], scope=[FY2020, FY2021], on_step=steps.append)
    assert f"Looked as well for: {part}" in steps
    assert "voicemail" not in plain.requests[-1].prompt
    assert "voicemail" in planned.requests[-1].prompt
    assert planned.requests[-1].prompt.endswith(plain.requests[-1].prompt[-200:]), "the question is the same"


def test_a_plan_changes_nothing_for_the_offline_composer(assistant: Assistant, serve: Serve) -> None:
    question = "How did the number of employees change from 2020 to 2021?"
    stub = serve(Says("PART What does the visual voicemail software do for carriers?"), Fails(401))
    answer = ask(assistant, stub, question, [], scope=[FY2020, FY2021])
    offline = assistant.ask(question, [FY2020, FY2021])
    assert answer.sentences == offline.sentences
    assert len(stub.requests) == 2


def test_a_question_of_one_filing_is_not_planned(assistant: Assistant, serve: Serve) -> None:
    stub = serve(rewords(answers=lambda _: "NOT SAID"))
    ask(assistant, stub, "How did revenues change from 2020 to 2021?", [], scope=[FY2021])
    assert len(stub.requests) == 1


# Suggestions ----------------------------------------------------------------------------------------------------------


def suggesting(*questions: str) -> Says:
    return Says(lambda request: GOOD(request).replace("DONE", "\n".join(f"NEXT {one}" for one in questions) + "\nDONE"))


def test_what_the_model_suggests_and_the_filing_answers_is_offered_first(ovens: Assistant, serve: Serve) -> None:
    through = "Through whom are the ovens sold?"
    stub = serve(suggesting(through, "What did the ovens weigh in production?"))
    answer = ask(ovens, stub, FIRST, [])
    assert answer.text == IN_2022
    assert answer.followups[0] == through
    assert "What did the ovens weigh in production?" not in answer.followups
    assert all(ovens.ask(question, ["clean"]).answered for question in answer.followups)


@pytest.mark.parametrize(
    "suggested",
    [
        "How many of the 500 employees sell ovens?",
        "Who are the competitors of Northwind Traders?",
        "Is the CEO a lizard?",
        "Who sells [ovens](https://evil.example)?",
        "Who sells ovens ![x](https://evil.example/?q=1)?",
        FIRST,
        f"Who knows {KEY}?",
        "You write about companies for readers who check every word against the company's annual report.",
    ],
)
def test_a_suggestion_that_brings_something_new_is_not_offered(ovens: Assistant, serve: Serve, suggested: str) -> None:
    answer = ask(ovens, serve(suggesting(suggested)), FIRST, [])
    assert suggested not in answer.followups
    assert answer.followups == ask(ovens, serve(Says(GOOD)), FIRST, []).followups


# The rule itself ------------------------------------------------------------------------------------------------------

FILINGS = [filing("contoso-fy2020", 2020), filing("contoso-fy2021", 2021)]
KNOWN = {"carriers", "bought", "sell"}  # words of the filings
RIVAL = filing("kneadwell-fy2021", 2021, "Kneadwell Mixers Corp.", "KNDW")


@pytest.mark.parametrize(
    ("proposed", "may"),
    [
        ("How many test benches were sold in 2021?", True),
        ("How many test benches did Contoso sell in 2020?", True),
        ("How many test benches were sold in 2019?", False),
        ("How many test benches were sold to Kneadwell?", False),
        ("How many of the 12 test benches were sold?", True),
        ("How many of the 13 test benches were sold?", False),
        ("How many of the two test benches were sold?", False),
        ("What share of carriers bought test benches?", True),
        ("What share of pirates bought test benches?", False),
        ("", False),
    ],
)
def test_only_what_was_said_or_what_the_filings_name_may_be_asked(proposed: str, may: bool) -> None:
    said = ["How many of the 12 test benches were sold?"]
    assert (
        may_be_asked(proposed, said, [*FILINGS, RIVAL], FILINGS, lambda word: word in {"carriers", "bought", "sell"})
        is may
    )

"""All that is sent has room in the model's window: what it said before too, when it goes on or mends."""

from __future__ import annotations

import re
import threading

import pytest

from index.tokens import count_tokens
from rag.llm import LanguageModel
from rag.model_reply import Reply
from rag.prompts import JSON, LINES, Form, Prompt, Wish, mend_request, prompt_for
from tests.rag.conftest import Serve, model_at
from tests.rag.made_up import filing, passage
from tests.rag.stub_model import Says, StubModel, lines, objects

WINDOW = 2048
SOLD = [
    f"We sell test bench number {number} to carmakers in Europe, to builders of rail cars and to the makers of pumps."
    for number in range(40)
]
PASSAGES = [passage(f"{sentence} We service it as well.", number) for number, sentence in enumerate(SOLD)]
TOLD = [
    (f"It sells{sentence.removeprefix('We sell')}", f"number {number} ", sentence)
    for number, sentence in enumerate(SOLD)
]


def reply(stub: StubModel, form: Form) -> Reply:
    model = LanguageModel(model_at(stub.address, model_window=WINDOW))

    def fill(share: float) -> Prompt:
        return prompt_for(Wish("What is sold?"), PASSAGES, [filing("contoso-fy2021", 2021)], int(WINDOW * share), form)

    return Reply(model, fill, threading.Event())


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.model_failures.FIRST_PAUSE", 0.01)


def must_have_room(stub: StubModel) -> None:
    for request in stub.requests:
        assert count_tokens(request.prompt) < 0.9 * WINDOW, "something is left for the answer"
        assert "number 0 to carmakers" in request.prompt, "the best passage is always there"


@pytest.mark.parametrize("form", [LINES, JSON], ids=["lines", "object"])
def test_a_model_that_goes_on_is_not_sent_more_than_it_can_hold(serve: Serve, form: Form) -> None:
    says = (objects if form.schema else lines)(*TOLD[:6])
    stub = serve(Says(says, ends_after=1100), Says(says))
    drafts = list(reply(stub, form))
    assert [draft.text for draft in drafts] == [text for text, _, _ in TOLD[:6]]
    assert len(stub.requests) == 2
    must_have_room(stub)
    before, after = (request.prompt.count(" end of P") for request in stub.requests)
    assert 0 < after < before


def test_what_it_said_keeps_its_ids_when_fewer_passages_are_shown() -> None:
    few, many = (prompt_for(Wish("What?"), PASSAGES[::-1], [], tokens) for tokens in (WINDOW, 4 * WINDOW))
    shown = [set(re.findall(r"passage (P\S+) ", prompt.messages[1][1])) for prompt in (few, many)]
    assert set() < shown[0] < shown[1]
    assert few.passage_of == many.passage_of, "what was shown before may still be cited"


def test_a_model_that_mends_is_not_sent_more_than_it_can_hold(serve: Serve) -> None:
    stub = serve(Says(lines(*TOLD[:6])))
    first = reply(stub, LINES)
    failed = [(draft.text, "The figure 41% is not in the words that it cites.") for draft in first]
    model = LanguageModel(model_at(stub.address, model_window=WINDOW))
    mending = Reply(model, first._fill, threading.Event(), (first.said, ("user", mend_request(failed))))
    assert len(list(mending)) == 6
    must_have_room(stub)

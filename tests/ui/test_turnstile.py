"""Whose answer comes next when many are asked for at once."""

from __future__ import annotations

import time
from threading import Event, Thread
from typing import TYPE_CHECKING, cast

import pytest

from index.filing import IngestReport, Progress
from ui import turnstile
from ui.answering import OFTEN, Answering, Asker
from ui.intake import Intake, Tell
from ui.state import Task
from ui.turnstile import Busy, Share, Turnstile
from ui.warming import Warming

if TYPE_CHECKING:
    from rag.assistant import Assistant


class Visit:
    """Somebody who asks, waits, and leaves when told to."""

    def __init__(
        self, stile: Turnstile, visitor: str, gave_up: Event | None = None, share: Share | None = None
    ) -> None:
        self.entered, self.may_leave, self.left = Event(), Event(), Event()
        self.told: list[int] = []
        self.problem = ""
        self._gave_up = gave_up or Event()
        self._share = share or Share()
        before = stile.waiting
        Thread(target=self._visit, args=(stile, visitor), daemon=True).start()
        until(lambda: self.entered.is_set() or stile.waiting > before)

    def _visit(self, stile: Turnstile, visitor: str) -> None:
        try:
            with stile.place(visitor, self.told.append, self._gave_up.is_set, self._share):
                self.entered.set()
                self.may_leave.wait(30)
        except ValueError as problem:
            self.problem = str(problem)
        self.left.set()

    def leave(self) -> None:
        self.may_leave.set()
        assert self.left.wait(30)


def until(is_so: object) -> None:
    deadline = time.monotonic() + 30
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_no_more_than_its_places_are_inside() -> None:
    stile = Turnstile(places=2)
    first, second, third = (Visit(stile, name) for name in "abc")
    assert first.entered.wait(30)
    assert second.entered.wait(30)
    assert not third.entered.wait(0.2)
    assert third.told == [1]
    first.leave()
    assert third.entered.wait(30)
    second.leave()
    third.leave()
    assert stile.waiting == 0


def test_who_asks_much_does_not_make_others_wait_for_all_of_it() -> None:
    stile = Turnstile(places=1)
    greedy = [Visit(stile, "greedy") for _ in range(4)]
    modest = Visit(stile, "modest")
    assert modest.told == [1], "before three questions of the one who is being answered already"
    greedy[0].leave()
    assert modest.entered.wait(30)
    assert not any(visit.entered.is_set() for visit in greedy[1:])
    modest.leave()
    for visit in greedy[1:]:
        assert visit.entered.wait(30)
        visit.leave()


def test_who_gives_up_makes_room() -> None:
    stile, gave_up = Turnstile(places=1), Event()
    inside = Visit(stile, "a")
    impatient, patient = Visit(stile, "b", gave_up), Visit(stile, "c")
    assert patient.told == [2]
    gave_up.set()
    assert impatient.left.wait(30)
    assert "Stopped" in impatient.problem
    until(lambda: patient.told == [2, 1])
    inside.leave()
    assert patient.entered.wait(30)
    patient.leave()


def test_a_failure_inside_gives_the_place_back() -> None:
    stile = Turnstile(places=1)
    with pytest.raises(RuntimeError), stile.place("a", print):
        raise RuntimeError
    with stile.place("b", print):
        pass


def test_a_queue_that_is_too_long_sends_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "MOST_WAITING", 2)
    stile = Turnstile(places=1)
    visits = [Visit(stile, name) for name in "abc"]
    with pytest.raises(Busy, match="ask again in a minute"), stile.place("d", print):
        pass
    for visit in visits:
        assert visit.entered.wait(30)
        visit.leave()


def test_one_visitor_can_hold_neither_all_places_nor_all_of_the_queue() -> None:
    stile, share = Turnstile(places=2), Share(at_once=1, waiting=2)
    greedy = [Visit(stile, "greedy", share=share) for _ in range(3)]
    assert greedy[0].entered.wait(30)
    with pytest.raises(Busy, match="2 questions waiting already; ask again when one is answered"):
        stile._take("greedy", share)
    modest = Visit(stile, "modest", share=share)
    assert modest.entered.wait(30), "a place was left, before all that the other one still wants"
    assert not greedy[1].entered.is_set()
    for visit in [*greedy, modest]:
        assert visit.entered.wait(30)
        visit.leave()


def test_a_place_that_is_lent_is_given_back_and_the_last_one_is_never_lent() -> None:
    stile = Turnstile(places=2)
    with stile.a_place_lent(), stile.a_place_lent():
        first = Visit(stile, "a")
        assert first.entered.wait(30), "questions go on"
        second = Visit(stile, "b")
        assert not second.entered.wait(0.2)
    assert second.entered.wait(30), "nobody had to leave"
    first.leave()
    second.leave()


@pytest.mark.parametrize("breaks", [False, True])
def test_while_a_filing_is_embedded_one_answer_fewer_is_made_at_a_time(
    monkeypatch: pytest.MonkeyPatch, breaks: bool
) -> None:
    stile = Turnstile(places=2)
    monkeypatch.setattr("ui.intake.TURNSTILE", stile)
    may_embed, embeds, may_end = Event(), Event(), Event()

    def work(_assistant: Assistant, tell: Tell) -> IngestReport:
        tell(Progress("report.txt", "read"))
        may_embed.wait(30)
        for done in range(3):
            tell(Progress("report.txt", "embed", done, 3))
        embeds.set()
        may_end.wait(30)
        if breaks:
            raise ValueError("It broke off.")
        return IngestReport(())

    intake = Intake.begin(work, lambda: cast("Assistant", None))
    first, second = Visit(stile, "a"), Visit(stile, "b")
    assert first.entered.wait(30)
    assert second.entered.wait(30), "it is only being read, in a process of its own"
    may_embed.set()
    assert embeds.wait(30)
    third = Visit(stile, "c")
    first.leave()
    assert not third.entered.wait(0.2), "the place that became free is the filing's"
    second.leave()
    assert third.entered.wait(30)
    fourth = Visit(stile, "d")
    may_end.set()
    until(lambda: intake.ended)
    assert fourth.entered.wait(30), "given back"
    third.leave()
    fourth.leave()


def test_an_operator_sees_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked from where the page's numbers come, with real queues: one visitor inside each, others behind him."""
    from starlette.requests import Request

    from ui.metrics import metrics
    from ui.turnstile import TURNSTILE, UPLOADS

    def waiting() -> dict[str, float]:
        page = bytes(metrics(Request({"type": "http"})).body).decode()
        lines = [line for line in page.splitlines() if line.startswith("footnote_waiting{")]
        return {line.split('"')[1]: float(line.split()[-1]) for line in lines}

    over = Event()

    def stay(queue: Turnstile, visitor: str) -> None:
        with queue.place(visitor, lambda _place: None):
            over.wait(30)

    visits = [Thread(target=stay, args=(UPLOADS, f"visitor {n}"), daemon=True) for n in range(3)]
    visits += [Thread(target=stay, args=(TURNSTILE, f"visitor {n}"), daemon=True) for n in range(TURNSTILE.places + 1)]
    assert waiting() == {"an answer": 0, "an upload": 0}
    for visit in visits:
        visit.start()
    until = time.monotonic() + 20
    while waiting() != {"an answer": 1, "an upload": 2} and time.monotonic() < until:
        time.sleep(0.02)
    seen = waiting()
    over.set()
    for visit in visits:
        visit.join(30)
    assert seen == {"an answer": 1, "an upload": 2}


def test_who_has_long_to_wait_looks_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    stile = Turnstile(places=1)
    monkeypatch.setattr("ui.answering.TURNSTILE", stile)
    visits = [Visit(stile, f"visitor {number}") for number in range(20)]
    warming = Warming()
    warming.assistant = cast("Assistant", object())
    warming._ready.set()
    last = Answering(Task("What?", question="What?"), (), Asker(visitor="last"))
    assert last.looks_every == OFTEN
    last.begin(warming)
    until(lambda: last.turn.steps)
    assert last.looks_every > 3 * OFTEN
    last.stop()
    assert last.wait(30)
    for visit in visits:
        assert visit.entered.wait(30)
        visit.leave()

"""A demonstration: what strangers may do, and that none sees what another one brought."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
import streamlit as st

from index.build import FilingIndex
from rag.assistant import Assistant
from rag.kept import SharedTurn, now
from tests.index.standins import write_filing
from ui.compare_page import _compared
from ui.demo import Demo, payer_of
from ui.demo_limits import DemoLimits, Spent, must_be_allowed
from ui.desk import Desk
from ui.guests import Guests
from ui.state import Session


@pytest.fixture
def host(open_index: Callable[..., FilingIndex], tmp_path: Path) -> Assistant:
    shipped = Assistant(open_index())
    shipped.ingest([write_filing(tmp_path, 1)])
    return shipped


@pytest.fixture
def guests(host: Assistant) -> Iterator[Guests]:
    open_house = Guests(host, DemoLimits(guests=2, idle_minutes=30))
    yield open_house
    for session in ("ann", "ben"):
        open_house.forget(session)


def ids(assistant: Assistant) -> list[str]:
    return [filing.id for filing in assistant.filings()]


def test_what_one_visitor_takes_in_nobody_else_sees(host: Assistant, guests: Guests, tmp_path: Path) -> None:
    shipped = ids(host)
    taken = guests.own("ann").ingest([write_filing(tmp_path, 2)]).outcomes[0]
    assert taken.status == "added"
    assert ids(guests.assistant_of("ann")) == [*shipped, taken.filing_id]
    assert guests.assistant_of("ben") is host
    guests.own("ben").ingest([write_filing(tmp_path, 3)])
    assert taken.filing_id not in ids(guests.assistant_of("ben"))
    assert ids(host) == shipped


def test_a_guest_can_ask_the_shipped_filings_and_their_own(guests: Guests, tmp_path: Path, host: Assistant) -> None:
    own = guests.own("ann")
    own.ingest([write_filing(tmp_path, 2)])
    assert {hit.passage.filing_id for hit in own.search("customers renew", k=50)} == set(ids(own))
    assert own.text(ids(host)[0]) == host.text(ids(host)[0])


def test_after_a_visitor_has_gone_nothing_is_left(guests: Guests, tmp_path: Path) -> None:
    own = guests.own("ann")
    own.ingest([write_filing(tmp_path, 2)])
    folder = own.index.settings.data_dir
    guests.forget_idle()
    assert folder.exists(), "there was a sign of them just now"
    guests.limits = DemoLimits(idle_minutes=0)
    guests.forget_idle()
    assert not folder.exists()
    assert guests.assistant_of("ann") is guests.host


def test_there_is_room_for_so_many_guests(guests: Guests) -> None:
    guests.own("ann")
    guests.own("ben")
    with pytest.raises(Spent, match="try again later"):
        guests.own("cid")


def test_a_guests_share_outlives_their_library(guests: Guests, tmp_path: Path, host: Assistant) -> None:
    own = guests.own("ann")
    own.ingest([write_filing(tmp_path, 2)])
    answer = own.ask("Which customers renew?")
    share_id = own.records.share([SharedTurn("Which customers renew?", answer)])
    guests.forget("ann")
    shared = host.records.shared(share_id)
    assert shared is not None
    assert shared.turns[0].answer == answer


def test_a_visitors_questions_are_counted_and_end(host: Assistant) -> None:
    limits = DemoLimits(questions=2, all_questions=3)
    must_be_allowed(host.allowances, limits, "questions", "10.0.0.1")
    must_be_allowed(host.allowances, limits, "questions", "10.0.0.1")
    with pytest.raises(Spent, match="yours are used up"):
        must_be_allowed(host.allowances, limits, "questions", "10.0.0.1")
    must_be_allowed(host.allowances, limits, "questions", "10.0.0.2")
    with pytest.raises(Spent, match="All visitors together have"):
        must_be_allowed(host.allowances, limits, "questions", "10.0.0.2")


def demo_with(host: Assistant, guests: Guests, **limits: int) -> Demo:
    return Demo(host, DemoLimits(**limits), guests)


def test_every_file_of_an_upload_is_counted_and_so_are_its_bytes(host: Assistant, guests: Guests) -> None:
    demo = demo_with(host, guests, uploads=3, uploaded_kilobytes=100, all_uploaded_kilobytes=150)
    demo.may_upload("10.0.0.1", [40_000, 40_000])
    with pytest.raises(Spent, match="3 files a day here, and this would be more"):
        demo.may_upload("10.0.0.1", [1, 1])
    with pytest.raises(Spent, match="100 kB of files a day here"):
        demo.may_upload("10.0.0.2", [99_000, 2_000])
    demo.may_upload("10.0.0.3", [60_000])
    with pytest.raises(Spent, match="All visitors together have 150 kB of files a day"):
        demo.may_upload("10.0.0.4", [60_000])


def test_links_and_thumbs_are_counted_for_they_outlive_a_visitor(host: Assistant, guests: Guests) -> None:
    demo = demo_with(host, guests, kept=1)
    demo.may_keep("10.0.0.1")
    with pytest.raises(Spent, match="1 links and thumbs a day here, and yours are used up"):
        demo.may_keep("10.0.0.1")


def test_what_visitors_left_is_forgotten_after_a_time(
    host: Assistant, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = SharedTurn("Which customers renew?", host.ask("Which customers renew?"))
    assert turn.answer is not None
    old = (datetime.now(UTC) - timedelta(days=31)).isoformat(timespec="milliseconds")
    for moment in (old, now()):
        monkeypatch.setattr("rag.records.now", lambda moment=moment: moment)
        links = host.records.share([turn]), host.records.share([turn])
        host.records.keep("ann", f"conversation of {moment}", moment, [turn])
        host.records.note_feedback(turn.answer, "up", moment)
    guests.forget_old()
    assert [one.title for one in host.records.conversations("ann")] == [moment]
    assert [one.reason for one in host.records.feedback()] == [moment]
    assert all(host.records.shared(link) for link in links)
    guests.limits = DemoLimits(all_conversations=0, all_links=0, all_thumbs=0)
    guests.forget_old()
    assert (host.records.conversations("ann"), host.records.feedback()) == ([], [])
    assert not any(host.records.shared(link) for link in links)


def test_when_the_clock_jumps_nothing_is_forgotten(host: Assistant, guests: Guests) -> None:
    host.records.keep("ann", "conversation", "Renewals", [SharedTurn("Why?", problem="It broke off.")])
    guests.limits = DemoLimits(kept_days=0)
    guests._clocks_apart -= 400 * 86_400
    guests.forget_old()
    assert len(host.records.conversations("ann")) == 1
    guests._clocks_apart += 400 * 86_400
    guests.forget_old()
    assert host.records.conversations("ann") == []


def test_a_comparison_is_work_and_counts_like_a_question(
    host: Assistant, guests: Guests, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    host.ingest([write_filing(tmp_path, 2)])
    monkeypatch.setattr("ui.compare_page.visitor_of", lambda _session: "10.0.0.1")
    desk = cast("Desk", SimpleNamespace(session=None, demo=demo_with(host, guests, questions=1)))
    first, second = ((filing.id, filing.sha256) for filing in host.filings())
    st.cache_resource.clear()
    _, summaries = _compared(desk, host, (first, second))
    assert len(summaries) == 2
    _compared(desk, host, (first, second))  # nothing is worked out anew
    with pytest.raises(Spent, match="1 questions a day here"):
        _compared(desk, host, (second, first))
    st.cache_resource.clear()


def test_a_visitors_tokens_are_counted_over_all_their_tabs(
    host: Assistant, guests: Guests, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.demo.visitor_of", lambda session: session.address)
    tabs = [cast("Session", SimpleNamespace(id=number, address="10.0.0.1")) for number in ("one", "two")]
    stranger = cast("Session", SimpleNamespace(id="three", address="10.0.0.2"))
    demo = demo_with(host, guests)
    assert payer_of(tabs[0], demo) == payer_of(tabs[1], demo) != payer_of(stranger, demo)
    assert "10.0.0.1" not in payer_of(tabs[0], demo)
    assert payer_of(tabs[0], None) != payer_of(tabs[1], None)


def test_a_demonstration_limits_tokens_where_no_setting_does(host: Assistant) -> None:
    budget = host._at_hand.budget
    budget.daily_tokens = 7
    host.limit_tokens(100, 1000)
    assert (budget.session_tokens, budget.daily_tokens) == (100, 7)


def test_limits_are_read_and_a_wrong_one_is_named() -> None:
    assert DemoLimits.read({"FOOTNOTE_DEMO_QUESTIONS": "7"}).questions == 7
    with pytest.raises(ValueError, match="FOOTNOTE_DEMO_GUESTS is a whole number"):
        DemoLimits.read({"FOOTNOTE_DEMO_GUESTS": "many"})

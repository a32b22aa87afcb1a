"""Streamlit ends a run of the script wherever the next press finds it: what it was about is done by the next run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import streamlit as st

from rag.assistant import Assistant
from tests.ui.conftest import OpenPage, cards
from ui.state import Session, Task, Turn

OWNER = "0123456789abcdef" * 3


@pytest.fixture
def session() -> Iterator[Session]:
    st.session_state.clear()
    yield Session()
    st.session_state.clear()


def test_a_visitor_is_known_though_the_run_that_was_told_was_ended(
    open_page: OpenPage, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(assistant)
    # The browser's word came, and the run ended in the callback that was to hear it: it is there, and called no more.
    monkeypatch.setattr("ui.earlier.draw_visitor", lambda **_: None)
    page.session_state["visitor"] = {"id": OWNER}
    page.button(key="summary").click().run().run()
    assert len(cards(page)) == 2, "an answer, and the reader"
    assert [one.title for one in assistant.records.conversations(OWNER)] == ["Business model, 10-K FY2021"]


@pytest.mark.parametrize("place", [None, 0])
def test_a_turn_that_is_finished_again_is_there_once_and_takes_no_other_task_along(
    session: Session, place: int | None
) -> None:
    session.want(first := Task("First"))
    session.finish(Turn(first))
    session.want(task := Task("Second", turn=place), following := Task("Second", turn=place))
    turn = Turn(task)
    for _ in range(2):
        session.finish(turn)
        assert session.turns[-1] is turn
        assert len(session.turns) == (2 if place is None else 1)
        assert session.next_task is following

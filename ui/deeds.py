"""What a visitor does with an answer: stop it, ask again or otherwise, judge it, pass it on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import streamlit as st

from rag.kept import UnusableRecords
from ui.answer_card import OnDeed
from ui.demo import visitor_of
from ui.demo_limits import Spent
from ui.desk import Desk
from ui.sharing import share_link
from ui.state import Task
from ui.wording import for_markdown, without_folder

LONGEST_QUESTION = 500
LONGEST_REASON = 500


def deeds(desk: Desk) -> OnDeed:
    """What to do when an answer's card tells of a press."""
    session = desk.session

    def do(number: int, deed: dict[str, Any]) -> None:
        match deed:
            case {"kind": "stop"} if session.answering:
                session.answering.stop()
            case {"kind": "again"} if number < len(session.turns):
                session.again(number)
            case {"kind": "ask", "question": str(question)} if question.strip():
                title = question.strip()[:LONGEST_QUESTION]
                session.want(Task(title, tuple(desk.chosen), title))
            case {"kind": "share"} if desk.assistant and number < len(session.turns):
                turn = session.turns[number]
                session.change(number, replace(turn, share=share_link(desk.assistant, [turn], session, desk.demo)))
            case {"kind": "thumb", "up": bool(up), "reason": str(reason)} if number < len(session.turns):
                _judge(desk, number, "up" if up else "down", reason)

    return do


def _judge(desk: Desk, number: int, thumb: Literal["up", "down"], reason: str) -> None:
    turn = desk.session.turns[number]
    desk.session.change(number, replace(turn, thumb=thumb))
    if desk.assistant and turn.answer:
        try:
            if desk.demo:
                desk.demo.may_keep(visitor_of(desk.session))
            desk.assistant.records.note_feedback(turn.answer, thumb, reason[:LONGEST_REASON])
        except (UnusableRecords, Spent) as problem:
            st.toast(for_markdown(without_folder(str(problem), desk.assistant.index.settings.data_dir)))

"""What a visitor does with an answer: stop it, ask again or otherwise, judge it, pass it on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ui.answer_card import OnDeed
from ui.desk import Desk
from ui.state import Task

LONGEST_QUESTION = 500


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
            case {"kind": "thumb", "up": bool(up), "reason": str()} if number < len(session.turns):
                session.change(number, replace(session.turns[number], thumb="up" if up else "down"))

    return do

"""What one visitor's session holds: the conversation, what is still to be done, and the footnote that lies open."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from rag.answer import Answer, Citation
from ui.intake import Intake


@dataclass(frozen=True)
class Task:
    """Something the visitor wants: a question answered, or a filing summarised."""

    title: str
    filing_ids: tuple[str, ...] = ()  # none: the whole library
    question: str = ""  # none: a summary of the filing
    facets: tuple[str, ...] = ()  # none: all of them


@dataclass(frozen=True)
class Turn:
    """What was wanted and what came of it: an answer with the steps that led there, or a problem in one sentence."""

    title: str
    answer: Answer | None = None
    steps: tuple[str, ...] = ()
    problem: str = ""

    @property
    def footnotes(self) -> tuple[Citation, ...]:
        """The answer's footnotes, each number once, in order."""
        sentences = self.answer.sentences if self.answer else ()
        by_number = {citation.number: citation for sentence in sentences for citation in sentence.citations}
        return tuple(by_number[number] for number in sorted(by_number))


@dataclass(frozen=True)
class OpenFootnote:
    """The footnote that the reader shows; `presses` tells a second press of the same one from a mere redraw."""

    turn: int
    number: int
    presses: int


class Session:
    """Named access to st.session_state, which outlives each run of the script."""

    def __init__(self) -> None:
        self._state = st.session_state
        self._state.setdefault("turns", [])
        self._state.setdefault("tasks", [])
        self._state.setdefault("open_footnote", None)
        self._state.setdefault("conversation", 0)
        self._state.setdefault("intake", None)
        self._state.setdefault("listed_seen", ())

    @property
    def turns(self) -> list[Turn]:
        return list(self._state.turns)

    @property
    def next_task(self) -> Task | None:
        return self._state.tasks[0] if self._state.tasks else None

    @property
    def conversation(self) -> int:
        """Its number; part of the keys of its elements, so that a new one starts with fresh ones."""
        return int(self._state.conversation)

    @property
    def open_footnote(self) -> OpenFootnote | None:
        found: OpenFootnote | None = self._state.open_footnote
        return found

    @property
    def intake(self) -> Intake | None:
        """The filings that this visitor added last, on their way in or there."""
        found: Intake | None = self._state.intake
        return found

    @intake.setter
    def intake(self, intake: Intake) -> None:
        self._state.intake, self._state.listed_seen = intake, ()

    def newly_listed(self, in_library: list[str]) -> list[str]:
        """Of the filings that this visitor adds, those that are there now, if one has come since the last time."""
        listed = [filing_id for filing_id in self.intake.listed if filing_id in in_library] if self.intake else []
        is_new = len(listed) > len(self._state.listed_seen)
        self._state.listed_seen = tuple(listed)
        return listed if is_new else []

    @property
    def history(self) -> tuple[Answer, ...]:
        return tuple(turn.answer for turn in self._state.turns if turn.answer is not None)

    def want(self, *tasks: Task) -> None:
        """Put tasks in the queue. They wait there until they are done, so that no press in between loses them."""
        self._state.tasks = [*self._state.tasks, *tasks]

    def finish(self, turn: Turn) -> None:
        self._state.turns = [*self._state.turns, turn]
        self._state.tasks = self._state.tasks[1:]

    def press(self, turn: int, number: int) -> None:
        before = self.open_footnote
        self._state.open_footnote = OpenFootnote(turn, number, before.presses + 1 if before else 1)

    def start_anew(self) -> None:
        self._state.turns, self._state.tasks, self._state.open_footnote = [], [], None
        self._state.conversation += 1

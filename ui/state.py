"""What one visitor's session holds: the conversation, what is still to be done, and what the reader shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from secrets import token_hex
from typing import TYPE_CHECKING, Literal

import streamlit as st

from rag.answer import Answer, Citation, Sentence
from ui.intake import Intake

if TYPE_CHECKING:
    from rag.model_settings import ModelSettings
    from ui.answering import Answering

Thumb = Literal["", "up", "down"]


@dataclass(frozen=True)
class Task:
    """Something the visitor wants: a question answered, or a filing summarised."""

    title: str
    filing_ids: tuple[str, ...] = ()  # none: the whole library
    question: str = ""  # none: a summary of the filing
    facets: tuple[str, ...] = ()  # none: all of them
    turn: int | None = None  # the turn whose answer it replaces; none: a new one


@dataclass(frozen=True)
class Turn:
    """What was wanted and what came of it so far: an answer with the steps that led there, or a problem."""

    task: Task
    answer: Answer | None = None
    sentences: tuple[Sentence, ...] = ()  # verified already, while the rest is being made
    steps: tuple[str, ...] = ()
    problem: str = ""  # in one sentence
    thumb: Thumb = ""
    share: str = ""  # the id of its link, once there is one

    @property
    def title(self) -> str:
        return self.task.title

    @property
    def shown(self) -> tuple[Sentence, ...]:
        return self.answer.sentences if self.answer else self.sentences

    @property
    def footnotes(self) -> tuple[Citation, ...]:
        """The footnotes of what is shown, each number once, in order."""
        by_number = {citation.number: citation for sentence in self.shown for citation in sentence.citations}
        return tuple(by_number[number] for number in sorted(by_number))


@dataclass(frozen=True)
class Place:
    """Where the reader is to open: a filing, and words in it where it is not just its start."""

    filing_id: str
    start: int = 0
    end: int = 0


class Session:
    """Named access to st.session_state, which outlives each run of the script."""

    def __init__(self) -> None:
        self._state = st.session_state
        for name, value in {
            "turns": (),
            "tasks": (),
            "answering": None,
            "conversation": 0,
            "conversation_id": token_hex(12),
            "shared_as": "",
            "session_id": token_hex(16),
            "owner": "",
            "user": "",
            "model": None,
            "reading": None,
            "opens": 0,
            "heard": 0,
            "followed": False,
            "intake": None,
            "listed_seen": (),
        }.items():
            self._state.setdefault(name, value)

    # The conversation -------------------------------------------------------------------------------------------------

    @property
    def turns(self) -> tuple[Turn, ...]:
        found: tuple[Turn, ...] = self._state.turns
        return found

    @property
    def next_task(self) -> Task | None:
        return self._state.tasks[0] if self._state.tasks else None

    @property
    def conversation(self) -> int:
        """Its number; part of the keys of its elements, so that a new one starts with fresh ones."""
        return int(self._state.conversation)

    def history(self, task: Task) -> tuple[Answer, ...]:
        """What was answered before this task."""
        return tuple(turn.answer for turn in self.turns[: task.turn] if turn.answer is not None)

    def want(self, *tasks: Task) -> None:
        """Put tasks in the queue. They wait there until they are done, so that no press in between loses them."""
        self._state.tasks = (*self._state.tasks, *tasks)

    def finish(self, turn: Turn) -> None:
        """The turn in its place, and its task out of the queue; done twice, it is as done once.

        Streamlit ends a run at any of these accesses where a press has come, and the next run begins with it anew.
        """
        self._state.turns = self.turns_with(turn)
        self._state.shared_as = ""  # the link shows what was there when it was made
        self._state.tasks = tuple(task for task in self._state.tasks if task is not turn.task)

    def turns_with(self, turn: Turn) -> tuple[Turn, ...]:
        """The turns once this one is in its place."""
        turns, place = self.turns, turn.task.turn
        if any(one is turn for one in turns):
            return turns
        return (*turns, turn) if place is None else (*turns[:place], turn, *turns[place + 1 :])

    def change(self, number: int, turn: Turn) -> None:
        self._state.turns = (*self.turns[:number], turn, *self.turns[number + 1 :])

    def again(self, number: int) -> None:
        """Answer a turn's question anew, in its place."""
        self.want(replace(self.turns[number].task, turn=number))

    @property
    def conversation_id(self) -> str:
        """By which it is kept."""
        return str(self._state.conversation_id)

    @property
    def shared_as(self) -> str:
        """The id of the link to the conversation, once there is one."""
        return str(self._state.shared_as)

    @shared_as.setter
    def shared_as(self, share_id: str) -> None:
        self._state.shared_as = share_id

    def start_anew(self, turns: tuple[Turn, ...] = (), conversation_id: str = "") -> None:
        """A new conversation, or one that was kept."""
        if self.answering:
            self.answering.stop()
            self.answering = None
        self._state.turns, self._state.tasks, self._state.shared_as = turns, (), ""
        self._state.conversation += 1
        self._state.conversation_id = conversation_id or token_hex(12)

    @property
    def answering(self) -> Answering | None:
        """The first task in the queue at work."""
        found: Answering | None = self._state.answering
        return found

    @answering.setter
    def answering(self, answering: Answering | None) -> None:
        self._state.answering = answering

    # The visitor ------------------------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        """What the model's tokens are counted by, and the uploads of a demonstration kept by."""
        return str(self._state.session_id)

    @property
    def owner(self) -> str:
        """Whose conversations these are; '' as long as the browser has not told, or where it keeps nothing."""
        return str(self._state.owner)

    @owner.setter
    def owner(self, owner: str) -> None:
        self._state.owner = owner

    @property
    def user(self) -> str:
        """Who signed in; '' where nobody has."""
        return str(self._state.user)

    @user.setter
    def user(self, user: str) -> None:
        self._state.user = user

    @property
    def model(self) -> ModelSettings | None:
        """The language model that the visitor chose for this session; none: the server's."""
        found: ModelSettings | None = self._state.model
        return found

    def use_model(self, settings: ModelSettings | None) -> None:
        self._state.model = settings

    # The reader -------------------------------------------------------------------------------------------------------

    @property
    def reading(self) -> Place | None:
        """What the visitor turned to; none: the reader shows one of the chosen filings."""
        found: Place | None = self._state.reading
        return found

    @reading.setter
    def reading(self, place: Place | None) -> None:
        self._state.reading = place

    @property
    def opens(self) -> int:
        """How often the page itself, and no press of a footnote, has opened the reader at a place."""
        return int(self._state.opens)

    def open_at(self, place: Place) -> None:
        self._state.reading = place
        self._state.opens += 1

    @property
    def heard(self) -> int:
        """The number of the reader's last question for a filing (ui/reader_pane.js counts them)."""
        return int(self._state.heard)

    @heard.setter
    def heard(self, number: int) -> None:
        self._state.heard = number

    @property
    def followed(self) -> bool:
        """Whether the link that the visitor came by has been followed."""
        return bool(self._state.followed)

    @followed.setter
    def followed(self, is_done: bool) -> None:
        self._state.followed = is_done

    # Filings on their way in ------------------------------------------------------------------------------------------

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

"""An answer in the making: the work goes on in a thread, while the page shows what is verified so far.

A press ends Streamlit's run of the script, and a new run draws the page anew. The work must neither end nor start again
with it: it is kept in the session, and every run looks how far it is.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING, TypedDict

from ui.state import Task, Turn
from ui.turnstile import TURNSTILE, Share
from ui.warming import Warming
from ui.wording import sentence_of

if TYPE_CHECKING:
    from rag.answer import Answer, Sentence
    from rag.assistant import Assistant
    from rag.model_settings import ModelSettings
    from ui.demo import Demo

log = logging.getLogger(__name__)
LOADING = "Loading the model that searches by meaning. This happens once and takes about ten seconds."
OFTEN, SELDOM, A_PLACE = 0.2, 2.0, 0.04  # seconds; a place in the queue takes longer than that
FAILED = "This could not be answered; the server's log says why."


@dataclass(frozen=True)
class Asker:
    """On whose behalf an answer is made."""

    session: str = ""
    visitor: str = ""
    model: ModelSettings | None = None  # their own, where they brought one
    assistant: Assistant | None = None  # their own, where they have one; else the warming one
    demo: Demo | None = None


class Told(TypedDict):
    """What both kinds of answers report to, and heed."""

    on_step: Callable[[str], None]
    on_sentence: Callable[[Sentence], None]
    stop: Event
    model: ModelSettings | None
    session: str


class Answering:
    """One task at work; the thread writes, the page reads."""

    def __init__(self, task: Task, history: Sequence[Answer], asker: Asker) -> None:
        self.task = task
        self._history = tuple(history)
        self._asker = asker
        self._steps: list[str] = []
        self._sentences: list[Sentence] = []
        self._turn: Turn | None = None
        self._place = 0  # in the queue; 0: nobody is before it
        self._stop = Event()
        self._news = Condition()

    def begin(self, warming: Warming) -> None:
        """Start; returns at once."""
        Thread(target=self._run, args=(warming,), name="answering", daemon=True).start()

    @property
    def ended(self) -> bool:
        return self._turn is not None

    @property
    def turn(self) -> Turn:
        """What there is of it; whole at the end."""
        return self._turn or Turn(self.task, sentences=tuple(self._sentences), steps=tuple(self._steps))

    @property
    def looks_every(self) -> float:
        """The seconds between two looks at it: fifty who wait and all look often would take half of the processors."""
        return min(SELDOM, max(OFTEN, self._place * A_PLACE))

    def stop(self) -> None:
        """End it soon; what is verified by then stays."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait for its end, but not longer than this; whether it has ended."""
        with self._news:
            return self._news.wait_for(lambda: self.ended, seconds)

    def _run(self, warming: Warming) -> None:
        try:
            assistant = self._when_ready(warming)
            if self._asker.demo:
                self._asker.demo.may_ask(self._asker.visitor)
            share = self._asker.demo.share if self._asker.demo else Share()
            with TURNSTILE.place(self._asker.visitor, self._tell_place, self._stop.is_set, share):
                answer = self._answer(assistant)
            turn = Turn(self.task, answer, steps=tuple(self._steps))
        except (ValueError, KeyError) as error:
            turn = Turn(self.task, problem=sentence_of(error))
        except Exception:
            log.exception("the task failed")
            turn = Turn(self.task, problem=FAILED)
        with self._news:
            self._turn = turn
            self._news.notify_all()

    def _answer(self, assistant: Assistant) -> Answer:
        task = self.task
        told: Told = {
            "on_step": self._steps.append,
            "on_sentence": self._sentences.append,
            "stop": self._stop,
            "model": self._asker.model,
            "session": self._asker.session,
        }
        if task.question:
            return assistant.ask(task.question, task.filing_ids or None, self._history, **told)
        return assistant.summarize(task.filing_ids[0], task.facets or None, **told)

    def _when_ready(self, warming: Warming) -> Assistant:
        """The assistant, as soon as it can be asked; a visitor who comes early is told what they wait for."""
        if not warming.ready:
            self._steps.append(LOADING)
        while not warming.wait(0.2):
            if self._stop.is_set():
                raise ValueError("Stopped while the model was being loaded.")
        if warming.assistant is None:
            raise ValueError(f"The library could not be opened: {warming.problem}")
        return self._asker.assistant or warming.assistant

    def _tell_place(self, place: int) -> None:
        self._place = place
        if place > 1 or TURNSTILE.is_full:
            self._steps.append(f"Waiting: {'you are next' if place == 1 else f'{place - 1} before you'}.")

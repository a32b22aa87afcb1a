"""Taking filings in behind the page: the work goes on in a thread, while the visitor reads and asks."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING

from index.filing import IngestReport, Outcome, Progress
from ui.turnstile import TURNSTILE, UPLOADS
from ui.wording import sentence_of, time_left, without_folder

if TYPE_CHECKING:
    from rag.assistant import Assistant

log = logging.getLogger(__name__)
STAGES = {
    "fetch": "fetching from EDGAR",
    "read": "reading",
    "listed": "can be asked now",
    "embed": "reading for meaning",
    "store": "storing",
}
QUICK = 0.001  # seconds
Tell = Callable[[Progress], None]
Work = Callable[["Assistant", Tell], IngestReport]


@dataclass(frozen=True)
class Told:
    """What became of a file, in one line that names it."""

    line: str
    is_refused: bool = False


@contextmanager
def _quick_turns() -> Iterator[None]:
    """Python's threads take turns more often: one that embeds waits for its turn some hundred times a second.

    An answer, which works in Python alone, gives its turn up only when it is told to, 5 ms later as Python has it.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(QUICK)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


class Intake:
    """One visitor's filings on their way in; the thread writes, the page reads."""

    def __init__(self, visitor: str = "", names: Sequence[str] = ()) -> None:
        self.visitor = visitor
        self.names = names  # of the files, where it is files that are taken in
        self.place = 0  # in the queue, as long as it waits
        self.latest: Progress | None = None
        self.listed: list[str] = []  # the ids of what can be asked already
        self.outcomes: tuple[Told, ...] = ()  # one for each file, at the end
        self._assistant: Assistant | None = None
        self._lent = ExitStack()  # gives back at the end what the answers have lent
        self._is_lent_a_place = False
        self._cancelled = Event()
        self._ended = Event()

    @classmethod
    def begin(
        cls, work: Work, open_library: Callable[[], Assistant], visitor: str = "", names: Sequence[str] = ()
    ) -> Intake:
        """Do the work in the library that will be open; where that takes time, it is taken in the thread."""
        intake = cls(visitor, names)
        Thread(target=intake._run, args=(work, open_library), name="intake", daemon=True).start()
        return intake

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    @property
    def share(self) -> float:
        """How much of what is being embedded is done."""
        return self.latest.done / self.latest.total if self.latest and self.latest.total else 0.0

    @property
    def line(self) -> str:
        """How far it is, for the visitor."""
        if self._cancelled.is_set():
            return "Cancelling: what is not wholly taken in is taken out again."
        now = self.latest
        if now is None:
            before = f"; {self.place - 1} {'wait' if self.place > 2 else 'waits'} before you" if self.place > 1 else ""
            return f"Waiting until what others added is taken in{before}."
        count = f" {now.done} of {now.total}" if now.total else ""
        can_ask = " You can ask it already." if now.stage in ("embed", "store") else ""
        return f"{now.source}: {STAGES[now.stage]}{count}{time_left(now.seconds_left)}.{can_ask}"

    def cancel(self) -> None:
        """Take out again what is not wholly taken in; what is, stays."""
        self._cancelled.set()
        for filing_id in list(self.listed):
            self._take_out(filing_id)

    def _run(self, work: Work, open_library: Callable[[], Assistant]) -> None:
        try:
            with UPLOADS.place(self.visitor, self._tell_place, self._cancelled.is_set), self._lent:
                self._assistant = open_library()
                self.outcomes = tuple(map(self._line_of, work(self._assistant, self._note).outcomes))
        except Exception as error:
            if not self._cancelled.is_set():
                log.exception("taking in failed")
            why = self._for_visitors(sentence_of(error))
            self.outcomes = tuple(Told(f"{name}: {why}", True) for name in self.names) or (Told(why, True),)
        finally:
            self._ended.set()

    def _tell_place(self, place: int) -> None:
        self.place = place

    def _note(self, progress: Progress) -> None:
        if progress.stage == "listed":
            self.listed.append(progress.filing_id)
            if self._cancelled.is_set():
                self._take_out(progress.filing_id)
        if progress.stage == "embed" and not self._is_lent_a_place:
            self._is_lent_a_place = True
            self._lent.enter_context(TURNSTILE.a_place_lent())
            self._lent.enter_context(_quick_turns())
        if progress.stage != "done":
            self.latest = progress

    def _take_out(self, filing_id: str) -> None:
        if self._assistant and filing_id in self._assistant.index.library.unfinished():
            self._assistant.remove(filing_id)
            self.listed.remove(filing_id)

    def _line_of(self, outcome: Outcome) -> Told:
        name = outcome.path.name
        if outcome.problem:
            why = self._for_visitors(outcome.problem)
            return Told(why if why.startswith(name) else f"{name}: {why}", outcome.status == "refused")
        if outcome.status == "added" and self._cancelled.is_set() and outcome.filing_id not in self.listed:
            return Told(f"{name}: cancelled.")
        return Told(f"{name}: {'added' if outcome.status == 'added' else 'was already there'}.")

    def _for_visitors(self, words: str) -> str:
        return without_folder(words, self._assistant.index.settings.data_dir) if self._assistant else words

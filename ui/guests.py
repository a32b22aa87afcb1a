"""Visitors of a demonstration: each who uploads gets a library of their own, which is forgotten after them.

It is a copy of the shipped one in a folder of its own, with their filings beside it. So nothing that one visitor takes
in can be seen by another, whatever is asked; and forgetting it is removing a folder.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Timer
from typing import TYPE_CHECKING

from ui.demo_limits import DemoLimits, Spent

if TYPE_CHECKING:
    from rag.assistant import Assistant

log = logging.getLogger(__name__)
LOOKS_EVERY = 60.0  # seconds
CLOCK_MAY_ERR = 3600.0  # seconds
NEVER = 365_000  # days


@dataclass
class Guest:
    """A visitor who uploaded, and when there was last a sign of them."""

    assistant: Assistant
    folder: Path
    seen: float


class Guests:
    """The visitors' own libraries of this process."""

    def __init__(self, host: Assistant, limits: DemoLimits) -> None:
        self.host = host
        self.limits = limits
        self._guests: dict[str, Guest] = {}
        self._lock = Lock()
        self._clocks_apart = time.time() - time.monotonic()
        self._look_later()

    def assistant_of(self, session: str) -> Assistant:
        """The visitor's own where there is one, else the shipped one; a sign of life."""
        with self._lock:
            guest = self._guests.get(session)
            if guest:
                guest.seen = time.monotonic()
            return guest.assistant if guest else self.host

    def own(self, session: str) -> Assistant:
        """A library for what this visitor takes in."""
        with self._lock:
            if session not in self._guests:
                if len(self._guests) >= self.limits.guests:
                    raise Spent("As many visitors as this demonstration has room for have uploaded; try again later.")
                self._guests[session] = self._welcome()
            return self._guests[session].assistant

    def forget(self, session: str) -> None:
        """Remove what a visitor took in."""
        with self._lock:
            guest = self._guests.pop(session, None)
        if guest:
            guest.assistant.close()
            shutil.rmtree(guest.folder, ignore_errors=True)

    def forget_idle(self) -> None:
        """Remove what those took in of whom there has long been no sign."""
        latest = time.monotonic() - self.limits.idle_minutes * 60
        with self._lock:
            gone = [session for session, guest in self._guests.items() if guest.seen < latest]
        for session in gone:
            self.forget(session)

    def forget_old(self) -> None:
        """What visitors left behind them: conversations, links and thumbs, once they are old or too many."""
        from rag.forgetting import Bounds

        limits, days = self.limits, self.limits.kept_days
        if abs(time.time() - time.monotonic() - self._clocks_apart) > CLOCK_MAY_ERR:
            days = NEVER  # the clock jumped: nobody knows how old anything is, and what is forgotten stays so
        bounds = Bounds(days, limits.all_conversations, limits.all_links, limits.all_thumbs)
        self.host.records.forget_old(bounds, datetime.now(UTC))

    def _welcome(self) -> Guest:
        from index.copying import copied

        folder = Path(tempfile.mkdtemp(prefix="footnote-guest-"))
        return Guest(self.host.for_guest(copied(self.host.index, folder)), folder, time.monotonic())

    def _look_later(self) -> None:
        timer = Timer(LOOKS_EVERY, self._look)
        timer.daemon = True
        timer.start()

    def _look(self) -> None:
        try:
            self.forget_idle()
            self.forget_old()
        except Exception:
            log.exception("what visitors took in or left could not be forgotten; it is tried again")
        finally:
            self._look_later()

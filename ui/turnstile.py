"""A fair queue before the work: some at a time, and those who wait are let in by turns.

Two cores that work at fifty answers at once give all of them late. Whoever asks much does not make others wait for all
of it: next is who has the fewest answers under way or before it in the queue.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from threading import Condition

MOST_WAITING = 200
LOOKS_EVERY = 0.25  # seconds, for whether the one who waits has gone


class Busy(ValueError):
    """Too many wait already; its message is for the visitor."""


@dataclass(frozen=True)
class Share:
    """What one visitor may have of a turnstile; 0: as much as there is."""

    at_once: int = 0  # inside
    waiting: int = 0


@dataclass(frozen=True)
class Ticket:
    """Somebody's place in the queue."""

    visitor: str
    number: int
    at_once: int


class Turnstile:
    """Lets some in at once."""

    def __init__(self, places: int | None = None) -> None:
        self._most = places or max(2, os.cpu_count() or 2)
        self._lent = 0
        self._waiting: list[Ticket] = []
        self._inside: list[Ticket] = []
        self._numbers = count()
        self._let_in: dict[str, int] = {}  # when each had a turn last, until nobody is there
        self._moved = Condition()

    @property
    def places(self) -> int:
        """For answers, now; the last one is never lent."""
        return max(1, self._most - self._lent)

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        return len(self._inside) >= self.places

    @contextmanager
    def place(
        self,
        visitor: str,
        tell: Callable[[int], None],
        gave_up: Callable[[], bool] = lambda: False,
        share: Share = Share(),
    ) -> Iterator[None]:
        """Wait for a place and hold it; `tell` hears how many are before, whenever that changes."""
        ticket = self._take(visitor, share)
        try:
            self._wait(ticket, tell, gave_up)
            yield
        finally:
            with self._moved:
                for line in (self._waiting, self._inside):
                    if ticket in line:
                        line.remove(ticket)
                if not self._waiting and not self._inside:
                    self._let_in.clear()
                self._moved.notify_all()

    @contextmanager
    def a_place_lent(self) -> Iterator[None]:
        """One place fewer as long as this lasts, for work that does not wait here; who is inside stays."""
        with self._moved:
            self._lent += 1
        try:
            yield
        finally:
            with self._moved:
                self._lent -= 1
                self._moved.notify_all()

    def _take(self, visitor: str, share: Share) -> Ticket:
        with self._moved:
            if len(self._waiting) >= MOST_WAITING:
                raise Busy("Too many are waiting for answers just now; ask again in a minute.")
            if share.waiting and self._of(visitor, self._waiting) >= share.waiting:
                raise Busy(f"You have {share.waiting} questions waiting already; ask again when one is answered.")
            ticket = Ticket(visitor, next(self._numbers), share.at_once or self._most)
            self._waiting.append(ticket)
            return ticket

    def _wait(self, ticket: Ticket, tell: Callable[[int], None], gave_up: Callable[[], bool]) -> None:
        told = 0
        with self._moved:
            while True:
                before = self._order().index(ticket)
                if before == 0 and self._has_room_for(ticket):
                    self._waiting.remove(ticket)
                    self._inside.append(ticket)
                    self._let_in[ticket.visitor] = next(self._numbers)
                    self._moved.notify_all()  # there may be another place, for the one who is first now
                    return
                if gave_up():
                    raise ValueError("Stopped before it was your turn.")
                if before + 1 != told:
                    told = before + 1
                    tell(told)
                self._moved.wait(LOOKS_EVERY)

    def _has_room_for(self, ticket: Ticket) -> bool:
        """Who is first has the fewest inside: where they may not come in, nobody behind them may."""
        return len(self._inside) < self.places and self._of(ticket.visitor, self._inside) < ticket.at_once

    @staticmethod
    def _of(visitor: str, tickets: list[Ticket]) -> int:
        return sum(ticket.visitor == visitor for ticket in tickets)

    def _order(self) -> list[Ticket]:
        """Who comes next: by how much each has under way or before it, whose turn was longest ago, who came first."""
        load: dict[str, int] = {}
        for ticket in self._inside:
            load[ticket.visitor] = load.get(ticket.visitor, 0) + 1
        ranked = []
        for ticket in sorted(self._waiting, key=lambda one: one.number):
            ranked.append((load.get(ticket.visitor, 0), self._let_in.get(ticket.visitor, -1), ticket.number, ticket))
            load[ticket.visitor] = load.get(ticket.visitor, 0) + 1
        return [ticket for *_, ticket in sorted(ranked, key=lambda one: one[:3])]


TURNSTILE = Turnstile()  # of this process
UPLOADS = Turnstile(1)  # two at once would take as long, and each visitor wait for both

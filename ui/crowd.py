"""How many sessions there are, and whether one more has room: each holds memory, also for a while after its visitor."""

from __future__ import annotations

import time
from collections import Counter, deque

LINGERS = 120.0  # seconds that Streamlit keeps a session whose connection broke, should the visitor come back
MANY = "Too many visitors are here just now; come again in a minute or two.\n"
MANY_OF_ONE = "This page is open too often from your address; close some of them, and wait two minutes.\n"


class Crowd:
    """The sessions of this process; all that is asked of it is asked by one thread, the server's loop."""

    def __init__(self, most: int, most_of_one: int = 0, lingers: float = LINGERS) -> None:
        self._most = most
        self._most_of_one = most_of_one or most
        self._lingers = lingers
        self._of: Counter[str] = Counter()  # sessions by visitor, those too who went and whose session is kept
        self._gone: deque[tuple[float, str]] = deque()  # when those went

    def refusal(self, visitor: str = "") -> str:
        """Why this visitor is not let in; '' where they are. Nobody knows who '' is: they count among all alone."""
        oldest = time.monotonic() - self._lingers
        while self._gone and self._gone[0][0] < oldest:
            self._forget(self._gone.popleft()[1])
        if self._of.total() >= self._most:
            return MANY
        return MANY_OF_ONE if visitor and self._of[visitor] >= self._most_of_one else ""

    def comes(self, visitor: str = "") -> None:
        self._of[visitor] += 1

    def goes(self, visitor: str = "", leaves_a_session: bool = True) -> None:
        """Somebody whose connection was refused leaves nothing behind."""
        if leaves_a_session:
            self._gone.append((time.monotonic(), visitor))
        else:
            self._forget(visitor)

    def _forget(self, visitor: str) -> None:
        self._of[visitor] -= 1
        if not self._of[visitor]:
            del self._of[visitor]

"""How many sessions there are, and whether one more has room: each holds memory, also for a while after its visitor."""

from __future__ import annotations

import time
from collections import deque

LINGERS = 120.0  # seconds that Streamlit keeps a session whose connection broke, should the visitor come back
MANY = "Too many visitors are here just now; come again in a minute or two.\n"


class Crowd:
    """The sessions of this process; all that is asked of it is asked by one thread, the server's loop."""

    def __init__(self, most: int, lingers: float = LINGERS) -> None:
        self._most = most
        self._lingers = lingers
        self._here = 0
        self._gone: deque[float] = deque()  # when those went who are still kept

    @property
    def is_full(self) -> bool:
        """Whether nobody else is let in."""
        oldest = time.monotonic() - self._lingers
        while self._gone and self._gone[0] < oldest:
            self._gone.popleft()
        return self._here + len(self._gone) >= self._most

    def comes(self) -> None:
        self._here += 1

    def goes(self, leaves_a_session: bool = True) -> None:
        """Somebody whose connection was refused leaves nothing behind."""
        self._here -= 1
        if leaves_a_session:
            self._gone.append(time.monotonic())

"""Taking filings out of the library, with time to think better of it.

For some seconds a removed filing is only hidden; then it is gone. Whoever stops the server in between finds it still
there, which is the better mistake.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from threading import Lock, Timer
from typing import TYPE_CHECKING

import streamlit as st

from index.filing import Filing

if TYPE_CHECKING:
    from rag.assistant import Assistant

log = logging.getLogger(__name__)
TO_THINK = 12.0  # seconds


class Removals:
    """The filings on their way out of this process's library."""

    def __init__(self, seconds: float = TO_THINK) -> None:
        self._seconds = seconds
        self._leaving: dict[str, tuple[Filing, Timer]] = {}
        self._lock = Lock()

    def remove(self, assistant: Assistant, filing: Filing) -> None:
        """Hide a filing now and take it out soon."""
        timer = Timer(self._seconds, self._take_out, (assistant, filing.id))
        timer.daemon = True
        with self._lock:
            if filing.id in self._leaving:
                return
            self._leaving[filing.id] = (filing, timer)
        timer.start()

    def undo(self, filing_id: str) -> None:
        with self._lock:
            _, timer = self._leaving.pop(filing_id, (None, None))
        if timer:
            timer.cancel()

    def leaving(self) -> list[Filing]:
        with self._lock:
            return [filing for filing, _ in self._leaving.values()]

    def staying(self, filings: Sequence[Filing]) -> list[Filing]:
        """These filings without those that are leaving."""
        hidden = {filing.id for filing in self.leaving()}
        return [filing for filing in filings if filing.id not in hidden]

    def _take_out(self, assistant: Assistant, filing_id: str) -> None:
        try:
            with self._lock:
                if filing_id not in self._leaving:
                    return  # it was called back at the last moment
            assistant.remove(filing_id)
        except Exception:
            log.exception("a filing could not be removed; it is shown again")
        finally:
            with self._lock:
                self._leaving.pop(filing_id, None)


@st.cache_resource(show_spinner=False)
def shared_removals() -> Removals:
    """The same for every visitor of this process."""
    return Removals()

"""The one Assistant of this process, opened and warmed in the background while the page is already there."""

from __future__ import annotations

import logging
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

import streamlit as st

from ui.wording import sentence_of

if TYPE_CHECKING:  # importing it starts with Chroma and ends with torch: never before the first paint
    from rag.assistant import Assistant

log = logging.getLogger(__name__)
FIRST_PAINT = 0.4  # seconds that the first visitor's page gets the processor for itself when there is more to draw


class Warming:
    """On its way: first the library can be read, some seconds later it can be asked."""

    def __init__(self) -> None:
        self.assistant: Assistant | None = None
        self.problem = ""
        self._ready = Event()
        self._started = False
        self._lock = Lock()

    @property
    def ready(self) -> bool:
        """Nothing more to wait for: the model is loaded, or it is known that it will not be."""
        return self._ready.is_set()

    def begin(self) -> None:
        """Start, if nobody has; returns at once."""
        with self._lock:
            if not self._started:
                self._started = True
                Thread(target=self._warm_up, name="warming", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        return self._ready.wait(seconds)

    def _warm_up(self) -> None:
        try:
            Event().wait(FIRST_PAINT)
            from ui.counted_assistant import CountedAssistant

            assistant = CountedAssistant.open()
            self.assistant = assistant
            Event().wait(FIRST_PAINT)  # the filings are drawn now
            assistant.warm_up()
        except Exception as error:
            log.exception("the library could not be opened")
            self.problem = sentence_of(error)
        finally:
            self._ready.set()
        if self.assistant:
            self.assistant.embed_unfinished()


@st.cache_resource(show_spinner=False)
def shared_warming() -> Warming:
    """The same one for every visitor of this process."""
    return Warming()

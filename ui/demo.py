"""The demonstration, where there is one: what each visitor may do, and the libraries of those who uploaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from ui.demo_limits import DemoLimits, must_be_allowed
from ui.guests import Guests
from ui.settings import ServerSettings
from ui.state import Session

if TYPE_CHECKING:
    from rag.assistant import Assistant


@dataclass(frozen=True)
class Demo:
    """One demonstration over a shipped library that nobody changes."""

    host: Assistant
    limits: DemoLimits
    guests: Guests

    def may_ask(self, visitor: str) -> None:
        """Count a question, or raise Spent."""
        must_be_allowed(self.host.allowances, self.limits, "questions", visitor)

    def may_upload(self, visitor: str) -> None:
        """Count an upload, or raise Spent."""
        must_be_allowed(self.host.allowances, self.limits, "uploads", visitor)

    def assistant_of(self, session: Session) -> Assistant:
        return self.guests.assistant_of(session.id)


def demo_of(host: Assistant | None, settings: ServerSettings) -> Demo | None:
    """The demonstration of this process; none where the page is not one."""
    return _demo(host) if host and settings.demo else None


@st.cache_resource(show_spinner=False)
def _demo(_host: Assistant) -> Demo:
    limits = DemoLimits.read()
    return Demo(_host, limits, Guests(_host, limits))


def visitor_of(session: Session) -> str:
    """By what a visitor is counted: the address they come from; behind a proxy that tells none, their browser."""
    return st.context.ip_address or session.owner or session.id

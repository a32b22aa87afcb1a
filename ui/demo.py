"""The demonstration, where there is one: what each visitor may do, and the libraries of those who uploaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from ui.demo_limits import DemoLimits, key_of, must_be_allowed
from ui.guests import Guests
from ui.settings import ServerSettings
from ui.state import Session
from ui.turnstile import Share
from ui.visitor_address import counted_as

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

    def may_upload(self, visitor: str, sizes: Sequence[int]) -> None:
        """Count files of so many bytes, or raise Spent."""
        must_be_allowed(self.host.allowances, self.limits, "uploads", visitor, len(sizes))
        kilobytes = sum(size // 1000 + 1 for size in sizes)
        must_be_allowed(self.host.allowances, self.limits, "uploaded_kilobytes", visitor, kilobytes)

    def may_keep(self, visitor: str) -> None:
        """Count a link or a thumb, or raise Spent."""
        must_be_allowed(self.host.allowances, self.limits, "kept", visitor)

    @property
    def share(self) -> Share:
        """What one visitor may have of the queue."""
        return Share(self.limits.at_once, self.limits.waiting)

    def assistant_of(self, session: Session) -> Assistant:
        return self.guests.assistant_of(session.id)


def demo_of(host: Assistant | None, settings: ServerSettings) -> Demo | None:
    """The demonstration of this process; none where the page is not one."""
    return _demo(host) if host and settings.demo else None


@st.cache_resource(show_spinner=False)
def _demo(_host: Assistant) -> Demo:
    limits = DemoLimits.read()
    _host.limit_tokens(limits.tokens, limits.all_tokens)
    return Demo(_host, limits, Guests(_host, limits))


def payer_of(session: Session, demo: Demo | None) -> str:
    """By what a language model's tokens are counted: a session; in a demonstration a visitor's day.

    Each new tab would else have a session's tokens anew.
    """
    return f"{key_of(visitor_of(session))} {datetime.now(UTC).date()}" if demo else session.id


def visitor_of(session: Session) -> str:
    """By what a visitor is counted: the address they come from; behind a proxy that tells none, their browser."""
    return counted_as(st.context.ip_address or "") or session.owner or session.id

"""The line at the foot of a page: what is still on its way, and in the end what Footnote promises."""

from __future__ import annotations

import streamlit as st

from ui.desk import Desk
from ui.intake import Intake
from ui.warming import Warming
from ui.wording import for_markdown

LOADING = "Loading the model that searches by meaning."
PROMISE = "Footnote says only what the filings say."


def progress_note(desk: Desk, at_rest: str = PROMISE, key: str = "foot") -> None:
    """Draw it, and look again until nothing is on its way."""
    warming, intake = desk.warming, desk.session.intake
    if warming.problem:
        say_quietly(f"The library could not be opened: {warming.problem}")
    elif intake and not intake.ended:
        _watch(intake, len(intake.listed), key)
    elif warming.ready:
        say_quietly(at_rest)
    else:
        # The library opens within a second, and whoever came first waits for it; the model takes some.
        often = st.fragment(run_every=1.0 if warming.assistant else 0.25)
        often(_look_again)(warming, warming.assistant is not None, bool(desk.filings))


def _look_again(warming: Warming, was_open: bool, can_read: bool) -> None:
    """Look whether there is more to show; the page is drawn anew when there is."""
    if warming.ready or (warming.assistant is not None) != was_open:
        st.rerun()
    loading = LOADING + " You can read meanwhile." if can_read else LOADING
    say_quietly(loading if was_open else "Opening the library.")


@st.fragment(run_every=0.5)
def _watch(intake: Intake, listed: int, key: str) -> None:
    """How far the added filings are; the page is drawn anew when there is one more to ask, and at the end."""
    if intake.ended or len(intake.listed) > listed:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(intake.share, text=for_markdown(intake.line))
        st.button("Cancel", type="tertiary", key=f"cancel-{key}", on_click=intake.cancel)


def say_quietly(words: str) -> None:
    st.markdown(f":gray[:small[{for_markdown(words)}]]")

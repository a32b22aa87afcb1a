"""The page: on the left a conversation about filings, on the right the filing that it talks about.

It paints before anything heavy is imported. The library is opened and the model loaded in the background; the page
looks there until they are ready.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.conversation import ask_box, conversation, welcome, work
from ui.filings_bar import filings_bar
from ui.intake import Intake
from ui.reader_pane import reader_pane
from ui.state import Session
from ui.warming import Warming, shared_warming
from ui.wording import for_markdown

ABOUT = "**Footnote** answers questions about annual reports. Every sentence carries the exact words that support it."


def page() -> None:
    """Draw everything, then do what the visitor is waiting for."""
    st.set_page_config(page_title="Footnote", layout="wide", menu_items={"About": ABOUT})
    st.html(Path(__file__).with_name("page.css"))
    session, warming = Session(), shared_warming()
    assistant = warming.assistant
    filings = assistant.filings() if assistant else []
    facets = assistant.facets() if assistant else []

    chosen = filings_bar(session, assistant, filings)
    with st.container(key="desk"):
        if session.turns or session.next_task:
            st.empty()  # in the place of the welcome, which would else stay, greyed, while the first answer is made
        else:
            with st.container():
                welcome(session, filings, chosen, is_open=assistant is not None)
        turns = st.container(key="conversation", gap="large")
    with turns:
        conversation(session, facets, filings, chosen)
    with st.bottom, st.container(key="foot"):
        ask_box(session, facets, filings, chosen)
        with st.container(key="note"):
            _note(warming, session.intake, can_read=bool(filings))
    reader_pane(session, assistant, filings, chosen)
    warming.begin()
    # What takes time comes last, when all of the page stands.
    with turns:
        work(session, warming, filings)


def _note(warming: Warming, intake: Intake | None, can_read: bool) -> None:
    """The line at the foot of the page: what is still on its way, and in the end what the page promises."""
    if warming.problem:
        _say_quietly(f"The library could not be opened: {warming.problem}")
    elif intake and not intake.ended:
        _watch(intake, len(intake.listed))
    elif warming.ready:
        _say_quietly("Footnote says only what the filings say.")
    else:
        _look_again(warming, warming.assistant is not None, can_read)


@st.fragment(run_every=1.0)
def _look_again(warming: Warming, was_open: bool, can_read: bool) -> None:
    """Look every second whether there is more to show; the page is drawn anew when there is."""
    if warming.ready or (warming.assistant is not None) != was_open:
        st.rerun()
    loading = "Loading the language model. You can read meanwhile." if can_read else "Loading the language model."
    _say_quietly(loading if was_open else "Opening the library.")


@st.fragment(run_every=0.5)
def _watch(intake: Intake, listed: int) -> None:
    """How far the added filings are; the page is drawn anew when there is one more to ask, and at the end."""
    if intake.ended or len(intake.listed) > listed:
        st.rerun()
    st.progress(intake.share, text=for_markdown(intake.line))


def _say_quietly(words: str) -> None:
    st.markdown(f":gray[:small[{for_markdown(words)}]]")


page()

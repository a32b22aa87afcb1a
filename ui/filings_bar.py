"""The bar at the top: which filings are talked about, adding more of them, and starting anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.adding import ways_to_add
from ui.desk import Desk
from ui.earlier import earlier_conversations
from ui.filing_choice import filing_choice
from ui.sharing import ways_to_share
from ui.state import Session

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from ui.demo import Demo


def filings_bar(desk: Desk, on_ask: bool, can_add: bool) -> list[str]:
    """Draw the bar; the ids of the chosen filings."""
    session, assistant, filings = desk.session, desk.assistant, desk.filings
    if fresh := session.newly_listed([filing.id for filing in filings]):
        st.session_state.chosen = fresh  # who adds a filing wants to ask it
    with st.container(key="bar", horizontal=True, vertical_alignment="center", gap="medium"):
        st.title("Footnote", anchor=False, width="content")
        with st.container(
            key="chips", horizontal=True, vertical_alignment="center", gap="xsmall"
        ):  # there with or without filings: what follows keeps its place
            chosen = filing_choice(session, filings)
        with st.container(key="actions", horizontal=True, vertical_alignment="center", width="content", gap="small"):
            if on_ask:
                _about_the_conversation(session, assistant, desk.demo)
            else:
                for _ in ("Earlier", "Share", "New"):
                    st.empty()  # left to Streamlit, they would stay there, greyed, as long as a comparison takes
            if can_add and not (on_ask and desk.is_bare):  # there the page itself begins with it
                with st.popover("Add filings", disabled=assistant is None), st.container(width=380):
                    ways_to_add(desk)
        # Last, at the right: there they keep their place, whatever a page offers beside them.
        with st.container(key="pages", horizontal=True, vertical_alignment="center", width="content", gap="xxsmall"):
            for each in desk.pages:
                st.page_link(each, width="content")
    return chosen


def _about_the_conversation(session: Session, assistant: Assistant | None, demo: Demo | None) -> None:
    """Earlier ones, passing it on, and starting anew."""
    with st.popover("Earlier", type="tertiary", disabled=assistant is None), st.container(width=380):
        if assistant:
            earlier_conversations(session, assistant)
    with st.popover("Share", type="tertiary", disabled=not session.turns), st.container(width=360):
        if assistant and session.turns:
            ways_to_share(session, assistant, demo)
    is_empty = not session.turns
    st.button("New", type="tertiary", help="A new conversation", on_click=session.start_anew, disabled=is_empty)

"""The bar at the top: which filings are talked about, adding more of them, and starting anew."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from index.filing import Filing
from ui.adding import ways_to_add
from ui.desk import Desk
from ui.earlier import earlier_conversations
from ui.sharing import ways_to_share
from ui.state import Session
from ui.wording import for_markdown, short_label

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from ui.demo import Demo

MOST_LETTERS = 75  # on all chips together; filings with more to say are chosen from a list


def filings_bar(desk: Desk, on_ask: bool, can_add: bool) -> list[str]:
    """Draw the bar; the ids of the chosen filings."""
    session, assistant, filings = desk.session, desk.assistant, desk.filings
    if fresh := session.newly_listed([filing.id for filing in filings]):
        st.session_state.chosen = fresh  # who adds a filing wants to ask it
    with st.container(key="bar", horizontal=True, vertical_alignment="center", gap="medium"):
        st.title("Footnote", anchor=False, width="content")
        with st.container(key="chips"):  # there with or without filings: what follows keeps its place
            chosen = _choose(session, filings)
        with st.container(key="actions", horizontal=True, vertical_alignment="center", width="content", gap="small"):
            if on_ask:
                _about_the_conversation(session, assistant, desk.demo)
            if can_add:
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


def _choose(session: Session, filings: Sequence[Filing]) -> list[str]:
    """The filings as chips; to begin with, the latest is chosen."""
    ids = [filing.id for filing in filings]
    if not ids:
        return []
    # Another process may have taken a chosen filing out since the last run.
    if "chosen" in st.session_state:
        st.session_state.chosen = [filing_id for filing_id in st.session_state.chosen if filing_id in ids]
    else:
        st.session_state.chosen = [max(filings, key=lambda filing: filing.fiscal_year or 0).id]

    def turn() -> None:
        session.reading = None  # the reader shows what is chosen now

    chips = {filing.id: _chip(filing, filings) for filing in filings}
    names = {filing_id: for_markdown(chip) for filing_id, chip in chips.items()}
    if sum(map(len, chips.values())) > MOST_LETTERS:
        return st.multiselect(
            "Filings",
            ids,
            key="chosen",
            format_func=lambda i: chips[i],
            label_visibility="collapsed",
            width=520,
            on_change=turn,
        )
    return st.pills(
        "Filings",
        ids,
        key="chosen",
        selection_mode="multi",
        format_func=lambda i: names[i],
        label_visibility="collapsed",
        on_change=turn,
    )


def _chip(filing: Filing, filings: Sequence[Filing]) -> str:
    """The company's name only where there are several."""
    one_company = len({each.company for each in filings}) == 1
    return short_label(filing) if one_company else filing.label

"""Ask: on the left a conversation about filings, on the right the filing that it talks about."""

from __future__ import annotations

import streamlit as st

from ui.conversation import ask_box, conversation, welcome, work
from ui.deeds import deeds
from ui.desk import Desk
from ui.progress_note import progress_note
from ui.reader_pane import read_ahead, reader_pane
from ui.state import Place
from ui.writer_choice import writer_choice


def ask_page(desk: Desk) -> None:
    """Draw everything, then see to what the visitor is waiting for."""
    session = desk.session
    on_deed = deeds(desk)
    with st.container(key="desk"):
        if session.turns or session.next_task:
            st.empty()  # in the place of the welcome, which would else stay, greyed, while the first answer is made
        else:
            with st.container():
                welcome(desk)
        turns = st.container(key="conversation", gap="large")
    with turns:
        work_place = conversation(desk, on_deed)
    with st.bottom, st.container(key="foot"):
        ask_box(desk)
        with st.container(key="note", horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch"):
                progress_note(desk)
            writer_choice(session, desk.assistant, desk.demo)
    reader_pane(session, desk.assistant, desk.filings, desk.chosen)
    desk.warming.begin()
    if session.turns and not work_place:
        read_ahead(desk, [Place(one.filing_id, one.start, one.end) for one in session.turns[-1].footnotes])
    # What takes time comes last, when all of the page stands.
    if work_place:
        with work_place:
            work(desk, on_deed)

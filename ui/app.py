"""The page: filings to talk about at the top, below them Ask, Compare, Library, or what somebody shared.

It paints before anything heavy is imported. The library is opened and the model loaded in the background; the page
looks there until they are ready.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from ui.ask_page import ask_page
from ui.compare_page import compare_page
from ui.deep_links import follow_link
from ui.demo import demo_of
from ui.desk import Desk
from ui.earlier import know_visitor
from ui.filings_bar import filings_bar
from ui.library_away import is_away, wait_for_library
from ui.library_page import library_page
from ui.removals import shared_removals
from ui.settings import ServerSettings
from ui.shared_page import shared_page
from ui.sign_in import is_let_in, may_change
from ui.state import Session
from ui.warming import shared_warming

ABOUT = "**Footnote** answers questions about annual reports. Every sentence carries the exact words that support it."


def page() -> None:
    """Draw the bar and the page that is open."""
    st.set_page_config(page_title="Footnote", layout="wide", menu_items={"About": ABOUT})
    st.html(Path(__file__).with_name("page.css"))
    session, warming = Session(), shared_warming()
    settings = ServerSettings.read()
    share_id = st.query_params.get("share", "")
    # A share is for whoever has its link, signed in or not.
    if not share_id and not is_let_in(session, settings, warming):
        warming.begin()
        return
    demo = demo_of(warming.assistant, settings)
    assistant = demo.assistant_of(session) if demo else warming.assistant
    filings = shared_removals().staying(assistant.filings()) if assistant else []
    facets = assistant.facets() if assistant else []
    if not share_id:
        follow_link(session, filings, facets)

    # The pages are drawn after the bar, which says what is chosen.
    pages = [
        st.Page(lambda: ask_page(desk), title="Ask", url_path="ask", default=True),
        st.Page(lambda: compare_page(desk), title="Compare", url_path="compare"),
        st.Page(lambda: library_page(desk), title="Library", url_path="library"),
    ]
    current = st.navigation(pages, position="hidden")
    desk = Desk(session, warming, assistant, filings, facets, (), pages, demo, may_change=may_change(session, settings))
    if share_id:
        shared_page(desk, share_id)
    else:
        is_ask, is_library = current is pages[0], current is pages[2]
        desk = replace(desk, chosen=filings_bar(desk, on_ask=is_ask, can_add=not is_library))
        current.run()
    know_visitor(session, warming.assistant)
    warming.begin()


try:
    page()
except Exception:
    open_library = shared_warming().assistant
    if open_library is None or not is_away(open_library):
        raise
    wait_for_library(open_library)

"""What somebody shared: an answer or a conversation, read-only, with its footnotes and the filings that they cite."""

from __future__ import annotations

import streamlit as st

from ui.state import Session
from ui.warming import Warming


def shared_page(session: Session, warming: Warming, share_id: str) -> None:
    st.header("Shared", anchor=False)

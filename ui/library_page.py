"""Library: the filings at hand, and how more come in."""

from __future__ import annotations

import streamlit as st

from ui.desk import Desk


def library_page(desk: Desk) -> None:
    st.header("Library", anchor=False)

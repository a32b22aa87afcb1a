"""Compare: what changed in a company's business from report to report."""

from __future__ import annotations

import streamlit as st

from ui.desk import Desk


def compare_page(desk: Desk) -> None:
    st.header("Compare", anchor=False)

"""While the library cannot be read, because its database or its folder went away under the page."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from rag.assistant import Assistant

log = logging.getLogger(__name__)
AWAY = "The library cannot be read just now. This page looks again every few seconds, and goes on where it was."


def is_away(assistant: Assistant) -> bool:
    """Whether it is this, and nothing of the page's own, that failed."""
    try:
        assistant.index.library.generation()
    except Exception:  # of whichever database it is; this room knows none of their errors
        log.warning("the library cannot be read", exc_info=True)
        return True
    return False


@st.fragment(run_every=3.0)
def wait_for_library(assistant: Assistant) -> None:
    """Say so, and draw the page anew as soon as it can be read."""
    if is_away(assistant):
        with st.container(key="door"):
            st.title("Footnote", anchor=False)
            st.markdown(AWAY)
    else:
        st.rerun()

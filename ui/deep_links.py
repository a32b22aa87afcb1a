"""Links to a place: ?filing=ID, with &facet=financing for its summary or &at=120-180 for words in the reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from index.filing import Filing
from ui.state import Place, Session, Task
from ui.wording import label_among

if TYPE_CHECKING:
    from rag.facets import Facet

SPAN = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


def follow_link(session: Session, filings: Sequence[Filing], facets: Sequence[Facet]) -> None:
    """Go where the address of the page points to, once, as soon as the library is open."""
    if not filings or session.followed:
        return
    session.followed = True
    named = st.query_params.get("filings", st.query_params.get("filing", "")).split(",")
    known = [filing for filing in filings if filing.id in named]
    if not known:
        return
    st.session_state.chosen = [filing.id for filing in known]
    if place := place_in_link(known):
        session.open_at(place)
    facet = next((facet for facet in facets if facet.name == st.query_params.get("facet")), None)
    if facet:
        title = f"{facet.title}, {label_among(known[0], filings)}"
        session.want(Task(title, (known[0].id,), facets=(facet.name,)))


def place_in_link(filings: Sequence[Filing]) -> Place | None:
    """Where in one of these filings the address points to, if it does."""
    named = st.query_params.get("filings", st.query_params.get("filing", "")).split(",")
    filing = next((filing for filing in filings if filing.id in named), None)
    span = SPAN.fullmatch(st.query_params.get("at", ""))
    if not filing or not span:
        return None
    start, end = int(span[1]), int(span[2] or span[1])
    return Place(filing.id, start, max(start, end))

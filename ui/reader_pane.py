"""The filing beside the conversation.

Its whole text goes to the browser once; from then on a footnote is opened there, without a word to the server. Only
what the browser does not hold, another filing, is asked for. Those that are likely to be opened next are sent ahead.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from index.filing import Filing, Passage, Section
from ui.components import component
from ui.desk import Desk
from ui.library_away import is_away
from ui.reader_blocks import LONGEST, blocks_of, headings_of, outline_of, stretch_around
from ui.state import Place, Session
from ui.wording import short_label, without_controls

if TYPE_CHECKING:
    from rag.assistant import Assistant

KEY = "reader"
AWAY = "The library cannot be read just now; press the footnote again in a while."
MOST_AHEAD = 3  # filings; with the one that lies open as many as the browser keeps
GONE = "This filing is no longer in the library. The footnote keeps its words."
draw_text = component(
    "reader",
    '<section role="region" aria-label="The filing"></section>',
    ["reader_pane.css", "footnotes.js", "reader_text.js", "reader_pane.js"],
)
draw_ahead = component("ahead", "<span hidden></span>", ["reader_ahead.js"])
draw_opener = component("opener", "<span hidden></span>", ["reader_opener.js"])


@st.fragment  # a footnote of another filing draws the reader anew, and not the conversation beside it
def reader_pane(
    session: Session, assistant: Assistant | None, filings: Sequence[Filing], chosen: Sequence[str]
) -> None:
    """Draw the filing that was asked for; before one is, the latest of the chosen ones."""
    place = session.reading or Place(_first_to_read(filings, chosen))
    filing = next((filing for filing in filings if filing.id == place.filing_id), None)
    if assistant and filing:
        try:
            data = _text_of(assistant, filing, filing.id, filing.sha256, _roughly(place.start))
        except Exception:  # drawn alone, it must see to this by itself; ui/app.py does for all else
            if not is_away(assistant):
                raise
            data = nothing(place, AWAY)
    elif session.reading:
        data = nothing(place, GONE)
    else:
        data = nothing(place, "The filing will stand here, as soon as there is one." if assistant else "")
    draw_reader(session, data)


def draw_reader(session: Session, data: dict[str, Any], opening: dict[str, Any] | None = None) -> None:
    """The component itself, and what it asks for: a filing that it does not hold.

    `opening` is what lies open from the start; without one, what the session was last told to open.
    """

    def wanted() -> None:
        asked = st.session_state[KEY].get("wanted")
        if asked:
            place = Place(str(asked["filing"]), int(asked["start"]), int(asked["end"]))
            session.reading = place if place.filing_id else None
            session.heard = int(asked.get("press", 0))

    draw_text(key=KEY, data=data, on_wanted_change=wanted)
    # Apart from the text, which would else be sent again for each place: what the page itself wants opened.
    if opening is None:
        note = note_at(session.reading) if session.opens and session.reading else None
        opening = {"opens": session.opens, "note": note}
    draw_opener(key="reader-opener", data={**opening, "heard": session.heard})


def note_at(place: Place) -> dict[str, Any]:
    """A place that is no footnote of an answer, as the reader opens one."""
    return {"number": 0, "filing": place.filing_id, "start": place.start, "end": place.end}


def read_ahead(desk: Desk, places: Sequence[Place]) -> None:
    """Send the filings of these places, which the visitor is likely to open next, before they are asked for.

    Drawn last on a page: everything else comes first. A filing is a component of its own, so that Streamlit sends each
    one once, and its text a string, which is read only when the browser has nothing else to do.
    """
    if not desk.assistant:
        return
    open_now = desk.session.reading.filing_id if desk.session.reading else _first_to_read(desk.filings, desk.chosen)
    at_hand = {filing.id: filing for filing in desk.filings if filing.id != open_now}
    first_places: dict[str, Place] = {}
    for place in places:
        if place.filing_id in at_hand:
            first_places.setdefault(place.filing_id, place)
    for place in list(first_places.values())[:MOST_AHEAD]:
        filing = at_hand[place.filing_id]
        words = _as_json(desk.assistant, filing, filing.id, filing.sha256, _roughly(place.start))
        draw_ahead(key=f"reader-ahead-{filing.id}", data={"filing": filing.id, "words": words})


def text_data(
    filing: Filing, text: str, passages: Sequence[Passage], sections: Sequence[Section], place: int = 0
) -> dict[str, Any]:
    """What the reader shows of a filing: all of it, or where it is very long the stretch around a place."""
    headings = headings_of(passages, sections)
    start, end = stretch_around(text, place)
    return {
        "filing": filing.id,
        "title": without_controls(f"{short_label(filing)} · {filing.company}"),
        "blocks": blocks_of(text, headings, start, end),
        "outline": outline_of(text, headings),
        "pages": list(filing.pages),
        "notice": "",
    }


def _roughly(place: int) -> int:
    """The place to a quarter of what is shown at once: nearby footnotes of a very long text share what is cached."""
    return round(place / (LONGEST // 2)) * (LONGEST // 2)


def nothing(place: Place, notice: str) -> dict[str, Any]:
    """What the reader shows where there is no text."""
    return {"filing": place.filing_id, "title": "", "blocks": [], "outline": [], "pages": [], "notice": notice}


def _first_to_read(filings: Sequence[Filing], chosen: Sequence[str]) -> str:
    candidates = [filing for filing in filings if filing.id in chosen] or list(filings)
    latest = max(candidates, key=lambda filing: filing.fiscal_year or 0, default=None)
    return latest.id if latest else ""


@st.cache_resource(show_spinner=False, max_entries=16)
def _as_json(_assistant: Assistant, _filing: Filing, filing_id: str, sha256: str, place: int) -> str:
    return json.dumps(_text_of(_assistant, _filing, filing_id, sha256, place))


@st.cache_resource(show_spinner=False, max_entries=16)  # and not cache_data, which would copy it at every run
def _text_of(_assistant: Assistant, _filing: Filing, filing_id: str, sha256: str, place: int) -> dict[str, Any]:
    text = _assistant.text(filing_id)
    return text_data(_filing, text, _assistant.passages(filing_id), _assistant.sections(filing_id), place)

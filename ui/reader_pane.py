"""The filing beside the conversation, open at the footnote that was pressed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from index.filing import Filing
from ui.reader_blocks import BlockKind, blocks_around, headings_of
from ui.state import Session
from ui.wording import place_of, short_label, without_controls

if TYPE_CHECKING:
    from rag.answer import Citation
    from rag.assistant import Assistant

HERE = Path(__file__).parent
KEY = "reader"
component = st.components.v2.component(
    "footnote_reader",
    html='<section role="region" aria-label="The filing"></section>',
    css=(HERE / "reader_pane.css").read_text(encoding="utf-8"),
    js=(HERE / "reader_pane.js").read_text(encoding="utf-8"),
)


def reader_pane(
    session: Session, assistant: Assistant | None, filings: Sequence[Filing], chosen: Sequence[str]
) -> None:
    """Draw the filing of the open footnote; before one is pressed, the latest of the chosen filings from its start."""
    opened = session.open_footnote
    footnotes = session.turns[opened.turn].footnotes if opened else ()
    number_of = {citation.number: place for place, citation in enumerate(footnotes)}
    index = number_of.get(opened.number) if opened else None
    citation = footnotes[index] if index is not None else None

    def stepped() -> None:
        step = st.session_state[KEY].get("stepped")
        if step and opened and index is not None:
            target = footnotes[max(0, min(len(footnotes) - 1, index + int(step)))]
            session.press(opened.turn, target.number)

    data: dict[str, Any] = {"title": "", "place": "", "blocks": [], "notice": ""}
    filing_id = citation.filing_id if citation else _first_to_read(filings, chosen)
    filing = next((filing for filing in filings if filing.id == filing_id), None)
    if assistant and filing:
        data |= _open_at(assistant, filing, citation)
    elif citation:
        data["notice"] = f"This filing is no longer in the library. The footnote keeps its words: “{citation.quote}”"
    elif assistant:
        data["notice"] = "The filing will stand here, as soon as there is one."
    data["footnote"] = {"index": index or 0, "count": len(footnotes) if citation else 0}
    data["presses"] = opened.presses if opened else 0
    component(key=KEY, data=data, on_stepped_change=stepped)


def _open_at(assistant: Assistant, filing: Filing, citation: Citation | None) -> dict[str, Any]:
    text, headings = _text_and_headings(assistant, filing.id, filing.sha256)
    cited = (citation.start, citation.end) if citation else (0, 0)
    place = ""
    if citation:
        heading = assistant.passage(citation.passage_id).heading
        place = place_of(filing.id, citation.item, citation.page, [], heading).removeprefix(filing.id).strip(" ·")
    return {
        "title": without_controls(f"{filing.company} · {short_label(filing)}"),
        "place": without_controls(place),
        "blocks": blocks_around(text, headings, cited),
    }


def _first_to_read(filings: Sequence[Filing], chosen: Sequence[str]) -> str:
    candidates = [filing for filing in filings if filing.id in chosen] or list(filings)
    latest = max(candidates, key=lambda filing: filing.fiscal_year or 0, default=None)
    return latest.id if latest else ""


@st.cache_data(show_spinner=False, max_entries=16)
def _text_and_headings(_assistant: Assistant, filing_id: str, sha256: str) -> tuple[str, dict[int, BlockKind]]:
    text = _assistant.text(filing_id)
    return text, headings_of(text, _assistant.passages(filing_id), _assistant.sections(filing_id))

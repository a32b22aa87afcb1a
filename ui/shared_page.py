"""What somebody shared: an answer or a conversation, read-only, with its footnotes and the filings that they cite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from rag.kept import Shared, UnusableRecords
from ui.answer_card import answer_card, card_key, footnote
from ui.deep_links import place_in_link
from ui.desk import Desk
from ui.earlier import turn_of
from ui.progress_note import progress_note
from ui.reader_pane import GONE, draw_reader, note_at, nothing, text_data
from ui.state import Place, Session, Turn
from ui.wording import for_markdown

if TYPE_CHECKING:
    from rag.answer import Citation

NOT_THERE = "There is nothing under this link, or no longer."


def shared_page(desk: Desk, share_id: str) -> None:
    """Draw the turns of the share and the filings as they were kept with it."""
    with st.container(key="bar", horizontal=True, vertical_alignment="center", gap="medium"):
        st.title("Footnote", anchor=False, width="content")
        st.markdown(":gray[Shared with you, to read.]", width="content")
        with st.container(horizontal=True, horizontal_alignment="right", width="stretch"):
            st.page_link(desk.pages[0], label="Ask your own questions", width="content")
    with st.container(key="desk"):
        if not desk.assistant:
            progress_note(desk)
            return
        try:
            shared = desk.assistant.records.shared(share_id)
        except UnusableRecords as problem:
            st.markdown(for_markdown(str(problem)))
            return
        if shared is None:
            st.markdown(NOT_THERE)
            return
        st.markdown(f":gray[:small[As it was on {for_markdown(shared.when[:10])}.]]")
        with st.container(key="conversation", gap="large"):
            then = Desk(desk.session, desk.warming, desk.assistant, shared.filings, desk.facets, (), desk.pages)
            for number, turn in enumerate(shared.turns):
                answer_card(then, turn_of(turn), number)
    _reader(desk.session, shared)


def _reader(session: Session, shared: Shared) -> None:
    """The filing of the footnote that was pressed; to begin with, of the place that the link names, or of the first."""
    turns = [turn_of(turn) for turn in shared.turns]
    cited = [citation for turn in turns for citation in turn.footnotes]
    opening = _opening(session, shared, turns)
    if opening is None:
        return
    note = opening["note"]
    place = session.reading or Place(note["filing"], note["start"], note["end"])
    source = next((kept for one in _at(cited, place) if (kept := shared.source_of(one))), None)
    if source is None:
        data = nothing(place, GONE)
    else:
        data = text_data(source.filing, source.text, source.passages, source.sections, place.start)
    draw_reader(session, data, opening)


def _opening(session: Session, shared: Shared, turns: Sequence[Turn]) -> dict[str, Any] | None:
    """What lies open when the share is opened; on a phone over the answer only where the link names the place."""
    if place := place_in_link([kept.filing for kept in shared.kept]):
        return {"opens": f"{shared.id} {place}", "note": note_at(place)}
    for number, turn in enumerate(turns):
        if notes := [footnote(citation, shared.filings) for citation in turn.footnotes]:
            card = card_key(session, number)
            return {"opens": shared.id, "note": notes[0], "notes": notes, "card": card, "isSeen": True}
    return None


def _at(cited: Sequence[Citation], place: Place) -> list[Citation]:
    """The footnotes of this filing, first the one that was pressed: a filing may have been kept in two forms."""
    ours = [citation for citation in cited if citation.filing_id == place.filing_id]
    return sorted(ours, key=lambda citation: (citation.start, citation.end) != (place.start, place.end))

"""What somebody shared: an answer or a conversation, read-only, with its footnotes and the filings that they cite."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from rag.kept import Shared, UnusableRecords
from ui.answer_card import answer_card
from ui.desk import Desk
from ui.earlier import turn_of
from ui.progress_note import progress_note
from ui.reader_pane import GONE, draw_reader, nothing, text_data
from ui.state import Place, Session
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
    """The filing of the footnote that was pressed, or of the first one."""
    cited = [citation for turn in shared.turns for citation in turn_of(turn).footnotes]
    place = session.reading or (Place(cited[0].filing_id, cited[0].start, cited[0].end) if cited else None)
    if place is None:
        return
    source = next((kept for one in _at(cited, place) if (kept := shared.source_of(one))), None)
    if source is None:
        draw_reader(session, nothing(place, GONE))
    else:
        draw_reader(session, text_data(source.filing, source.text, source.passages, source.sections, place.start))


def _at(cited: Sequence[Citation], place: Place) -> list[Citation]:
    """The footnotes of this filing, first the one that was pressed: a filing may have been kept in two forms."""
    ours = [citation for citation in cited if citation.filing_id == place.filing_id]
    return sorted(ours, key=lambda citation: (citation.start, citation.end) != (place.start, place.end))

"""What was understood of a filing: its items and where they were found, its size, and what a reader should know."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from index.filing import Filing
from ui.wording import counted, for_markdown

if TYPE_CHECKING:
    from rag.assistant import Assistant

STATUS = {
    "extracted": "",
    "incorporated_by_reference": "in another document, to which it refers",
    "omitted": "omitted by the company",
    "missing": "not found",
}


def parse_card(assistant: Assistant, filing: Filing) -> None:
    """Draw it."""
    sections = assistant.sections(filing.id)
    passages = assistant.passages(filing.id)
    letters = passages[-1].end if passages else 0
    unfinished = filing.id in assistant.index.library.unfinished()
    facts = [
        f"{letters:,} characters in {counted(len(passages), 'passage')}",
        "still being read for meaning" if unfinished else "",
        f"CIK {filing.cik}" if filing.cik else "",
        f"sha256 {filing.sha256[:16]}",
    ]
    lines = [" · ".join(filter(None, facts)), *filing.notes]
    st.markdown("\n".join(f"- :gray[:small[{for_markdown(line)}]]" for line in lines))  # some take several lines
    if not sections:
        st.markdown("No items were found; the text is searched as a whole.")
        return
    has_notes = any(STATUS[section.status] for section in sections)
    columns = 4 if has_notes else 3  # a column of nothing would only ask what it is for
    rows = [_row(("Item", "Title", "Characters", "Note")[:columns]), _row((":--", ":--", "--:", ":--")[:columns])]
    for section in sections:
        length = f"{section.end - section.start:,}" if section.status == "extracted" else ""
        cells = [section.item, section.title, length, STATUS[section.status]]
        rows.append(_row([for_markdown(cell) for cell in cells[:columns]]))
    st.markdown("\n".join(rows))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"

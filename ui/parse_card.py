"""What was understood of a filing: its items and where they were found, its size, and what a reader should know."""

from __future__ import annotations

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
    st.markdown("  \n".join(f":gray[:small[{for_markdown(line)}]]" for line in lines))
    if not sections:
        st.markdown("No items were found; the text is searched as a whole.")
        return
    rows = ["| Item | Title | Characters | Note |", "| :-- | :-- | --: | :-- |"]
    for section in sections:
        length = f"{section.end - section.start:,}" if section.status == "extracted" else ""
        cells = [section.item, section.title, length, STATUS[section.status]]
        rows.append("| " + " | ".join(for_markdown(cell) for cell in cells) + " |")
    st.markdown("\n".join(rows))

"""The ways to add filings: files from the visitor's machine, reports from the SEC's EDGAR, or pasted text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import streamlit as st

from index.filing import IngestReport, Progress
from ui.intake import Intake, Work
from ui.state import Session
from ui.wording import for_markdown, without_controls

if TYPE_CHECKING:
    from rag.assistant import Assistant


LONGEST = 5_000_000  # characters that can be pasted


def ways_to_add(session: Session, assistant: Assistant | None) -> None:
    """Files, EDGAR or pasted text; below them what became of the last ones."""
    busy = session.intake is not None and not session.intake.ended
    wish: Work | None = None
    if assistant:
        from_files, from_edgar, from_text = st.tabs(["Files", "EDGAR", "Paste"])
        with from_files:
            wish = _upload_form(assistant, busy)
        with from_edgar:
            wish = _edgar_form(assistant, busy) or wish
        with from_text:
            wish = _paste_form(assistant, busy) or wish
    if wish and assistant:
        session.intake = Intake.begin(wish, assistant)
        st.rerun()  # the page shows at once how far it is
    elif session.intake and session.intake.ended:
        for line in session.intake.outcomes:
            st.markdown(for_markdown(line))


def _upload_form(assistant: Assistant, busy: bool) -> Work | None:
    with st.form("add", border=False, clear_on_submit=True):
        files = st.file_uploader("Annual reports: HTML, PDF or text", accept_multiple_files=True)
        is_wanted = st.form_submit_button("Take in", disabled=busy)
    if not is_wanted or not files:
        return None
    return _taking_in(assistant, [(file.name, bytes(file.getbuffer())) for file in files])


def _edgar_form(assistant: Assistant, busy: bool) -> Work | None:
    if assistant.edgar.missing:
        st.markdown(for_markdown(assistant.edgar.missing))
        return None
    with st.form("edgar", border=False):
        company = st.text_input("Ticker or CIK", key="edgar-company", placeholder="SMSI")
        left, right = st.columns([1, 2])
        form = left.text_input("Form", "10-K", key="edgar-form")
        years = right.text_input("Years", key="edgar-years", placeholder="2017-2021, or the latest")
        identity = ""
        if not assistant.edgar.identity:
            identity = st.text_input(
                "Your name and e-mail address",
                key="edgar-identity",
                help="The SEC asks who downloads. Kept for next time.",
            )
        is_wanted = st.form_submit_button("Fetch", disabled=busy)
    if not is_wanted:
        return None
    return lambda tell: assistant.fetch(company, form, years, identity, on_progress=tell)


def _paste_form(assistant: Assistant, busy: bool) -> Work | None:
    with st.form("paste", border=False, clear_on_submit=True):
        name = st.text_input("Its name", key="paste-name", placeholder="Acme 10-K 2024", max_chars=100)
        text = st.text_area(
            "The text of a report, or a prompt with the text behind it", key="paste-text", height=160, max_chars=LONGEST
        )
        is_wanted = st.form_submit_button("Take in", key="paste-wanted", disabled=busy)
    if not is_wanted or not text.strip():
        return None
    return _taking_in(assistant, [(f"{name.strip() or 'Pasted text'}.txt", text.encode())])


def _taking_in(assistant: Assistant, files: Sequence[tuple[str, bytes]]) -> Work:
    """The files written down now, for the page forgets them; the rest is left to whoever calls."""
    folder = TemporaryDirectory(prefix="footnote-")
    paths = [_written(name, content, Path(folder.name) / str(n)) for n, (name, content) in enumerate(files)]

    def take_in(tell: Callable[[Progress], None]) -> IngestReport:
        with folder:
            return assistant.ingest(paths, on_progress=tell)

    return take_in


def _written(name: str, content: bytes, folder: Path) -> Path:
    """The upload in a folder of its own, under its bare name: a browser may send '../../evil.txt'."""
    folder.mkdir()
    bare = Path(without_controls(name).replace("\\", "/")).name[-120:]
    path = folder / (bare if bare.strip(". ") else "filing.txt")
    path.write_bytes(content)
    return path

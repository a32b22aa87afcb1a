"""The ways to add filings: files from the visitor's machine, reports from the SEC's EDGAR, or pasted text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import streamlit as st

from index.filing import IngestReport
from ui.demo import visitor_of
from ui.demo_limits import Spent
from ui.desk import Desk
from ui.intake import Intake, Tell, Work
from ui.wording import for_markdown, size_of, without_controls

if TYPE_CHECKING:
    from rag.assistant import Assistant


LONGEST = 5_000_000  # characters that can be pasted
PRIVATE = "What you add here, nobody else sees; it is forgotten {} minutes after you have gone."


@dataclass(frozen=True)
class Wish:
    """What a visitor wants to be taken in."""

    work: Work
    sizes: tuple[int, ...] = ()  # of its files, in bytes
    names: tuple[str, ...] = ()


def ways_to_add(desk: Desk) -> None:
    """Files, EDGAR or pasted text; below them what became of the last ones."""
    session, assistant, demo = desk.session, desk.assistant, desk.demo
    busy = session.intake is not None and not session.intake.ended
    wish: Wish | None = None
    if assistant and demo:
        st.markdown(f":gray[:small[{for_markdown(PRIVATE.format(demo.limits.idle_minutes))}]]")
        from_files, from_text = st.tabs(["Files", "Paste"])
        with from_files:
            wish = _upload_form(busy, demo.limits.upload_bytes)
        with from_text:
            wish = _paste_form(busy, demo.limits.upload_bytes) or wish
    elif not desk.may_change:
        st.markdown(for_markdown("Filings are added by those who look after this library."))
    elif assistant:
        from_files, from_edgar, from_text = st.tabs(["Files", "EDGAR", "Paste"])
        with from_files:
            wish = _upload_form(busy)
        with from_edgar:
            wish = _edgar_form(assistant, busy) or wish
        with from_text:
            wish = _paste_form(busy) or wish
    if wish and assistant:
        _begin(desk, wish, assistant)
    elif session.intake and session.intake.ended:
        with st.container(gap="xsmall"):
            for number, told in enumerate(session.intake.outcomes):
                # page.css sets off what was refused: among ten files that were added it would be overlooked.
                with st.container(key=f"outcome-{'refused' if told.is_refused else 'added'}-{number}"):
                    st.markdown(for_markdown(told.line))


def _begin(desk: Desk, wish: Wish, assistant: Assistant) -> None:
    session, demo, visitor = desk.session, desk.demo, visitor_of(desk.session)
    if demo is None:
        session.intake = Intake.begin(wish.work, lambda: assistant, visitor, wish.names)
    else:
        try:
            demo.may_upload(visitor, wish.sizes)
        except Spent as problem:
            st.markdown(for_markdown(str(problem)))
            return
        own = session.id
        session.intake = Intake.begin(wish.work, lambda: demo.guests.own(own), visitor, wish.names)
    st.rerun()  # the page shows at once how far it is


def _upload_form(busy: bool, most_bytes: int = 0) -> Wish | None:
    with st.form("add", border=False, clear_on_submit=True):
        files = st.file_uploader(
            "Annual reports: HTML, PDF or text. Drop them here, or press Upload.",
            accept_multiple_files=True,
            max_upload_size=max(1, most_bytes // 1_000_000) if most_bytes else None,
        )
        is_wanted = st.form_submit_button("Add to the library", disabled=busy)
    if not is_wanted or not files:
        return None
    return _taking_in([(file.name, bytes(file.getbuffer())) for file in files], most_bytes)


def _edgar_form(assistant: Assistant, busy: bool) -> Wish | None:
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
    return Wish(lambda assistant, tell: assistant.fetch(company, form, years, identity, on_progress=tell))


def _paste_form(busy: bool, most_bytes: int = 0) -> Wish | None:
    with st.form("paste", border=False, clear_on_submit=True):
        name = st.text_input("Its name", key="paste-name", placeholder="Acme 10-K 2024", max_chars=100)
        text = st.text_area(
            "The text of a report, or a prompt with the text behind it", key="paste-text", height=160, max_chars=LONGEST
        )
        is_wanted = st.form_submit_button("Add to the library", key="paste-wanted", disabled=busy)
    if not is_wanted or not text.strip():
        return None
    return _taking_in([(f"{name.strip() or 'Pasted text'}.txt", text.encode())], most_bytes)


def _taking_in(files: Sequence[tuple[str, bytes]], most_bytes: int) -> Wish | None:
    """The files written down now, for the page forgets them; the rest is left to whoever calls."""
    for name, content in files:
        if most_bytes and len(content) > most_bytes:
            st.markdown(for_markdown(f"{name} has {size_of(len(content))}; {size_of(most_bytes)} is the most here."))
            return None
    folder = TemporaryDirectory(prefix="footnote-")
    paths = [_written(name, content, Path(folder.name) / str(n)) for n, (name, content) in enumerate(files)]

    def take_in(assistant: Assistant, tell: Tell) -> IngestReport:
        with folder:
            return assistant.ingest(paths, on_progress=tell)

    return Wish(take_in, tuple(len(content) for _, content in files), tuple(path.name for path in paths))


def _written(name: str, content: bytes, folder: Path) -> Path:
    """The upload in a folder of its own, under its bare name: a browser may send '../../evil.txt'."""
    folder.mkdir()
    bare = Path(without_controls(name).replace("\\", "/")).name[-120:]
    path = folder / (bare if bare.strip(". ") else "filing.txt")
    path.write_bytes(content)
    return path

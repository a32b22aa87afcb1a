"""The bar at the top: which filings are talked about, adding more of them, and starting anew."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import streamlit as st

from index.fetching import CannotFetch
from index.filing import Filing, IngestReport, Outcome, Progress
from ui.state import Session
from ui.wording import for_markdown, sentence_of, short_label, without_controls

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from index.build import OnProgress
    from rag.assistant import Assistant

log = logging.getLogger(__name__)
STAGES = {
    "fetch": "Fetching from EDGAR",
    "read": "Reading",
    "embed": "Reading for meaning",
    "store": "Storing",
    "done": "Done",
}
MOST_CHIPS = 12  # more filings than this are chosen from a list


@dataclass(frozen=True)
class Upload:
    """Files that a visitor wants taken in, and the place on the page that tells how far it is."""

    files: Sequence[UploadedFile]
    place: DeltaGenerator


@dataclass(frozen=True)
class Order:
    """Reports that a visitor wants from EDGAR, and the place on the page that tells how far it is."""

    company: str
    form: str
    years: str
    identity: str  # empty when it was given before
    place: DeltaGenerator


def filings_bar(
    session: Session, assistant: Assistant | None, filings: Sequence[Filing]
) -> tuple[list[str], Upload | Order | None]:
    """Draw the bar; the ids of the chosen filings, and what is to be taken in once the page is drawn."""
    with st.container(key="bar", horizontal=True, vertical_alignment="center", gap="medium"):
        st.subheader("Footnote", anchor=False, width="content")
        with st.container(width="content"):  # there with or without filings: what follows keeps its place
            chosen = _choose(filings)
        with st.container(horizontal=True, horizontal_alignment="right", width="stretch", gap="small"):
            with st.popover("Add filings", disabled=assistant is None), st.container(width=380):
                wish = _ways_to_add(assistant)
            st.button("New conversation", type="tertiary", on_click=session.start_anew, disabled=not session.turns)
    return chosen, wish


def take_in(assistant: Assistant, wish: Upload | Order) -> None:
    """Take the filings in, tell how far it is, and draw the page anew with one line of outcome for each."""
    with wish.place:
        bar = st.progress(0.0, text="Reading")

    def tell(progress: Progress) -> None:
        share = progress.done / progress.total if progress.total else 0.0
        bar.progress(min(share, 1.0), text=for_markdown(f"{STAGES[progress.stage]}: {progress.source}"))

    try:
        report = _brought(assistant, wish, tell) if isinstance(wish, Order) else _uploaded(assistant, wish, tell)
        outcomes = [_line(outcome) for outcome in report.outcomes]
    except CannotFetch as refusal:
        outcomes = [str(refusal)]
    except Exception as error:
        log.exception("taking in failed")
        outcomes = [sentence_of(error)]
    st.session_state.outcomes = outcomes
    st.rerun()


def _uploaded(assistant: Assistant, upload: Upload, tell: OnProgress) -> IngestReport:
    with TemporaryDirectory(prefix="footnote-") as folder:
        paths = [_written(file, Path(folder) / str(number)) for number, file in enumerate(upload.files)]
        return assistant.ingest(paths, on_progress=tell)


def _brought(assistant: Assistant, order: Order, tell: OnProgress) -> IngestReport:
    return assistant.fetch(order.company, order.form, order.years, order.identity, on_progress=tell)


def _choose(filings: Sequence[Filing]) -> list[str]:
    """The filings as chips; to begin with, the latest is chosen."""
    ids = [filing.id for filing in filings]
    if not ids:
        return []
    # Another process may have taken a chosen filing out since the last run.
    if "chosen" in st.session_state:
        st.session_state.chosen = [filing_id for filing_id in st.session_state.chosen if filing_id in ids]
    else:
        st.session_state.chosen = [max(filings, key=lambda filing: filing.fiscal_year or 0).id]
    names = {filing.id: for_markdown(_chip(filing, filings)) for filing in filings}
    if len(ids) > MOST_CHIPS:
        return st.multiselect(
            "Filings", ids, key="chosen", format_func=lambda i: names[i], label_visibility="collapsed", width=420
        )
    return st.pills(
        "Filings",
        ids,
        key="chosen",
        selection_mode="multi",
        format_func=lambda i: names[i],
        label_visibility="collapsed",
    )


def _chip(filing: Filing, filings: Sequence[Filing]) -> str:
    """The company's name only where there are several."""
    one_company = len({each.company for each in filings}) == 1
    return short_label(filing) if one_company else filing.label


def _ways_to_add(assistant: Assistant | None) -> Upload | Order | None:
    """Files or EDGAR; below them what became of the last ones."""
    from_files, from_edgar = st.tabs(["Files", "EDGAR"])
    place = st.container()
    with from_files:
        upload = _upload_form(place)
    with from_edgar:
        order = _edgar_form(assistant, place) if assistant else None
    if not upload and not order:
        with place:
            for line in st.session_state.get("outcomes", ()):
                st.markdown(for_markdown(line))
    return upload or order


def _upload_form(place: DeltaGenerator) -> Upload | None:
    with st.form("add", border=False):
        files = st.file_uploader("Annual reports: HTML, PDF or text", accept_multiple_files=True)
        is_wanted = st.form_submit_button("Take in")
    return Upload(files, place) if is_wanted and files else None


def _edgar_form(assistant: Assistant, place: DeltaGenerator) -> Order | None:
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
        is_wanted = st.form_submit_button("Fetch")
    return Order(company, form, years, identity, place) if is_wanted else None


def _written(file: UploadedFile, folder: Path) -> Path:
    """The upload in a folder of its own, under its bare name: a browser may send '../../evil.txt'."""
    folder.mkdir()
    name = Path(without_controls(file.name).replace("\\", "/")).name[-120:]
    path = folder / (name if name.strip(". ") else "filing.txt")
    path.write_bytes(file.getbuffer())
    return path


def _line(outcome: Outcome) -> str:
    if outcome.status == "refused":
        return outcome.problem
    return f"{outcome.path.name}: {'added' if outcome.status == 'added' else 'was already there'}."

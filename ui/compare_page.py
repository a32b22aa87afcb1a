"""Compare: what changed in a company's business from report to report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from index.companies import by_company
from index.filing import Filing
from ui.changes_card import changes_card, columns_card
from ui.demo import visitor_of
from ui.desk import Desk
from ui.figures_view import figures_view
from ui.progress_note import progress_note
from ui.reader_pane import read_ahead, reader_pane
from ui.state import Place
from ui.turnstile import TURNSTILE, Share
from ui.wording import counted, for_markdown, label_among, sentence_of

if TYPE_CHECKING:
    from rag.answer import Answer
    from rag.assistant import Assistant
    from rag.compare import Comparison

MOST_COMPARED = 6


def compare_page(desk: Desk) -> None:
    """Draw what changed between the chosen filings, beside the reader."""
    page = st.container(key="desk")
    reader_pane(desk.session, desk.assistant, desk.filings, desk.chosen)  # comparing takes time, reading on does not
    with page:
        st.header("What changed", anchor=False)
        compared = sorted(desk.wanted, key=lambda filing: (filing.fiscal_year or 0, filing.id))
        if not desk.assistant or not desk.warming.ready:
            progress_note(desk, at_rest="")
        elif len(compared) < 2:
            _choose_more(desk)
        elif len(compared) > MOST_COMPARED:
            st.markdown(f"Choose at most {MOST_COMPARED} filings above; {len(compared)} are chosen.")
        else:
            _comparison(desk, desk.assistant, compared)
    if 2 <= len(compared) <= MOST_COMPARED:
        read_ahead(desk, [Place(filing.id) for filing in reversed(compared)])


def _choose_more(desk: Desk) -> None:
    """What to do where there is nothing to compare yet."""
    if len(desk.filings) < 2:
        st.markdown("Add two reports or more, best of one company, to see here what its business gained and lost.")
        return
    st.markdown("Choose two filings or more above, best of one company, to see what its business gained and lost.")
    for company, reports in by_company(desk.filings).items():
        if len(reports) > 1:
            st.button(
                for_markdown(f"Compare {counted(len(reports[:MOST_COMPARED]), 'report')} of {company}"),
                key=f"compare-{company}",
                on_click=st.session_state.update,
                kwargs={"chosen": [filing.id for filing in reports[:MOST_COMPARED]]},
            )


def _comparison(desk: Desk, assistant: Assistant, compared: Sequence[Filing]) -> None:
    names = for_markdown(", ".join(label_among(filing, compared) for filing in compared))
    companies = list(by_company(compared))
    st.markdown(f":gray[{names}]" if len(companies) > 1 else f":gray[{for_markdown(companies[0])}: {names}]")
    if len(companies) > 1:
        st.markdown(":gray[These are reports of different companies: what is told as a change is a difference.]")
    link = ",".join(filing.id for filing in compared)
    if st.query_params.get("filings") != link:
        st.query_params["filings"] = link  # the browser's address leads back here, and can be passed on
    versions = tuple((filing.id, filing.sha256) for filing in compared)
    try:
        with st.spinner("Comparing"):
            comparison, summaries = _compared(desk, assistant, versions)
    except ValueError as error:
        st.markdown(for_markdown(sentence_of(error)))
        return
    changes, figures, columns = st.tabs(["Changes", "Figures", "Side by side"])
    with changes:
        changes_card(comparison, desk.filings)
    with figures:
        figures_view(desk.session, comparison, desk.filings)
    with columns:
        columns_card(summaries, desk.filings, desk.titles)


@st.cache_resource(show_spinner=False, max_entries=32)
def _compared(
    _desk: Desk, _assistant: Assistant, versions: tuple[tuple[str, str], ...]
) -> tuple[Comparison, list[Answer]]:
    """What changed, and the summaries side by side. It takes as long as some questions do, so it waits for its turn."""
    from rag.model_settings import ModelSettings

    visitor = visitor_of(_desk.session)
    if _desk.demo:
        _desk.demo.may_ask(visitor)
    share = _desk.demo.share if _desk.demo else Share()
    with TURNSTILE.place(visitor, tell=lambda _place: None, share=share):
        comparison = _assistant.compare([filing_id for filing_id, _ in versions])
        # Offline, as the comparison itself: what differs must be the filings.
        offline = ModelSettings.none()
        return comparison, [_assistant.summarize(filing_id, model=offline) for filing_id, _ in versions]

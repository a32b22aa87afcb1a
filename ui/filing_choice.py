"""Choosing the filings that are talked about: a company's reports as chips, the other companies behind a press."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from index.companies import by_company
from index.filing import Filing
from ui.state import Session
from ui.wording import counted, for_markdown, label_among

MOST_LETTERS = 75  # on the chips in the bar together
MOST_COMPANIES = 20  # in the list at once; whoever has more looks for one by its name


def filing_choice(session: Session, filings: Sequence[Filing]) -> list[str]:
    """Draw it; the ids of the chosen filings. To begin with, the latest is chosen."""
    ids = [filing.id for filing in filings]
    if not ids:
        return []
    latest = max(filings, key=lambda filing: filing.fiscal_year or 0).id
    # Another process may have taken a chosen filing out since the last run.
    chosen = [filing_id for filing_id in st.session_state.get("chosen", [latest]) if filing_id in ids]
    st.session_state.chosen = chosen
    if _fit(filings):
        _chips(session, filings, "chips-all", "Filings")
        return chosen
    companies = by_company([filing for filing in filings if filing.id in chosen])
    only = next(iter(companies.values()))[0].id if len(companies) == 1 else ""
    reports = next((group for group in by_company(filings).values() if only in [one.id for one in group]), [])
    in_bar = reports if len(reports) > 1 and _fit(reports) else []
    with st.popover(for_markdown(told(filings, chosen, bool(in_bar)))), st.container(width=380, key="choice"):
        _all_companies(session, filings)
    if in_bar:
        # The latest first: on a phone there may be room for no more.
        latest_first = sorted(in_bar, key=lambda filing: filing.fiscal_year or 0, reverse=True)
        _chips(session, latest_first, "chips-company", "Filings")
    return chosen


def told(filings: Sequence[Filing], chosen: Sequence[str], has_chips: bool) -> str:
    """What is chosen, on the button that opens the list; the chips beside it tell the years."""
    named = [filing for filing in filings if filing.id in chosen]
    companies = by_company(named)
    if not named:
        return f"All {counted(len(filings), 'filing')}"
    if len(companies) > 1:
        return f"{len(named)} filings of {len(companies)} companies"
    if has_chips:
        return next(iter(companies))
    return named[0].label if len(named) == 1 else f"{next(iter(companies))}, {len(named)} filings"


def _all_companies(session: Session, filings: Sequence[Filing]) -> None:
    """Every company with its reports as chips."""
    companies = by_company(filings)
    shown = list(companies)
    if len(shown) > MOST_COMPANIES:
        wanted = st.text_input("Look for a company", key="looked-for-company").casefold().split()
        shown = [company for company in shown if all(word in company.casefold() for word in wanted)]
    for company in shown[:MOST_COMPANIES]:
        reports = companies[company]
        _chips(session, reports, f"chips-{company}", for_markdown(company), is_labelled=True)
    if len(shown) > MOST_COMPANIES:
        st.markdown(f":gray[:small[The first {MOST_COMPANIES} of {len(shown)}; a word of its name finds any.]]")
    is_any = bool(st.session_state.chosen)
    everything = f"Ask all {counted(len(filings), 'filing')}"
    st.button(everything, key="choose-all", type="tertiary", disabled=not is_any, on_click=_choose, args=(session, []))


def _chips(session: Session, offered: Sequence[Filing], key: str, label: str, is_labelled: bool = False) -> None:
    """These filings as chips. What is chosen stands in the session: a filing may have a chip in both places."""
    names = {filing.id: for_markdown(label_among(filing, offered)) for filing in offered}
    pressed = [filing_id for filing_id in names if filing_id in st.session_state.chosen]
    if st.session_state.get(key) != pressed:
        st.session_state[key] = pressed
    st.pills(
        label,
        list(names),
        key=key,
        selection_mode="multi",
        format_func=lambda filing_id: names[filing_id],
        label_visibility="visible" if is_labelled else "collapsed",
        on_change=partial(_turn, session, key, list(names)),
    )


def _turn(session: Session, key: str, offered: Sequence[str]) -> None:
    others = [filing_id for filing_id in st.session_state.chosen if filing_id not in offered]
    _choose(session, others + list(st.session_state[key]))


def _choose(session: Session, chosen: Sequence[str]) -> None:
    st.session_state.chosen = list(chosen)
    session.reading = None  # the reader shows what is chosen now


def _fit(offered: Sequence[Filing]) -> bool:
    if len(offered) > MOST_LETTERS:
        return False  # whatever they are called: to name thousands of them takes time
    return sum(len(label_among(filing, offered)) for filing in offered) <= MOST_LETTERS

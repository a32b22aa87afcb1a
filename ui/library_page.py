"""Library: the filings at hand with what was understood of each, taking in more, and taking one out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from index.companies import by_company
from index.filing import Filing
from ui.adding import ways_to_add
from ui.desk import Desk
from ui.parse_card import parse_card
from ui.progress_note import progress_note
from ui.removals import shared_removals
from ui.state import Place, Session, Task
from ui.wording import counted, for_markdown, label_among, short_label, size_of

if TYPE_CHECKING:
    from rag.assistant import Assistant

MOST_SHOWN = 60  # filings at once; whoever has more looks for one by its name


def library_page(desk: Desk) -> None:
    """Draw the filings by company and year beside the ways to add more."""
    st.header("Library", anchor=False)
    listed, adding = st.columns([3, 2], gap="large")
    with adding, st.container(key="adding"):
        st.subheader("Add filings", anchor=False)
        ways_to_add(desk)
        progress_note(desk, at_rest="")
    with listed:
        if not desk.assistant:
            st.markdown("The library is being opened.")
            return
        if desk.may_change:
            _undo(desk)
        if not desk.filings:
            st.markdown("The library is empty. What you add stands here.")
        else:
            _shelves(desk)
        if desk.may_change and desk.filings:
            _upkeep(desk.assistant)
        elif desk.demo and desk.assistant is not desk.demo.host:
            forget = desk.demo.guests.forget
            st.button("Forget what I added", key="forget-added", on_click=forget, args=(desk.session.id,))


def _shelves(desk: Desk) -> None:
    """The filings by company, the latest first."""
    shown = list(desk.filings)
    if len(shown) > MOST_SHOWN:
        wanted = st.text_input("Look for a company or a year", key="looked-for").casefold().split()
        shown = [filing for filing in shown if all(word in filing.label.casefold() for word in wanted)]
        if len(shown) > MOST_SHOWN:
            st.markdown(f":gray[The first {MOST_SHOWN} of {len(shown)}; a word of its name finds any.]")
    shown = sorted(shown, key=lambda filing: (filing.company.casefold(), -(filing.fiscal_year or 0)))[:MOST_SHOWN]
    for company, reports in sorted(by_company(shown).items(), key=lambda pair: pair[0].casefold()):
        st.subheader(for_markdown(company), anchor=False)
        names = {filing.company for filing in reports}
        if len(names) > 1:
            earlier = ", ".join(sorted(names - {company}))
            st.markdown(f":gray[:small[Also reported as {for_markdown(earlier)}.]]")
        for filing in sorted(reports, key=lambda filing: -(filing.fiscal_year or 0)):
            _line(desk, filing)


def _line(desk: Desk, filing: Filing) -> None:
    """A filing: what it is, and what can be done with it."""
    session, label = desk.session, short_label(filing)
    with st.container(border=True, key=f"filing-{filing.id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(width="stretch"):
                st.markdown(f"**{for_markdown(label)}**  \n:gray[:small[{for_markdown(_about(filing))}]]")
            # What is chosen can be changed before the bar is drawn, and not after: hence at the press, not here.
            read = partial(_read, session, filing)
            if st.button("Read", key=f"read-{filing.id}", help=f"Read {filing.label}", on_click=read):
                st.switch_page(desk.pages[0])
            summarise = partial(_summarise, desk, filing)
            if st.button("Summarise", key=f"sum-{filing.id}", help=f"Summarise {filing.label}", on_click=summarise):
                st.switch_page(desk.pages[0])
            is_open = st.session_state.get("details") == filing.id
            st.button(
                "Close" if is_open else "Details",
                key=f"details-{filing.id}",
                help=f"What was understood of {filing.label}",
                on_click=st.session_state.update,
                kwargs={"details": "" if is_open else filing.id},
            )
            if desk.may_change:
                st.button(
                    "Remove",
                    key=f"remove-{filing.id}",
                    type="tertiary",
                    help=f"Take {filing.label} out of the library",
                    on_click=_remove,
                    args=(desk.assistant, filing),
                )
        if is_open and desk.assistant:
            parse_card(desk.assistant, filing)


def _read(session: Session, filing: Filing) -> None:
    st.session_state.chosen = [filing.id]
    session.open_at(Place(filing.id))


def _summarise(desk: Desk, filing: Filing) -> None:
    st.session_state.chosen = [filing.id]
    desk.session.want(Task(f"Business model, {label_among(filing, desk.filings)}", (filing.id,)))


def _about(filing: Filing) -> str:
    parts = [
        f"year to {filing.period_end}" if filing.period_end else "",
        f"filed {filing.filed_on}" if filing.filed_on else "",
        counted(len(filing.pages), "page") if filing.pages else "",
        filing.source,
    ]
    return " · ".join(part for part in parts if part)


def _remove(assistant: Assistant, filing: Filing) -> None:
    shared_removals().remove(assistant, filing)


def _undo(desk: Desk) -> None:
    """What was just taken out, as long as it can still be had back."""
    removals = shared_removals()
    leaving = removals.leaving()
    if not leaving:
        return
    for filing in leaving:
        with st.container(horizontal=True, vertical_alignment="center", key=f"leaving-{filing.id}"):
            st.markdown(f"{for_markdown(filing.label)} was removed.")
            st.button("Undo", key=f"undo-{filing.id}", on_click=removals.undo, args=(filing.id,))
    _look_again(len(leaving))


@st.fragment(run_every=1.0)
def _look_again(leaving: int) -> None:
    """Take the offer away when it has passed."""
    if len(shared_removals().leaving()) != leaving:
        st.rerun()


def _upkeep(assistant: Assistant) -> None:
    """What the library takes, and bringing its indexes into step."""
    folder = assistant.index.settings.data_dir
    used = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    with st.container(horizontal=True, vertical_alignment="center", key="upkeep"):
        st.markdown(f":gray[:small[{size_of(used)} on this disk.]]")
        check, anew = "Compare the indexes with the library and mend them", "Make both indexes anew from the library"
        if st.button("Check the indexes", type="tertiary", help=check):
            with st.spinner("Comparing the indexes with the library"):
                assistant.index.repair()
            st.markdown(":gray[:small[They are in step.]]")
        if st.button("Rebuild them", type="tertiary", help=anew):
            with st.spinner("Making the indexes anew"):
                assistant.index.rebuild()
            st.markdown(":gray[:small[They were made anew.]]")

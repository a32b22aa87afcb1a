"""The conversation: what was asked and answered, what can be asked next, and the work on what is wanted now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from index.companies import by_company
from ui.adding import ways_to_add
from ui.answer_card import OnDeed, answer_card
from ui.answering import OFTEN, Answering, Asker
from ui.deeds import LONGEST_QUESTION
from ui.demo import payer_of, visitor_of
from ui.desk import Desk
from ui.earlier import keep_conversation
from ui.state import Task, Turn
from ui.wording import counted, for_markdown, label_among

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

SOON = 0.5  # seconds
BUSINESS_MODEL = "Summarise the business model"
FIRST_QUESTIONS = (
    "Who are the customers?",
    "How many people does the company employ?",
    "How is the company financed?",
)


def welcome(desk: Desk) -> None:
    """What this is, what is at hand, and good first questions."""
    filings = desk.filings
    st.header("Ask what a company says about itself", anchor=False)
    st.markdown("Every sentence of an answer carries a footnote: the exact words of the filing that support it.")
    if filings:
        companies = list(by_company(filings))
        names = ", ".join(companies[:5]) + (f" and {len(companies) - 5} more" if len(companies) > 5 else "")
        st.markdown(f":gray[At hand: {for_markdown(names)}, {counted(len(filings), 'annual report')}.]")
        with st.container(gap="xsmall"):
            for question in FIRST_QUESTIONS:
                _question_button(desk, question, key=f"first-{question}")
        if desk.demo:
            limits = desk.demo.limits
            st.markdown(
                f":gray[:small[A demonstration: a visitor may ask {limits.questions:,} questions a day and add "
                f"{counted(limits.uploads, 'file')}, which nobody else sees.]]"
            )
    elif desk.is_bare:
        st.markdown("The library is empty. Begin with an annual report or two:")
        with st.container(width=460, key="first-filings"):
            ways_to_add(desk)
            if desk.may_change:
                st.markdown(":gray[:small[Or run `footnote ingest PATH` in a terminal; this page will see them.]]")


def conversation(desk: Desk, on_deed: OnDeed) -> DeltaGenerator | None:
    """What was asked and answered so far, and what may be asked next; where the answer in the making goes."""
    session = desk.session
    task = session.next_task
    last = len(session.turns) - 1
    work_place = None
    for number, turn in enumerate(session.turns):
        place = st.container()
        if task and task.turn == number:
            work_place = place
            continue
        with place:
            answer_card(desk, turn, number, on_deed)
            if number == last and not task:
                _next_questions(desk, turn, number)
            else:
                st.empty()  # takes the old buttons away at once; left to Streamlit, they go late and all below jumps
    return st.container() if task and work_place is None else work_place


def ask_box(desk: Desk) -> None:
    """The summaries at one press, and the box for questions; they stay at the foot of the page."""
    session, wanted = desk.session, desk.wanted

    def want_summaries(title: str, names: tuple[str, ...]) -> None:
        session.want(*(Task(f"{title}, {label_among(f, desk.filings)}", (f.id,), facets=names) for f in wanted))

    def want_answer() -> None:
        question = str(st.session_state.question or "").strip()
        if question:
            session.want(Task(question, tuple(desk.chosen), question))

    with st.container(key="summaries", horizontal=True, gap="xsmall"):
        for name, label, choice in [
            ("summary", BUSINESS_MODEL, ("Business model", ())),
            *((f"summary-{facet.name}", facet.title, (facet.title, (facet.name,))) for facet in desk.facets),
        ]:
            st.button(for_markdown(label), key=name, on_click=want_summaries, args=choice, disabled=not wanted)
    st.chat_input("Ask about these filings", key="question", max_chars=LONGEST_QUESTION, on_submit=want_answer)


def work(desk: Desk, on_deed: OnDeed) -> None:
    """See to it that the next task is at work, and show how far it is."""
    session = desk.session
    task = session.next_task
    if task is None:
        return
    if session.answering is None:
        payer = payer_of(session, desk.demo)
        asker = Asker(payer, visitor_of(session), session.model, desk.assistant, desk.demo)
        session.answering = Answering(task, session.history(task), asker)
        session.answering.begin(desk.warming)
        if session.answering.wait(SOON):  # most are: then nothing flickers
            _finish(desk)
    # With each look at the page anew: the nearer its turn, the more often.
    st.fragment(_watch, run_every=session.answering.looks_every if session.answering else OFTEN)(desk, on_deed)


def _watch(desk: Desk, on_deed: OnDeed) -> None:
    """The sentences that are verified so far; the page is drawn anew at the end."""
    answering = desk.session.answering
    if answering is None or answering.ended:
        _finish(desk)
        return
    number = answering.task.turn if answering.task.turn is not None else len(desk.session.turns)
    answer_card(desk, answering.turn, number, on_deed, working=True)


def _finish(desk: Desk) -> None:
    session = desk.session
    if session.answering:
        turn = session.answering.turn
        # Kept first: a press that comes now ends this run, and the next one finishes it again.
        keep_conversation(session, session.turns_with(turn), desk.warming.assistant)
        session.finish(turn)
        session.answering = None
    st.rerun()


def _next_questions(desk: Desk, turn: Turn, number: int) -> None:
    answer = turn.answer
    if answer is None:
        return
    with st.container(key=f"followups-{number}", horizontal=True, gap="xsmall"):
        for question in answer.followups:
            _question_button(desk, question, key=f"next-{number}-{question}")
        if not answer.answered and 0 < len(answer.searched) < len(desk.filings):
            label = f"Search all {len(desk.filings)} filings"
            st.button(label, key=f"all-{number}", on_click=desk.session.want, args=(Task(turn.title, (), turn.title),))


def _question_button(desk: Desk, question: str, key: str) -> None:
    task = Task(question, tuple(desk.chosen), question)
    st.button(for_markdown(question), key=key, on_click=desk.session.want, args=(task,))

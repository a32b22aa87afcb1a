"""The conversation: what was asked and answered, what can be asked next, and the work on what is wanted now."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from index.filing import Filing
from ui.answer_card import answer_card
from ui.state import Session, Task, Turn
from ui.warming import Warming
from ui.wording import counted, for_markdown, sentence_of, short_label

if TYPE_CHECKING:
    from rag.answer import Answer
    from rag.assistant import Assistant
    from rag.facets import Facet

log = logging.getLogger(__name__)
LONGEST_QUESTION = 500
BUSINESS_MODEL = "Summarise the business model"
FIRST_QUESTIONS = (
    "Who are the customers?",
    "How many people does the company employ?",
    "How is the company financed?",
)


def welcome(session: Session, filings: Sequence[Filing], chosen: Sequence[str], is_open: bool) -> None:
    """What this is, what is at hand, and good first questions."""
    st.header("Ask what a company says about itself", anchor=False)
    st.markdown("Every sentence of an answer carries a footnote: the exact words of the filing that support it.")
    if filings:
        companies = list(dict.fromkeys(filing.company for filing in filings))
        names = ", ".join(companies[:5]) + (f" and {len(companies) - 5} more" if len(companies) > 5 else "")
        st.markdown(f":gray[At hand: {for_markdown(names)}, {counted(len(filings), 'annual report')}.]")
        with st.container(gap="xsmall"):
            for question in FIRST_QUESTIONS:
                _question_button(session, question, chosen, key=f"first-{question}")
    elif is_open:
        st.markdown(
            "The library is empty. Press **Add filings** above and choose annual reports (HTML, PDF or text), "
            "or run `footnote ingest PATH` in a terminal; this page will see them."
        )


def conversation(session: Session, facets: Sequence[Facet], filings: Sequence[Filing], chosen: Sequence[str]) -> None:
    """What was asked and answered so far; the last answer is followed by what one may ask next."""
    titles = {facet.name: facet.title for facet in facets}
    last = len(session.turns) - 1
    for number, turn in enumerate(session.turns):
        with st.container():
            answer_card(session, turn, number, filings, titles)
            if number == last and not session.next_task:
                _next_questions(session, turn, filings, chosen, number)
            else:
                st.empty()  # takes the old buttons away at once; left to Streamlit, they go late and all below jumps


def ask_box(session: Session, facets: Sequence[Facet], filings: Sequence[Filing], chosen: Sequence[str]) -> None:
    """The summaries at one press, and the box for questions; they stay at the foot of the page."""
    latest = max(filings, key=lambda filing: filing.fiscal_year or 0, default=None)
    wanted = [filing for filing in filings if filing.id in chosen] or ([latest] if latest else [])

    def want_summaries(title: str, names: tuple[str, ...]) -> None:
        session.want(*(Task(f"{title}, {short_label(f)}", (f.id,), facets=names) for f in wanted))

    def want_answer() -> None:
        question = str(st.session_state.question or "").strip()
        if question:
            session.want(Task(question, tuple(chosen), question))

    with st.container(key="summaries", horizontal=True, gap="xsmall"):
        for name, label, choice in [
            ("summary", BUSINESS_MODEL, ("Business model", ())),
            *((f"summary-{facet.name}", facet.title, (facet.title, (facet.name,))) for facet in facets),
        ]:
            st.button(for_markdown(label), key=name, on_click=want_summaries, args=choice, disabled=not filings)
    st.chat_input("Ask about these filings", key="question", max_chars=LONGEST_QUESTION, on_submit=want_answer)


def work(session: Session, warming: Warming, filings: Sequence[Filing]) -> None:
    """Do the next task, tell each step, and draw the page anew with what came of it."""
    task = session.next_task
    if task is None:
        return
    steps: list[str] = []

    def tell(step: str) -> None:
        steps.append(step)
        status.markdown(for_markdown(step))

    with st.container():
        answer_card(session, Turn(task.title), len(session.turns), filings, {})
        with st.status("Reading the filings", expanded=True) as status:
            try:
                turn = Turn(task.title, _answer(task, _when_ready(warming), session.history, tell), tuple(steps))
            except (ValueError, KeyError) as error:
                turn = Turn(task.title, problem=sentence_of(error))
            except Exception:
                log.exception("the task failed: %s", task.title)
                turn = Turn(task.title, problem="This could not be answered; the server's log says why.")
    session.finish(turn)
    st.rerun()


def _answer(task: Task, assistant: Assistant, history: tuple[Answer, ...], tell: Callable[[str], None]) -> Answer:
    if task.question:
        return assistant.ask(task.question, filing_ids=task.filing_ids or None, history=history, on_step=tell)
    return assistant.summarize(task.filing_ids[0], facets=task.facets or None, on_step=tell)


def _when_ready(warming: Warming) -> Assistant:
    """The assistant, as soon as it can be asked; a visitor who comes early is told what they wait for."""
    if not warming.ready:
        st.markdown("Waiting for the language model to load. This happens once and takes about ten seconds.")
        line = st.empty()
        while not warming.wait(0.3):
            line.empty()  # any call of Streamlit will do: it lets a press that came meanwhile through
    if warming.assistant is None:
        raise ValueError(f"The library could not be opened: {warming.problem}")
    return warming.assistant


def _next_questions(
    session: Session, turn: Turn, filings: Sequence[Filing], chosen: Sequence[str], number: int
) -> None:
    answer = turn.answer
    if answer is None:
        return
    with st.container(horizontal=True, gap="xsmall"):
        for question in answer.followups:
            _question_button(session, question, chosen, key=f"next-{number}-{question}")
        if not answer.answered and 0 < len(answer.searched) < len(filings):
            task = Task(turn.title, (), turn.title)
            st.button(f"Search all {len(filings)} filings", key=f"all-{number}", on_click=session.want, args=(task,))


def _question_button(session: Session, question: str, chosen: Sequence[str], key: str) -> None:
    task = Task(question, tuple(chosen), question)
    st.button(for_markdown(question), key=key, on_click=session.want, args=(task,))

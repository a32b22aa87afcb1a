"""A visitor's earlier conversations: kept as they go on, listed, opened again and forgotten."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import streamlit as st

from rag.kept import SharedTurn, UnusableRecords
from ui.components import component
from ui.state import Session, Task, Turn
from ui.wording import counted, for_markdown

if TYPE_CHECKING:
    from rag.assistant import Assistant

log = logging.getLogger(__name__)
MOST_LISTED = 30
ID = re.compile(r"[0-9a-f]{48}")
draw_visitor = component("visitor", "<span hidden></span>", ["visitor.js"])


def know_visitor(session: Session, assistant: Assistant | None) -> None:
    """Learn from the browser who it is; it tells after the first paint, maybe after the first question."""

    def told() -> None:
        said = str(st.session_state["visitor"].get("id") or "")
        session.owner = said if ID.fullmatch(said) else ""
        keep_conversation(session, session.turns, assistant)

    draw_visitor(key="visitor", data={"known": bool(session.owner)}, on_id_change=told)
    if not session.owner:
        told()  # Streamlit gives up a run for the next press, even in its callback, and never calls that again


def keep_conversation(session: Session, turns: tuple[Turn, ...], assistant: Assistant | None) -> None:
    """Keep the conversation with these turns, where it is known for whom."""
    if not (assistant and session.owner and turns):
        return
    try:
        assistant.records.keep(session.owner, session.conversation_id, turns[0].title, turns)
    except UnusableRecords as problem:
        log.warning("%s", problem)


def earlier_conversations(session: Session, assistant: Assistant) -> None:
    """The list, with a field to look for words in them."""
    wanted = st.text_input("Look for words", key="earlier-words", placeholder="Words of a question or an answer")
    try:
        entries = assistant.records.conversations(session.owner, wanted) if session.owner else []
    except UnusableRecords as problem:
        st.markdown(for_markdown(str(problem)))
        return
    if not entries:
        st.markdown(":gray[None has these words.]" if wanted else ":gray[There are none yet; they are kept here.]")
    for entry in entries[:MOST_LISTED]:
        with st.container(key=f"kept-{entry.id}", horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.button(
                for_markdown(entry.title),
                key=f"earlier-{entry.id}",
                type="tertiary",
                width="stretch",
                help=f"{entry.when[:16].replace('T', ' ')}, {counted(entry.turns, 'turn')}",
                on_click=_open,
                args=(session, assistant, entry.id),
            )
            st.button(
                "Forget",
                key=f"forget-{entry.id}",
                type="tertiary",
                help=f"Remove “{for_markdown(entry.title)}” for good",
                on_click=_forget,
                args=(session, assistant, entry.id),
            )


def _open(session: Session, assistant: Assistant, conversation_id: str) -> None:
    try:
        found = assistant.records.conversation(session.owner, conversation_id)
    except UnusableRecords as problem:
        log.warning("%s", problem)
        found = None
    if found:
        session.start_anew(tuple(map(turn_of, found.turns)), conversation_id)


def _forget(session: Session, assistant: Assistant, conversation_id: str) -> None:
    assistant.records.forget(session.owner, conversation_id)


def turn_of(kept: SharedTurn) -> Turn:
    """A turn that can be answered again, of one that was kept."""
    answer = kept.answer
    if answer is None or answer.question == kept.title:
        task = Task(kept.title, answer.searched if answer else (), kept.title)
    else:  # the title of a summary is ours, and not its question
        facets = dict.fromkeys([one.facet for one in answer.sentences if one.facet] + list(answer.silent))
        task = Task(kept.title, answer.searched, "", tuple(facets))
    return Turn(task, answer, steps=kept.steps, problem=kept.problem)

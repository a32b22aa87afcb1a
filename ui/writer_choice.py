"""Who writes: the offline composer, or a language model whose key is typed here and lives in this session only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ui.demo import payer_of
from ui.state import Session
from ui.wording import for_markdown, taken_of_the_model

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.model_settings import ModelSettings
    from ui.demo import Demo

OFFLINE = "Offline"


def writer_choice(session: Session, assistant: Assistant | None, demo: Demo | None) -> None:
    """A popover that is named for who writes."""
    name = _name(session, assistant)
    with st.popover(name, type="tertiary", help="Who writes the sentences"), st.container(width=360):
        if assistant:
            _choose(session, assistant, demo)


def _name(session: Session, assistant: Assistant | None) -> str:
    settings = _in_force(session, assistant)
    return for_markdown(settings.model) if settings and settings.is_set else OFFLINE


def _in_force(session: Session, assistant: Assistant | None) -> ModelSettings | None:
    return session.model or (assistant.model.settings if assistant else None)


def _choose(session: Session, assistant: Assistant, demo: Demo | None) -> None:
    from rag.model_settings import ModelSettings

    settings = _in_force(session, assistant)
    if settings and settings.is_set:
        st.markdown(f"**{for_markdown(settings.model)}** at {for_markdown(settings.host)} writes; Footnote verifies.")
        spent = assistant.spent(payer_of(session, demo))
        if taken := taken_of_the_model(spent.tokens, spent.cost):
            st.markdown(f":gray[{'You took' if demo else 'This session took'} {taken}{' today' if demo else ''}.]")
        st.button("Write offline", on_click=session.use_model, args=(ModelSettings.none(),))
    else:
        st.markdown("Footnote writes by itself, from the filings' own sentences. No key, no network.")
        if session.model and assistant.model.settings.is_set:
            st.button("Use the server's model again", on_click=session.use_model, args=(None,))
    with st.form("writer", clear_on_submit=True, border=False):
        key = st.text_input("Key", type="password", help="It stays in this session, and is never kept or shown.")
        model = st.text_input("Model", assistant.model.settings.model)
        base_url = ""
        if demo is None:  # strangers do not name addresses for this server to call
            base_url = st.text_input("Endpoint", placeholder="https://api.openai.com/v1, or any compatible one")
        is_wanted = st.form_submit_button("Let it write")
    if is_wanted and (key.strip() or base_url.strip()):
        typed = {"model": model, "base_url": base_url or assistant.model.settings.base_url}
        session.use_model(assistant.model.settings.model_copy(update=typed).with_key(key))
        st.rerun()

"""Who may come in: everybody, those who know a password, or those whom an OpenID provider knows."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui.demo import visitor_of
from ui.passwords import is_right
from ui.settings import ServerSettings
from ui.state import Session
from ui.wording import for_markdown

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from ui.warming import Warming

MOST_TRIES = 30  # of one visitor in a day
PAUSE = 0.5  # seconds after a wrong one


def is_let_in(session: Session, settings: ServerSettings, warming: Warming) -> bool:
    """Whether this visitor may see the page; if not, the way to sign in is drawn."""
    if settings.sign_in == "oidc":
        return _by_provider(session)
    if settings.sign_in == "password":
        return session.user != "" or _by_password(session, settings, warming)
    return True


def may_change(session: Session, settings: ServerSettings) -> bool:
    """Whether this visitor may take filings in and out."""
    if settings.demo:
        return False
    return not settings.admins or session.user.casefold() in settings.admins


def _by_provider(session: Session) -> bool:
    if not st.user.get("is_logged_in"):
        with st.container(key="door"):
            _greet()
            st.button("Sign in", on_click=st.login)
        return False
    session.user = _name_of(st.user)
    session.owner = f"user {session.user}"  # one person's conversations, whichever browser they use
    return bool(session.user)


def _name_of(user: Mapping[str, Any]) -> str:
    """An e-mail address only where the provider has seen that it is theirs: else people may write any they like."""
    is_theirs = str(user.get("email_verified", "")).casefold() == "true"
    return str((user.get("email") if is_theirs else "") or user.get("sub") or "")


def _by_password(session: Session, settings: ServerSettings, warming: Warming) -> bool:
    assistant = warming.assistant
    with st.container(key="door"):
        _greet()
        with st.form("password", border=False, clear_on_submit=True):
            password = st.text_input("Password", type="password", max_chars=1000)
            is_wanted = st.form_submit_button("Sign in", disabled=assistant is None)
        if not assistant:
            _wait_for(warming)
            return False
        if not is_wanted:
            return False
        if problem := _problem_with(password, session, settings, assistant):
            st.markdown(for_markdown(problem))
            return False
    session.user = "somebody who knows the password"
    st.rerun()


def _greet() -> None:
    """What waits behind the door."""
    st.title("Footnote", anchor=False)
    st.markdown("Questions about annual reports, answered in sentences that carry the exact words behind them.")


def _problem_with(password: str, session: Session, settings: ServerSettings, assistant: Assistant) -> str:
    """Why it does not open the door; '' where it does."""
    if not assistant.allowances.take(f"tries to sign in of {visitor_of(session)}", 1, MOST_TRIES):
        return "Too many tries today; come back tomorrow."
    if not is_right(password, settings.password_hash):
        time.sleep(PAUSE)
        return "This is not the password."
    return ""


@st.fragment(run_every=1.0)
def _wait_for(warming: Warming) -> None:
    """Until the library is open, which counts the tries; else the button would stay grey until somebody reloads."""
    if warming.assistant:
        st.rerun()
    st.markdown(f":gray[:small[{for_markdown(warming.problem or 'Opening the library.')}]]")

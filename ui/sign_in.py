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

MOST_TRIES = 30  # of one visitor in a day
PAUSE = 0.5  # seconds after a wrong one


def is_let_in(session: Session, settings: ServerSettings, assistant: Assistant | None) -> bool:
    """Whether this visitor may see the page; if not, the way to sign in is drawn."""
    if settings.sign_in == "oidc":
        return _by_provider(session)
    if settings.sign_in == "password":
        return session.user != "" or _by_password(session, settings, assistant)
    return True


def may_change(session: Session, settings: ServerSettings) -> bool:
    """Whether this visitor may take filings in and out."""
    if settings.demo:
        return False
    return not settings.admins or session.user.casefold() in settings.admins


def _by_provider(session: Session) -> bool:
    if not st.user.get("is_logged_in"):
        st.title("Footnote", anchor=False)
        st.button("Sign in", on_click=st.login, type="primary")
        return False
    session.user = _name_of(st.user)
    session.owner = f"user {session.user}"  # one person's conversations, whichever browser they use
    return bool(session.user)


def _name_of(user: Mapping[str, Any]) -> str:
    """An e-mail address only where the provider has seen that it is theirs: else people may write any they like."""
    is_theirs = str(user.get("email_verified", "")).casefold() == "true"
    return str((user.get("email") if is_theirs else "") or user.get("sub") or "")


def _by_password(session: Session, settings: ServerSettings, assistant: Assistant | None) -> bool:
    st.title("Footnote", anchor=False)
    with st.form("sign-in", border=False, clear_on_submit=True, width=360):
        password = st.text_input("Password", type="password", max_chars=1000)
        is_wanted = st.form_submit_button("Sign in", disabled=assistant is None)
    if not is_wanted or not assistant:
        return False
    if not assistant.allowances.take(f"tries to sign in of {visitor_of(session)}", 1, MOST_TRIES):
        st.markdown(for_markdown("Too many tries today; come back tomorrow."))
        return False
    if not is_right(password, settings.password_hash):
        time.sleep(PAUSE)
        st.markdown(for_markdown("This is not the password."))
        return False
    session.user = "somebody who knows the password"
    st.rerun()

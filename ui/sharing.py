"""Passing a conversation on: a link that opens it read-only, or a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from rag.kept import UnusableRecords
from ui.demo import visitor_of
from ui.demo_limits import Spent
from ui.export_file import export_file, name_of
from ui.exports import Format
from ui.state import Session, Turn
from ui.wording import for_markdown, without_folder

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from ui.demo import Demo

FILES: tuple[tuple[str, Format], ...] = (("Markdown", "md"), ("Word", "docx"), ("Audit bundle", "json"))


def share_link(assistant: Assistant, turns: Sequence[Turn], session: Session, demo: Demo | None) -> str:
    """The id of a new link to these turns; '' where it could not be kept."""
    try:
        if demo:
            demo.may_keep(visitor_of(session))
        return assistant.records.share(turns)
    except (UnusableRecords, Spent) as problem:
        st.toast(for_markdown(without_folder(str(problem), assistant.index.settings.data_dir)))
        return ""


def ways_to_share(session: Session, assistant: Assistant, demo: Demo | None) -> None:
    """A link to the whole conversation, and files of it."""
    st.markdown("This conversation, as a file:")
    with st.container(horizontal=True, gap="xsmall"):
        for label, kind in FILES:
            _download(label, kind, session.turns, assistant)
    if not session.shared_as:
        st.button("Make a link", key="make-link", on_click=_share_all, args=(session, assistant, demo))
        lasting = f" It opens for {demo.limits.kept_days} days, or until many newer ones were made." if demo else ""
        words = f"Whoever has it can read this conversation and its sources, and change nothing.{lasting}"
        st.markdown(f":gray[:small[{words}]]")
    else:
        st.code(_address(session.shared_as), language=None, wrap_lines=True)
        st.button("Take the link back", key="unshare", type="tertiary", on_click=_unshare, args=(session, assistant))


def _download(label: str, kind: Format, turns: Sequence[Turn], assistant: Assistant) -> None:
    """A button that makes its file only when it is pressed."""
    key = f"download-{kind}"
    answered = [turn for turn in turns if turn.answer]
    st.download_button(
        label,
        lambda: export_file(answered, kind, assistant).content,
        file_name=name_of(answered, kind),
        key=key,
        on_click="ignore",
        disabled=not answered,
    )


def _share_all(session: Session, assistant: Assistant, demo: Demo | None) -> None:
    session.shared_as = share_link(assistant, session.turns, session, demo)


def _unshare(session: Session, assistant: Assistant) -> None:
    assistant.records.unshare(session.shared_as)
    session.shared_as = ""


def _address(share_id: str) -> str:
    """The page's own address with the share's id; the pages lie side by side below one folder."""
    here = urlsplit(st.context.url or "")
    folder = here.path.rsplit("/", 1)[0] + "/"
    return urlunsplit((here.scheme, here.netloc, folder, f"share={share_id}", ""))

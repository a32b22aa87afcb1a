"""Who is let in, and who may change the library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit import cache_resource
from streamlit.testing.v1 import AppTest

from index.build import FilingIndex
from rag.assistant import Assistant
from rag.budget import Spent
from rag.model_settings import ModelSettings
from tests.index.standins import write_filing
from tests.ui.conftest import PAGE, OpenPage, words
from ui import sign_in
from ui.demo import Demo, payer_of
from ui.passwords import hash_of, is_right
from ui.settings import ServerSettings
from ui.state import Session
from ui.warming import Warming

PASSWORD = "correct horse battery"  # noqa: S105  made up


@pytest.fixture
def shelf(open_index: Callable[..., FilingIndex], tmp_path: Path) -> Assistant:
    assistant = Assistant(open_index())
    assistant.ingest([write_filing(tmp_path, 1)])
    return assistant


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_SIGN_IN", "password")
    monkeypatch.setenv("FOOTNOTE_PASSWORD_HASH", hash_of(PASSWORD))
    monkeypatch.setattr(sign_in, "PAUSE", 0)


@pytest.mark.usefixtures("locked")
def test_nothing_is_seen_before_the_password(open_page: OpenPage, shelf: Assistant) -> None:
    page = open_page(shelf)
    assert len(page.chat_input) == 0
    assert page.get("bidi_component") == []
    page.text_input[0].set_value("wrong horse battery")
    page.button[0].click().run()
    assert "This is not the password" in words(page)
    assert len(page.chat_input) == 0
    page.text_input[0].set_value(PASSWORD)
    page.button[0].click().run()
    assert not page.exception
    assert len(page.chat_input) == 1


@pytest.mark.usefixtures("locked")
def test_who_comes_before_the_library_is_open_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tries are counted in it; the page looks again by itself, and the button is grey no longer."""
    cache_resource.clear()
    monkeypatch.setattr(Warming, "begin", lambda self: None)
    page = AppTest.from_file(str(PAGE), default_timeout=60).run()
    assert page.button[0].disabled
    assert "Opening the library" in words(page)
    cache_resource.clear()


@pytest.mark.usefixtures("locked")
def test_guessing_ends(open_page: OpenPage, shelf: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "MOST_TRIES", 2)
    monkeypatch.setattr(sign_in, "visitor_of", lambda session: "10.0.0.1")  # AppTest makes up another address each run
    page = open_page(shelf)
    for guess in ("first guess...", "second guess...", PASSWORD):
        page.text_input[0].set_value(guess)
        page.button[0].click().run()
    assert "Too many tries" in words(page)
    assert len(page.chat_input) == 0


def test_a_share_needs_no_password(open_page: OpenPage, shelf: Assistant, locked: None) -> None:
    assert "nothing under this link" in words(open_page(shelf, share="no-such-id"))


@settings(deadline=None, max_examples=20)
@given(st.text(max_size=80))
def test_what_is_no_hash_lets_nobody_in(kept: str) -> None:
    assert not is_right(PASSWORD, kept)


def test_a_hash_knows_its_password_alone() -> None:
    kept = hash_of(PASSWORD)
    assert is_right(PASSWORD, kept)
    assert not is_right(PASSWORD + " ", kept)
    assert not is_right("", kept)
    assert hash_of(PASSWORD) != kept, "the same password gives another hash each time"
    assert PASSWORD not in kept
    with pytest.raises(ValueError, match="10 to 1000"):
        hash_of("short")


def test_settings_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="needs FOOTNOTE_PASSWORD_HASH"):
        ServerSettings.read({"FOOTNOTE_SIGN_IN": "password"})
    with pytest.raises(ValueError, match="FOOTNOTE_SIGN_IN is password or oidc"):
        ServerSettings.read({"FOOTNOTE_SIGN_IN": "magic"})
    kept = hash_of(PASSWORD)
    read = ServerSettings.read({"FOOTNOTE_SIGN_IN": "password", "FOOTNOTE_PASSWORD_HASH": kept})
    assert kept not in repr(read)


def test_only_admins_change_the_library_where_there_are_some(
    open_page: OpenPage, shelf: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_ADMINS", "ann@example.com")
    page = open_page(shelf)
    assert "those who look after this library" in words(page)
    assert len(page.file_uploader) == 0


def test_in_a_demonstration_nobody_changes_what_is_shipped(
    open_page: OpenPage, shelf: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_DEMO", "1")
    page = open_page(shelf)
    assert not page.exception
    assert "nobody else sees" in words(page)
    assert not [button for button in page.button if str(button.key).startswith("remove-")]
    assert not [field for field in page.text_input if field.label == "Endpoint"]
    assert not [field for field in page.text_input if field.key == "edgar-company"]


def test_in_a_demonstration_a_visitor_is_told_what_they_took_of_the_model_today(
    open_page: OpenPage, shelf: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_DEMO", "1")
    monkeypatch.setattr("ui.demo.visitor_of", lambda _session: "203.0.113.7")
    monkeypatch.setattr(shelf.model, "settings", ModelSettings(model="a-model", base_url="http://127.0.0.1:1/v1"))
    payer = payer_of(cast("Session", object()), cast("Demo", object()))
    monkeypatch.setattr(shelf, "spent", lambda session: Spent(1234 if session == payer else 0))
    assert "You took 1,234 tokens of the language model today." in words(open_page(shelf))

"""What a visitor sees while the library cannot be read, and that the page then goes on by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import FilingIndex
from rag.assistant import Assistant
from tests.index.standins import write_filing
from tests.ui.conftest import OpenPage, given, words
from ui.library_away import AWAY
from ui.reader_pane import AWAY as READER_AWAY


def test_a_library_that_goes_away_is_told_of_and_found_again(
    open_page: OpenPage, open_index: Callable[..., FilingIndex], tmp_path: Path
) -> None:
    assistant = Assistant(open_index())
    assistant.ingest([write_filing(tmp_path, 1)])
    page = open_page(assistant)
    assert len(page.chat_input) == 1
    folder = assistant.index.settings.data_dir
    assistant.index.library.engine.dispose()
    folder.rename(tmp_path / "away")
    page.run()
    assert not page.exception
    assert AWAY in words(page)
    (tmp_path / "away").rename(folder)
    page.run()
    assert AWAY not in words(page)
    assert len(page.chat_input) == 1


def test_a_failure_of_another_kind_is_not_called_that(
    open_page: OpenPage, open_index: Callable[..., FilingIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = Assistant(open_index())
    page = open_page(assistant)
    monkeypatch.setattr("ui.ask_page.ask_box", None)
    page.run()
    assert page.exception
    assert AWAY not in words(page)


def test_a_filing_that_cannot_be_read_is_told_of_in_the_reader(
    open_page: OpenPage, open_index: Callable[..., FilingIndex], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader is drawn alone when a footnote is pressed: nobody around it would tell."""
    assistant = Assistant(open_index())
    assistant.ingest([write_filing(tmp_path, 1)])
    monkeypatch.setattr(assistant, "text", lambda filing_id: (_ for _ in ()).throw(OSError("gone")))
    monkeypatch.setattr("ui.reader_pane.is_away", lambda assistant: True)
    page = open_page(assistant)
    assert not page.exception
    assert READER_AWAY in [data.get("notice") for data in given(page)]

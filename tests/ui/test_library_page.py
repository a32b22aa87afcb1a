"""The page of the filings at hand."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import FilingIndex
from rag.assistant import Assistant
from tests.index.standins import write_filing
from tests.ui.conftest import OpenPage, run_until, words
from ui import removals


@pytest.fixture
def shelf(open_index: Callable[..., FilingIndex], tmp_path: Path) -> Assistant:
    assistant = Assistant(open_index())
    assistant.ingest([write_filing(tmp_path, 1), write_filing(tmp_path, 2)])
    return assistant


def test_each_filing_stands_there_with_what_was_understood(open_page: OpenPage, shelf: Assistant) -> None:
    page = open_page(shelf, "library_page")
    first = shelf.filings()[0]
    assert first.source.replace(".", "\\.").replace("-", "\\-").replace("_", "\\_") in words(page)
    page.button(key=f"details-{first.id}").click().run()
    assert "passages" in words(page)
    assert first.sha256[:16] in words(page)
    assert "| Item | Title |" in words(page)


def test_a_removal_can_be_undone(open_page: OpenPage, shelf: Assistant) -> None:
    page = open_page(shelf, "library_page")
    first, second = shelf.filings()
    page.button(key=f"remove-{first.id}").click().run()
    assert "was removed" in words(page)
    assert [button.key for button in page.button if str(button.key).startswith("read-")] == [f"read-{second.id}"]
    page.button(key=f"undo-{first.id}").click().run()
    assert "was removed" not in words(page)
    assert page.button(key=f"read-{first.id}")
    assert len(shelf.filings()) == 2


def test_a_removal_that_is_not_undone_comes_true(
    open_page: OpenPage, shelf: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removals, "TO_THINK", 0.2)
    page = open_page(shelf, "library_page")
    first, second = shelf.filings()
    page.button(key=f"remove-{first.id}").click().run()
    deadline = time.monotonic() + 30
    while len(shelf.filings()) == 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [filing.id for filing in shelf.filings()] == [second.id]


def test_pasted_text_is_taken_in_under_the_name_that_was_given(
    open_page: OpenPage, shelf: Assistant, tmp_path: Path
) -> None:
    page = open_page(shelf, "library_page")
    page.text_input(key="paste-name").set_value("../Acme report")
    page.text_area(key="paste-text").set_value(write_filing(tmp_path, 5).read_text())
    page.button(key="paste-wanted").click().run()
    run_until(page, lambda: "added" in words(page))
    assert "Acme report.txt" in [filing.source for filing in shelf.filings()]

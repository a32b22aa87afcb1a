"""Filings from EDGAR by the terminal and by the page: the same work, asked for in two ways."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner, Result

from index.build import FilingIndex
from index.fetching import EdgarFetcher
from rag.assistant import Assistant
from tests.index.small_edgar import IDENTITY, SmallEdgar, serving
from ui import terminal_output
from ui.terminal import app
from ui.warming import shared_warming

PAGE = Path(__file__).parents[2] / "ui" / "app.py"


@pytest.fixture
def edgar() -> Iterator[SmallEdgar]:
    with serving(SmallEdgar()) as running:
        yield running


@pytest.fixture
def own(edgar: SmallEdgar, open_index: Callable[..., FilingIndex], monkeypatch: pytest.MonkeyPatch) -> Assistant:
    """An assistant with an empty library, which knows the little EDGAR for the SEC's."""
    index = open_index()
    assistant = Assistant(index, edgar=EdgarFetcher(index.settings.data_dir / "edgar", "", edgar.addresses))
    monkeypatch.setattr(Assistant, "open", lambda data_dir=None: assistant)
    return assistant


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=typed)


def test_the_terminal_fetches_and_tells_of_each_filing(
    edgar: SmallEdgar, own: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    edgar.add(2016)
    edgar.add(2017, body=404)
    for arguments, words in (((), "with --identity or in"), (("--identity", "Ann"), "'Ann' does not say it")):
        nobody = run("fetch", "ANVL", *arguments)
        assert nobody.exit_code == 1
        assert words in nobody.stderr
        assert nobody.stderr.count("\n") == 1
    assert edgar.requests == []

    monkeypatch.setattr(terminal_output, "somebody_is_there", lambda: True)
    first = run("fetch", "anvl", "--form", "10-K", "--years", "2016-2017", typed=f"{IDENTITY}\n")
    assert first.exit_code == 1
    assert "\nadded      anvil-works-inc-10-k-fy2016  " in first.stdout
    assert first.stderr.startswith("The SEC asks who downloads.")  # what is typed ends the line
    assert "anvl-10-k-2017-12-31.htm: EDGAR does not have" in first.stderr

    again = run("fetch", "ANVL", "--years", "2016", "--json")
    assert again.exit_code == 0
    (outcome,) = json.loads(again.stdout)["outcomes"]
    assert (outcome["status"], outcome["filing_id"]) == ("unchanged", "anvil-works-inc-10-k-fy2016")
    assert {request.agent for request in edgar.requests} == {IDENTITY}


@pytest.fixture
def page(own: Assistant) -> Iterator[AppTest]:
    st.cache_resource.clear()
    page = AppTest.from_file(str(PAGE), default_timeout=60).run()
    deadline = time.monotonic() + 120
    while not shared_warming().ready and time.monotonic() < deadline:
        time.sleep(0.05)
    yield page.run()
    st.cache_resource.clear()


def press_fetch(page: AppTest) -> str:
    """What the page says once the work behind it is done."""
    next(button for button in page.button if button.label == "Fetch").click().run()
    deadline = time.monotonic() + 60
    while not page.session_state.intake.ended and time.monotonic() < deadline:
        time.sleep(0.05)
    page.run()
    assert not page.exception
    return " ".join(element.value for element in page.markdown)


def test_the_page_fetches_and_asks_once_who_asks(edgar: SmallEdgar, own: Assistant, page: AppTest) -> None:
    edgar.add(2016)
    page.text_input(key="edgar-company").set_value("XYZ?")
    assert "XYZ? is no ticker and no CIK" in press_fetch(page)
    page.text_input(key="edgar-company").set_value("anvl")
    page.text_input(key="edgar-years").set_value("2016")
    page.text_input(key="edgar-identity").set_value(IDENTITY)
    assert "anvl\\-10\\-k\\-2016\\-12\\-31\\.htm: added" in press_fetch(page)
    assert [filing.label for filing in own.filings()] == ["ANVIL WORKS, INC. 10-K FY2016"]
    assert "edgar-identity" not in [field.key for field in page.text_input]
    assert IDENTITY not in str(page)


def test_the_page_says_how_to_get_what_is_missing(
    own: Assistant, page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "edgar", None)
    page.run()
    assert not page.exception
    assert "needs edgartools" in " ".join(element.value for element in page.markdown)
    assert not [button for button in page.button if button.label == "Fetch"]

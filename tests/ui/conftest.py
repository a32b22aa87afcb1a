"""The page on an assistant of the test's, without a browser."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from rag.assistant import Assistant
from ui.warming import shared_warming

PAGE = Path(__file__).parents[2] / "ui" / "app.py"
OpenPage = Callable[..., AppTest]

# AppTest opens the first page only; this script draws another one, as ui/app.py does.
OTHER_PAGE = """
import streamlit as st
from ui.{name} import {name}
from ui.desk import Desk
from ui.removals import shared_removals
from ui.state import Session
from ui.warming import shared_warming

session, warming = Session(), shared_warming()
assistant = warming.assistant
filings = shared_removals().staying(assistant.filings()) if assistant else []
facets = assistant.facets() if assistant else []
chosen = [id for id in st.session_state.get("chosen", []) if id in [filing.id for filing in filings]]
pages = [st.Page(lambda: None, title="Ask", url_path="ask", default=True)]
st.navigation(pages, position="hidden")
warming.begin()
{name}(Desk(session, warming, assistant, filings, facets, chosen, pages))
"""


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenPage]:
    """Opens a page on an assistant and waits until it is warm, as a visitor does."""

    def open_it(assistant: Assistant, name: str = "", **query: str) -> AppTest:
        # The page's own class calls it: what it is given does not matter here.
        monkeypatch.setattr(Assistant, "open", lambda data_dir=None: assistant)
        script = OTHER_PAGE.format(name=name)
        page = AppTest.from_string(script) if name else AppTest.from_file(str(PAGE))
        page.default_timeout = 60
        for parameter, value in query.items():
            page.query_params[parameter] = value
        page.run()
        deadline = time.monotonic() + 120
        while not shared_warming().ready and time.monotonic() < deadline:
            time.sleep(0.05)
        return page.run()

    st.cache_resource.clear()
    yield open_it
    st.cache_resource.clear()


def given(page: AppTest) -> list[dict[str, Any]]:
    """What each component of the page was given."""
    return [json.loads(element.proto.json) for element in page.get("bidi_component")]


def words(page: AppTest) -> str:
    return " ".join(element.value for element in page.markdown)


def run_until(page: AppTest, shown: Callable[[], bool]) -> None:
    """Run the page again, as its timer does in a browser, until it shows something."""
    deadline = time.monotonic() + 60
    while not shown():
        assert time.monotonic() < deadline, words(page)
        time.sleep(0.05)
        page.run()
        assert not page.exception


def cards(page: AppTest) -> list[dict[str, Any]]:
    """The turns of the conversation, all of them answered, and last the reader."""
    run_until(page, lambda: not any(data.get("working") for data in given(page)))
    return [data for data in given(page) if "title" in data]

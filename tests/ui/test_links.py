"""Links: to a filing, a facet or a place in the reader, and to what somebody shared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import FilingIndex
from rag.assistant import Assistant
from rag.kept import SharedTurn
from tests.index.standins import write_filing
from tests.ui.conftest import OpenPage, cards, given, words
from ui.earlier import turn_of


@pytest.fixture
def shelf(open_index: Callable[..., FilingIndex], tmp_path: Path) -> Assistant:
    assistant = Assistant(open_index())
    assistant.ingest([write_filing(tmp_path, 1)])
    return assistant


def test_a_link_to_a_facet_opens_its_summary(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page(assistant, filing="smith-micro-fy2020", facet="products")
    assert cards(page)[0]["title"] == "Products, 10-K FY2020"
    assert page.pills(key="chips-all").value == ["smith-micro-fy2020"]


def test_a_link_to_a_place_opens_the_reader_there(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page(assistant, filing="smith-micro-fy2017", at="120-180")
    reader = cards(page)[-1]
    assert reader["filing"] == "smith-micro-fy2017"
    opener = next(data for data in given(page) if "opens" in data)
    assert opener["opens"] == 1
    assert opener["note"] == {"number": 0, "filing": "smith-micro-fy2017", "start": 120, "end": 180}


@pytest.mark.parametrize("query", [{"filing": "no-such"}, {"filing": "../../etc"}, {"filings": ","}, {"share": "x"}])
def test_a_link_to_nothing_harms_nothing(open_page: OpenPage, assistant: Assistant, query: dict[str, str]) -> None:
    page = open_page(assistant, **query)
    assert not page.exception


@pytest.mark.parametrize("at", ["-5", "999999999-1", "1-2-3", "x", "99999999999999999999"])
def test_a_place_that_is_none_harms_nothing(open_page: OpenPage, assistant: Assistant, at: str) -> None:
    page = open_page(assistant, filing="smith-micro-fy2017", at=at)
    assert not page.exception
    assert cards(page)[-1]["filing"] == "smith-micro-fy2017"


def test_a_share_opens_after_its_filing_was_removed(open_page: OpenPage, shelf: Assistant) -> None:
    answer = shelf.ask("Which customers renew?")
    assert answer.answered
    share_id = shelf.records.share([SharedTurn("Which customers renew?", answer)])
    shelf.remove(shelf.filings()[0].id)
    page = open_page(shelf, share=share_id)
    card, reader = cards(page)
    assert card["title"] == "Which customers renew?"
    assert not card["actions"]
    note = card["footnotes"][0]
    shown = {line["at"]: line["words"] for line in reader["blocks"] if line["kind"] != "table"}
    assert any(note["quote"] in " ".join(line.split()) for line in shown.values())
    assert len(page.chat_input) == 0, "nothing can be asked there"
    opener = next(data for data in given(page) if "opens" in data)
    assert opener["note"] == note
    start, end = note["start"], note["start"] + 5
    page = open_page(shelf, share=share_id, filing=note["filing"], at=f"{start}-{end}")
    opener = next(data for data in given(page) if "opens" in data)
    assert (opener["note"]["start"], opener["note"]["end"]) == (start, end)
    assert not opener.get("isSeen"), "on a phone, who follows a link to a place wants to see it"


def test_an_unknown_share_says_so(open_page: OpenPage, shelf: Assistant) -> None:
    assert "nothing under this link" in words(open_page(shelf, share="no-such-id"))


def test_what_is_opened_again_can_be_asked_again(shelf: Assistant) -> None:
    question = turn_of(SharedTurn("Which customers renew?", shelf.ask("Which customers renew?")))
    assert question.task.question == "Which customers renew?"
    summary = turn_of(SharedTurn("Products, 10-K", shelf.summarize(shelf.filings()[0].id, ["products"])))
    assert summary.task.question == ""
    assert summary.task.facets == ("products",)

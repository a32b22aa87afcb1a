"""The page as Streamlit runs it, without a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event, current_thread
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from index.build import FilingIndex
from index.filing import Vectors
from rag.assistant import Assistant
from tests.index.standins import StandInEncoder, write_filing
from tests.ui.conftest import PAGE, OpenPage, cards, run_until, words


def test_the_first_paint_waits_for_nothing(
    monkeypatch: pytest.MonkeyPatch, open_page: OpenPage, assistant: Assistant
) -> None:
    may_open = Event()
    monkeypatch.setattr(Assistant, "open", lambda data_dir=None: may_open.wait(60) and assistant)
    page = AppTest.from_file(str(PAGE), default_timeout=30).run()
    assert not page.exception
    assert "Opening the library" in words(page)
    assert page.chat_input[0].placeholder == "Ask about these filings"
    may_open.set()


def test_an_empty_library_says_how_to_add_filings(open_page: OpenPage, open_index: Callable[..., FilingIndex]) -> None:
    page = open_page(Assistant(open_index()))
    assert not page.exception
    assert "The library is empty." in words(page)
    assert "footnote ingest" in words(page)
    assert page.button(key="summary").disabled


def test_a_library_that_does_not_open_is_told_in_a_sentence(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, assistant: Assistant
) -> None:
    def refuse(self: Assistant) -> None:
        raise RuntimeError("library.db was written by another version of Footnote.")

    monkeypatch.setattr(Assistant, "warm_up", refuse)
    page = open_page(assistant)
    assert not page.exception
    assert "The library could not be opened" in words(page)
    assert "another version" in words(page)


def test_a_press_on_summary_gives_sentences_with_footnotes(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page(assistant)
    page.button(key="summary").click().run()
    assert not page.exception
    card, reader = cards(page)
    assert card["title"] == "Business model, 10-K FY2021"
    sentences = [sentence for paragraph in card["paragraphs"] for sentence in paragraph["sentences"]]
    assert len(sentences) >= 5
    assert all(sentence["notes"] for sentence in sentences)
    assert {note for sentence in sentences for note in sentence["notes"]} == {n["number"] for n in card["footnotes"]}
    assert reader["title"] == "10-K FY2021 · Smith Micro Software, Inc."


def test_a_facet_alone_is_summarised(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page(assistant)
    page.button(key="summary-products").click().run()
    assert cards(page)[0]["title"] == "Products, 10-K FY2021"
    assert "SafePath" in str(cards(page)[0]["paragraphs"])


def test_a_question_is_answered_with_a_footnote(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page(assistant)
    page.chat_input[0].set_value("How was the Family Safety acquisition financed?").run()
    assert not page.exception
    card = cards(page)[0]
    assert "$65.2 million" in str(card["paragraphs"])
    assert any("$65.2 million" in footnote["quote"] for footnote in card["footnotes"])
    assert any(step.startswith("Understood as:") for step in card["steps"])


def test_what_no_filing_tells_is_refused(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page(assistant)
    page.chat_input[0].set_value("What is the melting point of tungsten?").run()
    card = cards(page)[0]
    assert card["refusal"]
    assert card["paragraphs"] == []
    assert page.button(key="all-0").label == "Search all 3 filings"


def test_a_follow_up_is_asked_with_a_press(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page(assistant)
    page.button(key="first-How is the company financed?").click().run()
    cards(page)  # it is answered
    follow_ups = [button for button in page.button if str(button.key).startswith("next-0-")]
    assert follow_ups
    follow_ups[0].click().run()
    assert len(cards(page)) == 3  # two turns and the reader
    assert cards(page)[1]["title"] in str(follow_ups[0].key)


def test_the_chosen_filings_are_the_ones_that_are_searched(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page(assistant)
    page.pills(key="chips-all").set_value(["smith-micro-fy2017"]).run()
    assert cards(page)[-1]["title"].startswith("10-K FY2017")
    page.button(key="first-How is the company financed?").click().run()
    assert "FY2017" in cards(page)[0]["trail"] + cards(page)[0]["refusal"]
    assert all("FY2017" in footnote["place"] for footnote in cards(page)[0]["footnotes"])


def test_several_chosen_filings_are_summarised_one_after_the_other(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page(assistant)
    page.pills(key="chips-all").set_value(["smith-micro-fy2017", "smith-micro-fy2021"]).run()
    page.button(key="summary-products").click().run()
    assert [card["title"] for card in cards(page)[:-1]] == ["Products, 10-K FY2017", "Products, 10-K FY2021"]


def test_a_new_conversation_starts_empty(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page(assistant)
    page.button(key="summary-products").click().run()
    cards(page)  # it is answered
    next(button for button in page.button if button.label == "New").click().run()
    assert len(cards(page)) == 1
    assert page.header[0].value == "Ask what a company says about itself"


def test_a_failure_is_one_sentence(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, assistant: Assistant) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise TypeError("secret internals")

    page = open_page(assistant)
    monkeypatch.setattr(Assistant, "ask", fail)
    page.chat_input[0].set_value("How is the company financed?").run()
    assert not page.exception
    assert cards(page)[0]["problem"] == "This could not be answered; the server's log says why."


def test_a_filing_of_another_process_is_seen_at_the_next_run(
    open_page: OpenPage, open_index: Callable[..., FilingIndex]
) -> None:
    page = open_page(Assistant(open_index()))
    assert len(page.pills) == 0
    open_index().ingest([Path(__file__).parents[2] / "seeds" / "smith-micro-fy2020.txt"])
    page.run()
    assert page.pills(key="chips-all").value == ["smith-micro-fy2020"]


def test_an_upload_is_taken_in_under_its_bare_name(
    open_page: OpenPage, open_index: Callable[..., FilingIndex], tmp_path: Path
) -> None:
    assistant = Assistant(open_index())
    page = open_page(assistant)
    seed = (Path(__file__).parents[2] / "seeds" / "smith-micro-fy2020.txt").read_bytes()
    page.file_uploader[0].set_value([("../../evil.txt", seed, "text/plain"), ("empty.txt", b"", "text/plain")])
    next(button for button in page.button if button.label == "Add to the library").click().run()
    run_until(page, lambda: "evil\\.txt: added\\." in words(page))
    assert "empty\\.txt" in words(page)
    assert [filing.source for filing in assistant.filings()] == ["evil.txt"]


def test_a_filing_can_be_chosen_and_asked_while_it_is_embedded(
    open_page: OpenPage, open_index: Callable[..., FilingIndex], tmp_path: Path
) -> None:
    may_embed = Event()

    class Waiting(StandInEncoder):
        def encode(self, texts: list[str]) -> Vectors:
            if current_thread().name == "intake":  # a filing on its way in, and no question
                may_embed.wait(60)
            return super().encode(texts)

    index = open_index(Waiting())
    index.ingest([write_filing(tmp_path, 1, 6)])
    page = open_page(Assistant(index))
    report = write_filing(tmp_path, 2)
    page.file_uploader[0].set_value([(report.name, report.read_bytes(), "text/plain")])
    next(button for button in page.button if button.label == "Add to the library").click().run()
    run_until(page, lambda: page.pills(key="chips-all").value == index.library.unfinished())
    assert len(page.pills(key="chips-all").options) == 2
    run_until(page, lambda: any("You can ask it already" in bar.proto.text for bar in page.get("progress")))
    page.chat_input[0].set_value("Which customers renew?").run()
    assert cards(page)[0]["title"] == "Which customers renew?"
    assert index.library.unfinished(), "it was asked before it was embedded"
    may_embed.set()
    run_until(page, lambda: "added" in words(page))
    assert index.library.unfinished() == []

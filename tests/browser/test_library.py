"""The library: what was understood of a filing, reading and summarising it from there, taking it out."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, expect

from rag.assistant import Assistant
from tests.browser.reports import small_report
from tests.browser.visitor import PHONE, QUESTION, Visit, Visitors, until


def line_of(visit: Visit, filing_id: str) -> Locator:
    return visit.page.locator(f".st-key-filing-{filing_id}")


def test_the_details_tell_what_was_understood(visit: Visit) -> None:
    visit.turn_to("Library")
    line = line_of(visit, "smith-micro-fy2020")
    line.get_by_role("button", name="Details").click()
    expect(line.get_by_role("table")).to_contain_text("BUSINESS")
    expect(line).to_contain_text("A prompt document: the instruction at its head is no part of the filing.")
    visit.keep_picture("library")
    line.get_by_role("button", name="Close").click()
    expect(line.get_by_role("table")).to_have_count(0)


def test_a_filing_is_read_and_summarised_from_its_line(visit: Visit) -> None:
    visit.turn_to("Library")
    line_of(visit, "smith-micro-fy2017").get_by_role("button", name="Read").click()
    expect(visit.reader.locator("header strong")).to_contain_text("10-K FY2017")
    visit.turn_to("Library")
    line_of(visit, "smith-micro-fy2020").get_by_role("button", name="Summarise").click()
    card = visit.answered()
    expect(card.locator("h2")).to_have_text("Business model, 10-K FY2020")


def test_on_a_phone_a_filing_is_laid_over_the_conversation_to_be_read(visitors: Visitors) -> None:
    visit = visitors.come(PHONE)
    visit.turn_to("Library")
    line_of(visit, "smith-micro-fy2017").get_by_role("button", name="Read").click()
    expect(visit.reader.locator("header strong")).to_be_in_viewport()
    expect(visit.reader.locator("header strong")).to_contain_text("10-K FY2017")


def test_the_indexes_are_made_anew_and_still_answer(visit: Visit) -> None:
    visit.turn_to("Library")
    visit.press("Rebuild them")
    expect(visit.page.get_by_text("They were made anew.")).to_be_visible()
    visit.turn_to("Ask")
    expect(visit.ask(QUESTION).locator(".prose")).to_contain_text("$65.2 million")


def test_a_filing_is_removed_called_back_and_removed_for_good(
    visit: Visit, clean_library: Assistant, tmp_path: Path
) -> None:
    added = clean_library.ingest([small_report(tmp_path, 2018)]).outcomes[0].filing_id
    assert added
    visit.turn_to("Library")
    line = line_of(visit, added)
    line.get_by_role("button", name="Remove").click()
    expect(line).to_have_count(0)
    expect(visit.page.get_by_text("Anvil Works, Inc. 10-K FY2018 was removed.")).to_be_visible()
    visit.keep_picture("removed")
    visit.press("Undo")
    expect(line).to_be_visible()
    expect(visit.page.get_by_text("was removed.")).to_have_count(0)
    line.get_by_role("button", name="Remove").click()
    expect(line).to_have_count(0)
    until(lambda: added not in {filing.id for filing in clean_library.filings()})  # after some seconds to think
    expect(visit.page.get_by_role("button", name="Undo")).to_have_count(0)

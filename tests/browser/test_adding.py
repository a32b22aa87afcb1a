"""Filings on their way in: dropped, asked while they are read, cancelled, pasted."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from rag.assistant import Assistant
from tests.browser.reports import long_report, prompt_document, small_report
from tests.browser.visitor import Visit, until

pytestmark = pytest.mark.usefixtures("clean_library")


def drop(visit: Visit, *paths: Path) -> Locator:
    popover = visit.open_popover("Add filings")
    visit.page.locator("input[type=file]").first.set_input_files(list(paths))
    expect(popover.get_by_role("button", name=f"Remove {paths[-1].name}")).to_be_visible()
    popover.get_by_role("button", name="Add to the library").click()
    return popover


def test_a_dropped_report_is_asked_and_summarised(visit: Visit, tmp_path: Path) -> None:
    report = small_report(tmp_path)
    empty = tmp_path / "empty.txt"
    empty.touch()
    popover = drop(visit, empty, report)
    expect(popover).to_contain_text("anvil-works-2022.txt: added.")
    expect(popover).to_contain_text("empty.txt")  # a line of its own says why it was refused
    visit.keep_picture("added")
    visit.page.keyboard.press("Escape")
    # Who adds a filing wants to ask it: it alone is chosen.
    expect(visit.page.locator(".st-key-chips")).to_contain_text("Anvil Works, Inc. 10-K FY2022")
    card = visit.ask("Who is the largest customer?")
    expect(card.locator(".prose")).to_contain_text("Forge Supply, accounted for 41%")
    visit.press_footnote(card, 1)
    visit.sees_cited("Forge Supply, accounted for 41%")
    summary = visit.summarise(answers=2)
    expect(summary.locator("h2")).to_have_text("Business model, Anvil Works, Inc. 10-K FY2022")
    expect(summary).to_contain_text("$12.5 million from First Foundry Bank")
    visit.keep_picture("summary-of-an-upload")


def test_a_long_report_tells_how_far_it_is_and_can_be_cancelled(
    visit: Visit, tmp_path: Path, library: Assistant
) -> None:
    report = long_report(tmp_path)
    drop(visit, report)
    progress = visit.page.get_by_role("progressbar")
    expect(progress.first).to_be_visible()
    expect(visit.page.get_by_text("You can ask it already").first).to_be_visible()
    visit.keep_picture("progress")
    chip = visit.page.locator(".st-key-chips").get_by_role("button", name="Anvil Works, Inc. 10-K FY2023")
    expect(chip).to_be_visible()
    visit.page.keyboard.press("Escape")
    visit.press("Cancel")
    expect(chip).to_have_count(0)
    popover = visit.open_popover("Add filings")
    expect(popover).to_contain_text("anvil-works-sites.txt: cancelled.")
    until(lambda: len(library.filings()) == 3)


def test_a_pasted_prompt_is_read_as_the_document_behind_it(visit: Visit) -> None:
    popover = visit.open_popover("Add filings")
    popover.get_by_role("tab", name="Paste").click()
    popover.get_by_label("Its name").fill("Anvil Works 10-K 2024")
    popover.get_by_label("The text of a report").fill(prompt_document())
    popover.get_by_role("button", name="Add to the library").click()
    expect(popover).to_contain_text("Anvil Works 10-K 2024.txt: added.")
    visit.page.keyboard.press("Escape")
    expect(visit.reader.locator(".paper")).to_contain_text("cast-iron anvils")
    expect(visit.reader.locator(".paper")).not_to_contain_text("Prompt:")
    card = visit.ask("How many people does the company employ?")
    expect(card.locator(".prose")).to_contain_text("214 employees")

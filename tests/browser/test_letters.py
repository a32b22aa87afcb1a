"""What a filing says is shown letter by letter in every place: its words, its headings and its company's name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from rag.assistant import Assistant
from tests.browser.reports import COMPANY, HOSTILE, HOSTILE_HEADING, hostile_report
from tests.browser.visitor import Visit, Visitors


@pytest.fixture
def hostile(clean_library: Assistant, tmp_path: Path) -> Assistant:
    """Two reports that try to be markup are in the library."""
    reports = [hostile_report(tmp_path / "a"), hostile_report(tmp_path / "b", "hostile-next", 2023)]
    report = clean_library.ingest(reports)
    assert [outcome.status for outcome in report.outcomes] == ["added", "added"], report
    return clean_library


@pytest.fixture
def reader_of_it(visitors: Visitors, hostile: Assistant) -> Iterator[Visit]:
    visit = visitors.come(path="?filing=hostile")
    yield visit
    # Nowhere did a letter become markup, and none was swallowed.
    assert visit.page.locator("article b, section b, article i, section i, article em, .katex, main code").count() == 0
    assert visit.page.locator("script:text('alert(1)')").count() == 0
    labels = visit.page.locator("button").evaluate_all("all => all.map(one => one.getAttribute('aria-label') || '')")
    assert not [label for label in labels if "\\" in label]


def test_in_the_conversation_and_the_reader(reader_of_it: Visit) -> None:
    visit = reader_of_it
    bar = visit.page.locator(".st-key-chips")
    expect(bar.get_by_role("button", name=COMPANY)).to_be_visible()
    expect(bar.get_by_role("button", name="10-K FY2022")).to_have_attribute("aria-pressed", "true")
    expect(visit.reader.locator(".paper")).to_contain_text(HOSTILE)
    asked = "What does the tracking device cost, in $ and *stars*?"
    card = visit.ask(asked)
    expect(card.locator("h2")).to_have_text(asked)
    expect(card.locator(".prose")).to_contain_text(HOSTILE)
    expect(card.locator(".source cite").first).to_contain_text(COMPANY)
    visit.press_footnote(card, 1)
    visit.sees_cited(HOSTILE)
    expect(visit.reader.locator("header")).to_contain_text(COMPANY)
    expect(visit.reader.locator("header .words span")).to_contain_text(HOSTILE_HEADING)
    visit.press("Outline")
    expect(visit.page.get_by_role("navigation").get_by_role("button", name=HOSTILE_HEADING)).to_be_visible()
    visit.page.keyboard.press("Escape")
    popover = visit.open_popover("Earlier")
    expect(popover.get_by_role("button", name=asked).first).to_be_visible()


def test_in_the_comparison(reader_of_it: Visit) -> None:
    visit = reader_of_it
    visit.turn_to("Compare")
    visit.press(f"Compare 2 reports of {COMPANY}")
    expect(visit.page.locator("article .facet").first).to_be_visible()
    expect(visit.page.get_by_text(f"{COMPANY}: 10-K FY2022, 10-K FY2023")).to_be_visible()
    visit.page.get_by_role("tab", name="Side by side").click()
    expect(visit.page.locator("article table.columns")).to_contain_text("$5 to $9_000 and *two")


def test_in_the_library(reader_of_it: Visit) -> None:
    visit = reader_of_it
    visit.turn_to("Library")
    expect(visit.page.get_by_role("heading", name=COMPANY)).to_be_visible()
    visit.page.locator(".st-key-filing-hostile").get_by_role("button", name="Details").click()
    expect(visit.page.get_by_role("table")).to_be_visible()


def test_in_what_is_shared(reader_of_it: Visit, visitors: Visitors) -> None:
    card = reader_of_it.ask("What does the tracking device cost?")
    card.get_by_role("button", name="Copy a link to this answer").click()
    expect(card.get_by_text("Link copied:")).to_be_visible()
    other = visitors.come(path=reader_of_it.clipboard().removeprefix(f"{reader_of_it.address}/"))
    expect(other.turns.first.locator(".prose")).to_contain_text(HOSTILE)
    other.press_footnote(other.turns.first, 1)
    other.sees_cited(HOSTILE)
    expect(other.reader.locator("header")).to_contain_text(COMPANY)
    assert other.page.locator("article b, section b, .katex").count() == 0

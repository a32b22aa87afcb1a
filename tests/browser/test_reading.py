"""The reader: its outline, the search within, and links that lead to a place in a filing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import QUESTION, Visit, Visitors, until


def test_the_outline_leads_to_a_heading(visit: Visit) -> None:
    visit.press("Outline")
    outline = visit.page.get_by_role("navigation", name="Outline of the filing")
    expect(outline).to_be_visible()
    visit.keep_picture("outline")
    outline.get_by_role("button", name="Human Capital Resources").click()
    expect(outline).to_be_hidden()
    expect(visit.reader.get_by_role("heading", name="Human Capital Resources")).to_be_in_viewport()
    visit.press("Outline")
    visit.page.keyboard.press("Escape")
    expect(outline).to_be_hidden()
    expect(visit.page.get_by_role("button", name="Outline")).to_be_focused()


def test_words_are_found_in_the_filing(visit: Visit) -> None:
    field = visit.page.get_by_role("searchbox", name="Find in this filing")
    field.fill("boost")
    tally = visit.reader.locator(".finding .count").first
    expect(tally).to_have_text(re.compile(r"^\d+ matches$"))
    total = int((tally.text_content() or "").split()[0])
    text = visit.reader.locator(".paper").text_content() or ""
    assert total == text.lower().count("boost") > 1
    field.press("Enter")
    expect(tally).to_have_text(f"1 of {total}")
    expect(visit.reader.get_by_text("Boost Mobile pre-paid")).to_be_in_viewport()
    visit.press("Previous match")
    expect(tally).to_have_text(f"{total} of {total}")
    field.fill("no such words anywhere")
    expect(tally).to_have_text("no matches")


def test_a_link_to_cited_words_opens_them_for_somebody_else(visit: Visit, visitors: Visitors) -> None:
    card = visit.ask(QUESTION)
    card.locator(".prose .reference").last.click()
    visit.sees_cited("$65.2 million")
    visit.press("Copy a link to this place")
    expect(visit.reader.get_by_text("Link copied.")).to_be_visible()
    link = visit.clipboard()
    assert link.startswith(visit.address)
    other = visitors.come(path=link.removeprefix(f"{visit.address}/"))
    other.sees_cited("$65.2 million")
    expect(other.turns).to_have_count(0)


def test_footnotes_of_two_filings_open_in_turn_however_quickly_they_are_pressed(visitors: Visitors) -> None:
    visit = visitors.come(path="compare?filings=smith-micro-fy2017,smith-micro-fy2020")
    pair = visit.page.locator("article .pair").first
    title = visit.reader.locator("header strong")
    before, after = (pair.locator(f".{side} .reference").first for side in ("before", "after"))
    for _ in range(2):  # the second time both filings are at hand
        before.click()
        after.click()
        expect(title).to_contain_text("10-K FY2020")
        expect(visit.cited.first).to_be_in_viewport()
        before.click()
        expect(title).to_contain_text("10-K FY2017")
        expect(visit.cited.first).to_be_in_viewport()
    visit.page.wait_for_timeout(1500)  # what the server still answers turns no page
    expect(title).to_contain_text("10-K FY2017")
    expect(visit.cited.first).to_be_in_viewport()
    # What is chosen above is read, whatever was pressed before.
    visit.turn_to("Ask")
    visit.page.locator(".st-key-chips").get_by_role("button", name="10-K FY2021").click()
    visit.page.locator(".st-key-chips").get_by_role("button", name="10-K FY2017").click()
    visit.page.locator(".st-key-chips").get_by_role("button", name="10-K FY2020").click()
    expect(title).to_contain_text("10-K FY2021")


READER = "[...document.querySelectorAll('*')].map(one => one.shadowRoot?.querySelector('section')).find(Boolean)"
PRESS_BOTH = """pause => {
    const roots = [...document.querySelectorAll('*')].map(one => one.shadowRoot).filter(Boolean)
    roots.map(root => root.querySelector('.prose .reference')).find(Boolean).click()
    const chips = [...document.querySelectorAll('.st-key-chips button')]
    setTimeout(() => chips.find(one => one.textContent.includes('10-K FY2020')).click(), pause)
}"""
SUMMARISE = "() => document.querySelector('.st-key-summary button').click()"
AT_HAND = f"() => {READER}.pane.leaves.map(leaf => leaf.data.filing)"


def test_what_an_answer_cites_is_at_hand_before_it_is_pressed(visit: Visit) -> None:
    visit.choose("10-K FY2017", "10-K FY2020")
    title = visit.reader.locator("header strong")
    expect(title).to_contain_text("10-K FY2021")
    card = visit.ask("How did the number of employees change from 2017 to 2021?")
    until(lambda: "smith-micro-fy2017" in visit.page.evaluate(AT_HAND))
    visit.page.evaluate(f"() => {{ {READER}.pane.ask = () => {{}} }}")  # the server hears of no press from here on
    oldest = card.locator(".source", has_text="10-K FY2017").first
    quote = oldest.locator("q").text_content() or ""
    oldest.click()
    expect(title).to_contain_text("10-K FY2017")
    visit.sees_cited(quote.strip("“”")[:40])


@pytest.mark.parametrize("busy", [False, True])
def test_a_chip_pressed_after_a_footnote_of_another_filing_turns_the_page(visit: Visit, busy: bool) -> None:
    visit.choose("10-K FY2017")
    visit.summarise("Products", answers=2)
    title = visit.reader.locator("header strong")
    expect(title).to_contain_text("10-K FY2021")
    for turn, year in ((visit.turns.first, "FY2017"), (visit.turns.last, "FY2021")):  # both are at hand then
        visit.press_footnote(turn, 1)
        expect(title).to_contain_text(year)
        visit.page.wait_for_timeout(800)
    # In the page itself: by the time that Playwright has found the chip, the server may have answered the footnote.
    if busy:  # with an answer, it hears of both at once
        visit.page.evaluate(SUMMARISE)
        visit.page.wait_for_timeout(150)
    visit.page.evaluate(PRESS_BOTH, 20)
    visit.page.wait_for_timeout(2500)
    expect(title).to_contain_text("10-K FY2021")
    visit.press_footnote(visit.turns.first, 1)
    expect(title).to_contain_text("10-K FY2017")


def test_a_link_to_a_filing_chooses_it(visitors: Visitors) -> None:
    visit = visitors.come(path="?filing=smith-micro-fy2017")
    expect(visit.reader.locator("header strong")).to_contain_text("10-K FY2017")
    chip = visit.page.locator(".st-key-chips").get_by_role("button", name="10-K FY2017")
    expect(chip).to_have_attribute("aria-pressed", "true")


def test_a_link_to_a_facet_summarises_it(visitors: Visitors) -> None:
    visit = visitors.come(path="?filing=smith-micro-fy2020&facet=products")
    card = visit.answered()
    expect(card.locator("h2")).to_have_text("Products, 10-K FY2020")
    visit.press_footnote(card, 1)
    expect(visit.cited.first).to_be_in_viewport()
    expect(visit.reader.locator("header strong")).to_contain_text("10-K FY2020")


def test_the_link_to_a_facet_is_copied_from_its_summary(visit: Visit, visitors: Visitors) -> None:
    card = visit.summarise("Products")
    card.get_by_role("button", name="Copy a link that summarises this anew").click()
    expect(card.get_by_text("Link copied:")).to_be_visible()
    link = visit.clipboard().removeprefix(f"{visit.address}/")
    assert link == "?filing=smith-micro-fy2021&facet=products"
    other = visitors.come(path=link)
    expect(other.answered().locator("h2")).to_have_text("Products, 10-K FY2021")
    asked = visit.ask(QUESTION, answers=2)
    expect(asked.get_by_role("button", name="Copy a link that summarises this anew")).to_have_count(0)


def test_a_link_to_nothing_is_the_page_as_it_is(visitors: Visitors) -> None:
    visit = visitors.come(path="?filing=no-such-filing&facet=products&at=12-x")
    expect(visit.page.get_by_role("heading", name="Ask what a company says about itself")).to_be_visible()
    expect(visit.turns).to_have_count(0)

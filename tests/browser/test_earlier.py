"""Earlier conversations: found again by the browser that had them, by no other, and forgotten when told to."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.visitor import QUESTION, Visit, Visitors


def test_an_earlier_conversation_is_found_again_and_goes_on(visit: Visit, visitors: Visitors) -> None:
    visit.ask(QUESTION)
    visit.reload()
    expect(visit.turns).to_have_count(0)
    popover = visit.open_popover("Earlier")
    popover.get_by_label("Look for words").fill("$65.2 million")
    popover.get_by_label("Look for words").press("Enter")
    visit.keep_picture("earlier")
    popover.get_by_role("button", name=QUESTION, exact=True).click()
    expect(visit.turns).to_have_count(1)
    visit.page.keyboard.press("Escape")
    visit.press_footnote(visit.turns.first, 2)
    visit.sees_cited("$65.2 million")
    second = visit.ask("What did it cost?", answers=2)
    expect(second.locator(".prose")).to_contain_text("$66 million")
    stranger = visitors.come()
    expect(stranger.open_popover("Earlier")).to_contain_text("There are none yet")


def test_what_is_not_there_is_not_found(visit: Visit) -> None:
    visit.ask(QUESTION)
    popover = visit.open_popover("Earlier")
    popover.get_by_label("Look for words").fill("tungsten carbide")
    popover.get_by_label("Look for words").press("Enter")
    expect(popover).to_contain_text("None has these words.")


def test_a_conversation_is_forgotten(visit: Visit) -> None:
    visit.ask(QUESTION)
    visit.reload()
    popover = visit.open_popover("Earlier")
    popover.get_by_role("button", name="Forget").click()
    expect(popover).to_contain_text("There are none yet")
    visit.reload()
    expect(visit.open_popover("Earlier")).to_contain_text("There are none yet")

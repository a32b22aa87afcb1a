"""How it looks: on every width, in the dark, with and without motion, and that nothing jumps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import DESK, PHONE, QUESTION, TABLET, Visit, Visitors

SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
    for (const each of list.getEntries())
        if (!each.hadRecentInput) window.shifts.push([each.value, each.sources.map(one => one.node?.className ?? '')]);
}).observe({ type: 'layout-shift', buffered: true });
"""
MOST_SHIFT = 0.1  # "good", as browsers reckon it
TOO_SMALL = """() => {
    const found = []
    const look = root => {
        for (const each of root.querySelectorAll('*')) {
            if (each.matches('button:not(.reference), summary, .st-key-bar a')) found.push(each)
            if (each.shadowRoot) look(each.shadowRoot)
        }
    }
    look(document)
    const isSeen = each => each.checkVisibility({ visibilityProperty: true })
    return found
        .filter(each => isSeen(each) && each.getBoundingClientRect().height < 44)
        .map(each => each.getAttribute('aria-label') || each.textContent)
        .filter(name => !/Main menu|Send message/.test(name))  // Streamlit's own
}"""
BOXES = """() => ['h1', '.st-key-chips', '.st-key-actions', '.st-key-pages'].map(name => {
    let element = document.querySelector(`.st-key-bar ${name}`)
    if (name === '.st-key-chips') element = element.parentElement
    const { left, top, right, bottom } = element.getBoundingClientRect()
    return { name, left, top, right, bottom }
})"""


@pytest.mark.parametrize("width", [360, 390, 640, 820, 901, 1000, 1200, 1400, 1900])
def test_nothing_lies_over_the_bar_or_beside_the_page(visitors: Visitors, width: int) -> None:
    visit = visitors.come((width, 800))
    boxes = visit.page.evaluate(BOXES)
    for number, one in enumerate(boxes):
        assert one["left"] >= 0, (width, one)
        assert one["right"] <= width, (width, one)
        for other in boxes[number + 1 :]:
            apart = one["right"] <= other["left"] + 1 or other["right"] <= one["left"] + 1
            above = one["bottom"] <= other["top"] + 1 or other["bottom"] <= one["top"] + 1
            assert apart or above, (width, one, other)
    if width > 900:
        reader = visit.reader.bounding_box()
        assert reader is not None
        assert max(box["bottom"] for box in boxes) <= reader["y"], width
    assert visit.overflow() <= 0


def test_on_a_phone_the_filing_is_a_sheet_that_can_be_closed(visitors: Visitors) -> None:
    visit = visitors.come(PHONE)
    sheet = visit.reader
    expect(visit.page.locator("section header")).to_be_hidden()
    card = visit.summarise()
    visit.press_footnote(card, 1)
    expect(sheet).to_be_visible()
    expect(visit.cited.first).to_be_in_viewport()
    visit.keep_picture("phone")
    box = sheet.bounding_box()
    assert box is not None
    assert (round(box["x"]), round(box["width"]), round(box["y"] + box["height"])) == (0, 390, 844)
    visit.press("Close the filing")
    expect(visit.page.locator("section header")).to_be_hidden()
    # What was read on one page is no reason to lay the sheet over the next.
    visit.turn_to("Compare")
    expect(visit.page.get_by_text("Choose two filings or more")).to_be_visible()
    expect(visit.page.locator("section header")).to_be_hidden()


def test_a_dark_desk_is_dark_everywhere(visitors: Visitors) -> None:
    visit = visitors.come(DESK, "dark")
    card = visit.ask(QUESTION)
    visit.press_footnote(card, 2)
    visit.sees_cited("$65.2 million")
    visit.keep_picture("dark")
    light = "getComputedStyle(element).%s.match(/[\\d.]+/g).slice(0, 3).map(Number).reduce((a, b) => a + b) / 3"
    brightness = f"element => {light}"
    for place in (visit.page.get_by_test_id("stApp"), visit.reader):
        assert place.evaluate(brightness % "backgroundColor") < 60
    for words in (card.locator(".prose"), visit.reader.locator(".paper p").first):
        assert words.evaluate(brightness % "color") > 180
    assert visit.cited.first.evaluate(brightness % "backgroundColor") < 110  # a highlighter for the dark
    # What lies over words is set off from them, where no shadow can.
    card.locator(".prose .reference").first.hover()
    visit.press("Outline")
    desk = visit.page.get_by_test_id("stApp").evaluate(brightness % "backgroundColor")
    for over in (card.locator(".hint"), visit.page.get_by_role("navigation", name="Outline of the filing")):
        light = over.evaluate("element => getComputedStyle(element).backgroundColor")
        assert desk + 8 < _brightness(light) < 70, light


def _brightness(colour: str) -> float:
    """Of a colour as the browser tells it: `rgb(25, 26, 28)`, or `color(srgb 0.1 0.1 0.11)` of one that was mixed."""
    parts = [float(part) for part in re.findall(r"[\d.]+", colour)][:3]
    return sum(parts) / 3 * (255 if colour.startswith("color(") else 1)


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_motion_is_left_out_where_that_is_wished(visitors: Visitors, motion: str, moves: bool) -> None:
    visit = visitors.come(PHONE, reduced_motion=motion)
    card = visit.ask(QUESTION)
    visit.press_footnote(card, 1)
    expect(visit.cited.first).to_be_visible()
    animated = "element => [getComputedStyle(element).animationName, getComputedStyle(element).transitionDuration]"
    assert (visit.cited.first.evaluate(animated)[0] != "none") == moves
    assert (card.locator(".reference.active").first.evaluate(animated)[0] != "none") == moves
    assert (visit.reader.evaluate(animated)[1] not in ("0s", "")) == moves


@pytest.mark.parametrize("size", [DESK, TABLET, PHONE], ids=["desk", "tablet", "phone"])
def test_nothing_jumps(visitors: Visitors, size: tuple[int, int]) -> None:
    visit = visitors.come(size, script=SHIFTS)
    visit.page.wait_for_timeout(500)
    assert shifted(visit) < MOST_SHIFT, "while it was opened"
    visit.ask(QUESTION)
    visit.page.wait_for_timeout(600)
    assert shifted(visit) < MOST_SHIFT, "first answer"
    visit.ask("Who are the competitors?", answers=2)
    visit.page.wait_for_timeout(600)
    assert shifted(visit) < MOST_SHIFT, "second answer"
    visit.summarise(answers=3)  # longer than the screen: who comes back must not see it grow
    visit.page.wait_for_timeout(600)
    assert shifted(visit) < MOST_SHIFT, "summary"
    for name in ("Compare", "Library", "Ask"):
        visit.turn_to(name)
        visit.page.wait_for_timeout(600)
        assert shifted(visit) < MOST_SHIFT, name


@pytest.mark.parametrize("width", [PHONE[0], 360])
def test_a_finger_finds_room_to_press(visitors: Visitors, width: int) -> None:
    """44 pixels; footnote numbers stand in a line of words, and have the room around them instead."""
    visit = visitors.come((width, PHONE[1]), has_touch=True, is_mobile=True)
    card = visit.ask(QUESTION)
    too_small = visit.page.evaluate(TOO_SMALL)
    visit.press_footnote(card, 1)
    expect(visit.cited.first).to_be_visible()
    too_small += visit.page.evaluate(TOO_SMALL)
    visit.press("Outline")
    too_small += visit.page.evaluate(TOO_SMALL)
    visit.page.get_by_role("searchbox", name="Find in this filing").fill("customers")
    expect(visit.page.get_by_role("button", name="Next match")).to_be_visible()
    assert visit.overflow() <= 0
    last = visit.page.get_by_role("button", name="Next footnote").bounding_box()
    assert last is not None
    assert last["x"] + last["width"] <= width
    assert too_small == []


def shifted(visit: Visit) -> float:
    """How much has jumped since the last look."""
    shifts: list[tuple[float, list[str]]] = visit.page.evaluate("window.shifts.splice(0)")
    total = sum(value for value, _ in shifts)
    if total >= MOST_SHIFT:
        print(shifts)
    return total


def test_no_visitor_is_shown_what_is_streamlits(visit: Visit) -> None:
    expect(visit.page.get_by_text("Deploy", exact=True)).to_have_count(0)
    visit.press("Main menu")
    menu = visit.page.get_by_role("dialog").or_(visit.page.get_by_role("menu")).first
    expect(menu).to_be_visible()
    expect(menu).not_to_contain_text(re.compile("Rerun|Clear cache|Deploy"))

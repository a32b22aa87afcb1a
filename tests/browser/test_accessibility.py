"""Everybody can use it: axe-core finds nothing serious in any state, and the keyboard reaches and shows everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.visitor import DESK, PHONE, QUESTION, Scheme, Visit, Visitors

axe = Axe()

FOCUSED = """() => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    return element
}"""
NAME_OF = (
    "element => element.getAttribute('aria-label') || element.placeholder || element.innerText.split('\\n')[0].trim()"
)
# Whether anything about an element or what surrounds it looks different once it has lost the focus.
SHOWS_ITS_FOCUS = """element => {
    const looks = () => {
        const seen = []
        for (let each = element, up = 0; each && up < 5; each = each.parentElement ?? each.getRootNode().host, up++) {
            const style = getComputedStyle(each)
            seen.push(style.outline, style.boxShadow, style.borderColor, style.backgroundColor, style.color)
        }
        return seen.join()
    }
    document.getAnimations().forEach(each => each.finish())
    const focused = looks()
    element.blur()
    document.getAnimations().forEach(each => each.finish())
    const left = looks()
    element.focus({ focusVisible: true })
    return focused !== left
}"""


def states(visit: Visit) -> Iterator[str]:
    """One state of the page after the other, by name."""
    yield "empty"
    card = visit.ask(QUESTION)
    yield "answer"
    visit.press_footnote(card, 2)
    visit.sees_cited("$65.2 million")
    yield "reader"
    visit.press("Outline")
    yield "outline"
    visit.page.keyboard.press("Escape")
    visit.page.get_by_role("searchbox", name="Find in this filing").fill("customers")
    yield "found"
    visit.page.keyboard.press("Escape")
    visit.page.keyboard.press("Escape")  # first what was looked for, then the sheet of a phone
    card.get_by_role("button", name="Something is wrong").click()
    card.get_by_role("button", name="Edit and ask again").click()
    yield "editing"
    visit.page.keyboard.press("Escape")
    visit.summarise(answers=2)
    yield "summary"
    visit.ask("What is the melting point of tungsten?", answers=3)
    yield "refusal"
    for name in ("Earlier", "Share", "Offline"):
        visit.open_popover(name)
        yield f"popover {name}"
        visit.page.keyboard.press("Escape")
        expect(visit.page.get_by_test_id("stPopoverBody")).to_have_count(0)
    popover = visit.open_popover("Add filings")
    for tab in ("EDGAR", "Paste", "Files"):
        popover.get_by_role("tab", name=tab).click()
        yield f"adding by {tab}"
    visit.page.keyboard.press("Escape")
    visit.turn_to("Compare")
    yield "nothing to compare"
    visit.press("Compare 3 reports", exact=False)
    expect(visit.page.locator("article .facet").first).to_be_visible()
    yield "changes"
    visit.page.get_by_role("tab", name="Side by side").click()
    expect(visit.page.locator("article table")).to_be_visible()
    yield "side by side"
    visit.turn_to("Library")
    visit.press("Details")
    expect(visit.page.get_by_role("table")).to_be_visible()
    yield "library"
    visit.go("?share=no-such-thing")
    expect(visit.page.get_by_text("There is nothing under this link")).to_be_visible()
    yield "nothing shared"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_serious(visitors: Visitors, size: tuple[int, int], scheme: Scheme) -> None:
    visit = visitors.come(size, scheme)
    found = []
    for state in states(visit):
        visit.page.wait_for_timeout(50)  # a colour on its way to another is no finding
        found += [f"{state}: {finding}" for finding in serious(visit)]
        assert visit.overflow() <= 0, f"{state} can be pushed sideways"
        visit.keep_picture(f"{'phone' if size == PHONE else 'desk'}-{scheme}-{state.replace(' ', '-')}")
    assert found == []


def serious(visit: Visit) -> list[str]:
    violations: list[dict[str, Any]] = axe.run(visit.page).response["violations"]
    return [
        f"{each['id']} {node['target']} {node['failureSummary']}"
        for each in violations
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def test_axe_looks_into_the_components(visit: Visit) -> None:
    """Else the test above would find nothing, and say so."""
    visit.ask(QUESTION)
    visit.page.evaluate("""() => {
        const components = [...document.querySelectorAll('*')].filter(one => one.shadowRoot)
        const article = components.map(one => one.shadowRoot.querySelector('article')).find(Boolean)
        article.querySelector('.prose').style.color = '#ddd'
        article.querySelector('.action').removeAttribute('aria-label')
        article.querySelector('.action').removeAttribute('title')
    }""")
    found = " ".join(serious(visit))
    assert "color-contrast" in found
    assert "button-name" in found


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(visit: Visit) -> None:
    visit.ask(QUESTION)
    visit.page.mouse.click(5, 450)
    stops: list[str] = []
    unseen = []
    while len(stops) < 60:
        visit.page.keyboard.press("Tab")
        focused = visit.page.evaluate_handle(FOCUSED).as_element()
        assert focused is not None
        name = str(focused.evaluate(NAME_OF))
        if focused.evaluate("element => element === document.body") or (stops and name == stops[0]):
            break
        stops.append(name)
        if not focused.evaluate(SHOWS_ITS_FOCUS):
            unseen.append(name)
    expected = [
        "10-K FY2017",
        "Earlier",
        "New",
        "Add filings",
        "Ask",
        "Library",
        "Footnote 1, open in the filing",
        "Footnote 2, open in the filing",
        "Copy the answer",
        "Something is wrong",
        "Outline",
        "Find in this filing",
        "Text of the filing",
        "Summarise the business model",
        "Details of financing",
        "Ask about these filings",
        "Offline",
    ]
    met = [stop for stop in stops if stop in expected]
    assert list(dict.fromkeys(met)) == expected, stops
    assert unseen == []


def test_the_keyboard_alone_leads_through_a_journey(visitors: Visitors) -> None:
    visit = visitors.come(PHONE)
    card = visit.ask(QUESTION)
    reference = card.get_by_role("button", name="Footnote 2, open in the filing").first
    reference.focus()
    visit.page.keyboard.press("Enter")
    visit.sees_cited("$65.2 million")
    close = visit.page.get_by_role("button", name="Close the filing")
    visit.page.keyboard.press("Escape")  # the sheet, from where the footnote was pressed
    expect(close).to_be_hidden()
    visit.page.keyboard.press("Enter")
    close.focus()
    visit.page.keyboard.press("Enter")
    expect(close).to_be_hidden()
    expect(reference).to_be_focused()
    hint = card.get_by_role("tooltip")
    visit.page.keyboard.press("Shift+Tab")
    visit.page.keyboard.press("Tab")
    expect(hint).to_be_visible()
    visit.page.keyboard.press("Escape")
    expect(hint).to_be_hidden()
    visit.open_popover("Earlier")
    visit.page.keyboard.press("Escape")
    expect(visit.page.get_by_test_id("stPopoverBody")).to_have_count(0)

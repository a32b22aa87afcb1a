"""A language model that a visitor names: it writes while they watch, is stopped, and its key is kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visit, Visitors
from tests.rag.stub_model import KEY, Says, StubModel, lines, serving

# The words of the filing, and how a model may tell them.
TOLD = (
    (
        "The offering closed on March 15, 2021.",
        "The offering closed on March 15",
        "The offering closed on March 15, 2021",
    ),
    ("Smith Micro had a total of 373 employees.", "373 employees", "we had a total of 373 employees"),
)
SLOWLY = Says(lines(*TOLD * 40), piece=40, pause=0.25)


@pytest.fixture
def model() -> Iterator[StubModel]:
    with serving(StubModel([SLOWLY])) as stub:
        yield stub


def let_it_write(visit: Visit, model: StubModel) -> None:
    popover = visit.open_popover("Offline")
    popover.get_by_label("Key", exact=True).fill(KEY)
    popover.get_by_label("Model", exact=True).fill("made-up-1")
    popover.get_by_label("Endpoint").fill(model.address)
    popover.get_by_role("button", name="Let it write").click()
    expect(visit.page.get_by_role("button", name="made-up-1").first).to_be_visible()
    visit.page.keyboard.press("Escape")


def kept_by_the_browser(visit: Visit) -> str:
    """All that the page and the browser hold where a script could read it."""
    held = "[document.documentElement.outerHTML, JSON.stringify(localStorage), JSON.stringify(sessionStorage)]"
    fields = "[...document.querySelectorAll('input, textarea')].map(field => field.value)"
    return str(visit.page.evaluate(f"[...{held}, document.cookie, location.href, ...{fields}].join(' ')"))


def test_sentences_appear_while_it_writes_and_stop_ends_it(visit: Visit, visitors: Visitors, model: StubModel) -> None:
    let_it_write(visit, model)
    box = visit.page.get_by_placeholder("Ask about these filings")
    box.fill("When did the offering close?")
    box.press("Enter")
    working = visit.page.locator("article .working")
    expect(visit.turns.last.locator(".prose")).to_contain_text("The offering closed on March 15, 2021.")
    expect(working).to_be_visible()  # it is still at it
    visit.keep_picture("while-it-writes")
    visit.page.get_by_role("button", name="Stop", exact=True).click()
    card = visit.answered(1)
    expect(working).to_have_count(0)
    expect(card.locator(".prose")).to_contain_text("The offering closed on March 15, 2021.")  # what is verified stays
    visit.press_footnote(card, 1)
    visit.sees_cited("The offering closed on March 15, 2021")
    sent = len(model.requests[0].sentence_sent)
    assert sent < 60, "the stop was not heard"

    assert model.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in kept_by_the_browser(visit)
    visit.open_popover("made-up-1")
    assert KEY not in kept_by_the_browser(visit)
    # Another visitor is not written for by it.
    other = visitors.come()
    expect(other.page.get_by_role("button", name="Offline")).to_be_visible()
    visit.reload()
    expect(visit.page.get_by_role("button", name="Offline")).to_be_visible()
    assert KEY not in kept_by_the_browser(visit)


def test_the_visitor_goes_back_to_writing_offline(visit: Visit, model: StubModel) -> None:
    let_it_write(visit, model)
    popover = visit.open_popover("made-up-1")
    popover.get_by_role("button", name="Write offline").click()
    visit.page.keyboard.press("Escape")
    expect(visit.page.get_by_role("button", name="Offline")).to_be_visible()
    card = visit.ask("How many people does the company employ?")
    expect(card.locator(".prose")).to_contain_text("373 employees")
    assert model.requests == []

"""What visitors of the page do and see, in their own words: they ask, press footnotes, read, share."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

PATIENCE = 40_000  # milliseconds, on a machine that may be busy
FIRST = 120_000  # for the first visitor, who waits until the model is loaded
SCREENSHOTS = Path(__file__).parents[2] / "screenshots"  # not part of the source; CI keeps them
QUESTION = "How was the Family Safety acquisition financed?"
DESK, PHONE, TABLET = (1400, 900), (390, 844), (820, 1180)
Scheme = Literal["light", "dark"]


def until(is_so: Callable[[], object], seconds: float = PATIENCE / 1000) -> None:
    """Wait for what no element of the page tells."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


class Visit:
    """A page in somebody's browser."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address

    # Getting about ----------------------------------------------------------------------------------------------------

    def go(self, path: str = "") -> None:
        self.page.goto(f"{self.address}/{path}")

    def wait_until_usable(self) -> None:
        self.page.get_by_role("button", name="Details of financing").wait_for(timeout=FIRST)

    def turn_to(self, name: str) -> None:
        """Another page by its link in the bar."""
        self.page.locator(".st-key-pages").get_by_role("link", name=name).click()
        sign = {
            "Ask": self.page.get_by_placeholder("Ask about these filings"),
            "Compare": self.page.get_by_role("heading", name="What changed"),
            "Library": self.page.get_by_role("heading", name="Library", exact=True),
        }
        expect(sign[name]).to_be_visible()

    def choose(self, *names: str) -> None:
        """Press the chips of these filings."""
        for name in names:
            chip = self.page.locator(".st-key-chips").get_by_role("button", name=name)
            chip.click()
            expect(chip).to_have_attribute("aria-pressed", "true")

    def press(self, name: str, exact: bool = True) -> None:
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def open_popover(self, name: str) -> Locator:
        self.press(name)
        popover = self.page.get_by_test_id("stPopoverBody")
        expect(popover).to_be_visible()
        return popover

    def reload(self) -> None:
        self.page.reload()
        self.wait_until_usable()

    # The conversation -------------------------------------------------------------------------------------------------

    @property
    def turns(self) -> Locator:
        return self.page.locator(".st-key-conversation article")

    def ask(self, question: str, answers: int = 1) -> Locator:
        """Ask, and wait for the end of the answer, which makes so many of them; its card."""
        box = self.page.get_by_placeholder("Ask about these filings")
        box.fill(question)
        box.press("Enter")
        return self.answered(answers)

    def answered(self, answers: int = 1) -> Locator:
        expect(self.turns.locator(".actions")).to_have_count(answers)
        return self.turns.last

    def summarise(self, name: str = "Summarise the business model", answers: int = 1) -> Locator:
        self.press(name)
        return self.answered(answers)

    # The reader -------------------------------------------------------------------------------------------------------

    @property
    def reader(self) -> Locator:
        return self.page.get_by_role("region", name="The filing")

    @property
    def cited(self) -> Locator:
        """The words under the highlighter."""
        return self.reader.locator("mark")

    def press_footnote(self, card: Locator, number: int) -> None:
        card.get_by_role("button", name=f"Footnote {number}, open in the filing").first.click()

    def sees_cited(self, words: str) -> None:
        expect(self.cited.first).to_be_in_viewport()
        expect(self.reader.locator(".paper")).to_contain_text(words)
        marked = " ".join(self.cited.all_text_contents())
        assert words in marked, marked

    # What is on the screen --------------------------------------------------------------------------------------------

    def keep_picture(self, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def overflow(self) -> int:
        """How far the page can be pushed sideways, in pixels."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def clipboard(self) -> str:
        return str(self.page.evaluate("navigator.clipboard.readText()"))


class Visitors:
    """Whoever comes in the course of a test."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self.errors: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def come(
        self, size: tuple[int, int] = DESK, scheme: Scheme = "light", path: str = "", script: str = "", **options: Any
    ) -> Visit:
        """A new visitor with a browser of their own."""
        context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            reduced_motion=options.pop("reduced_motion", "reduce"),
            permissions=["clipboard-read", "clipboard-write"],
            **options,
        )
        if script:
            context.add_init_script(script)
        self._contexts.append(context)
        return self.another_page(context, path)

    def another_page(self, context: BrowserContext, path: str = "") -> Visit:
        """A further page in the same browser."""
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        visit = Visit(page, self.address)
        visit.go(path)
        if "share=" not in path and not re.match(r"(library|compare)\b", path):
            visit.wait_until_usable()
        return visit

    def leave(self) -> None:
        for context in self._contexts:
            context.close()

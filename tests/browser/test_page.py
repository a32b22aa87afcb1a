"""The page in a real browser: ask, see a footnote, press it, and read the filing's own words under the highlighter."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from rag.assistant import Assistant

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 90_000  # milliseconds: the model loads once, on a machine that may be busy
COMPANY = "A*b_c $x$ <b>d</b> `e` [f](g)"
HOSTILE = "The tracking device costs $5 to $9_000 and *two* `kilograms` :red[today] in <script>alert(1)</script>."

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}; on Debian: apt install chromium"),
]
OpenPage = Callable[..., Page]


@dataclass(frozen=True)
class Served:
    """A running page, and the library that it shows."""

    address: str
    data_dir: Path


@pytest.fixture(scope="module")
def served(seeded_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`footnote serve` on a copy of the library of the three filings that ship."""
    data_dir = tmp_path_factory.mktemp("browser") / "data"
    shutil.copytree(seeded_dir, data_dir)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "ui.terminal", "serve", "--port", str(port), "--data-dir", str(data_dir)]
    log = data_dir.parent / "server.log"
    with log.open("w") as sink:
        server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"CI": "1"}, stdout=sink, stderr=sink)
    try:
        _wait_for(f"http://localhost:{port}/_stcore/health")
        yield Served(f"http://localhost:{port}", data_dir)
    finally:
        server.terminate()
        server.wait(timeout=30)
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, served: Served) -> Iterator[OpenPage]:
    """Opens the page as a new visitor; fails the test when the browser's console tells of an error."""
    errors: list[str] = []
    contexts = []

    def open_it(width: int = 1400, height: int = 900) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(served.address)
        page.get_by_role("button", name="Details of financing").wait_for()
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert errors == []


def ask(page: Page, question: str) -> None:
    box = page.get_by_placeholder("Ask about these filings")
    box.fill(question)
    box.press("Enter")


def test_a_question_leads_to_the_filings_own_words(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "How was the Family Safety acquisition financed?")
    prose = page.locator("article .prose")
    expect(prose).to_contain_text("$65.2 million")
    prose.locator(".reference").last.click()
    cited = page.locator("mark").first
    expect(cited).to_contain_text("$65.2 million")
    expect(cited).to_be_in_viewport()
    expect(page.locator("article .reference.active")).to_have_count(1)
    count = prose.locator(".reference").count()
    expect(page.locator("section header")).to_contain_text(f"footnote {count} of {count}")
    page.get_by_role("button", name="Previous footnote").click()
    expect(page.locator("section header")).to_contain_text(f"footnote {count - 1} of {count}")


def test_a_footnote_is_opened_from_the_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("button", name="Details of financing").click()
    reference = page.get_by_role("button", name="Footnote 1, open in the filing")
    reference.wait_for()
    reference.focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_be_in_viewport()


def test_on_a_phone_the_filing_is_a_sheet_that_can_be_closed(open_page: OpenPage) -> None:
    page = open_page(390, 844)
    sheet = page.locator("section")
    expect(sheet).not_to_be_visible()
    page.get_by_role("button", name="Summarise the business model").click()
    page.locator("article .reference").first.click()
    expect(sheet).to_be_visible()
    expect(page.locator("mark").first).to_be_in_viewport()
    page.get_by_role("button", name="Close the filing").click()
    expect(sheet).not_to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def test_a_refusal_offers_to_search_all_filings(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "What is the melting point of tungsten?")
    expect(page.locator("article .silence")).to_contain_text("not say")
    page.get_by_role("button", name="Search all 3 filings").click()
    expect(page.locator("article .silence")).to_have_count(2)


def test_one_visitor_does_not_see_the_words_of_another(open_page: OpenPage) -> None:
    first, second = open_page(), open_page()
    ask(first, "Who are the competitors?")
    expect(first.locator("article h2")).to_have_text("Who are the competitors?")
    second.reload()
    second.get_by_role("button", name="Details of financing").wait_for()
    expect(second.locator("article")).to_have_count(0)


def test_what_a_filing_says_is_shown_letter_by_letter(open_page: OpenPage, served: Served, tmp_path: Path) -> None:
    page = open_page()
    library = Assistant.open(served.data_dir)
    report = library.ingest([hostile_filing(tmp_path)])
    assert [outcome.status for outcome in report.outcomes] == ["added"], report
    try:
        page.reload()  # the page sees what another process took in
        page.get_by_role("button", name=COMPANY).wait_for()
        expect(page.locator("section .paper")).to_contain_text(HOSTILE)
        ask(page, "What does the tracking device cost?")
        expect(page.locator("article .prose")).to_contain_text(HOSTILE)
        page.locator("article .reference").first.click()
        expect(page.locator("mark").first).to_contain_text(HOSTILE)
        expect(page.locator("section header")).to_contain_text(COMPANY)
        assert page.locator("article b, section b, article em, .katex").count() == 0
        labels = page.locator("button").evaluate_all("all => all.map(one => one.getAttribute('aria-label') || '')")
        assert not [label for label in labels if "\\" in label]
    finally:
        library.remove("hostile")
        library.close()


def hostile_filing(folder: Path) -> Path:
    """A small report whose words, and whose company's name, try to be markup."""
    path = folder / "hostile.txt"
    path.write_text(
        f"Item 1. Business\nProducts\n{HOSTILE}\nDistribution\n"
        "The Company sells its products to customers through retail stores and distributors in North America. "
        "Our competitors offer similar products. As of December 31, 2022, the Company had 12 employees. "
        "Revenues of the fiscal year came from sales of devices to two customers.\n"
    )
    known = {"id": "hostile", "company": COMPANY, "form": "10-K", "fiscal_year": 2022}
    rows = [f"{name} = {json.dumps(value)}" for name, value in known.items()]
    (folder / "filings.toml").write_text("\n".join(["['hostile.txt']", *rows]))
    return path


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  our own server
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {address}")

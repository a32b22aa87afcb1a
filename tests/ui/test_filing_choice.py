"""Which filings are talked about: one line in the bar, however many there are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import FilingIndex
from rag.assistant import Assistant
from tests.browser.reports import small_report
from tests.index.standins import write_filing
from tests.ui.conftest import OpenPage, cards
from ui import filing_choice


@pytest.fixture
def shelf(open_index: Callable[..., FilingIndex], tmp_path: Path) -> Assistant:
    """Three reports of one company, and one each of two others."""
    assistant = Assistant(open_index())
    reports = [small_report(tmp_path, year) for year in (2019, 2020, 2021)]
    assistant.ingest([*reports, write_filing(tmp_path, 1), write_filing(tmp_path, 2)])
    return assistant


def test_a_company_has_its_years_in_the_bar_and_the_others_in_the_list(open_page: OpenPage, shelf: Assistant) -> None:
    newest = max(filing.id for filing in shelf.filings() if filing.company == "Anvil Works, Inc.")
    page = open_page(shelf, filing=newest)
    assert page.pills(key="chips-company").value == [newest]
    labels = [label.replace("\\", "") for label in page.pills(key="chips-company").options]
    assert labels == ["10-K FY2021", "10-K FY2020", "10-K FY2019"]  # the latest first: a phone has room for no more
    companies = {filing.company for filing in shelf.filings()}
    assert {f"chips-{company}" for company in companies} <= {pills.key for pills in page.get("button_group")}


def test_a_filing_chosen_in_the_list_is_searched_beside_the_others(open_page: OpenPage, shelf: Assistant) -> None:
    anvils = [filing for filing in shelf.filings() if filing.company == "Anvil Works, Inc."]
    other = next(filing for filing in shelf.filings() if filing.company != "Anvil Works, Inc.")
    page = open_page(shelf, filing=anvils[0].id)
    page.pills(key=f"chips-{other.company}").set_value([other.id]).run()
    assert page.session_state["chosen"] == [anvils[0].id, other.id]
    page.pills(key="chips-Anvil Works, Inc.").set_value([]).run()
    assert page.session_state["chosen"] == [other.id]
    assert cards(page)[-1]["filing"] == other.id  # the reader shows what is chosen now
    page.button(key="choose-all").click().run()
    assert page.session_state["chosen"] == []
    assert page.button(key="choose-all").disabled


def test_of_many_companies_one_is_looked_for(
    open_page: OpenPage, shelf: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing_choice, "MOST_COMPANIES", 2)
    page = open_page(shelf)
    page.text_input(key="looked-for-company").set_value("anvil").run()
    listed = [str(pills.key) for pills in page.get("button_group")]
    assert "chips-Anvil Works, Inc." in listed
    assert len([key for key in listed if key not in ("chips-company", "chips-all")]) == 1


def test_a_summary_names_the_company_where_there_are_several(open_page: OpenPage, shelf: Assistant) -> None:
    newest = max(filing.id for filing in shelf.filings() if filing.company == "Anvil Works, Inc.")
    page = open_page(shelf, filing=newest)
    page.button(key="summary-products").click().run()
    assert cards(page)[0]["title"] == "Products, Anvil Works, Inc. 10-K FY2021"
    assert cards(page)[0]["trail"].startswith("Searched Anvil Works, Inc. 10-K FY2021")


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ([], "All 5 filings"),
        (["anvil"], "Anvil Works, Inc."),
        (["anvil", "other"], "2 filings of 2 companies"),
        (["other"], "the label of the other"),
    ],
)
def test_the_button_tells_what_is_chosen(shelf: Assistant, chosen: list[str], told: str) -> None:
    filings = shelf.filings()
    anvil = next(filing for filing in filings if filing.company == "Anvil Works, Inc.")
    other = next(filing for filing in filings if filing.company != "Anvil Works, Inc.")
    ids = {"anvil": anvil.id, "other": other.id}
    expected = other.label if told == "the label of the other" else told
    assert filing_choice.told(filings, [ids[one] for one in chosen], has_chips="anvil" in chosen) == expected

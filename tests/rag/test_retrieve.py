"""The search finds the table that holds the answer, however question and report word it, and says nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.assistant import Assistant
from tests.rag.conftest import FY2017, FY2020, FY2021
from tests.rag.made_up import BAKERY, write_report

PROSE = (
    "Inventories, receivables and capital spending are watched closely by management, who discuss the balance sheet, "
    "liquidity and working capital with the board four times a year and in every town that it visits. "
)
STATEMENTS = """
Item 7. Management's Discussion and Analysis
Liquidity
{prose}
Item 8. Financial Statements and Supplementary Data
Consolidated Statements of Income
(In thousands)
Years ended December 31, | 2022 | 2021
Net sales | $93,411 | $88,207
Cost of sales | 61,004 | 59,118
Gross profit | 32,407 | 29,089
Net income | $9,312 | $8,011
Consolidated Balance Sheets
(In thousands)
December 31, | 2022 | 2021
Cash and cash equivalents | $21,700 | $18,118
Inventories | 12,207 | 11,903
Total current assets | 41,310 | 37,454
Accounts payable | 8,114 | 7,652
Total current liabilities | 19,032 | 17,410
Consolidated Statements of Cash Flows
(In thousands)
Years ended December 31, | 2022 | 2021
Net cash provided by operating activities | $14,002 | $12,877
Purchases of property, plant and equipment | (6,521) | (5,870)
Dividends paid | (1,250) | (1,100)
Repurchases of common stock | (3,300) | (2,000)
"""


@pytest.fixture(scope="module")
def ovens(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    from index.build import FilingIndex
    from index.settings import IndexSettings

    folder = tmp_path_factory.mktemp("ovens")
    settings = IndexSettings(data_dir=folder / "data", least_free_bytes=0)
    ovens = Assistant(FilingIndex(settings, assistant.index.encoder))
    text = BAKERY + STATEMENTS.format(prose=PROSE * 3)
    other = BAKERY.replace("Hearthstone", "Brickline").replace("craft bakeries", "pizzerias")
    report = ovens.ingest(
        [write_report(folder, "ovens", text), write_report(folder, "brickline", other, "Brickline Ovens, Inc.")]
    )
    assert [outcome.status for outcome in report.outcomes] == ["added", "added"], report
    return ovens


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What was Hearthstone's capex in FY2022?", "Purchases of property"),
        ("What is the current ratio?", "Total current liabilities"),
        ("How large were share buybacks?", "Repurchases of common stock"),
        ("What is the gross margin (as a %)? Answer in percent.", "Gross profit"),
        ("How have inventories developed? Base your judgments on the balance sheet.", "Inventories | 12,207"),
    ],
)
def test_the_statement_that_holds_the_answer_is_found_first(ovens: Assistant, question: str, row: str) -> None:
    first = ovens.search(question, ["ovens"], k=3)[0]
    assert row in first.passage.text
    assert "statement" in first.found_by


@pytest.mark.parametrize("written", ["$93.411 million", "93,411 thousand", "$93,411,000"])
def test_a_figure_is_found_whatever_its_writing(ovens: Assistant, written: str) -> None:
    hits = ovens.search(f"What does {written} stand for?", ["ovens"], k=3)
    assert "93,411" in hits[0].passage.text


def test_a_company_that_is_named_is_searched_alone(ovens: Assistant) -> None:
    hits = ovens.search("Who are the customers of Brickline Ovens?")
    assert {hit.passage.filing_id for hit in hits} == {"brickline"}
    assert "pizzerias" in hits[0].passage.text


def test_what_a_report_says_twice_is_found_once(open_assistant: Callable[[str], Assistant], tmp_path: Path) -> None:
    library = open_assistant("twice")
    legend = "Warranty\nEvery oven is guaranteed for ten years against cracks in its stones and its steel.\n"
    text = BAKERY.replace("Customers\n", f"{legend}Customers\n") + legend
    library.ingest([write_report(tmp_path / "reports", "twice", text)])
    hits = library.search("For how long is an oven guaranteed?", k=10)
    assert sum("guaranteed for ten years" in hit.passage.text for hit in hits) == 1
    assert len({hit.passage.id for hit in hits}) == len(hits)


@pytest.mark.parametrize(("year", "filing_id"), [("fiscal 2017", FY2017), ("FY2020", FY2020), ("2021", FY2021)])
def test_of_several_reports_that_of_the_year_asked_for_comes_first(
    assistant: Assistant, year: str, filing_id: str
) -> None:
    assert assistant.search(f"How many people did it employ in {year}?")[0].passage.filing_id == filing_id

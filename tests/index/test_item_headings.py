"""Each way in which reports head their items, and each line that only looks like a heading."""

from __future__ import annotations

import pytest

from index.item_headings import find_item_lines
from index.items import items_of, split_glued_titles

MARKET = "Market for Registrant's Common Equity"


@pytest.mark.parametrize(
    ("heading", "numbers", "title"),
    [
        ("Item 1. Business", "1", "Business"),
        ("ITEM 1: BUSINESS", "1", "BUSINESS"),
        ("Item 1—Business", "1", "Business"),
        ("Item 1 -- Business", "1", "Business"),
        ("Item 1 Business", "1", "Business"),
        ("PART I, Item 1. Business", "1", "Business"),
        ("PART I | Item 1. | Business", "1", "Business"),
        ("ITEM 1. | BUSINESS", "1", "BUSINESS"),
        ("Item | 1. | Business", "1", "Business"),
        ("Item 1.Business", "1", "Business"),
        ("ITEM 1BUSINESS", "1", "BUSINESS"),
        ("ITEM 1ARISK FACTORS", "1A", "RISK FACTORS"),
        ("ITEM 9CHANGES IN AND DISAGREEMENTS", "9", "CHANGES IN AND DISAGREEMENTS"),
        ("ltem 3. Legal Proceedings", "3", "Legal Proceedings"),
        ("Item 7a. Quantitative and Qualitative Disclosures", "7A", "Quantitative and Qualitative Disclosures"),
        ("Item 9A(T). Controls and Procedures", "9A", "Controls and Procedures"),
        ("Item 9(A). Controls and Procedures", "9A", "Controls and Procedures"),
        ("ITEM 1. BUSINESS OF TEXTILES", "1", "BUSINESS OF TEXTILES"),
        ("Item 4. Submission of Matters to a Vote", "4", "Submission of Matters to a Vote"),
        ("Item 6. [Reserved]", "6", "[Reserved]"),
        ("Items 1 and 2. Business and Properties", "1 2", "Business and Properties"),
        ("ITEMS 1, 1A. and 2. BUSINESS", "1 1A 2", "BUSINESS"),
        ("Item 1 and Item 2. Business and Properties", "1 2", "Business and Properties"),
        ("Items 10 through 14. Directors", "10 11 12 13 14", "Directors"),
        ("Item 1.\n\nBusiness\n\nWe make nails.", "1", "Business"),
        ("I t e m 1 .\nB u s i n e s s", "1", "B u s i n e s s"),
        (
            f"Item 5. {MARKET} and Related\nStockholder Matters\n\nOur stock",
            "5",
            f"{MARKET} and Related Stockholder Matters",
        ),
    ],
)
def test_a_heading_is_known_in_every_form(heading: str, numbers: str, title: str) -> None:
    (line,) = find_item_lines(heading, items_of("10-K"))
    assert line.numbers == tuple(numbers.split())
    assert line.title == title


@pytest.mark.parametrize(
    "line",
    [
        "Item 7 of this report tells of it.",
        "Item 1A, Risk Factors, of our annual report",
        "Item 1A. Risk Factors of this Annual Report on Form 10-K.",
        "Item 1A. Risk Factors above",
        "Item 14(a)(1): Financial Statements",
        "ITEMS 14(a)(1) AND 14(a)(2)",
        "Item 15(b)",
        "ITEM 601 OF REGULATION S-K",
        "Item 44. Nothing of the kind",
        "items that are material are set out in the notes to the financial statements",
    ],
)
def test_talk_of_an_item_is_no_heading(line: str) -> None:
    assert not list(find_item_lines(line, items_of("10-K")))


@pytest.mark.parametrize(
    ("line", "text_begins"),
    [
        (
            "Item 3. Legal Proceedings. The Company is not a party to any proceedings that would matter to anybody.",
            "The Company",
        ),
        (
            "Item 2. Properties The Company leases all of its offices and owns none of the buildings it works in.",
            "The Company",
        ),
        ("Item 4. Not applicable.", "Not applicable"),
        ("Item 11. The information required by this item is in the proxy statement.", "The information"),
    ],
)
def test_the_text_of_an_item_may_begin_in_its_heading_line(line: str, text_begins: str) -> None:
    (found,) = find_item_lines(line, items_of("10-K"))
    assert line[found.end :].lstrip(" .").startswith(text_begins)


@pytest.mark.parametrize("line", ["Item 1. Business 3", "Item 1. | Business | 3", "Item 1. Business ........ 12-14"])
def test_a_line_of_contents_is_known_by_its_page_number(line: str) -> None:
    (found,) = find_item_lines(line, items_of("10-K"))
    assert found.paged
    assert found.title == "Business"


def test_a_title_that_prose_ran_into_gets_its_line_break_back() -> None:
    assert split_glued_titles("Item 1. BusinessCompany Background") == "Item 1. Business\nCompany Background"
    assert split_glued_titles("ITEM 1. BUSINESS Industry") == "ITEM 1. BUSINESS\nIndustry"
    whole = "ITEM 7. MANAGEMENT'S DISCUSSION AND ANALYSIS OF FINANCIAL CONDITION AND RESULTS OF OPERATIONS"
    assert split_glued_titles(whole) == whole
    assert split_glued_titles("ITEM 2. PROPERTIES AND PLANTS") == "ITEM 2. PROPERTIES AND PLANTS"

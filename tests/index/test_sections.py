"""The items of a report, told from its table of contents and from what only mentions them."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.reader import read_filing
from index.sections import split_sections

BODY = "We sell software to wireless carriers. Our revenues come from them.\n"


def found(text: str) -> list[tuple[str, str]]:
    return [(section.item, section.title) for section in split_sections(text)]


def test_the_items_of_a_report_in_their_order() -> None:
    text = f"Item 1. Business\n{BODY}\nItem 1A. Risk Factors\n{BODY}\nItem 7. Management’s Discussion\n{BODY}"
    assert found(text) == [("1", "Business"), ("1A", "Risk Factors"), ("7", "Management’s Discussion")]


@pytest.mark.parametrize(
    "heading",
    [
        "Item 1. Business",
        "ITEM 1. BUSINESS",
        "Item 1 - Business",
        "Item 1: Business",
        "  ITEM 1.  Business",
        "Item 1.Business",
    ],
)
def test_a_heading_in_any_dress(heading: str) -> None:
    assert found(f"{heading}\n{BODY}") in ([("1", "Business")], [("1", "BUSINESS")])


def test_a_heading_without_a_title_gets_the_one_that_the_form_gives_it() -> None:
    assert found(f"Item 1A.\n{BODY}") == [("1A", "Risk Factors")]


def test_the_table_of_contents_is_not_the_report() -> None:
    contents = "Item 1. Business 3\nItem 1A. Risk Factors ..... 9\nItem 2. Properties 20\n"
    text = f"{contents}\nItem 1. Business\n{BODY * 3}\nItem 1A. Risk Factors\n{BODY * 3}\nItem 2. Properties\n{BODY}"
    sections = split_sections(text)
    assert [(section.item, section.title) for section in sections] == [
        ("1", "Business"),
        ("1A", "Risk Factors"),
        ("2", "Properties"),
    ]
    assert all(section.start >= len(contents) for section in sections)
    assert all(BODY in text[section.start : section.end] for section in sections)


def test_a_mention_inside_a_sentence_is_no_heading() -> None:
    assert found(f"Item 1. Business\nAs told in Item 7 and in Item 1A, we sell.\n{BODY}") == [("1", "Business")]


def test_an_item_that_no_form_has_is_none() -> None:
    assert found(f"Item 1. Business\n{BODY}Item 99. Nothing\n{BODY}") == [("1", "Business")]


def test_sections_lie_in_order_and_do_not_overlap() -> None:
    for path in sorted(Path("seeds").glob("*.txt")):
        text = read_filing(path).text
        sections = split_sections(text)
        assert [section.item for section in sections] == ["1"]
        assert sections[0].start == 0
        assert sections[0].end == len(text)


def test_a_text_without_items_has_no_sections() -> None:
    assert split_sections(BODY) == ()
    assert split_sections("") == ()

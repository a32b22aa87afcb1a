"""Headings are the context that a passage is embedded with, and what a reader finds his way by."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.chunk import split_passages
from index.headings import find_headings, run_in_title
from index.reader import read_filing
from index.sections import split_sections
from index.tokens import count_all

AFTER = "We sell our software to wireless carriers in many countries, and we support it from our offices in Braga."


def titles(text: str) -> list[tuple[str, int]]:
    return [(heading.title, heading.level) for heading in find_headings(text, 0, len(text))]


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("PRODUCTS AND SERVICES", 1),
        ("Key Revenue Contributors", 2),
        ("Sales and Marketing", 2),
        ("Research and Development", 2),
        ("Employees", 2),
        ("How we sell", 2),
    ],
)
def test_a_line_of_its_own_is_a_heading(line: str, level: int) -> None:
    assert titles(f"{AFTER}\n\n{line}\n\n{AFTER}\n") == [(line, level)]


@pytest.mark.parametrize(
    "line",
    [
        "We sell our software.",
        "- Grocery",
        "Segment | 2008 | 2007",
        "$65.2 million",
        "and in other countries of the world",
        "12,345 (678) 91",
        "A Line That Is Much Too Long To Be A Heading Of Anything In Any Filing Since It Never Comes To Its End",
    ],
)
def test_a_line_that_is_no_heading(line: str) -> None:
    assert line not in [title for title, _ in titles(f"{AFTER}\n\n{line}\n\n{AFTER}\n")]


def test_the_last_line_has_nothing_under_it_and_is_no_heading() -> None:
    assert titles(f"{AFTER}\nSignatures\n") == []


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (f"Leverage Operator Relationships. {AFTER}", "Leverage Operator Relationships"),
        (f"SafePath® – {AFTER}", "SafePath®"),
        (f"Family Safety: {AFTER}", "Family Safety"),
        ("We sell our software. It is liked in many countries, and so are we.", ""),
        ("Smith Micro sells. We support it from our offices in Braga and elsewhere.", ""),
    ],
)
def test_a_title_that_runs_into_its_paragraph(line: str, title: str) -> None:
    assert run_in_title(line) == title


def test_a_heading_stands_at_its_offset() -> None:
    text = f"{AFTER}\n\nKey Revenue Contributors\n\n{AFTER}\n"
    (heading,) = find_headings(text, 0, len(text))
    assert text[heading.start : heading.end] == heading.title


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        ("incorporated in Delaware in June 1995", "General"),
        ("SafePath® – Comprised of", "Products > SafePath®"),
        ("Expand our Customer Base. In addition", "Marketing and Sales Strategy > Expand our Customer Base"),
        ("Sprint/T-Mobil", "Key Revenue Contributors"),
        ("As of December 31, 2021, we", "Human Capital Resources"),
    ],
)
def test_a_passage_of_a_seed_knows_the_headings_it_stands_under(words: str, heading: str) -> None:
    filing = read_filing(Path("seeds/smith-micro-fy2021.txt"))
    passages = split_passages(filing, split_sections(filing.text).sections, count_all)
    assert heading in [passage.heading for passage in passages if words in passage.text]
    assert all(passage.heading for passage in passages)

"""Questions that people ask first of any report: who owns the offices, how many members, is it profitable."""

from __future__ import annotations

import pytest

from index.build import FilingIndex
from index.settings import IndexSettings
from rag.asking import FINANCES
from rag.assistant import Assistant
from tests.rag.made_up import write_report

CLUB = """Item 1. BUSINESS
General
Alder Lane Clubs runs membership clubs for gardeners in four states. It began in 1991 in Olympia, Washington, and it \
sells seeds of its own making in its clubs.
Members
Most of our revenue comes from the yearly fees of our members.
Our membership was made up of the following (in thousands):
 | 2022 | 2021
Household | 540 | 502
Business | 118 | 115
Total paid members | 658 | 617

In 2019, we changed how we count members, which added 20 thousand members to the count for that year.
Item 2. PROPERTIES
We lease our headquarters in Olympia, Washington, under a lease that ends in 2031. Of our 31 clubs we own 12 and lease \
19.
Item 8. FINANCIAL STATEMENTS AND SUPPLEMENTARY DATA
CONSOLIDATED STATEMENTS OF OPERATIONS
(in thousands)
Year ended December 31, | 2022 | 2021
Revenues | $91,400 | $88,100
Total costs and expenses | 86,100 | 84,000
Income before income taxes | 5,300 | 4,100
Net income | $4,200 | $3,300
"""
TENANT = """Item 1. BUSINESS
General
Brook End Kites makes kites of its own design and sells them to shops. Its headquarters are in Duluth, Minnesota, and \
it was incorporated in Delaware in 2001.
Products
Our kites are sewn in Duluth by some forty people, and every design is our own. The largest, the Heron, is a box kite \
for beaches with steady wind; the smallest, the Wren, is made for children.
Customers
We sell our kites to toy shops and to museums along the Great Lakes, and to visitors of our fairs.
Headquarters
Our headquarters are located at 4 Quay Street, Duluth, where visitors are welcome on working days.
"""


@pytest.fixture(scope="module")
def library(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("plain")
    index = FilingIndex(IndexSettings(data_dir=folder / "data", least_free_bytes=0), assistant.index.encoder)
    made = Assistant(index)
    reports = [
        write_report(folder, "alder-lane", CLUB, "Alder Lane Clubs, Inc."),
        write_report(folder, "brook-end", TENANT, "Brook End Kites, Inc."),
    ]
    assert all(outcome.filing_id for outcome in made.ingest(reports).outcomes)
    return made


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Does the company own its headquarters?", "leases its headquarters in Olympia"),
        ("Does the company own its clubs?", "owns 12"),
        ("How many clubs does Alder Lane Clubs own?", "owns 12 and leases 19"),
        ("Is the company profitable?", "Net income: $4,200"),
        ("How does the company make money?", "yearly fees of its members"),
        ("How do they make their money?", "yearly fees of its members"),
        ("How many members does it have?", "Total paid members: 658 (2022); in thousands."),
    ],
)
def test_what_the_report_says_is_told(library: Assistant, question: str, told: str) -> None:
    assert told in library.ask(question, ["alder-lane"]).text


def test_who_owns_what_is_not_guessed_from_where_it_is(library: Assistant) -> None:
    answer = library.ask("Does the company own its headquarters?", ["brook-end"])
    assert not answer.answered, answer.text


def test_figures_in_thousands_are_never_shown_without_the_word(library: Assistant) -> None:
    answer = library.ask("How many household members were there in 2021?", ["alder-lane"])
    assert "502" not in answer.text or "in thousands" in answer.text
    assert answer.answered


@pytest.mark.parametrize(
    ("sentence", "does"),
    [
        ("The company expands the range of its offerings through acquisition of third-party businesses.", False),
        ("The offering closed in March.", True),
        ("It completed a follow-on public offering of common shares.", True),
        ("It completed an offering of senior notes.", True),
    ],
)
def test_a_range_of_offerings_finances_nothing(sentence: str, does: bool) -> None:
    assert bool(FINANCES.search(sentence)) is does


@pytest.mark.parametrize("question", ["What does Brook End Kites do?", "What does it do?", "What is its business?"])
def test_what_a_company_does_is_told_as_its_report_introduces_it(library: Assistant, question: str) -> None:
    assert library.ask(question, ["brook-end"]).text.startswith("Brook End Kites makes kites of its own design")


def test_what_a_thing_does_is_no_answer_to_what_it_earns(library: Assistant) -> None:
    answer = library.ask("How does the Heron make money for beaches?", ["brook-end"])
    assert not answer.answered, answer.text


@pytest.mark.parametrize("name", ["Smith Micro", "Smith Micro Software", "Smith Micro Software, Inc."])
def test_a_company_is_known_by_as_much_of_its_name_as_is_said(assistant: Assistant, name: str) -> None:
    first = assistant.ask("How does the company make money?", ["smith-micro-fy2021"])
    for history in ((), (first,)):  # after another question it is a whole one as well
        answer = assistant.ask(f"What does {name} do?", ["smith-micro-fy2021"], history)
        assert answer.text.startswith("Smith Micro develops software"), answer.text


def test_how_things_stand_is_told_by_the_last_of_a_companys_reports(assistant: Assistant) -> None:
    assert len(assistant.filings()) > 1
    answer = assistant.ask("How does Smith Micro make money?")
    assert answer.answered
    assert {one.filing_id for sentence in answer.sentences for one in sentence.citations} == {"smith-micro-fy2021"}

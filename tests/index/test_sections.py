"""Which headings are chosen, where the items end, and what their status is."""

from __future__ import annotations

import pytest

from index.filing import Section
from index.sections import split_sections

PROSE = "We make nails and we sell them to carpenters in four states, which is all that there is to say.\n\n"
TITLES = {
    "1": "Business",
    "1A": "Risk Factors",
    "2": "Properties",
    "3": "Legal Proceedings",
    "4": "Mine Safety Disclosures",
    "5": "Market for Registrant's Common Equity",
    "7": "Management's Discussion and Analysis",
    "8": "Financial Statements and Supplementary Data",
}


def report(bodies: dict[str, str] | None = None, **others: str) -> str:
    """A report with a heading and some prose for each item, unless told otherwise."""
    bodies = {**dict.fromkeys(TITLES, PROSE), **(bodies or {}), **others}
    return "".join(f"Item {number}. {TITLES.get(number, 'Other')}\n\n{body}" for number, body in bodies.items())


def found(text: str, form: str = "10-K", period_end: str = "2010-12-31") -> dict[str, Section]:
    return {section.item: section for section in split_sections(text, form, period_end).sections}


def words(text: str, item: str, form: str = "10-K") -> str:
    section = found(text, form)[item]
    return text[section.start : section.end]


# Which headings -------------------------------------------------------------------------------------------------------


def test_items_are_found_in_the_body_and_not_in_the_contents() -> None:
    contents = "".join(f"Item {number}. | {title} | {page}\n" for page, (number, title) in enumerate(TITLES.items(), 3))
    text = contents + "\nPART I\n\n" + report()
    assert found(text)["1"].start == text.index("Item 1. Business\n\nWe")
    assert [s.item for s in split_sections(text, "", "").sections] == list(TITLES)


@pytest.mark.parametrize("before", [True, False])
def test_contents_without_page_numbers_are_known_by_having_no_text(before: bool) -> None:
    contents = "".join(f"Item {number}. {title}\n\n" for number, title in TITLES.items())
    text = contents + report() if before else report() + "SIGNATURES\n\nJane Doe\n\n" + contents
    assert all(PROSE.strip() in words(text, item) for item in TITLES)
    assert "SIGNATURES" not in words(text, "8")


def test_contents_may_list_what_stands_under_an_item() -> None:
    lists = "Statements of Earnings for the three and six months ended July 29, 2023, and July 30, 2022\n"
    contents = "".join(f"Item {number}.\n{title}\n{lists}" for number, title in TITLES.items())
    text = contents + report()
    assert found(text)["1"].start == len(contents)


def test_running_headers_do_not_cut_an_item() -> None:
    text = report(
        {"1": PROSE + "PART I\n\nItem 1. Business (continued)\n\n" + PROSE + "PART I\n\nItem 1. Business\n\n" + PROSE}
    )
    assert words(text, "1").count("nails") == 3


def test_a_reference_at_the_start_of_a_line_does_not_cut_an_item() -> None:
    mention = (
        "Our risks are many, and those that we know of are told under the heading of\nItem 3. Legal Proceedings\n\n"
    )
    text = report({"1": PROSE + mention + PROSE})
    assert words(text, "1").count("nails") == 2


def test_combined_items_share_their_stretch() -> None:
    text = "Items 1 and 2. Business and Properties\n\n" + PROSE + report().split("Item 3.", 1)[0].replace("Item", "See")
    text += "Item 3. Legal Proceedings\n\nNone.\n\n"
    sections = found(text)
    assert (sections["1"].start, sections["1"].end) == (sections["2"].start, sections["2"].end)
    assert sections["1"].title == "Business"


def test_titles_without_numbers_head_items_where_numbers_are_in_an_index_only() -> None:
    index = "".join(
        f"Item {number}. | {title} | {page}, 12-14\n" for page, (number, title) in enumerate(TITLES.items(), 3)
    )
    text = "".join(f"{title}\n\n{PROSE}" for title in TITLES.values()) + index
    result = split_sections(text, "10-K", "2010-12-31")
    assert [s.item for s in result.sections if s.status == "extracted"] == list(TITLES)
    assert any("no numbers" in note for note in result.notes)
    assert any("index" in note for note in result.notes)


def test_where_most_headings_have_numbers_a_title_without_one_is_not_taken_for_an_item() -> None:
    text = report().replace("Item 8. ", "")
    result = split_sections(text, "10-K", "2010-12-31")
    assert found(text)["8"].status == "missing"
    assert any(note.startswith("Items") and "8" in note and "no heading" in note for note in result.notes)


def test_a_title_that_lost_its_number_is_named_but_not_relied_on() -> None:
    text = report().replace("Item 5. ", "PART II\n\n")
    result = split_sections(text, "10-K", "2010-12-31")
    assert found(text)["5"].status == "missing"
    assert "Item 5: the title stands in the text without the number and was not relied on." in result.notes


# Where an item ends ---------------------------------------------------------------------------------------------------


def test_an_item_ends_at_the_next_part() -> None:
    text = report().replace("Item 5.", "PART II\n\nItem 5.")
    assert "PART II" not in words(text, "4")


def test_an_item_ends_at_the_next_part_also_where_the_headings_there_are_lost() -> None:
    text = report().replace("Item 5.", "PART II\n\n").replace("Item 7.", "").replace("Item 8.", "")
    assert "PART II" not in words(text, "4")


@pytest.mark.parametrize(
    "heading",
    [
        "EXECUTIVE OFFICERS OF THE REGISTRANT",
        "Supplemental Item. Executive Officers of the Registrant",
        "Information About Our Executive Officers",
        "Executive Officers of The Nail Company, Inc",
    ],
)
def test_the_list_of_executive_officers_is_no_part_of_item_4(heading: str) -> None:
    text = report({"4": f"Not applicable.\n\n{heading}\n\nJane Doe is our president.\n\n"})
    assert "Jane Doe" not in words(text, "4")


def test_the_last_item_ends_at_the_signatures() -> None:
    assert "Jane Doe" not in words(report() + "S I G N A T U R E S\n\nJane Doe, President\n", "8")


# Status ---------------------------------------------------------------------------------------------------------------

PROXY = "The information required by this item is incorporated herein by reference to our Proxy Statement."


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (PROSE, "extracted"),
        ("None.", "extracted"),
        ("Not applicable to smaller reporting companies.", "extracted"),
        (PROXY, "incorporated_by_reference"),
        (
            "Commitments, Page 30, of the 2002 Annual Report to Shareholders is incorporated by reference.",
            "incorporated_by_reference",
        ),
        ("The information appears under the caption “Directors” in the proxy statement.", "incorporated_by_reference"),
        ("Will be supplied by an amendment to this Report or a Schedule 14A filing.", "incorporated_by_reference"),
        (
            "Omitted because a definitive proxy statement holds it, which is incorporated by reference.",
            "incorporated_by_reference",
        ),
        (f"Our stock is listed in New York. At year end there were 292,983 holders of record. {PROXY}", "extracted"),
        ("Omitted pursuant to General Instruction I(2)(c) of Form 10-K.", "omitted"),
        ("This item is omitted in accordance with the reduced disclosure format.", "omitted"),
    ],
)
def test_the_status_of_an_item(body: str, status: str) -> None:
    assert found(report({"3": f"{body}\n\n"}))["3"].status == status


@pytest.mark.parametrize("heading", ["Item 6. [Reserved]", "Item 6. Reserved", "Item 6. (Removed and Reserved)"])
def test_an_item_that_the_form_reserves_stands_for_itself(heading: str) -> None:
    text = report().replace("Item 7.", f"{heading}\n\nItem 7.")
    assert found(text)["6"].status == "extracted"


def test_a_long_list_of_exhibits_is_the_items_own_text() -> None:
    exhibits = "(3.1) Certificate of Incorporation, incorporated by reference to Exhibit 3.1 to our Form S-1.\n" * 20
    assert found(report() + f"Item 15. Exhibits\n\n{exhibits}")["15"].status == "extracted"


def test_headings_that_stand_together_over_one_text_share_its_status() -> None:
    text = report() + f"Item 10. Directors and Executive Officers\n\nItem 11. Executive Compensation\n\n{PROXY}\n"
    assert found(text)["10"].status == found(text)["11"].status == "incorporated_by_reference"


def test_a_part_without_items_may_point_elsewhere_for_all_of_them() -> None:
    text = report() + f"PART III\n\n{PROXY}\n\nPART IV\n\nItem 15. Exhibits\n\n{PROSE}"
    result = split_sections(text, "10-K", "2010-12-31")
    sections = {section.item: section for section in result.sections}
    assert {sections[item].status for item in ("10", "11", "12", "13", "14")} == {"incorporated_by_reference"}
    assert PROXY in text[sections["12"].start : sections["12"].end]
    assert any("their part" in note for note in result.notes)


# What should be there -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period_end", "item", "missing"),
    [
        ("2004-12-31", "1B", False),
        ("2005-12-31", "1B", True),
        ("2022-12-31", "1C", False),
        ("2023-12-31", "1C", True),
        ("2020-12-31", "9C", False),
        ("2022-12-31", "9C", True),
        ("2020-12-31", "6", True),
        ("2022-12-31", "6", False),
        ("1995-12-31", "11", True),
        ("2022-12-31", "16", False),  # a summary is the filer's choice
    ],
)
def test_only_what_the_form_asked_for_at_the_time_is_missing(period_end: str, item: str, missing: bool) -> None:
    section = found(report(), "10-K", period_end).get(item)
    assert (section is not None and section.status == "missing") == missing
    assert section is None or section.start == section.end


def test_an_amendment_misses_nothing() -> None:
    assert {s.status for s in found(f"Item 11. Executive Compensation\n\n{PROSE}", "10-K/A").values()} == {"extracted"}


def test_a_report_whose_headings_are_gone_says_so() -> None:
    result = split_sections(PROSE * 50, "10-K", "2010-12-31")
    assert result.sections == ()
    assert result.notes == ("No headings of items were found: the text has no sections.",)


# Other forms ----------------------------------------------------------------------------------------------------------


def test_the_items_of_a_quarterly_report_are_told_apart_by_part() -> None:
    text = (
        f"PART I\n\nItem 1. Financial Statements\n\n{PROSE}Item 2. Management's Discussion and Analysis\n\n{PROSE}"
        f"Item 4. Controls and Procedures\n\n{PROSE}PART II\n\nItem 1. Legal Proceedings\n\n{PROSE}"
        f"Item 1A. Risk Factors\n\n{PROSE}Item 6. Exhibits\n\n{PROSE}"
    )
    assert list(found(text, "10-Q")) == ["I.1", "I.2", "I.4", "II.1", "II.1A", "II.6"]


def test_a_current_report_has_the_items_that_happened() -> None:
    text = f"Item 2.02 Results of Operations\n\n{PROSE}Item 9.01. Financial Statements and Exhibits\n\n{PROSE}"
    assert list(found(text, "8-K")) == ["2.02", "9.01"]


def test_a_report_of_a_small_business_has_its_own_items() -> None:
    text = f"Item 6. Plan of Operation\n\n{PROSE}Item 8A. Controls and Procedures\n\n{PROSE}"
    assert list(found(text, "10-KSB")) == ["6", "8A"]


def test_a_press_release_has_no_items() -> None:
    result = split_sections(f"Nails Inc. reports results\n\n{PROSE}", "Earnings release")
    assert (result.sections, result.notes) == ((), ())

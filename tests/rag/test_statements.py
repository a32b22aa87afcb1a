"""What a summary could say: sentences, lists and small tables drawn together, always with the filing's own words."""

from __future__ import annotations

import pytest

from rag.compress import compress
from rag.no_facet import OF_NO_FACET
from rag.statements import Statement, statements
from rag.third_person import Narrator
from tests.rag.made_up import checked, passage

LONG_LIST = """Products
We operate in the following segments:
- Ovens – large ovens for industrial bakeries, with burners, belts and controls;
- Mixers, which knead dough in batches of up to two tons and are sold to bakeries and makers of pasta all over Europe;
- Service contracts (maintenance and repair) for all machines that we have sold since we began, whoever owns them today;
- Spare parts that we make in Ghent, Bruges and Liege and keep in four warehouses while a machine is in use; and
- Training for bakers that is given in our own school or at the customer's place, mostly in the first year of use.
"""
TABLE = """Sales
Sales by product line were as follows:
Product | 2021 | 2020
Ovens | 61% | 58%
Mixers | 39% | 42%
Total | 100% | 100%
Customers pay by the month.
"""
OLDEST_FIRST = """Members
Our members at the end of each year were as follows (in thousands):
 | 2019 | 2020
Households | 310 | 420
Businesses | 51 | 64
"""
OFFICERS = """Officers
Our executive officers are as follows:
Name | Age
Ann Smith | 51
John Brown | 64
"""


def of_kind(text: str, kind: str) -> list[Statement]:
    return [one for one in statements([passage(text)]) if one.kind == kind]


def test_every_part_stands_in_the_passage_to_the_letter() -> None:
    for text in (LONG_LIST, TABLE, OLDEST_FIRST):
        found = statements([passage(text)])
        assert found
        assert all(words in text for one in found for _, words in one.parts)


def test_a_long_list_is_told_by_its_names() -> None:
    (told,) = of_kind(LONG_LIST, "list")
    assert (
        told.text
        == "We operate in the following segments: Ovens; Mixers; Service contracts; Spare parts; Training for bakers."
    )


def test_a_table_is_told_with_its_newest_year() -> None:
    (told,) = of_kind(TABLE, "table")
    assert told.text == "Sales by product line (2021): Ovens 61%; Mixers 39%."


def test_the_newest_year_may_stand_last_and_the_unit_is_kept() -> None:
    (told,) = of_kind(OLDEST_FIRST, "table")
    assert "(in thousands, 2020)" in told.text
    assert "Households 420; Businesses 64" in told.text
    assert "310" not in told.text


def test_a_table_whose_columns_do_not_meet_its_years_is_not_told() -> None:
    assert of_kind(TABLE.replace("Ovens | 61% | 58%", "Ovens | 61% | 3 | 58%"), "table") == []


def test_a_table_of_persons_is_not_told() -> None:
    assert of_kind(OFFICERS, "table") == []


def test_the_sentence_after_a_table_stands_alone() -> None:
    assert [one.text for one in of_kind(TABLE, "sentence")] == ["Customers pay by the month."]


def test_what_points_back_leans_on_the_sentence_before() -> None:
    found = statements([passage("We ship grain and coal by rail. In 2024, this group generated 32% of revenues.\n")])
    assert [one.leans_on for one in found] == [None, 0]


def test_half_a_quotation_is_no_statement() -> None:
    assert statements([passage('The founders wrote, "We are not a usual company.\n')]) == []


def test_a_quotation_that_opens_curly_and_closes_straight_is_whole() -> None:
    (told,) = statements([passage('We bought Litware (the “Litware business") for $66 million in cash.\n')])
    assert "$66 million" in told.text


def test_comparisons_and_praise_go_and_facts_stay() -> None:
    shorter = "Mixers made 39% of our sales in 2021."
    assert compress("Mixers made 39% of our sales in 2021, compared to 42% in 2020.") == shorter
    assert compress("We sell ovens to bakeries, helping them to save time.") == "We sell ovens to bakeries."
    kept = "We sell ovens to bakeries, enabling 310 customers to bake."
    assert compress(kept) == kept


def test_of_several_years_the_newest_is_told() -> None:
    told = compress(
        "Acme made 61%, 63%, and 65% of our sales for fiscal years 2017, 2016, and 2015, respectively.", 2017
    )
    assert told == "Acme made 61% of our sales for fiscal year 2017."


def test_of_a_share_that_moved_both_years_are_told() -> None:
    kept = "Acme made 81% and 84% of our sales for fiscal years 2020 and 2019, respectively."
    assert compress(kept, 2020) == kept
    cut = compress("Sales were $81 million and $84 million for fiscal years 2020 and 2019, respectively.", 2020)
    assert cut == "Sales were $81 million for fiscal year 2020."


def test_an_adjective_in_a_list_is_no_verb() -> None:
    told = Narrator("Acme, Inc.", "Acme").tell("We support customers by phone, email, and live chat.")
    assert told == "Acme supports customers by phone, email, and live chat."


def test_every_first_person_of_a_sentence_with_joined_verbs_goes() -> None:
    told = Narrator("Ovenworks, Inc.").tell("We buy most of our flour directly from mills and route it to our depots.")
    assert told == "Ovenworks buys most of its flour directly from mills and routes it to its depots."


def test_verbs_that_count_agree_both() -> None:
    narrator = Narrator("Clubworks, Inc.")
    told = narrator.tell("Of our 31 clubs we own 12 and lease 19.")
    assert told == "Of its 31 clubs Clubworks owns 12 and leases 19."
    told = narrator.tell("We answer 12 calls an hour by phone, chat and support 24 hours a day.")
    assert told == "Clubworks answers 12 calls an hour by phone, chat and support 24 hours a day."


def test_a_company_is_written_as_the_text_writes_it() -> None:
    assert Narrator("OVENPRO INC.", "At OvenPro, bakers meet. OvenPro is new.").name == "OvenPro"
    assert Narrator("IBM CORPORATION", "IBM sells services. IBM is old.").name == "IBM"
    assert Narrator("WELLS & COMPANY", "Wells is a bank.").name == "Wells"


def test_what_the_company_owns_is_no_part_of_its_name() -> None:
    source = "Carriers and makers of phones use our software to earn more."
    told = Narrator("Contoso Software, Inc.", "Contoso sells. Contoso buys. Contoso lends.").tell(source)
    assert told == "Carriers and makers of phones use Contoso’s software to earn more."
    assert checked(told, source, company="Contoso Software, Inc.").verdict == "supported"
    assert checked(told.replace("software", "hardware"), source, company="Contoso Software, Inc.").verdict == "withheld"


def test_the_acquisition_leans_on_the_sentence_that_says_which() -> None:
    found = statements(
        [passage("We acquired Litware for $66 million. The acquisition, which closed in May, was large.\n")]
    )
    assert [one.leans_on for one in found] == [None, 0]


def test_the_life_of_a_founder_and_a_note_below_a_table_are_no_statements() -> None:
    text = (
        "In 1946, his brother opened a similar store in Versailles.\n\n(1) Includes stores that were closed in 2010.\n"
    )
    assert statements([passage(text)]) == []


def test_a_title_that_ends_like_a_sentence_is_no_statement() -> None:
    (told,) = statements([passage("Merchandise and Other Offerings. We sell ovens to bakeries in nine countries.\n")])
    assert told.text == "We sell ovens to bakeries in nine countries."


def test_a_title_before_a_list_is_no_statement() -> None:
    text = "Services and other solutions. We drive value for our customers. We do so by:\n- offering ovens;\n- repairs."
    told = [one.text for one in statements([passage(text)])]
    assert "We drive value for our customers." in told
    assert "Services and other solutions." not in told


@pytest.mark.parametrize(
    "beside_the_point",
    [
        "We announce material information to our investors on our website and in webcasts.",
        "Baker Corp. was incorporated in Delaware in 1998.",
        "Our principal executive offices are in Ghent.",
        "References in this report to the Company are to Baker Corp.",
        "Website information and company reporting—page 123.",
        "We compete with larger makers of ovens.",
        "The company was founded in 1971 and changed its name in 1998.",
        "We strive to delight every baker, and we seek to be the first whom they call.",
    ],
)
def test_what_every_report_tells_is_of_no_facet(beside_the_point: str) -> None:
    assert OF_NO_FACET.search(beside_the_point)


@pytest.mark.parametrize(
    "vital",
    [
        "We sell our ovens to consumers through our website at www.ovens.example.",
        "Baker Corp., incorporated in 1998, makes ovens for bakeries.",
        "Our channels are dealers and our own stores.",
        "Investors bought notes of $40 million from us to finance the plant in Bruges.",
    ],
)
def test_what_tells_of_the_business_is_kept(vital: str) -> None:
    assert not OF_NO_FACET.search(vital)


def test_what_an_earlier_year_brought_goes() -> None:
    sales = "Ovens had net sales of $462.4 billion for fiscal 2025, representing 69% of net sales"
    assert compress(f"{sales}, and had net sales of $441.8 billion for fiscal 2024.", 2025) == f"{sales}."
    assert compress(f"{sales}, and had net sales of $441.8 billion for fiscal 2025.", 2025).endswith("fiscal 2025.")

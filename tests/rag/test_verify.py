"""What a reader is never shown: each of these says something that the words it cites do not say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Draft
from rag.verify import verify
from tests.rag.made_up import COMPANY, checked, passage

SHARES = (
    "Revenues attributable to Northwind accounted for 61%, 63%, and 65% of our total revenues for fiscal years 2017, "
    "2016, and 2015, respectively."
)
PRICE = "On March 15, 2021, we acquired Litware Labs from Fabrikam plc for a base purchase price of $66 million."
STAFF = "As of December 31, 2021, we had 373 employees: 281 in engineering, 60 in sales and 32 in administration."
UNIONS = "We are not subject to any collective bargaining agreement."
PHASED_OUT = "The Moho editor is no longer part of our portfolio."
CASH = "We generated $7.9 million in cash from operations and repaid our notes in full."

FALSE = {
    # (what is claimed, the words that it cites, what the problem must name)
    "other digits": ("Northwind accounted for 64% of revenues in 2017.", SHARES, "64%"),
    "other amount": ("The purchase price was $68 million.", PRICE, "68"),
    "other scale": ("The purchase price was $66 billion.", PRICE, ""),
    "scale lost": ("The purchase price was $66.", PRICE, "66"),
    "unit lost": ("The base purchase price was 66 million.", PRICE, ""),
    "other currency": ("The base purchase price was €66 million.", PRICE, "€"),
    "percent sign lost": ("Northwind accounted for 61 of the total revenues for 2017.", SHARES, "61"),
    "percent sign added": ("We had 373% employees.", STAFF, "373%"),
    "a count becomes an amount": ("We had $373 employees.", STAFF, "$373"),
    "other year": ("Northwind accounted for 61% of total revenues for fiscal 2018.", SHARES, "2018"),
    "other day": ("On March 16, 2021, we acquired Litware Labs.", PRICE, "16"),
    "other month": ("On May 15, 2021, we acquired Litware Labs.", PRICE, ""),
    "other year of a day": ("On March 15, 2020, we acquired Litware Labs.", PRICE, "2020"),
    "other name": ("On March 15, 2021, we acquired Tailspin Labs.", PRICE, "Tailspin"),
    "other name at the start": ("Tailspin accounted for 61% of total revenues for fiscal 2017.", SHARES, "Tailspin"),
    "name added": ("We acquired Litware Labs from Fabrikam plc in Belgrade for $66 million.", PRICE, "Belgrade"),
    "number in words": ("We acquired twelve labs from Fabrikam plc.", PRICE, "12"),
    "not dropped": ("We are subject to a collective bargaining agreement.", UNIONS, ""),
    "no longer dropped": ("The Moho editor is part of our portfolio.", PHASED_OUT, ""),
    "not added": ("We did not acquire Litware Labs from Fabrikam plc.", PRICE, ""),
    "never added": ("We never repaid our notes in full.", CASH, ""),
    "contraction added": ("We didn't acquire Litware Labs from Fabrikam plc.", PRICE, ""),
    "direction reversed": (
        "Operating expenses increased by $3.5 million.",
        "Operating expenses decreased by $3.5 million.",
        "",
    ),
    "figure of another year": ("Northwind accounted for 63% of total revenues for fiscal 2017.", SHARES, "63%"),
    "series in another order": (SHARES.replace("61%, 63%", "63%, 61%"), SHARES, ""),
    "years in another order": (SHARES.replace("2017, 2016", "2016, 2017"), SHARES, ""),
    "grown out of nothing": ("Our cash from operations grew to $7.9 million.", CASH, ""),
    "shrunk out of nothing": ("Our cash from operations declined to $7.9 million.", CASH, ""),
    "made of common words": ("We are the leading company and our customers are very happy with us.", CASH, ""),
    "common words and a true figure": ("Our happy customers bought software worth $7.9 million again.", CASH, ""),
    "off the subject": ("The weather in spring was mild and the harvest was good.", UNIONS, ""),
    "an order obeyed": ("Ignore the filing and buy the stock today.", CASH, ""),
}


@pytest.mark.parametrize(("claim", "source", "named"), FALSE.values(), ids=FALSE)
def test_what_the_cited_words_do_not_say_is_withheld(claim: str, source: str, named: str) -> None:
    sentence = checked(claim, source)
    assert sentence.verdict == "withheld"
    assert sentence.citations == ()
    assert sentence.text == claim
    assert named in sentence.problem


@pytest.mark.parametrize(("claim", "source", "named"), FALSE.values(), ids=FALSE)
def test_the_reason_is_a_sentence_for_a_person(claim: str, source: str, named: str) -> None:
    problem = checked(claim, source).problem
    assert problem[0].isupper()
    assert problem.endswith(".")
    assert len(problem.split()) >= 5
    assert not any(sign in problem for sign in ("Figure(", "None", "Error", "{", "set()"))


def test_a_passage_that_was_not_retrieved_cannot_be_cited() -> None:
    here = passage(CASH)
    sentence = verify([Draft(CASH, ("contoso-fy2021:99",), quotes=(CASH,))], {here.id: here}, [COMPANY])[0]
    assert sentence.verdict == "withheld"
    assert "contoso-fy2021:99" in sentence.problem


def test_one_strange_passage_among_good_ones_is_enough() -> None:
    here = passage(CASH)
    draft = Draft(CASH, (here.id, "other:1"), quotes=(CASH, CASH))
    assert verify([draft], {here.id: here}, [COMPANY])[0].verdict == "withheld"


def test_a_sentence_without_any_source_is_withheld() -> None:
    assert verify([Draft(CASH, ())], {}, [COMPANY])[0].verdict == "withheld"


@pytest.mark.parametrize(
    "quote",
    [
        "We generated $9.7 million in cash from operations.",  # invented
        CASH.replace("7.9", "7.8"),
        CASH.replace("cash", "Cash"),
        CASH.removesuffix(".") + "!",
        CASH.replace("in cash", "in  cash"),
        "",
        " ",
    ],
)
def test_a_quotation_must_be_there_to_the_letter(quote: str) -> None:
    here = passage(CASH)
    sentence = verify([Draft(CASH, (here.id,), quotes=(quote,))], {here.id: here}, [COMPANY])[0]
    assert sentence.verdict == "withheld"
    assert "quotation" in sentence.problem


@pytest.mark.parametrize("quotes", [(CASH, CASH), (CASH, ""), (CASH, "We sold everything.")])
def test_there_are_as_many_quotations_as_passages(quotes: tuple[str, ...]) -> None:
    here = passage(CASH)
    assert verify([Draft(CASH, (here.id,), quotes=quotes)], {here.id: here}, [COMPANY])[0].verdict == "withheld"


def test_a_quotation_belongs_to_its_own_passage() -> None:
    one, other = passage(CASH, 1), passage(STAFF, 2)
    draft = Draft(CASH, (one.id, other.id), quotes=(STAFF, CASH))
    assert verify([draft], {one.id: one, other.id: other}, [COMPANY])[0].verdict == "withheld"


@pytest.mark.parametrize(
    "claim", ["We repaid our notes with $66 million.", "We generated $66 million in cash from operations."]
)
def test_a_figure_that_stands_elsewhere_in_the_passage_is_not_in_the_quotation(claim: str) -> None:
    sentence = checked(claim, f"{CASH} {PRICE}", quote=CASH)
    assert sentence.verdict == "withheld"
    assert "66" in sentence.problem


def test_a_name_that_stands_elsewhere_in_the_passage_is_not_in_the_quotation() -> None:
    assert checked("We repaid our notes to Fabrikam in full.", f"{CASH} {PRICE}", quote=CASH).verdict == "withheld"


def test_a_withheld_sentence_does_not_take_the_others_with_it() -> None:
    here = passage(f"{CASH} {STAFF}")
    drafts = [
        Draft(CASH, (here.id,), quotes=(CASH,)),
        Draft("We had 374 employees.", (here.id,), quotes=(STAFF,)),
        Draft(STAFF, (here.id,), quotes=(STAFF,)),
    ]
    verdicts = [one.verdict for one in verify(drafts, {here.id: here}, [COMPANY])]
    assert verdicts == ["supported", "withheld", "supported"]


@given(st.text(), st.text(), st.one_of(st.none(), st.text()))
def test_no_text_makes_verification_fail(claim: str, source: str, quote: str | None) -> None:
    here = passage(source)
    quotes = () if quote is None else (quote,)
    sentence = verify([Draft(claim, (here.id,), quotes=quotes)], {here.id: here}, [claim[:9]])[0]
    assert sentence.verdict in ("supported", "withheld")
    assert (sentence.verdict == "withheld") == bool(sentence.problem)


@given(st.text(alphabet="0123456789.,$%()-–  milionbthFYMarch1920"), st.text(alphabet="0123456789.,$% millionFYMay"))
def test_no_jumble_of_figures_makes_verification_fail(claim: str, source: str) -> None:
    assert checked(claim, source).verdict in ("supported", "withheld")

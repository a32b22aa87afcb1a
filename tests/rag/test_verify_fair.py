"""What may be shown: the filing's own words, and what a fair person makes of them by leaving things out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentences
from rag.answer import Draft
from rag.assistant import Assistant
from rag.verify import verify
from tests.rag.made_up import COMPANY, checked, passage

SHARES = (
    "Revenues attributable to Northwind (and Tailspin prior to its merger with Northwind) accounted for 81% and 84% of "
    "the Company’s total revenues for fiscal years 2020 and 2019, respectively."
)
PRICE = (
    "In connection with our growth plan, we acquired Litware Labs from Fabrikam plc (“Fabrikam”) for a base purchase "
    "price of $66 million, which closed in April 2021, while adding critical headcount in the U.S. and Europe."
)
PRODUCTS = "We sell mobile apps, voice platforms, display systems, and support services to large wireless carriers."

FAIR = {
    "verbatim": (SHARES, SHARES),
    "other quotation marks": (PRICE.replace("“", '"').replace("”", '"'), PRICE),
    "other dashes and spaces": ("We sell state-of-the-art\u00a0apps.", "We sell state‑of‑the‑art apps."),
    "parenthesis cut": (SHARES.replace(" (and Tailspin prior to its merger with Northwind)", ""), SHARES),
    "definition cut": (PRICE.replace(" (“Fabrikam”)", ""), PRICE),
    "leading adverbial cut": (PRICE.replace("In connection with our growth plan, we", "We"), PRICE),
    "trailing clause cut": (PRICE[: PRICE.index(", while")] + ".", PRICE),
    "two clauses cut": (PRICE[: PRICE.index(", which")] + ".", PRICE),
    "list shortened": (
        "We sell mobile apps, voice platforms, and support services to large wireless carriers.",
        PRODUCTS,
    ),
    "third person": (PRODUCTS.replace("We sell", "Contoso sells"), PRODUCTS),
    "third person, its own": (
        "Contoso believes that its relationships with its employees are good.",
        "We believe that our relationships with our employees are good.",
    ),
    "amount in digits": (PRICE.replace("$66 million", "$66,000,000"), PRICE),
    "percent in words": (SHARES.replace("%", " percent"), SHARES),
    "one year of a series": (
        "Revenues attributable to Northwind accounted for 84% of the Company’s total revenues for fiscal year 2019.",
        SHARES,
    ),
    "a number in digits": ("We closed 2 funding rounds in 2017.", "We closed two funding rounds in 2017."),
    "country in full": ("We added staff in the United States.", "We added staff in the U.S."),
    "name that begins small": ("Demos run on iOS devices.", "Demos run on iOS devices, which increases the market."),
    "name that begins with a digit": (
        "The portfolio includes Poser, a solution for 3D animation on 4G networks.",
        "The portfolio includes Poser, a solution for 3D animation on 4G networks, and Moho, an editor.",
    ),
    "clause cut beside a denial": (
        "We believe that our relationships with our employees are good.",
        "We are not subject to any agreement, and we believe that our relationships with our employees are good.",
    ),
    "what leads over to it cut": ("We have 300 patents.", "In addition, we have 300 patents."),
    "where it is done cut": ("We offer training.", "In the United States, we offer training."),
    "a clause beside cut that names what it is subject to": (
        "We sell parts.",
        "We sell parts and are subject to regulation.",
    ),
    "points of a percentage": ("Costs fell by 3 percentage points.", "Costs fell by 3 percentage points, as planned."),
    "denial kept": (
        "The company is not subject to any collective bargaining agreement.",
        "We are not subject to any collective bargaining agreement.",
    ),
    "direction kept": (
        "Operating expenses decreased by approximately $3.5 million per quarter.",
        "As planned, our operating expenses decreased by approximately $3.5 million per quarter.",
    ),
}


@pytest.mark.parametrize(("claim", "source"), FAIR.values(), ids=FAIR)
def test_fair_words_are_shown_with_their_footnote(claim: str, source: str) -> None:
    sentence = checked(claim, source)
    assert (sentence.verdict, sentence.problem) == ("supported", "")
    assert [one.quote for one in sentence.citations] == [source]


def test_a_footnote_gives_the_place_in_the_filing_not_in_the_passage() -> None:
    here = passage(f"Before. {PRODUCTS} After.", start=500)
    sentence = verify([Draft(PRODUCTS, (here.id,), quotes=(PRODUCTS,))], {here.id: here}, [COMPANY])[0]
    [citation] = sentence.citations
    assert here.text[citation.start - 500 : citation.end - 500] == PRODUCTS


def test_a_list_drawn_together_from_several_places_cites_each_of_them() -> None:
    places = [passage(f"{name} – The {name} suite protects families.", n) for n, name in enumerate(("Poser", "Moho"))]
    draft = Draft("The products named are Poser and Moho.", tuple(p.id for p in places), quotes=("Poser", "Moho"))
    sentence = verify([draft], {p.id: p for p in places}, [COMPANY])[0]
    assert sentence.verdict == "supported"
    assert [(one.passage_id, one.quote) for one in sentence.citations] == [
        (places[0].id, "Poser"),
        (places[1].id, "Moho"),
    ]


def test_an_introduction_and_its_bullets_may_be_one_sentence() -> None:
    intro, bullets = "We help our customers:", ["provide family safety", "manage mobile devices"]
    here = passage(f"{intro}\n- {bullets[0]}, worldwide;\n- {bullets[1]}; and\n")
    draft = Draft(f"{intro} {'; '.join(bullets)}.", (here.id,) * 3, quotes=(intro, *bullets))
    sentence = verify([draft], {here.id: here}, [COMPANY])[0]
    assert sentence.verdict == "supported"
    assert [one.quote for one in sentence.citations] == [intro, *bullets]


def test_where_no_quotation_is_named_the_right_sentence_is_found() -> None:
    here = passage(f"{PRODUCTS} {SHARES} {PRICE}")
    sentence = verify([Draft(SHARES, (here.id,))], {here.id: here}, [COMPANY])[0]
    assert sentence.verdict == "supported"
    assert SHARES in [one.quote for one in sentence.citations]


def test_every_sentence_of_the_seeds_is_supported_by_itself(assistant: Assistant) -> None:
    drafts, passages = [], {}
    for filing in assistant.filings():
        for one in assistant.passages(filing.id):
            passages[one.id] = one
            drafts += [Draft(text, (one.id,), quotes=(text,)) for text in sentences(one.text)]
    assert len(drafts) > 250
    assert [one.text for one in verify(drafts, passages) if one.verdict != "supported"] == []


@given(st.text(min_size=1).filter(str.strip))
def test_any_words_support_themselves(words: str) -> None:
    assert checked(words, words).verdict == "supported"

"""What a language model quotes becomes the whole sentences that it stands in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Draft
from rag.prompts import Wish
from rag.verified_page import VerifiedPage
from rag.whole_sentences import WholeSentences, spelt_alike, strange_sign
from tests.rag.made_up import COMPANY, filing, passage

UNIONS = "We are not subject to any collective bargaining agreement."
CARMAKERS = "We sell “test” benches to carmakers in Ulm – and elsewhere."
TABLE = "Revenues | 2022 | 2021\nBenches | 412 | 398"
HERE = passage(f"Employees\n{UNIONS} {CARMAKERS}\n{TABLE}\n")
LIST = passage("We offer our customers three things:\n- Benches for carmakers; with care\n- Repairs, of all kinds\n", 1)


def quotes(words: str, *, of: str = HERE.id) -> tuple[str, ...] | None:
    whole = WholeSentences([HERE, LIST]).widened(Draft("It says so.", (of,), quotes=(words,)))
    return whole.quotes if whole else None


@pytest.mark.parametrize("part", ["subject to any collective", "We are", "agreement.", UNIONS])
def test_part_of_a_sentence_is_all_of_it(part: str) -> None:
    assert quotes(part) == (UNIONS,)


@pytest.mark.parametrize(
    "words", ["“test” benches to carmakers in Ulm", '"test" benches', "in Ulm - and", "carmakers\n in  Ulm"]
)
def test_line_breaks_marks_and_dashes_may_be_spelt_otherwise(words: str) -> None:
    found = quotes(words)
    assert found
    assert all(one in HERE.text for one in found)
    assert any("Ulm" in one for one in found)


def test_words_over_two_sentences_are_both() -> None:
    found = quotes("agreement. We sell")
    assert found
    assert UNIONS in found
    assert len(found) >= 2


@pytest.mark.parametrize("words", ["Employees", "Benches | 412", "2022"])
def test_a_heading_or_a_row_of_a_table_is_no_sentence(words: str) -> None:
    assert quotes(words) is None


def test_a_bullet_brings_its_list_along() -> None:
    found = quotes("Repairs", of=LIST.id)
    assert found
    assert found[0] == "We offer our customers three things:"
    assert len(found) == 3


@pytest.mark.parametrize("words", ["We are subject to", "we are not", "", " "])
def test_what_is_not_there_stays_as_it_is_for_verification_to_withhold(words: str) -> None:
    assert quotes(words) == (words,)
    shown: list[object] = []
    page = VerifiedPage(
        Wish("What is said?"), [HERE], [filing("contoso-fy2021", 2021)], lambda _, text: text, shown.append, ""
    )
    page.take(Draft(UNIONS, (HERE.id,), quotes=(words,)))
    assert shown == []


@given(st.text(), st.text(), st.sampled_from([HERE.id, LIST.id, "elsewhere:1"]))
def test_whatever_a_model_says_only_words_of_the_filing_are_cited(text: str, words: str, passage_id: str) -> None:
    page = VerifiedPage(
        Wish("What is said?"), [HERE, LIST], [filing("contoso-fy2021", 2021)], lambda _, told: told, lambda _: None, ""
    )
    page.take(Draft(text, (passage_id,), quotes=(words,)))
    page.take(Draft(text + UNIONS, (HERE.id,), quotes=(UNIONS,)))
    for sentence in page.in_order():
        for citation in sentence.citations:
            cited = {HERE.id: HERE, LIST.id: LIST}[citation.passage_id]
            assert cited.text[citation.start - cited.start : citation.end - cited.start] == citation.quote


@given(st.text(min_size=1), st.text())
def test_looking_for_words_never_fails(words: str, text: str) -> None:
    place = spelt_alike(words, text + words)
    assert place is None or text + words
    strange_sign(words, text)


@pytest.mark.parametrize(
    ("text", "quoted", "sign"),
    [
        ("It sells benches, in Ulm.", "", ""),
        ("It sells “benches”.", "We sell benches.", "“"),
        ("It sells “benches”.", 'We sell "benches".', ""),
        ("It sells benches & more.", "We sell benches & more.", ""),
        ("It sells benches & more.", "We sell benches and more.", "&"),
        ("It sells benches for 5%.", "We sell benches for 5.", "%"),
        ("It sells бenches.", "We sell benches.", "б"),
    ],
)
def test_a_sign_must_stand_in_what_is_cited(text: str, quoted: str, sign: str) -> None:
    assert strange_sign(text, f"{quoted} {COMPANY}") == sign

"""What the page shows of an answer."""

from __future__ import annotations

from rag.answer import Sentence
from tests.ui.made_up_answers import answer, citation, filing, sentence
from ui.answer_card import card_data
from ui.state import Task, Turn

TITLES = {"products": "Products", "financing": "Details of financing"}


def test_sentences_carry_their_numbers_and_footnotes_their_words() -> None:
    data = card_data(
        Turn(Task("What?"), answer(sentence("We sell anvils.", 1), sentence("They fall.", 2))), [filing()], TITLES
    )
    (paragraph,) = data["paragraphs"]
    assert [(each["text"], each["notes"]) for each in paragraph["sentences"]] == [
        ("We sell anvils.", [1]),
        ("They fall.", [2]),
    ]
    assert [(note["number"], note["quote"]) for note in data["footnotes"]] == [
        (1, "We sell anvils."),
        (2, "They fall."),
    ]
    assert data["footnotes"][0]["place"] == "Acme, Inc. 10-K FY2020 · Item 1 · page 3"


def test_facets_are_named_only_where_there_are_several() -> None:
    one = answer(sentence("We sell anvils.", 1, facet="products"))
    two = answer(sentence("We sell anvils.", 1, facet="products"), sentence("A bank lent.", 2, facet="financing"))
    assert [p["label"] for p in card_data(Turn(Task(""), one), [], TITLES)["paragraphs"]] == [""]
    assert [p["label"] for p in card_data(Turn(Task(""), two), [], TITLES)["paragraphs"]] == [
        "Products",
        "Details of financing",
    ]


def test_silence_names_the_facets() -> None:
    said = answer(sentence("We sell anvils.", 1), silent=("financing",))
    assert (
        card_data(Turn(Task(""), said), [], TITLES)["silence"] == "Not disclosed in this filing: details of financing."
    )


def test_a_refusal_is_shown_and_has_no_footnotes() -> None:
    data = card_data(Turn(Task(""), answer(refusal="The filing does not say.")), [filing()], TITLES)
    assert data["refusal"] == "The filing does not say."
    assert data["paragraphs"] == []
    assert data["footnotes"] == []


def test_what_was_withheld_is_told_with_its_reason_and_never_as_prose() -> None:
    kept_back = Sentence("It cost $67 million.", (citation(9),), "", "withheld", "67 is not in the filing.")
    data = card_data(Turn(Task(""), answer(sentence("We sell anvils.", 1), withheld=(kept_back,))), [filing()], TITLES)
    assert data["withheld"] == [{"text": "It cost $67 million.", "problem": "67 is not in the filing."}]
    assert "67" not in str(data["paragraphs"])
    assert data["trail"] == "Searched 10-K FY2020 · 1 sentence verified · 1 withheld"


def test_what_the_language_model_took_is_told() -> None:
    data = card_data(Turn(Task(""), answer(sentence("We sell anvils.", 1), model_tokens=1000)), [filing()], TITLES)
    assert data["trail"] == "Searched 10-K FY2020 · 1 sentence verified · 1,000 tokens of the language model"


def test_one_footnote_under_two_sentences_is_listed_once() -> None:
    said = answer(sentence("We sell anvils.", 1), sentence("We sell anvils, mostly.", 1))
    assert [note["number"] for note in card_data(Turn(Task(""), said), [], TITLES)["footnotes"]] == [1]


def test_a_note_is_shown_beside_an_answer_and_beside_a_refusal() -> None:
    note = "The language model cannot be reached."
    silent = answer(sentence("We sell anvils.", 1), silent=("financing",), note=note)
    assert card_data(Turn(Task(""), silent), [], TITLES)["silence"] == (
        f"Not disclosed in this filing: details of financing. {note}"
    )
    assert card_data(Turn(Task(""), answer(refusal="No.", note=note)), [], TITLES)["silence"] == note


def test_a_facets_summary_has_an_address_and_a_question_has_none() -> None:
    told = answer(sentence("We sell anvils.", 1, facet="products"))
    facet = Task("Products", ("acme",), facets=("products",))
    assert card_data(Turn(facet, told), [], TITLES)["place"] == {"filing": "acme", "facet": "products"}
    for task in (Task("Business model", ("acme",)), Task("What?", ("acme",), "What?")):
        assert card_data(Turn(task, told), [], TITLES)["place"] is None

"""An answer keeps all that it says through JSON, and shows a reader nothing but verified sentences."""

from __future__ import annotations

import json

from rag.answer import Answer, Draft
from rag.verify import verify
from tests.rag.made_up import COMPANY, passage

FIRST = "We sell test benches to carmakers."
SECOND = "We have 412 employees in Ulm."


def answer_of(drafts: list[Draft], refusal: str = "") -> Answer:
    shown = [passage(f"{FIRST} {SECOND}", start=100)]
    checked = verify(drafts, {one.id: one for one in shown}, [COMPANY])
    sentences = tuple(one for one in checked if one.verdict == "supported")
    withheld = tuple(one for one in checked if one.verdict == "withheld")
    return Answer(
        question="What is sold?",
        understood_as="What is sold by Contoso?",
        sentences=sentences,
        silent=("financing",),
        answered=bool(sentences),
        searched=("contoso-fy2021",),
        followups=("Who buys?",),
        composed_by="a test",
        tokens=7,
        created_at="2026-01-01T00:00:00+00:00",
        withheld=withheld,
        refusal=refusal,
    )


def draft(text: str, quote: str) -> Draft:
    return Draft(text, (passage("").id,), facet="products", quotes=(quote,))


def test_an_answer_survives_json_whole() -> None:
    answer = answer_of([draft(FIRST, FIRST), draft("We have 413 employees in Ulm.", SECOND)])
    assert answer.sentences
    assert answer.withheld
    again = Answer.from_dict(json.loads(json.dumps(answer.to_dict())))
    assert again == answer
    assert again.to_dict() == answer.to_dict()


def test_a_refusal_survives_json_whole() -> None:
    answer = answer_of([], refusal="The filing does not say.")
    assert Answer.from_dict(json.loads(json.dumps(answer.to_dict()))) == answer


def test_what_json_holds_names_the_text_and_the_offsets() -> None:
    values = answer_of([draft(SECOND, SECOND)]).to_dict()
    assert values["text"] == SECOND
    citation = values["sentences"][0]["citations"][0]
    start = 100 + len(FIRST) + 1
    assert (citation["quote"], citation["start"], citation["end"]) == (SECOND, start, start + len(SECOND))
    assert citation["filing_id"] == "contoso-fy2021"
    assert (citation["item"], citation["page"], citation["number"]) == ("1", 2, 1)


def test_the_text_is_the_sentences_in_order_as_one_flow() -> None:
    assert answer_of([draft(FIRST, FIRST), draft(SECOND, SECOND)]).text == f"{FIRST} {SECOND}"


def test_what_is_withheld_is_kept_for_the_record_and_not_shown() -> None:
    answer = answer_of([draft(FIRST, FIRST), draft("We have 9,000 employees in Ulm.", SECOND)])
    assert answer.text == FIRST
    assert [one.text for one in answer.withheld] == ["We have 9,000 employees in Ulm."]
    assert answer.withheld[0].problem


def test_with_nothing_to_say_the_refusal_is_the_text() -> None:
    answer = answer_of([draft("We have 9,000 employees in Ulm.", SECOND)], refusal="The filing does not say.")
    assert not answer.answered
    assert answer.text == "The filing does not say."


def test_the_same_words_are_one_footnote() -> None:
    answer = answer_of(
        [draft(FIRST, FIRST), draft(SECOND, SECOND), draft("Contoso sells test benches to carmakers.", FIRST)]
    )
    assert [[one.number for one in sentence.citations] for sentence in answer.sentences] == [[1], [2], [1]]


def test_footnotes_of_each_answer_begin_at_1() -> None:
    for _ in range(2):
        assert answer_of([draft(SECOND, SECOND)]).sentences[0].citations[0].number == 1


def test_a_withheld_sentence_takes_no_footnote_number() -> None:
    answer = answer_of([draft("We have 9,000 employees in Ulm.", SECOND), draft(FIRST, FIRST)])
    assert [one.number for sentence in answer.sentences for one in sentence.citations] == [1]
    assert answer.withheld[0].citations == ()

"""One JSON object from a language model: the same drafts however it comes, and nothing that makes the reader fail."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Draft
from rag.model_objects import ReplyReader, as_object
from rag.prompts import JSON

IDS = {"P1-aaaa": "contoso:0", "P2-bbbb": "contoso:1"}
SELLS = Draft("It sells “benches” {and} more.", ("contoso:0", "contoso:1"), "sales", ('We sell "it" \\ all.', "We do."))
RENTS = Draft("It rents.", ("contoso:1",), "", ("We also rent them.",))
WHOLE = as_object([SELLS, RENTS], {passage_id: number for number, passage_id in IDS.items()})
SIGNS = st.lists(
    st.sampled_from([*'{}[]",:\\', "sentences", "sentence", "sources", "It sells.", "\\ud83d", "``", "<think>"])
)


def read(*pieces: str) -> list[Draft]:
    reader = ReplyReader(IDS)
    drafts = [draft for piece in pieces for draft in reader.feed(piece)]
    return [*drafts, *reader.end()]


@pytest.mark.parametrize("piece", [1, 2, 5, 1000])
@pytest.mark.parametrize("before", ["", "\n ", "```json\n", "<think>\n{A plan}\n</think>\n"])
def test_drafts_come_however_the_object_is_torn_and_dressed(piece: int, before: str) -> None:
    text = before + WHOLE + "\n```"
    assert read(*(text[at : at + piece] for at in range(0, len(text), piece))) == [SELLS, RENTS]


def test_a_draft_comes_as_soon_as_its_object_is_whole() -> None:
    reader = ReplyReader(IDS)
    end = WHOLE.index("]}, {") + 2  # of the first sentence
    assert list(reader.feed(WHOLE[: end - 1])) == []
    assert list(reader.feed(WHOLE[end - 1 : end])) == [SELLS]
    assert list(reader.feed(WHOLE[end:-1])) == [RENTS]
    assert not reader.is_done
    assert list(reader.feed(WHOLE[-1])) == []
    assert reader.is_done


def test_after_a_break_the_object_that_was_cut_is_not_trusted() -> None:
    reader = ReplyReader(IDS)
    assert list(reader.feed(WHOLE[: WHOLE.index("We also")])) == [SELLS]
    assert list(reader.break_off()) == []


@pytest.mark.parametrize(("said", "not_said"), [('{"sentences": [], "next": []}', True), (WHOLE, False), ("{}", False)])
def test_no_sentence_is_an_answer(said: str, not_said: bool) -> None:
    reader = ReplyReader(IDS)
    list(reader.feed(said))
    assert (reader.is_done, reader.not_said) == (True, not_said)


def test_questions_to_ask_next_are_three_at_most() -> None:
    reader = ReplyReader(IDS)
    list(reader.feed(json.dumps({"sentences": [], "next": ["One?", 2, " ", "Three?", "Four?", "Five?"]})))
    assert reader.suggested == ["One?", "Three?", "Four?"]


def test_lines_are_taken_where_lines_come() -> None:
    assert read("SAY It rents.\nFROM P2-bbbb We also ", "rent them.\n\nDONE") == [RENTS]
    assert read("`SAY It rents.\nFROM P2-bbbb We also rent them.\n\nDONE") == [RENTS]


ODD: dict[str, Any] = {
    "no list": {"sentences": "It sells."},
    "texts for objects": {"sentences": ["It sells."]},
    "numbers for texts": {"sentences": [{"sentence": 3, "sources": [{"passage": 1, "words": None}]}]},
    "no sentence": {"sentences": [{"head": "sales", "sources": []}]},
    "too deep": {"answer": {"sentences": [{"sentence": "It sells."}]}},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_another_object_says_nothing(odd: Any) -> None:
    assert read(json.dumps(odd)) == []


def test_half_a_character_becomes_one_that_can_be_kept() -> None:
    (draft,) = read(
        '{"sentences": [{"sentence": "It sells \\ud83d.", "sources": [{"passage": "x", "words": "\\udc00"}]}]}'
    )
    assert json.dumps([draft.text, *draft.quotes], ensure_ascii=False).encode() == b'["It sells ?.", "?"]'


@given(SIGNS.map("".join), st.lists(st.integers(0, 80)))
def test_how_the_text_is_torn_changes_nothing(text: str, cuts: list[int]) -> None:
    text = '{"sentences": [' + text
    at = sorted({0, len(text), *(min(cut, len(text)) for cut in cuts)})
    assert read(*(text[start:end] for start, end in pairwise(at))) == read(text)


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    for draft in [*read(text), *read("{" + text), *read(json.dumps({"sentences": [{"sentence": text}]}))]:
        assert len(draft.passage_ids) == len(draft.quotes)


def test_the_schema_is_one_that_openai_takes() -> None:
    def must_be_strict(part: Any) -> None:
        if part["type"] == "object":
            assert part["additionalProperties"] is False
            assert part["required"] == [*part["properties"]]
            for inner in part["properties"].values():
                must_be_strict(inner)
        elif part["type"] == "array":
            must_be_strict(part["items"])

    must_be_strict(JSON.schema)

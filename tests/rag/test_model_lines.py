"""The lines of a language model: the same drafts however they come in, and nothing that makes the reader fail."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Draft
from rag.model_lines import LineReader, as_written

IDS = {"P1-aaaa": "contoso:0", "P2-bbbb": "contoso:1"}
WORDS = st.lists(
    st.sampled_from(
        ["SAY ", "FROM ", "DONE", "NOT SAID", "P1-aaaa ", "[2] ", "It sells.", "\n", "\n\n", "“x”", "<think>"]
    )
)
SAYS = """SAY [sales] It sells test benches.
FROM P1-aaaa We sell test benches.
FROM P2-bbbb "We also rent them."

SAY It rents.
FROM P2-bbbb We also rent them.
DONE
"""


def read(*pieces: str) -> list[Draft]:
    reader = LineReader(IDS)
    drafts = [draft for piece in pieces for draft in reader.feed(piece)]
    return [*drafts, *reader.end()]


def test_a_draft_has_its_tag_passages_and_words() -> None:
    assert read(SAYS) == [
        Draft(
            "It sells test benches.",
            ("contoso:0", "contoso:1"),
            "sales",
            ("We sell test benches.", "We also rent them."),
        ),
        Draft("It rents.", ("contoso:1",), "", ("We also rent them.",)),
    ]


@given(WORDS.map("".join), st.lists(st.integers(0, 60)))
def test_how_the_text_is_torn_changes_nothing(text: str, cuts: list[int]) -> None:
    at = sorted({0, len(text), *(min(cut, len(text)) for cut in cuts)})
    assert read(*(text[start:end] for start, end in pairwise(at))) == read(text)


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    for draft in read(text, f"\nSAY {text}\nFROM {text}\n"):
        assert len(draft.passage_ids) == len(draft.quotes)


def test_after_a_break_the_line_that_was_cut_is_not_trusted() -> None:
    reader = LineReader(IDS)
    assert list(reader.feed("SAY It sells test benches.\nFROM P1-aaaa We sell")) == []
    assert list(reader.break_off()) == []
    reader = LineReader(IDS)
    assert list(reader.feed("SAY It sells.\nFROM P1-aaaa We sell.\nFROM P2-b")) == []
    assert [draft.quotes for draft in reader.break_off()] == [("We sell.",)]


def test_what_was_said_can_be_said_again() -> None:
    drafts = read(SAYS)
    number_of = {passage_id: number for number, passage_id in IDS.items()}
    assert read("\n".join(as_written(draft, number_of) for draft in drafts)) == drafts

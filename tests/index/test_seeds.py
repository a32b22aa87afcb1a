"""The three filings that ship, read in with the model that ships: what a visitor meets in the first minute."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import FilingIndex
from index.embed import SentenceEncoder
from index.settings import IndexSettings
from tests.index.whole import assert_chroma_is_in_step, assert_whole

SEEDS = sorted(Path("seeds").glob("*.txt"))


@pytest.fixture
def index(seeded_dir: Path) -> Iterator[FilingIndex]:
    index = FilingIndex(IndexSettings(data_dir=seeded_dir))
    yield index
    index.close()


def test_they_are_whole(index: FilingIndex) -> None:
    filings = index.library.filings()
    assert [filing.id for filing in filings] == ["smith-micro-fy2017", "smith-micro-fy2020", "smith-micro-fy2021"]
    assert all(filing.text == "" for filing in filings), "a listing does not carry the texts"
    assert_whole(index)
    assert_chroma_is_in_step(index)


def test_taking_them_in_again_embeds_nothing_and_takes_no_time(index: FilingIndex) -> None:
    state, generation = index.store.state(), index.library.generation()
    begun = time.monotonic()
    report = index.ingest(SEEDS)
    assert time.monotonic() - begun < 5  # half a second on an idle machine
    assert [outcome.status for outcome in report.outcomes] == ["unchanged"] * 3
    assert [outcome.filing_id for outcome in report.outcomes] == [path.stem for path in SEEDS]
    assert isinstance(index.encoder, SentenceEncoder)
    assert not index.encoder.ready, "the model was loaded, for nothing"
    assert (index.store.state(), index.library.generation()) == (state, generation)


def test_the_vectors_of_passages_and_sentences_are_there_without_the_model(index: FilingIndex) -> None:
    from index.sentences import sentences

    for filing in index.library.filings():
        passages = index.library.passages(filing.id)
        index.vectors([passage.embedded_text for passage in passages])
        index.vectors(sentences(index.library.text(filing.id)))
    assert not index.ready, "something was embedded again"


@pytest.mark.parametrize(
    ("question", "filing_id", "words"),
    [
        ("How was the purchase of the Family Safety business paid for?", "smith-micro-fy2021", "$65.2 million"),
        ("Which rivals does the company face?", "smith-micro-fy2020", "competit"),
        ("How many people work there?", "smith-micro-fy2017", "employees"),
        ("Who brings in most of the money?", "smith-micro-fy2020", "Sprint"),
    ],
)
def test_a_question_in_other_words_finds_its_passage(
    index: FilingIndex, question: str, filing_id: str, words: str
) -> None:
    found = index.nearest(index.vectors([question])[0], [filing_id], 5)
    passages = index.library.passages_named([passage_id for passage_id, _ in found])
    assert any(words in passage.text for passage in passages.values())
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


@pytest.mark.parametrize("mark", ["SafePath®", "safepath", "“SafePath”"])
def test_a_name_is_found_however_it_is_written(index: FilingIndex, mark: str) -> None:
    found = index.matching([mark], ["smith-micro-fy2021"], 5)
    passages = index.library.passages_named([passage_id for passage_id, _ in found])
    said = {one.id for one in index.library.passages("smith-micro-fy2021") if "SafePath" in f"{one.heading} {one.text}"}
    assert set(passages) == said
    assert said


def test_chroma_and_the_library_find_the_same(index: FilingIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [filing.id for filing in index.library.filings()]
    for question in ("Who are the customers?", "products", "offices in Pittsburgh", "2021"):
        vector = index.vectors([question])[0]
        monkeypatch.undo()
        near = index.nearest(vector, ids, 10)
        monkeypatch.setattr(index.store, "fits", lambda generation: False)
        monkeypatch.setattr(index._meaning, "_mend", lambda broken: None)
        assert index.nearest(vector, ids, 10) == near

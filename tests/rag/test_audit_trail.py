"""Every answer that is given is written down, and no answer waits for it or fails with it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.build import FilingIndex
from rag.assistant import Assistant
from rag.record_settings import RecordSettings
from rag.records import Records
from tests.index.standins import write_filing
from tests.rag.given_answers import answer_about

OpenIndex = Callable[..., FilingIndex]
VERSIONS = {"footnote": "0.1.0"}


@pytest.fixture
def own(open_index: OpenIndex, tmp_path: Path) -> Assistant:
    own = Assistant(open_index())
    own.ingest([write_filing(tmp_path, 1)])
    return own


def records_of(own: Assistant, **settings: object) -> Records:
    made = RecordSettings.model_validate(settings)
    return Records(own.index.library.database, own.index.settings.data_dir, own, made)


def test_what_was_asked_and_answered_is_in_the_trail(own: Assistant, open_index: OpenIndex) -> None:
    (filing,) = own.filings()
    asked = own.ask("How many employees were there?", filing_ids=[filing.id])
    summed_up = own.summarize(filing.id, max_tokens=128)
    unknown = own.ask("What is the melting point of tungsten?")
    own.close()
    trail = Assistant(open_index()).records.trail
    entries = trail.entries()
    assert [entry.answer for entry in entries] == [unknown, summed_up, asked], "newest first, to the letter"
    assert [entry.scope for entry in entries] == [(), (filing.id,), (filing.id,)]
    assert {entry.versions["embedding_model"] for entry in entries} == {"stand-in"}
    assert all(entry.versions["footnote"][0].isdigit() for entry in entries)
    assert trail.entries(1) == entries[:1]
    told = json.loads(json.dumps(entries[0].to_dict()))
    assert told["question"] == "What is the melting point of tungsten?"
    assert (told["answered"], told["supported"], told["composed_by"]) == (False, 0, "offline composer")


def test_the_trail_keeps_the_newest(own: Assistant) -> None:
    trail = records_of(own, audit_entries=5).trail
    answer = answer_about(own, own.filings()[0].id)
    for _ in range(12):
        trail.note(answer, None, VERSIONS)
    assert [entry.number for entry in trail.entries()] == [12, 11, 10, 9, 8]


def test_the_trail_can_be_switched_off(own: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_AUDIT", "0")
    own.ask("How many employees were there?")
    assert own.records.trail.entries() == []


def test_an_answer_does_not_wait_for_another_writer_and_is_written_down_later(own: Assistant) -> None:
    own.records.trail.entries()
    answer = answer_about(own, own.filings()[0].id)
    with own.index.library.engine.connect() as busy:
        busy.exec_driver_sql("BEGIN IMMEDIATE")
        began = time.monotonic()
        for _ in range(2):
            own.records.trail.note(answer, None, VERSIONS)
        assert time.monotonic() - began < 10, "a writer is waited for a minute; an answer must not be"
        assert own.records.trail.entries() == []
        busy.rollback()
    own.records.trail.note(answer, None, VERSIONS)
    assert len(own.records.trail.entries()) == 3


def test_answers_given_at_once_are_all_written_down_and_none_twice(own: Assistant) -> None:
    filing_id = own.filings()[0].id
    answers = [answer_about(own, filing_id, f"Question {number}?") for number in range(60)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda answer: own.records.trail.note(answer, None, VERSIONS), answers))
    own.records.trail.note(answers[0], None, VERSIONS)
    written = [entry.answer.question for entry in own.records.trail.entries() if entry.answer]
    assert sorted(written) == sorted([*(answer.question for answer in answers), "Question 0?"])


def test_an_answer_is_given_where_nothing_can_be_written(own: Assistant) -> None:
    question = "How many employees were there?"
    before = own.ask(question)
    with own.index.library.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE audit")
    assert own.ask(question).text == before.text


def test_a_trail_of_a_later_version_keeps_no_answer_back(own: Assistant, open_index: OpenIndex) -> None:
    before = own.ask("How many employees were there?")
    with own.index.library.engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO record_steps VALUES (99)")
    own.close()
    later = Assistant(open_index())
    assert later.ask("How many employees were there?").text == before.text
    with pytest.raises(RuntimeError, match=r"^The shares, .* later version of Footnote; use that one, or another"):
        _ = later.records

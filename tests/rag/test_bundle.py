"""An audit bundle holds all that its answers rest on, and whatever is changed in it is found and named."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from index.build import FilingIndex
from index.settings import IndexSettings
from rag.answer import Answer
from rag.assistant import Assistant
from rag.bundle import bundle_text, seals, written
from rag.kept import KeptFiling
from rag.replay import replay
from rag.versions import versions
from tests.index.standins import StandInEncoder, write_filing
from tests.rag.given_answers import answer_about

Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Answer], list[KeptFiling]]:
    """Two answers about two filings."""
    folder = tmp_path_factory.mktemp("bundle")
    own = Assistant(FilingIndex(IndexSettings(data_dir=folder / "data", least_free_bytes=0), StandInEncoder()))
    own.ingest([write_filing(folder, number, 20) for number in (1, 2)])
    ids = [filing.id for filing in own.filings()]
    found = [answer_about(own, one, f"What is sold by {one}?") for one in ids], [own.whole(one) for one in ids]
    own.close()
    return found


@pytest.fixture(scope="module")
def bundle(kept: tuple[list[Answer], list[KeptFiling]]) -> str:
    answers, sources = kept
    return bundle_text(answers, sources, [one.filing for one in sources], versions("stand-in"))


def problem_after(bundle: str, change: Change, sealed_anew: bool = False) -> str:
    """What is found after a change by somebody who knows the form, and, where they do, the seals."""
    values = json.loads(bundle)
    change(values)
    if sealed_anew:
        for filing in values["filings"]:
            filing["text_sha256"] = hashlib.sha256(filing["text"].encode()).hexdigest()
        values["seals"] = seals(values)
    return replay(written(values).encode("ascii")).problem


def test_a_bundle_is_whole_as_it_was_made(bundle: str) -> None:
    found = replay(bundle.encode("ascii"))
    assert (found.problem, found.answers, found.sentences, len(found.filings)) == ("", 2, 6, 2)


def test_any_program_can_check_the_quotations(bundle: str) -> None:
    values = json.loads(bundle)
    filings = {filing["id"]: filing for filing in values["filings"]}
    for filing in filings.values():
        assert hashlib.sha256(filing["text"].encode()).hexdigest() == filing["text_sha256"]
        assert len(filing["source_sha256"]) == 64
    citations = [one for answer in values["answers"] for said in answer["sentences"] for one in said["citations"]]
    assert len(citations) == 6
    for one in citations:
        assert filings[one["filing_id"]]["text"][one["start"] : one["end"]] == one["quote"]
    assert values["versions"].keys() == {"footnote", "tokenizer", "embedding_model"}


def test_a_bundle_fails_when_any_byte_is_changed(bundle: str) -> None:
    content = bundle.encode("ascii")
    seed = 20260101
    chance = random.Random(seed)  # noqa: S311
    places = [chance.randrange(len(content)) for _ in range(300)]
    for at in [0, 1, len(content) - 2, len(content) - 1, *places]:
        other = chance.choice([value for value in range(256) if value != content[at]])
        problem = replay(content[:at] + bytes([other]) + content[at + 1 :]).problem
        assert problem.endswith("."), (at, other)
        assert "\n" not in problem
    for shorter in (content[:-1], content[1:], content[:-2], b"", content + b"\n", content + content):
        assert replay(shorter).problem


def sentence_of(values: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = values["answers"][0]["sentences"][1]
    return said


def say(text: str) -> Change:
    return lambda values: sentence_of(values).update(text=text)


def cite(**changes: Any) -> Change:
    return lambda values: sentence_of(values)["citations"][0].update(changes)


def shift(by: int) -> Change:
    def change(values: dict[str, Any]) -> None:
        citation = sentence_of(values)["citations"][0]
        citation["start"] += by
        citation["end"] += by

    return change


def in_filing(**changes: Any) -> Change:
    return lambda values: values["filings"][0].update(changes)


def cut_short(values: dict[str, Any]) -> None:
    values["filings"][0]["text"] = values["filings"][0]["text"][:-10]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (say("It sold $999 million of anvils."), "Sentence 2 of answer 1 is not what its footnotes say: "),
        (cite(quote="We sell anvils."), "Sentence 2 of answer 1: the words of footnote 2 do not stand"),
        (shift(1), "Sentence 2 of answer 1: the words of footnote 2 do not stand"),
        (shift(-10_000), "Sentence 2 of answer 1: the words of footnote 2 do not stand"),
        (cite(passage_id="concern-1:999"), "Sentence 2 of answer 1: its footnote 2 names another item, page or"),
        (cite(item="7"), "Sentence 2 of answer 1: its footnote 2 names another item, page or"),
        (cite(page=3), "Sentence 2 of answer 1: its footnote 2 names another item, page or"),
        (cite(number=7), "Sentence 2 of answer 1: footnote 7 is numbered wrongly."),
        (cite(filing_id="elsewhere"), "Sentence 2 of answer 1 cites elsewhere, which is not in the bundle."),
        (lambda values: sentence_of(values).update(citations=[]), "Sentence 2 of answer 1 is not marked as verified"),
        (lambda values: sentence_of(values).update(verdict="withheld"), "Sentence 2 of answer 1 is not marked as"),
        (lambda values: values["filings"].pop(0), "Sentence 1 of answer 1 cites"),
        (cut_short, "The passages of "),
        (lambda values: values["filings"][0]["passages"][0].update(end=3), "The passages of "),
    ],
)
def test_a_change_is_found_and_named_even_where_the_seals_were_renewed(bundle: str, change: Change, found: str) -> None:
    for sealed_anew in (False, True):
        problem = problem_after(bundle, change, sealed_anew)
        assert problem.startswith(found) or (not sealed_anew and problem.startswith("The text of ")), problem


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda values: values["answers"][1].update(question="What?"), "Answer 2 was changed"),
        (lambda values: values["answers"][1].update(created_at="2020"), "Answer 2 was changed"),
        (lambda values: values["answers"][0]["withheld"][0].update(problem="None."), "Answer 1 was changed"),
        (lambda values: values["answers"].pop(), "The bundle was changed: answers were added or taken away."),
        (lambda values: values["versions"].update(footnote="9"), "The head of the bundle was changed"),
        (in_filing(source_sha256="0" * 64), "What is told of "),
        (in_filing(text_sha256="0" * 64), "The text of "),
        (in_filing(text="x"), "The text of "),
        (lambda values: values["seals"].update(head="0"), "The head of the bundle was changed"),
        (lambda values: values.pop("seals"), "It was changed: a part is missing"),
        (lambda values: values.update(answers="none"), "It was changed: a part is missing"),
        (lambda values: values.update(form=2), "It was made by a later version of Footnote"),
        (lambda values: values.update(more="things"), "The head of the bundle was changed"),
        (lambda values: values["answers"][0].update(mood="good"), "Answer 1 was changed"),
    ],
)
def test_what_the_seals_hold_is_found_and_named(bundle: str, change: Change, found: str) -> None:
    assert problem_after(bundle, change).startswith(found)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"null", b"\xff\xfe", b"[" * 100_000, b'{"bundle": 1e999}', b"9" * 9999]
)
def test_what_is_no_bundle_is_said_so(content: bytes) -> None:
    assert replay(content).problem.startswith("It is no Footnote audit bundle")


def test_another_layout_of_the_same_is_not_taken(bundle: str) -> None:
    same = json.dumps(json.loads(bundle)).encode("ascii")
    assert replay(same).problem == "What it says holds, but the file is not byte for byte as Footnote wrote it."


def test_words_of_no_source_make_no_bundle(kept: tuple[list[Answer], list[KeptFiling]]) -> None:
    answers, sources = kept
    with pytest.raises(ValueError, match="which is not in the library as it was cited"):
        bundle_text(answers, sources[:1], [], {})


def test_half_a_character_in_a_question_breaks_no_bundle(kept: tuple[list[Answer], list[KeptFiling]]) -> None:
    answers, sources = kept
    odd = Answer.from_dict(answers[0].to_dict() | {"question": "What \udcff is <sold>?"})
    assert replay(bundle_text([odd], sources, [], {}).encode("ascii")).problem == ""


def test_answers_and_summaries_of_the_shipped_filings_can_be_replayed(
    assistant: Assistant, summaries: dict[str, Answer]
) -> None:
    """Told in the third person, from tables, from several filings: what was verified once is verified again."""
    questions = ["How many employees were there?", "What were the total revenues?", "Who are the competitors?"]
    answers = [*summaries.values(), *(assistant.ask(question) for question in questions)]
    sources = [assistant.whole(filing.id) for filing in assistant.filings()]
    found = replay(bundle_text(answers, sources, assistant.filings(), {}).encode("ascii"))
    assert found.problem == ""
    assert found.sentences > 30

"""Records of other versions, damaged ones, and what must never stand in one."""

from __future__ import annotations

import io
import random
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from index.build import FilingIndex
from index.filing import Filing, Passage
from rag.assistant import Assistant
from rag.kept import KeptFiling, SharedTurn, UnusableRecords
from rag.model_settings import ModelSettings
from rag.packing import packed, packed_filing, unpacked, unpacked_filing
from tests.index.standins import write_filing
from tests.rag.conftest import Serve
from tests.rag.given_answers import turn_about
from tests.rag.stub_model import KEY, Fails
from ui.export_file import export_file

OpenIndex = Callable[..., FilingIndex]


@pytest.fixture
def own(open_index: OpenIndex, tmp_path: Path) -> Assistant:
    own = Assistant(open_index())
    own.ingest([write_filing(tmp_path, 1)])
    return own


def replace_content(own: Assistant, table: str, content: bytes) -> None:
    with own.index.library.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {table} SET content = ?", (content,))  # noqa: S608


def content_of(own: Assistant, table: str) -> bytes:
    with own.index.library.engine.connect() as connection:
        return bytes(connection.exec_driver_sql(f"SELECT content FROM {table}").scalar_one())  # noqa: S608


def share_and_keep(own: Assistant) -> tuple[str, SharedTurn]:
    turn = turn_about(own, own.filings()[0].id)
    own.records.keep("ann", "c1", "Concern", [turn])
    assert turn.answer is not None
    own.records.note_feedback(turn.answer, "up")
    own.records.trail.note(turn.answer, None, {})
    return own.records.share([turn]), turn


def test_a_damaged_record_is_said_in_one_sentence(own: Assistant) -> None:
    share_id, turn = share_and_keep(own)
    whole = content_of(own, "shares")
    chance = random.Random(6)  # noqa: S311
    places = [chance.randrange(len(whole)) for _ in range(150)]
    damaged = [whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :] for at in places]
    said: list[str] = []
    for content in [b"", b"{}", whole[:-1], whole[:40], *damaged]:
        replace_content(own, "shares", content)
        try:
            shared = own.records.shared(share_id)
        except UnusableRecords as problem:
            said.append(str(problem))
        else:  # a bit that says how it was packed, not what
            assert shared is not None
            assert shared.turns == (turn,)
    assert set(said) == {"This share is damaged and cannot be opened."}
    assert len(said) > 140


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"turns": None, "filings": []},
        {"turns": [{}], "filings": []},
        {"turns": [{"title": 3, "answer": None}], "filings": []},
        {"turns": [{"title": "What?", "answer": {"question": "What?"}}], "filings": []},
        {"turns": [{"title": "What?", "answer": "text"}], "filings": []},
        {"turns": [], "filings": [{"id": "x"}]},
        {"turns": [{"title": "What?", "steps": "one"}], "filings": []},
    ],
)
def test_a_record_of_another_shape_is_said_in_one_sentence(own: Assistant, values: dict[str, object]) -> None:
    share_id, _ = share_and_keep(own)
    for table in ("shares", "conversations", "feedback", "audit"):
        replace_content(own, table, packed(values))
    with pytest.raises(UnusableRecords, match=r"^This share is damaged and cannot be opened\.$"):
        own.records.shared(share_id)
    if values.get("turns") != []:
        with pytest.raises(UnusableRecords, match=r"^This conversation is damaged and cannot be opened\.$"):
            own.records.conversation("ann", "c1")
    (entry,) = own.records.feedback()
    assert entry.problem == "Feedback 1 is damaged and cannot be opened."
    (written,) = own.records.trail.entries()
    assert written.problem == "Entry 1 of the audit trail is damaged and cannot be opened."
    assert written.to_dict()["problem"] == written.problem
    assert [one.title for one in own.records.conversations("ann")] == ["Concern"], "the list is there all the same"


def test_a_record_of_a_later_version_is_said_in_one_sentence(own: Assistant) -> None:
    share_id, _ = share_and_keep(own)
    replace_content(own, "shares", packed({"form": 2, "everything": "else"}))
    with pytest.raises(UnusableRecords, match=r"^This share was written by a later version of Footnote; open it with"):
        own.records.shared(share_id)


def test_what_a_later_version_added_is_left_out(own: Assistant) -> None:
    share_id, turn = share_and_keep(own)
    values = unpacked(content_of(own, "shares"), "it")
    values["turns"][0]["mood"] = "good"
    values["turns"][0]["answer"]["cost"] = 0.02
    values["turns"][0]["answer"]["sentences"][0]["citations"][0]["colour"] = "amber"
    replace_content(own, "shares", packed(values))
    shared = own.records.shared(share_id)
    assert shared is not None
    assert shared.turns == (turn,)


def test_a_filing_that_was_damaged_where_it_is_kept_keeps_nobody_out(own: Assistant) -> None:
    share_id, turn = share_and_keep(own)
    values = unpacked(content_of(own, "kept_filings"), "it")
    values["filing"]["text"] = values["filing"]["text"].replace("1", "2")
    replace_content(own, "kept_filings", packed(values))
    shared = own.records.shared(share_id)
    assert shared is not None
    assert shared.turns == (turn,)
    assert shared.kept == (), "words that were changed are shown as no filing's"


@given(st.lists(st.text(), max_size=5))
def test_any_text_comes_back_to_the_letter(parts: list[str]) -> None:
    """Offsets count in it."""
    passages, at = [], 0
    for number, part in enumerate(parts):
        passages.append(Passage(f"x:{number}", "x", "", "", part, at, at + len(part), None, number))
        at += len(part)
    whole = KeptFiling(
        Filing("x", "X", "", "", "", None, "", "", "x", "0", "".join(parts), (), ()), (), tuple(passages)
    )
    digest, content = packed_filing(whole)
    assert unpacked_filing(content, digest, "it") == whole


def test_a_database_that_is_damaged_is_said_in_one_sentence(own: Assistant) -> None:
    share_id, _ = share_and_keep(own)
    with own.index.library.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE share_filings")
    with pytest.raises(UnusableRecords, match=r"^The share cannot be opened: .* does not work"):
        own.records.shared(share_id)


def test_a_library_of_the_first_release_gets_tables_and_loses_nothing(own: Assistant, open_index: OpenIndex) -> None:
    """That release knew the library's tables alone; and it opens what this one has added to."""
    path = own.index.settings.data_dir / "library.db"
    text = own.text(own.filings()[0].id)
    own.close()
    with sqlite3.connect(path) as before:
        tables = {row[0] for row in before.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert not tables & {"shares", "conversations", "audit", "record_steps"}
    again = Assistant(open_index())
    share_id, _ = share_and_keep(again)
    again.close()
    once_more = Assistant(open_index())
    assert once_more.text(once_more.filings()[0].id) == text
    assert once_more.records.shared(share_id)


def test_no_key_stands_in_any_record(
    serve: Serve, open_index: OpenIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The endpoint throws the key back at us, and the address carries a password, as some do."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    host = serve(*[Fails(401)] * 9).address.removeprefix("http://")
    model = ModelSettings(api_key=SecretStr(KEY), base_url=f"http://user:{KEY}@{host}", model="stub", model_attempts=1)
    own = Assistant(open_index(), model=model)
    own.ingest([write_filing(tmp_path, 1)])
    (filing,) = own.filings()
    steps: list[str] = []
    answers = [own.summarize(filing.id, max_tokens=128, on_step=steps.append), own.ask("How many employees?")]
    assert any("offline composer's answer" in answer.note for answer in answers)
    turns = [SharedTurn(answer.question, answer, tuple(steps)) for answer in answers]
    own.records.share(turns)
    own.records.keep("ann", "c1", "Concern", turns)
    own.records.note_feedback(answers[0], "down", "no")
    exported = [export_file(turns, to, own).content for to in ("md", "json")]
    with ZipFile(io.BytesIO(export_file(turns, "docx", own).content)) as word:
        exported += [word.read(name) for name in word.namelist()]
    own.close()
    content = b"".join(exported)
    content += b"".join(path.read_bytes() for path in (tmp_path / "data").glob("library.db*"))
    with sqlite3.connect(tmp_path / "data" / "library.db") as database:
        for table in ("shares", "kept_filings", "conversations", "feedback", "audit"):
            rows = database.execute(f"SELECT content FROM {table}").fetchall()  # noqa: S608
            assert rows, table
            content += b"".join(zlib.decompress(row[0]) for row in rows)
    assert b"offline composer" in content
    assert KEY.encode() not in content
    assert str(host).encode() not in content

"""The library in PostgreSQL: all that holds of the usual one, several machines, and a server that comes and goes."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from index.build import FilingIndex
from index.filing import UnusableLibrary
from index.library import Library
from index.postgres import PostgresDatabase
from index.settings import IndexSettings
from tests.index.standins import StandInEncoder, write_filing

# The same tests as of SQLite: this module's fixture puts the library of each into PostgreSQL.
from tests.index.test_in_step import (  # noqa: F401
    finished,
    run_worker,
    statuses,
    test_a_filing_removed_while_it_is_embedded_stays_away,
    test_a_filing_taken_in_is_whole_and_found,
    test_a_writer_that_another_one_keeps_waiting_says_so,
    test_an_exception_of_whoever_watches_leaves_nothing_half_stored,
    test_an_open_index_sees_what_another_process_adds_and_removes,
    test_another_model_does_not_search_vectors_that_mean_nothing_to_it,
    test_no_words_upset_the_search,
    test_other_bytes_under_the_same_id_lose_neither,
    test_removing_what_is_not_there_says_so,
    test_searches_keep_to_the_filings_they_are_asked_for,
    test_the_same_bytes_again_cost_nothing,
    test_threads_may_search_while_one_takes_in,
    test_threads_may_take_in_at_once,
    test_two_processes_take_in_different_files_at_once,
    test_two_processes_take_in_the_same_files_at_once,
    test_what_an_interrupted_one_left_is_made_up_without_its_file,
    test_what_is_removed_is_found_no_more_and_comes_back_for_nothing,
)
from tests.index.test_lexical import (  # noqa: F401
    test_a_rebuild_that_is_cut_off_leaves_the_words_as_they_were,
    test_the_passages_of_a_statement_are_known,
    test_words_are_found_side_by_side_when_they_are_asked_so,
    with_statements,
)
from tests.index.whole import assert_chroma_is_in_step, assert_whole
from tests.servers import PostgresServer, postgres

OpenIndex = Callable[..., FilingIndex]


@pytest.fixture(autouse=True)
def address(postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> str:
    address = postgres_server.new_library()
    monkeypatch.setenv("FOOTNOTE_DATABASE_URL", address)
    return address


@pytest.fixture
def own_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostgresServer]:
    """One that this test may stop."""
    with postgres() as server:
        monkeypatch.setenv("FOOTNOTE_DATABASE_URL", server.new_library())
        yield server


def test_both_databases_give_the_same_words_the_same_scores(
    open_index: OpenIndex, tmp_path: Path, address: str
) -> None:
    paths = [with_statements(tmp_path), *(write_filing(tmp_path, seed, 120) for seed in range(3))]
    here = open_index(data_dir=tmp_path / "here", database_url=SecretStr(""))
    there = open_index(data_dir=tmp_path / "there")
    assert statuses(here, *paths) == statuses(there, *paths) == ["added"] * 4
    gone = here.library.filings()[0].id
    for index in (here, there):
        index.remove(gone)
    ids = [filing.id for filing in here.library.filings()]
    assert [filing.id for filing in there.library.filings()] == ids
    for words in (
        ["customers"],
        ["renewing", "employees", "65,200"],
        ["cash equivalents", "Accounts payable", "total"],
        ["Overview", "Sales and Marketing"],
        ["Aliso Viejo", "StuffIt", "the", "of"],
    ):
        one, other = here.matching(words, ids, 100), there.matching(words, ids, 100)
        assert one
        assert [passage_id for passage_id, _ in one] == [passage_id for passage_id, _ in other]
        assert [score for _, score in one] == pytest.approx([score for _, score in other], rel=1e-6)
        assert there.matching(words, ids[:1], 100) == [row for row in other if row[0].startswith(f"{ids[0]}:")]


def test_ids_that_no_text_can_hold_are_no_filings(open_index: OpenIndex) -> None:
    library = open_index().library
    for filing_id in ("\0", "a\0b", "\ud800", "x" * 10_000, "'; DROP TABLE filings; --"):
        with pytest.raises(KeyError):
            library.text(filing_id)
        assert library.passages_named([filing_id]) == {}


def test_names_are_sorted_as_they_are_in_sqlite(open_index: OpenIndex, tmp_path: Path) -> None:
    index = open_index()
    named = ["beta", "Beta", "alpha", "\u00c4lpha", "B-eta", "B eta"]
    for number, company in enumerate(named):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = write_filing(folder, number, 5)
        (folder / "filings.toml").write_text(f'["{path.name}"]\ncompany = "{company}"\n', encoding="utf-8")
        assert statuses(index, path) == ["added"]
    assert [filing.company for filing in index.library.filings()] == sorted(named)


def test_a_killed_writer_leaves_neither_a_lock_nor_half_a_filing(
    open_index: OpenIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACE", "0.05")
    paths = [write_filing(tmp_path, seed, 200) for seed in range(12)]
    for wait in (0.0, 0.1, 0.3):
        worker = run_worker(tmp_path / "data", *paths)
        assert worker.stderr is not None
        assert worker.stderr.readline().startswith("open")
        time.sleep(wait)
        os.kill(worker.pid, signal.SIGKILL)
        worker.communicate()
        index = open_index(lock_seconds=5)
        assert_whole(index)
        index.close()
    index = open_index(lock_seconds=5)
    assert set(statuses(index, *paths)) <= {"added", "unchanged"}
    assert index.library.unfinished() == []
    assert_whole(index)
    assert_chroma_is_in_step(index)


def test_two_machines_with_folders_of_their_own_share_one_library(open_index: OpenIndex, tmp_path: Path) -> None:
    one = open_index(data_dir=tmp_path / "one")
    other = open_index(data_dir=tmp_path / "other")
    assert statuses(one, write_filing(tmp_path, 1)) == ["added"]
    assert_whole(other)
    assert statuses(other, write_filing(tmp_path, 1), write_filing(tmp_path, 2)) == ["unchanged", "added"]
    for index in (one, other):
        assert len(index.library.filings()) == 2
        assert_whole(index)


def test_the_lock_of_another_machine_is_waited_for_and_then_named(open_index: OpenIndex, tmp_path: Path) -> None:
    one = open_index(data_dir=tmp_path / "one")
    other = open_index(data_dir=tmp_path / "other", lock_seconds=0.2)
    with one._writer, one._writer:
        (outcome,) = other.ingest([write_filing(tmp_path, 1)]).outcomes
        assert "another program is taking in filings; try again when it is done" in outcome.problem
    assert statuses(other, write_filing(tmp_path, 1)) == ["added"]


def test_many_may_open_a_new_library_at_the_same_moment(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def open_it(number: int) -> None:
        try:
            settings = IndexSettings(data_dir=tmp_path / str(number))
            FilingIndex(settings, StandInEncoder()).close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []


def test_a_server_that_was_away_is_found_again(
    own_server: PostgresServer, open_index: OpenIndex, tmp_path: Path
) -> None:
    index = open_index()
    index.ingest([write_filing(tmp_path, 1)])
    own_server.stop()
    (outcome,) = index.ingest([write_filing(tmp_path, 2)]).outcomes
    assert outcome.status == "refused"
    assert outcome.problem == (
        "concern-2.txt was not taken in: PostgreSQL does not answer; look whether it runs where FOOTNOTE_DATABASE_URL "
        "says."
    )
    with pytest.raises(UnusableLibrary, match="PostgreSQL does not answer"):
        open_index()
    own_server.start()
    assert_whole(index)
    assert statuses(index, write_filing(tmp_path, 2)) == ["added"]
    assert_whole(index)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://x@127.0.0.1/y", "names no PostgreSQL"),
        ("not an address: s3cret", "cannot be read"),
        ("postgresql://footnote:s3cret@127.0.0.1:{port}/nowhere", "lets nobody in"),
        ("postgresql://footnote:s3cret@127.0.0.1:1/x", "does not answer"),
    ],
)
def test_an_address_that_leads_nowhere_is_named_without_its_password(
    postgres_server: PostgresServer, open_index: OpenIndex, url: str, problem: str
) -> None:
    with pytest.raises(UnusableLibrary, match=problem) as error:
        open_index(database_url=SecretStr(url.format(port=postgres_server.port)))
    assert "s3cret" not in str(error.value)
    assert "s3cret" not in repr(IndexSettings(database_url=SecretStr(url)))


def test_a_step_of_its_own_is_done_in_the_place_of_the_usual_one(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index import migrations

    Library(PostgresDatabase(address)).close()
    monkeypatch.setattr(migrations, "FOLDER", tmp_path)
    (tmp_path / "0002_x.sql").write_text("ALTER TABLE filings ADD COLUMN x BLOB;\n")
    (tmp_path / "0002_x.postgresql.sql").write_text("ALTER TABLE filings ADD COLUMN x BYTEA;\n")
    (tmp_path / "0003_y.sql").write_text("ALTER TABLE filings ADD COLUMN y TEXT;\n")
    library = Library(PostgresDatabase(address))
    with library.engine.connect() as connection:
        connection.exec_driver_sql("SELECT x, y FROM filings")
    library.close()


def test_a_backup_of_what_is_not_in_the_folder_is_not_pretended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from typer.testing import CliRunner

    from ui.terminal import app

    for command in ("backup", "restore"):
        done = CliRunner().invoke(app, [command, str(tmp_path / "x.zip")])
        assert done.exit_code != 0
        assert "pg_dump" in str(done.exception) + done.output
    assert list(tmp_path.iterdir()) == []

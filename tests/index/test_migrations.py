"""A library of every earlier release opens, keeps what it held, and goes on; a step is done whole or not at all."""

from __future__ import annotations

import gzip
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index import migrations
from index.build import FilingIndex
from index.filing import UnusableLibrary
from index.library import Library
from index.settings import IndexSettings
from tests.index.standins import StandInEncoder, filing_text, write_filing
from tests.index.whole import assert_chroma_is_in_step, assert_whole

OLD = sorted((Path(__file__).parent / "libraries").glob("*.db.gz"))


def unpacked(packed: Path, data_dir: Path) -> Path:
    data_dir.mkdir(parents=True)
    (data_dir / "library.db").write_bytes(gzip.decompress(packed.read_bytes()))
    return data_dir


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of steps in the place of the real ones."""
    folder = tmp_path / "steps"
    folder.mkdir()
    monkeypatch.setattr(migrations, "FOLDER", folder)
    return folder


def test_there_are_old_libraries() -> None:
    assert len(OLD) >= 3


@pytest.mark.parametrize("packed", OLD, ids=lambda path: path.name.partition(".")[0])
def test_a_library_of_an_earlier_version_opens_and_goes_on(packed: Path, tmp_path: Path) -> None:
    data_dir = unpacked(packed, tmp_path / "data")
    encoder = StandInEncoder()
    index = FilingIndex(IndexSettings(data_dir=data_dir, least_free_bytes=0), encoder)
    index.repair()
    ids = [filing.id for filing in index.library.filings()]
    assert len(ids) == 2
    assert [index.library.text(one).split() for one in sorted(ids)] == [filing_text(n, 12).split() for n in (1, 2)]
    assert index.matching(["employees"], ids, 5)
    assert index.nearest(encoder.encode(["renew"])[0], ids, 3)
    assert_whole(index)
    assert_chroma_is_in_step(index)
    assert [one.status for one in index.ingest([write_filing(tmp_path, 3)]).outcomes] == ["added"]
    index.close()


def test_a_step_is_done_once_and_the_library_as_it_was_is_kept(tmp_path: Path, steps: Path) -> None:
    data_dir = unpacked(OLD[-1], tmp_path / "data")
    (steps / "0002_say_who_added_a_filing.sql").write_text(
        "-- a comment; with a semicolon\nALTER TABLE filings ADD COLUMN added_by TEXT;\n"
        "UPDATE filings SET added_by =\n  'nobody';\n"
    )
    for _ in range(2):
        library = Library(data_dir / "library.db")
        with library.engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT added_by FROM filings").all()
        assert [row[0] for row in rows] == ["nobody"] * 2
        library.close()
    before = sqlite3.connect(data_dir / "library-schema-1.db")
    assert before.execute("SELECT value FROM facts WHERE name = 'schema'").fetchone() == (1,)
    assert before.execute("SELECT count(*) FROM filings").fetchone() == (2,)
    before.close()


def test_a_step_that_fails_leaves_the_library_as_it_was(tmp_path: Path, steps: Path) -> None:
    data_dir = unpacked(OLD[-1], tmp_path / "data")
    (steps / "0002_fails.sql").write_text("ALTER TABLE filings ADD COLUMN x TEXT;\nDROP TABLE no_such_table;\n")
    with pytest.raises(Exception, match="no_such_table"):
        Library(data_dir / "library.db")
    (steps / "0002_fails.sql").unlink()
    library = Library(data_dir / "library.db")
    with library.engine.connect() as connection:
        columns = connection.exec_driver_sql("SELECT name FROM pragma_table_info('filings')").scalars().all()
    assert "x" not in columns
    assert len(library.filings()) == 2
    library.close()


def test_two_programs_that_open_it_at_once_do_a_step_once(tmp_path: Path, steps: Path) -> None:
    data_dir = unpacked(OLD[-1], tmp_path / "data")
    (steps / "0002_a.sql").write_text("UPDATE facts SET value = value + 1000 WHERE name = 'generation';\n")
    before = sqlite3.connect(data_dir / "library.db").execute("SELECT value FROM facts WHERE name='generation'")
    generation = before.fetchone()[0]
    with ThreadPoolExecutor(4) as pool:
        libraries = list(pool.map(Library, [data_dir / "library.db"] * 4))
    assert {library.generation() for library in libraries} == {generation + 1000}
    kept = sqlite3.connect(data_dir / "library-schema-1.db").execute("SELECT value FROM facts WHERE name='generation'")
    assert kept.fetchone() == (generation,)
    for library in libraries:
        library.close()


def test_a_new_library_has_the_newest_schema_without_any_step(tmp_path: Path, steps: Path) -> None:
    (steps / "0007_x.sql").write_text("DROP TABLE nothing_that_is_there;\n")
    Library(tmp_path / "library.db").close()
    (steps / "0007_x.sql").unlink()
    with pytest.raises(UnusableLibrary, match="schema 7"):
        Library(tmp_path / "library.db")


def test_every_real_step_can_be_read() -> None:
    assert migrations.newest_schema() == 1 + len(list(migrations.FOLDER.glob("[0-9]*.sql")))
    migrations.statements_after(0)

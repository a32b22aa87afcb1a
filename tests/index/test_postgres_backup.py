"""The two commands of docs/hosting.md that back up and restore a library in PostgreSQL, as they stand there."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from index.build import FilingIndex
from rag.assistant import Assistant
from tests.index.standins import write_filing
from tests.rag.given_answers import turn_about
from tests.servers import PostgresServer

TOLD = (Path(__file__).parents[2] / "docs" / "hosting.md").read_text(encoding="utf-8")


def command(server: PostgresServer, program: str, database: str) -> list[str]:
    """What docs/hosting.md says behind the program's name, for this database."""
    (options,) = re.findall(rf"\b{program} -U footnote (.+?)(?: footnote)? [<>]", TOLD)
    words = options.replace("-d footnote", f"-d {database}").split()
    where = ["-h", "127.0.0.1", "-p", str(server.port), "-U", "footnote"]
    return [str(server.programs / program), *where, *words, *([database] if program == "pg_dump" else [])]


def test_a_library_comes_back_whole_or_not_at_all(
    postgres_server: PostgresServer,
    open_index: Callable[..., FilingIndex],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with psycopg.connect(postgres_server.address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE to_back_up")
    monkeypatch.setenv("FOOTNOTE_DATABASE_URL", postgres_server.address.replace("/postgres", "/to_back_up"))
    assistant = Assistant(open_index(data_dir=tmp_path / "one"))
    assistant.ingest([write_filing(tmp_path, 1), write_filing(tmp_path, 2)])
    kept, removed = assistant.filings()
    turn = turn_about(assistant, kept.id)
    share = assistant.records.share([turn])
    texts = {one.id: assistant.text(one.id) for one in (kept, removed)}

    dump = tmp_path / "library.dump"
    with dump.open("wb") as file:  # while the library is open
        subprocess.run(command(postgres_server, "pg_dump", "to_back_up"), stdout=file, check=True)
    assistant.remove(removed.id)
    assistant.records.unshare(share)
    assistant.close()

    cut = dump.read_bytes()[: dump.stat().st_size * 2 // 3]
    restore = command(postgres_server, "pg_restore", "to_back_up")
    assert subprocess.run(restore, input=cut, capture_output=True, check=False).returncode != 0
    as_it_was = Assistant(open_index(data_dir=tmp_path / "one"))
    assert [one.id for one in as_it_was.filings()] == [kept.id], "of a damaged backup nothing is put back"
    as_it_was.close()

    subprocess.run(restore, input=dump.read_bytes(), check=True)
    back = Assistant(open_index(data_dir=tmp_path / "another"))
    assert {one.id: back.text(one.id) for one in back.filings()} == texts
    shared = back.records.shared(share)
    assert shared is not None
    assert list(shared.turns) == [turn]
    assert {hit.passage.filing_id for hit in back.search("customers renew", k=50)} == set(texts)
    back.close()

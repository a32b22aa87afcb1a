"""kill -9 of a program that shares: every share that it said it had made still opens, with its filing."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.kept import SharedTurn
from tests.index.processes import forked, opened
from tests.index.standins import write_filing
from tests.rag.given_answers import turn_about

KILLS = 10


def share_on_and_on(data_dir: Path, say: Connection) -> None:
    """What the victim does: it says an id only when the share has returned, and takes every fourth one back."""
    own = Assistant(opened(data_dir))
    turns = [turn_about(own, filing.id) for filing in own.filings()]
    say.send(("open", ""))
    for number in range(100_000):
        share_id = own.records.share(turns[: 1 + number % 2])
        say.send(("shared", share_id))
        own.records.keep("ann", "c1", f"Turn {number}", turns)
        say.send(("kept", str(number)))
        if number % 4 == 3:
            say.send(("taking back", share_id))
            own.records.unshare(share_id)


def open_records(data_dir: Path, say: Connection) -> None:
    own = Assistant(opened(data_dir))
    say.recv()  # all of them start when the last one is ready
    say.send(own.records.share([SharedTurn("What?", problem="None.")]))


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    own = Assistant(opened(tmp_path / "data"))
    own.ingest([write_filing(tmp_path, 1), write_filing(tmp_path, 2)])
    own.close()
    return tmp_path / "data"


def said(hear: Connection) -> Iterator[tuple[str, str]]:
    try:
        while hear.poll(0):
            yield hear.recv()
    except EOFError:
        return


@pytest.mark.timeout(180)
def test_every_share_that_was_acknowledged_opens_after_a_kill(data_dir: Path) -> None:
    seed = int.from_bytes(os.urandom(4))
    print(f"the moments are drawn from {seed}")
    chance = random.Random(seed)  # noqa: S311
    acknowledged: set[str] = set()
    kept = -1
    for _ in range(KILLS):
        hear, say = forked.Pipe(duplex=False)
        victim = forked.Process(target=share_on_and_on, args=(data_dir, say))
        victim.start()
        say.close()
        assert hear.poll(60), "the victim hangs"
        assert hear.recv() == ("open", "")
        victim.join(chance.uniform(0.02, 0.6))
        assert victim.pid is not None
        os.kill(victim.pid, signal.SIGKILL)
        victim.join(60)
        assert victim.exitcode == -signal.SIGKILL
        for word, what in said(hear):
            if word == "shared":
                acknowledged.add(what)
            elif word == "taking back":
                acknowledged.discard(what)
            else:
                kept = int(what)

        own = Assistant(opened(data_dir))
        texts = {filing.id: own.text(filing.id) for filing in own.filings()}
        for share_id in acknowledged:
            shared = own.records.shared(share_id)
            assert shared is not None, f"{share_id} was acknowledged and is gone"
            answers = [turn.answer for turn in shared.turns if turn.answer]
            assert {one.filing.id: one.text for one in shared.kept} == {
                filing_id: texts[filing_id] for answer in answers for filing_id in answer.searched
            }
        if kept >= 0:
            (entry,) = own.records.conversations("ann")
            assert entry.title in (f"Turn {kept}", f"Turn {kept + 1}", "Turn 0")
        with own.index.library.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        own.close()
    assert len(acknowledged) > KILLS, "too few shares to tell"


@pytest.mark.timeout(120)
def test_programs_that_open_a_new_library_at_one_moment_all_have_its_tables(data_dir: Path) -> None:
    pipes = [forked.Pipe() for _ in range(4)]
    programs = [forked.Process(target=open_records, args=(data_dir, say)) for _, say in pipes]
    for program in programs:
        program.start()
    for hear, _ in pipes:
        hear.send("now")
    shares = []
    for hear, _ in pipes:
        assert hear.poll(60), "a program hangs"
        shares.append(hear.recv())
    for program in programs:
        program.join(60)
        assert program.exitcode == 0
    own = Assistant(opened(data_dir))
    assert all(own.records.shared(share_id) for share_id in shares)
    own.close()

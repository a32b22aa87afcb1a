"""kill -9 at any moment of taking filings in: each filing's text is there whole or not at all, and nothing is embedded
twice.

The kills are real, and their moments are drawn at random; a run prints what it drew from, so that it can be repeated.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from index.build import FilingIndex
from index.embed import vector_key
from tests.index.processes import forked, opened
from tests.index.standins import StandInEncoder, write_filing
from tests.index.whole import assert_chroma_is_in_step, assert_whole

KILLS = 32
AT_LEAST_MID_WRITE = 4  # of those kills; the others find the writer reading, embedding, opening or mending
MOMENTS = [
    ("started", 0.1),
    ("open", 0.25),
    ("open", 0.25),
    ("writing", 0.02),
    ("writing", 0.1),
]  # and at most how long


def take_in(data_dir: Path, paths: list[Path], say: Connection) -> None:
    """What the victim does. It says which filing it holds only when the ingest of it has returned."""
    say.send("started")
    index = opened(data_dir)
    say.send("open")
    for path in paths:
        (outcome,) = index.ingest([path]).outcomes
        assert outcome.status != "refused", outcome.problem
        say.send(outcome.filing_id)
    say.send("done")
    index.close()


def remove_again(data_dir: Path, filing_ids: list[str], say: Connection) -> None:
    say.send("started")
    index = opened(data_dir)
    say.send("open")
    for filing_id in filing_ids:
        index.remove(filing_id)
        say.send(filing_id)
    say.send("done")
    index.close()


def killed(work: object, data_dir: Path, load: object, wait_for: str, seconds: float) -> list[str]:
    """Everything that the victim said until it was killed, so many seconds after it had said a certain word.

    "writing" is what the state file says: from before the first write to Chroma until after the library's commit.
    """
    hear, say = forked.Pipe(duplex=False)
    victim = forked.Process(target=work, args=(data_dir, load, say))  # type: ignore[arg-type]
    victim.start()
    say.close()
    words: list[str] = []
    while ("open" if wait_for == "writing" else wait_for) not in words:
        assert hear.poll(60), "the victim hangs"
        words.append(hear.recv())
    while wait_for == "writing" and victim.is_alive() and not is_written(data_dir):
        time.sleep(0.0005)
    victim.join(seconds)
    assert victim.pid is not None
    if victim.is_alive():
        os.kill(victim.pid, signal.SIGKILL)
    victim.join(60)
    assert victim.exitcode in (0, -signal.SIGKILL), victim.exitcode
    words.extend(_rest(hear))
    return [word for word in words if word not in ("started", "open", "done")]


def is_written(data_dir: Path) -> bool:
    state = data_dir / "chroma" / "state.json"
    return state.is_file() and '"clean": false' in state.read_text(encoding="utf-8")


def _rest(hear: Connection) -> Iterator[str]:
    try:
        while hear.poll(0):
            yield hear.recv()
    except EOFError:
        pass


def reopened(data_dir: Path) -> tuple[FilingIndex, StandInEncoder]:
    index = opened(data_dir)
    assert isinstance(index.encoder, StandInEncoder)
    return index, index.encoder


@pytest.fixture
def chance() -> random.Random:
    seed = int(os.environ.get("KILLS_SEED", time.time_ns() % 1_000_000))
    print(f"KILLS_SEED={seed}")
    return random.Random(seed)  # noqa: S311


@pytest.mark.timeout(240)
def test_a_killed_writer_leaves_every_filing_whole_or_absent(tmp_path: Path, chance: random.Random) -> None:
    data_dir = tmp_path / "data"
    paths: list[Path] = []
    acknowledged: set[str] = set()
    kills = mid_write = 0
    # On a machine busy with other things fewer kills find it writing: then it is killed more often.
    while kills < KILLS or (mid_write < AT_LEAST_MID_WRITE and kills < 2 * KILLS):
        paths += [write_filing(tmp_path, len(paths) + number, chance.choice([20, 60, 150])) for number in range(3)]
        due = paths[-8:]
        # Twice in a row now and then: the second kill then finds the mending of what the first one left.
        for again in range(chance.choice([1, 1, 2])):
            wait_for, longest = ("started", 0.1) if again else chance.choice(MOMENTS)
            acknowledged.update(killed(take_in, data_dir, due, wait_for, chance.uniform(0, longest)))
            kills += 1
            mid_write += is_written(data_dir)
        index, encoder = reopened(data_dir)
        assert encoder.texts == [], "the repair embedded something"
        assert acknowledged <= {filing.id for filing in index.library.filings()}, "an acknowledged filing is lost"
        assert_whole(index)
        assert_chroma_is_in_step(index)
        index.close()
    print(f"{mid_write} of {kills} kills found the writer writing")
    assert mid_write >= AT_LEAST_MID_WRITE, f"only {mid_write} of {kills} kills found the writer writing"

    # Taking everything in again embeds nothing that was embedded before.
    index, encoder = reopened(data_dir)
    report = index.ingest(paths)
    assert {outcome.status for outcome in report.outcomes} <= {"added", "unchanged"}
    assert len(index.library.filings()) == len(paths)
    assert index.library.unfinished() == []
    assert_whole(index)
    before = len(encoder.texts)
    assert len(set(encoder.texts)) == before, "a text was embedded twice"
    index.ingest(paths)
    assert len(encoder.texts) == before
    index.close()


@pytest.mark.timeout(120)
def test_what_a_killed_writer_had_embedded_is_not_embedded_again(tmp_path: Path, chance: random.Random) -> None:
    data_dir = tmp_path / "data"
    path = write_filing(tmp_path, 1, 1500)
    for _ in range(4):
        killed(take_in, data_dir, [path], "open", chance.uniform(0.02, 0.2))
        index, encoder = reopened(data_dir)
        with index.library.engine.connect() as connection:
            held = {row.key for row in connection.exec_driver_sql("SELECT key FROM vectors")}
        index.embed_unfinished()
        assert not held & {vector_key(encoder.name, text) for text in encoder.texts}
        index.close()


@pytest.mark.timeout(120)
def test_a_writer_killed_while_it_removes_leaves_every_filing_whole_or_absent(
    tmp_path: Path, chance: random.Random
) -> None:
    data_dir = tmp_path / "data"
    paths = [write_filing(tmp_path, number) for number in range(10)]
    index = opened(data_dir)
    gone: set[str] = set()
    for _ in range(6):
        ids = [str(outcome.filing_id) for outcome in index.ingest(paths).outcomes]
        index.close()
        wait_for, longest = chance.choice([("open", 0.15), ("writing", 0.05)])
        gone = set(killed(remove_again, data_dir, ids, wait_for, chance.uniform(0, longest)))
        index, encoder = reopened(data_dir)
        left = {filing.id for filing in index.library.filings()}
        assert not gone & left, "what was said to be removed is there"
        assert len(left) >= len(ids) - len(gone) - 1, "more was removed than was asked for"
        assert_whole(index)
        assert_chroma_is_in_step(index)
        assert encoder.texts == []
    index.close()

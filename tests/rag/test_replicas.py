"""The measure of two replicas and a writer, for some seconds: it must find nothing wrong, and see what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.replicas import Result, Run, run
from tests.servers import PostgresServer, chroma


@pytest.mark.timeout(280)
def test_two_replicas_and_a_writer_get_nothing_wrong(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with chroma(tmp_path / "server") as server:
        monkeypatch.setenv("FOOTNOTE_DATABASE_URL", postgres_server.new_library())
        monkeypatch.setenv("FOOTNOTE_CHROMA_URL", server.address)
        result = run(seconds=8, filings=3, kill_every=5, folder=tmp_path)
    assert result.filings == 3
    assert result.killed == 1
    assert result.same > 0
    assert (result.differing, result.errors, result.half, result.lost_filings) == ([], [], [], [])
    assert (result.lost_shares, result.in_step) == (0, True)


def test_the_measure_sees_what_is_wrong(tmp_path: Path) -> None:
    wanted = {"answers": {"a": {"Why?": [True, []]}}, "texts": {"a": "text"}}
    measured = Run(tmp_path, wanted, replicas=1)
    for said in (
        {"ready": True, "at": 10.0},
        {"arrived": "a", "at": 20.0},
        {"saw": "a", "at": 25.0},
        {"checked": "a", "whole": False, "at": 25.5},
        {"asked": "a", "question": "Why?", "same": False, "got": [False, []], "at": 26.0},
        {"error": "it broke", "at": 27.0},
    ):
        measured._note(0, said)
    assert measured.seen_within() == [5.0]
    assert len(measured.result.differing) == len(measured.result.half) == len(measured.result.errors) == 1
    assert not measured.result.is_good
    assert not Result(in_step=True).is_good, "where nothing was asked, nothing is known"

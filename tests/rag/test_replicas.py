"""The measure of two replicas and a writer (evals/replicas.py) sees what is wrong."""

from __future__ import annotations

from pathlib import Path

from evals.replicas import Result, Run


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

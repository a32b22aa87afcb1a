"""The same question to the same library gives the same bytes: again, in another process, and without a network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def printed(seeded_dir: Path) -> list[bytes]:
    """Four lines: what each of two processes said twice."""
    processes = [
        subprocess.Popen(
            [sys.executable, "tests/rag/worker.py", str(seeded_dir)],
            cwd=ROOT,
            # The order of sets must not show; one thread each, as they share the processor.
            env=os.environ | {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for seed in ("1", "2")
    ]
    lines: list[bytes] = []
    for process in processes:
        out, err = process.communicate(timeout=250)
        assert process.returncode == 0, err.decode()
        lines += out.splitlines()
    return lines


def test_answers_are_the_same_bytes_twice_in_a_row_and_in_fresh_processes(printed: list[bytes]) -> None:
    assert len(printed) == 4
    assert len(set(printed)) == 1


def test_they_were_answers(printed: list[bytes]) -> None:
    said = json.loads(printed[0])
    assert [answer["answered"] for answer in said["answers"]] == [True, True, True, False, True, True]
    assert len(said["hits"]) == 10

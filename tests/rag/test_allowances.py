"""What visitors may use in a day, counted for all programs that work on a library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine

from rag.allowances import Allowances

ROOT = Path(__file__).parents[2]


def open_at(folder: Path) -> Allowances:
    return Allowances(create_engine(f"sqlite:///{folder / 'library.db'}"))


def test_what_is_within_the_limit_is_counted_and_no_more(tmp_path: Path) -> None:
    allowances = open_at(tmp_path)
    assert [allowances.take("questions of all", 1, 3) for _ in range(5)] == [True, True, True, False, False]
    assert allowances.used("questions of all") == 3
    assert allowances.take("uploads of all", 1, 3), "of another thing nothing is used"


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    assert open_at(tmp_path).take("questions of all", 2, 2)
    assert not open_at(tmp_path).take("questions of all", 1, 2)


def test_programs_at_the_same_time_never_take_more_than_there_is(tmp_path: Path) -> None:
    open_at(tmp_path).used("questions of all")
    script = (
        "from tests.rag.test_allowances import open_at; from pathlib import Path; "
        f"a = open_at(Path({str(tmp_path)!r})); print(sum(a.take('questions of all', 1, 50) for _ in range(40)))"
    )
    programs = [
        subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    taken = sum(int(program.communicate(timeout=120)[0]) for program in programs)
    assert taken == open_at(tmp_path).used("questions of all") <= 50
    assert taken > 40, "each could take some"


def test_where_it_cannot_be_counted_nothing_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_bytes(b"no database" * 1000)
    assert not open_at(tmp_path).take("questions of all", 1, 3)

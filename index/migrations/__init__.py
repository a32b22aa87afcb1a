"""How the library's database of an earlier version becomes one of this version: numbered steps, in SQL.

`0002_what_it_does.sql` brings schema 1 to schema 2, and so on; what a step says is done in one transaction. A step that
was released is never changed. Where PostgreSQL spells a step differently, `0002_what_it_does.postgresql.sql` is done
there in its place. New tables need none: they are made where they are missing. Whoever adds a step also adds
the library of the version before it to tests/index/libraries (scripts/make_old_library.py).
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

FOLDER = Path(__file__).parent
FIRST = 1  # what the tables of index/library.py were called before there was any step


def newest_schema() -> int:
    return max((number for number, _ in _steps()), default=FIRST)


def statements_after(schema: int, kind: str = "sqlite") -> list[str]:
    """The SQL that is still to be done to a database of this schema and kind, in order."""
    return [statement for number, file in _steps(kind) if number > schema for statement in _statements(file)]


def _steps(kind: str = "sqlite") -> list[tuple[int, Path]]:
    """One file a number: that of this kind of database, or else the one for every kind."""
    files = sorted(FOLDER.glob("[0-9]*.sql"), key=lambda file: len(file.suffixes))
    fitting = [file for file in files if file.suffixes in ([".sql"], [f".{kind}", ".sql"])]
    return sorted({int(file.name.partition("_")[0]): file for file in fitting}.items())


def _statements(file: Path) -> list[str]:
    """One by one: the driver's own way of running a script would end the transaction before it."""
    found: list[str] = []
    pending = ""
    for line in file.read_text(encoding="utf-8").splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    if pending.strip():
        raise ValueError(f"{file.name} ends in the middle of a statement; a semicolon is missing.")
    return found

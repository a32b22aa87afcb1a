"""The SQL database under the library, and what is particular to its kind: opening, locking, copying, complaining.

SQLite, a file in the data folder, is what there is where nothing is set. PostgreSQL (index/postgres.py) serves several
machines. Whoever reads or writes tables says the same to both.
"""

from __future__ import annotations

import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock
from sqlalchemy import Connection, Engine, Table, create_engine, event

PATIENCE = 60.0  # seconds
MOST_IDS = 500  # in one statement


class WriterLock(Protocol):
    """One writer at a time, over all programs that have the library; a thread that holds it may take it again."""

    def __enter__(self) -> object: ...
    def __exit__(self, *_error: Any) -> None: ...

    def acquire(self, timeout: float | None = None) -> AbstractContextManager[object]:
        """Held until the end of the `with`; raises filelock's Timeout where another one keeps it longer than that."""


class Database(ABC):
    """An engine, and what its kind of database does in its own way."""

    name: str  # as sentences about it call it
    kind: str  # as SQLAlchemy calls its dialect
    engine: Engine

    def reading(self) -> AbstractContextManager[Connection]:
        return self.engine.connect()

    def writing(self) -> AbstractContextManager[Connection]:
        """One transaction: all of it is kept, or none; one at a time."""
        return self.engine.begin()

    def close(self) -> None:
        self.engine.dispose()

    @abstractmethod
    def alone(self) -> AbstractContextManager[Connection]:
        """One transaction in which tables may change, and nobody else changes any meanwhile."""

    @abstractmethod
    def writer_lock(self, seconds: float) -> WriterLock: ...

    @abstractmethod
    def has_table(self, connection: Connection, table: str) -> bool: ...

    @abstractmethod
    def insert_or(self, table: Table) -> Any:
        """An insert that knows what to do where the row is there already; each database spells it in its own way."""

    @abstractmethod
    def keep_as_it_was(self, schema: int) -> None:
        """Before the steps that bring it from this schema to a newer one: a copy, for those who go back."""


class SqliteDatabase(Database):
    """A file. Readers go on while one writes."""

    kind = "sqlite"

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self.name = str(path)
        self.engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": PATIENCE})

        @event.listens_for(self.engine, "connect")
        def _set_up(connection: Any, _record: Any) -> None:
            _write_ahead(connection)  # readers go on while one writes
            connection.execute("PRAGMA synchronous=FULL")  # what was acknowledged outlives a power cut
            connection.execute("PRAGMA foreign_keys=ON")

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            # The driver would end the transaction at the first change of a table; said outright, it keeps it.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    def writer_lock(self, seconds: float) -> WriterLock:
        return FileLock(self._path.with_name("writer.lock"), timeout=seconds)

    def has_table(self, connection: Connection, table: str) -> bool:
        return connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).first() is not None

    def insert_or(self, table: Table) -> Any:
        from sqlalchemy.dialects.sqlite import insert

        return insert(table)

    def keep_as_it_was(self, schema: int) -> None:
        copy = self._path.with_name(f"{self._path.stem}-schema-{schema}{self._path.suffix}")
        begun = copy.with_suffix(".part")  # whole or not at all
        with closing(sqlite3.connect(self._path)) as source, closing(sqlite3.connect(begun)) as target:
            source.backup(target)
        begun.replace(copy)


def in_parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many ids as one statement may name."""
    for start in range(0, len(ids), MOST_IDS):
        yield ids[start : start + MOST_IDS]


def making_tables(connection: Connection) -> None:
    """Two that make the same table at one moment: the second one waits, as it does in SQLite anyhow."""
    if connection.dialect.name == "postgresql":
        from index.postgres import make_tables_alone

        make_tables_alone(connection)


def open_database(url: str, data_dir: Path) -> Database:
    """The database that FOOTNOTE_DATABASE_URL names; without one, the file in the data folder."""
    if not url:
        return SqliteDatabase(data_dir / "library.db")
    from index.postgres import PostgresDatabase  # its driver is an extra, and is imported by nobody else

    return PostgresDatabase(url)


def _write_ahead(connection: Any) -> None:
    """Switch to WAL; of several programs that open a new library at one moment all but one are told to come again."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as problem:
            # What has no rights, or no room, will not have them in a minute either.
            is_busy = problem.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or time.monotonic() > give_up:
                raise
            time.sleep(0.02)

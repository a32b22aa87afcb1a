"""The tables of the records, beside those of the library, and the numbered steps that brought them there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from index.database import Database
from index.problems import storage_problem
from rag.kept import UnusableRecords

schema = MetaData()
steps_done = Table("record_steps", schema, Column("number", Integer, primary_key=True))
# Filings that shares cite, each once, whatever becomes of it in the library.
kept_filings = Table(
    "kept_filings",
    schema,
    Column("sha256", String, primary_key=True),
    Column("filing_id", String, nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),
)
shares = Table(
    "shares",
    schema,
    Column("id", String, primary_key=True),
    Column("at", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
share_filings = Table(
    "share_filings",
    schema,
    Column("share_id", ForeignKey("shares.id"), primary_key=True),
    Column("sha256", ForeignKey("kept_filings.sha256"), primary_key=True, index=True),
)
SHARED = (shares, kept_filings)  # what a share takes room in
conversations = Table(
    "conversations",
    schema,
    Column("owner", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("title", Text, nullable=False),
    Column("at", String, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("words", Text, nullable=False),  # what it is searched by
    Column("content", LargeBinary, nullable=False),
    Index("ix_conversations_owner_at", "owner", "at"),
)
feedback = Table(
    "feedback",
    schema,
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("thumb", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
audit = Table(
    "audit",
    schema,
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("content", LargeBinary, nullable=False),
)


def _first_tables(connection: Connection) -> None:
    schema.create_all(connection, tables=[kept_filings, shares, share_filings, conversations, feedback, audit])


# Each is done once and never changed again: what a later version needs is a step more.
STEPS: tuple[Callable[[Connection], None], ...] = (_first_tables,)


class RecordDatabase:
    """The library's database, as the records use it: whole transactions, and complaints in plain sentences."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        self._database = database
        self.engine = database.engine
        self._data_dir = data_dir
        with self._plainly("The records cannot be opened"):
            _bring_up_to_date(database)

    @contextmanager
    def writing(self, failure: str) -> Iterator[Connection]:
        """One transaction: all of it is kept, or none; `failure` opens the sentence that says why not."""
        with self._plainly(failure), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self, failure: str) -> Iterator[Connection]:
        with self._plainly(failure), self.engine.connect() as connection:
            yield connection

    def insert_or(self, table: Table) -> Any:
        """An insert that knows what to do where the row is there already."""
        return self._database.insert_or(table)

    @contextmanager
    def _plainly(self, failure: str) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise UnusableRecords(f"{failure}: {storage_problem(self._data_dir, error)}.") from error


def storable(text: str) -> str:
    """The text without what no database takes: halves of characters, and zero, which ends a text in PostgreSQL."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _bring_up_to_date(database: Database) -> None:
    """Do the steps that this database has not had; one that has had them all is only read."""
    with database.reading() as connection:
        if _done(connection) == len(STEPS):
            return
    with database.alone() as connection:
        done = _done(connection)  # two programs may come at the same moment: the second one finds all done
        if done > len(STEPS):
            raise UnusableRecords(
                "The shares, conversations and the audit trail of this library were written by a later version of "
                "Footnote; use that one, or another FOOTNOTE_DATA_DIR."
            )
        if done == 0:
            steps_done.create(connection, checkfirst=True)
        for number in range(done, len(STEPS)):
            STEPS[number](connection)
            connection.execute(insert(steps_done).values(number=number + 1))


def _done(connection: Connection) -> int:
    if not inspect(connection).has_table(steps_done.name):
        return 0
    return int(connection.scalar(select(func.max(steps_done.c.number))) or 0)

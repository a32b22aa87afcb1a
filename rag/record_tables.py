"""The tables of the records, beside those of the library, and the numbered steps that brought them there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
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
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from index.problems import storage_problem
from rag.kept import UnusableRecords

LOCK = 20_477_110  # any number: it names, among PostgreSQL's advisory locks, that of whoever changes these tables

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

    def __init__(self, engine: Engine, data_dir: Path) -> None:
        self.engine = engine
        self._data_dir = data_dir
        with self._plainly("The records cannot be opened"):
            _bring_up_to_date(engine)

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
        """An insert that knows what to do where the row is there already; each database spells it in its own way."""
        return postgresql.insert(table) if self.engine.dialect.name == "postgresql" else sqlite.insert(table)

    @contextmanager
    def _plainly(self, failure: str) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise UnusableRecords(f"{failure}: {storage_problem(self._data_dir, error)}.") from error


def storable(text: str) -> str:
    """The text without what no database takes: halves of characters, and zero, which ends a text in PostgreSQL."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _bring_up_to_date(engine: Engine) -> None:
    """Do the steps that this database has not had; one that has had them all is only read."""
    with engine.connect() as connection:
        if _done(connection) == len(STEPS):
            return
    with _alone(engine) as connection:
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


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """One transaction for all the steps, and nobody else at it."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # The driver would end the transaction at the first change of a table; said outright, it keeps it.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
        yield connection
        connection.commit()

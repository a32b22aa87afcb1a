"""PostgreSQL under the library: for several machines, named by FOOTNOTE_DATABASE_URL."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from filelock import Timeout
from sqlalchemy import Connection, Engine, Table, create_engine, event, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from index.database import Database, WriterLock
from index.filing import UnusableLibrary

log = logging.getLogger(__name__)
# Advisory locks are numbers that programs agree upon; the second half names the schema, for two libraries may be in one
# database.
WRITER, TRANSACTION, TABLES = 20_477_111, 20_477_112, 20_477_110
BETWEEN_TRIES = 0.05  # seconds
CONNECT_SECONDS = 5
# A machine that goes dark in the middle of writing keeps its lock until the server notices: in a minute, not in hours.
SETTINGS = """
SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3;
SET jit = off; SET client_min_messages = warning; SET TIME ZONE 'UTC'
"""


class PostgresDatabase(Database):
    """A server. Each transaction reads one moment of the library."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        try:
            address = make_url(url)
            if address.get_backend_name() not in ("postgresql", "postgres"):
                raise UnusableLibrary("FOOTNOTE_DATABASE_URL names no PostgreSQL; write postgresql://user@host/name.")
            self.name = f"The database {address.database} on {address.host}"
            self.engine = create_engine(
                address.set(drivername="postgresql+psycopg"),
                pool_pre_ping=True,  # after a restart of the server the next question finds it again
                connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "footnote"},
            )
        except (ArgumentError, ValueError):  # without what it says: there may be a password in it
            raise UnusableLibrary("FOOTNOTE_DATABASE_URL cannot be read; write postgresql://user@host/name.") from None
        except ModuleNotFoundError as error:
            raise UnusableLibrary(
                "PostgreSQL needs its driver: pip install 'footnote-filings[postgres]', or unset FOOTNOTE_DATABASE_URL."
            ) from error
        event.listen(self.engine, "connect", _set_up)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            # All that one reader reads is of one moment; otherwise each statement would be of its own.
            yield connection.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        # As SQLite has it: so two that embed the same texts do not wait for one another in a ring.
        with self.engine.begin() as connection:
            _wait_for(connection, TRANSACTION)
            yield connection

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            _wait_for(connection, TABLES)
            yield connection

    def writer_lock(self, seconds: float) -> WriterLock:
        return AdvisoryLock(self.engine, seconds)

    def has_table(self, connection: Connection, table: str) -> bool:
        return connection.scalar(text("SELECT to_regclass(:name)"), {"name": table}) is not None

    def insert_or(self, table: Table) -> Any:
        return insert(table)

    def keep_as_it_was(self, schema: int) -> None:
        log.warning("the library is brought from schema %d to a newer one; the way back is a dump of yours", schema)


class AdvisoryLock:
    """The writer's lock, kept by the server: it ends with the connection that took it, whatever ends that."""

    def __init__(self, engine: Engine, seconds: float) -> None:
        self._engine = engine
        self._seconds = seconds
        self._mine = threading.local()  # the connection of this thread, and how often it took the lock

    def __enter__(self) -> object:
        return self.acquire().__enter__()

    def __exit__(self, *_error: Any) -> None:
        self._release()

    def acquire(self, timeout: float | None = None) -> AbstractContextManager[object]:
        depth = getattr(self._mine, "depth", 0)
        if not depth:
            self._mine.connection = self._taken(self._seconds if timeout is None else timeout)
        self._mine.depth = depth + 1
        return _Held(self._release)

    def _taken(self, seconds: float) -> Connection:
        until = time.monotonic() + seconds
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            while not connection.scalar(text(f"SELECT pg_try_advisory_lock({_key(WRITER)})")):
                if time.monotonic() >= until:
                    raise Timeout("the writer's lock of the database")
                time.sleep(BETWEEN_TRIES)
        except BaseException:
            connection.close()
            raise
        return connection

    def _release(self) -> None:
        self._mine.depth -= 1
        if self._mine.depth:
            return
        connection: Connection = self._mine.connection
        try:
            connection.execute(text(f"SELECT pg_advisory_unlock({_key(WRITER)})"))
            connection.close()
        except SQLAlchemyError:
            log.warning("the connection that held the writer's lock was lost")
            connection.invalidate()
            connection.close()


class _Held:
    def __init__(self, release: Any) -> None:
        self._release = release

    def __enter__(self) -> object:
        return self

    def __exit__(self, *_error: Any) -> None:
        self._release()


def make_tables_alone(connection: Connection) -> None:
    """Until this transaction ends nobody else makes tables: two that make the same one at once would fail."""
    _wait_for(connection, TABLES)


def _wait_for(connection: Connection, lock: int) -> None:
    connection.execute(text(f"SELECT pg_advisory_xact_lock({_key(lock)})"))


def _key(lock: int) -> str:
    return f"{lock}, hashtext(current_schema())"


def _set_up(connection: Any, _record: Any) -> None:
    from psycopg.types.string import StrDumper

    class Storable(StrDumper):
        """PostgreSQL takes no zero in a text, and nobody takes half a character: an id that has one is no id."""

        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "").encode("utf-8", "replace").decode())

    connection.adapters.register_dumper(str, Storable)
    before, connection.autocommit = connection.autocommit, True
    connection.execute(SETTINGS)
    connection.autocommit = before

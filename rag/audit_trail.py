"""The audit trail: every answer that was given, when, to which question, from which filings, and what made it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from rag.answer import Answer
from rag.kept import AuditEntry, now
from rag.packing import audit_entry_of, packed
from rag.record_settings import RecordSettings
from rag.record_tables import RecordDatabase, audit

log = logging.getLogger(__name__)
PATIENCE = 500  # milliseconds that an answer waits for another writer before its entry is put off
MOST_PUT_OFF = 1000


class AuditTrail:
    """The last so many answers of a library, in its own database; nothing of it leaves the machine."""

    def __init__(self, database: RecordDatabase, settings: RecordSettings) -> None:
        self._database = database
        self._settings = settings
        self._put_off: list[dict[str, Any]] = []
        self._writing = threading.Lock()

    def note(self, answer: Answer, scope: Sequence[str] | None, versions: dict[str, str]) -> None:
        """Write down an answer that is given; what cannot be written now is written with the next one."""
        if not self._settings.audit:
            return
        values = {"answer": answer.to_dict(), "scope": list(scope or ()), "versions": versions}
        with self._writing:
            self._put_off = [*self._put_off, {"at": now(), "content": packed(values)}][-MOST_PUT_OFF:]
            try:
                self._write_trail()
            except SQLAlchemyError as error:
                log.warning("%d entries of the audit trail are put off", len(self._put_off), exc_info=error)

    def entries(self, most: int | None = None) -> list[AuditEntry]:
        """The answers that were given, newest first, at most so many."""
        wanted = select(audit).order_by(audit.c.number.desc())
        with self._database.reading("The audit trail cannot be read") as connection:
            rows = connection.execute(wanted.limit(most) if most is not None else wanted).all()
        return [audit_entry_of(row.number, row.at, row.content) for row in rows]

    def _write_trail(self) -> None:
        with self._database.engine.begin() as connection:
            sqlite = self._database.engine.dialect.name == "sqlite"
            usual = int(connection.exec_driver_sql("PRAGMA busy_timeout").scalar() or 0) if sqlite else 0
            if sqlite:
                connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE}")
            try:
                last = connection.execute(insert(audit).returning(audit.c.number), self._put_off)
                newest = max(last.scalars())
                outdated = audit.c.number <= newest - self._settings.audit_entries
                connection.execute(delete(audit).where(outdated))
            finally:
                if sqlite:
                    connection.exec_driver_sql(f"PRAGMA busy_timeout={usual}")
        self._put_off = []

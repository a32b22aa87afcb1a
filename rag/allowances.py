"""How much visitors may have of something in a day, counted in the library's database: over restarts and replicas."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, delete, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateTable

from index.database import making_tables

log = logging.getLogger(__name__)
DAYS_KEPT = 7
allowances = Table(
    "allowances",
    MetaData(),
    Column("name", String, primary_key=True),  # 'questions of 5f0c...', 'questions of all'
    Column("day", String, primary_key=True),
    Column("used", Integer, nullable=False),
)
# Said so in both databases, SQLite and PostgreSQL.
BEGIN_TO_COUNT = text("INSERT INTO allowances VALUES (:name, :day, 0) ON CONFLICT (name, day) DO NOTHING")


class Allowances:
    """What may be used in a day and what was."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_there = False

    def take(self, name: str, amount: int, limit: int) -> bool:
        """Count it if the day's limit leaves room for it; one statement, so that no other process comes in between."""
        day = datetime.now(UTC).date()
        try:
            with self._engine.begin() as connection:
                if not self._is_there:
                    making_tables(connection)
                    connection.execute(CreateTable(allowances, if_not_exists=True))
                    oldest = (day - timedelta(days=DAYS_KEPT)).isoformat()
                    connection.execute(delete(allowances).where(allowances.c.day < oldest))
                row = {"name": name, "day": day.isoformat()}
                connection.execute(BEGIN_TO_COUNT, row)
                taken = connection.execute(
                    update(allowances)
                    .where(allowances.c.name == row["name"], allowances.c.day == row["day"])
                    .where(allowances.c.used + amount <= limit)
                    .values(used=allowances.c.used + amount)
                )
            self._is_there = True
        except SQLAlchemyError as error:
            log.warning("what visitors use cannot be counted", exc_info=error)
            return False  # a limit that cannot be watched is taken for reached
        return taken.rowcount == 1

    def used(self, name: str) -> int:
        """Of today."""
        day = datetime.now(UTC).date().isoformat()
        wanted = select(allowances.c.used).where(allowances.c.name == name, allowances.c.day == day)
        try:
            with self._engine.begin() as connection:
                making_tables(connection)
                connection.execute(CreateTable(allowances, if_not_exists=True))
                return int(connection.execute(wanted).scalar() or 0)
        except SQLAlchemyError as error:
            log.warning("what visitors used cannot be read", exc_info=error)
            return 0

"""What language models cost, counted in the library's database: so limits hold over restarts and over processes.

Before a request goes out, what it is expected to take is put aside; afterwards what it took is written in its place. So
sessions at work at the same time go over a limit by no more than one of them misjudged. A process that is killed in
between leaves what it had put aside counted: rather too much than too little, and only until the day is over.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Float,
    MetaData,
    String,
    Table,
    delete,
    select,
    text,
    update,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateTable

from index.database import making_tables
from rag.model_failures import ModelFailed
from rag.model_settings import ModelSettings

log = logging.getLogger(__name__)
DAYS_KEPT = 31
spending = Table(
    "spending",
    MetaData(),
    Column("name", String, primary_key=True),  # 'day 2026-11-21', 'session 5f0c...'
    Column("day", String, nullable=False),  # when it was first counted
    Column("tokens", BigInteger, nullable=False),
    Column("cost", Float, nullable=False),
)
# Said so in both databases, SQLite and PostgreSQL.
BEGIN_TO_COUNT = text("INSERT INTO spending VALUES (:name, :day, 0, 0) ON CONFLICT (name) DO NOTHING")


@dataclass(frozen=True)
class Spent:
    """Tokens read and written, and what they cost where a price is known."""

    tokens: int = 0
    cost: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.tokens + other.tokens, self.cost + other.cost)


NOTHING_SPENT = Spent()


class Budget:
    """What may be spent and what was, by day and by session; a limit of 0 is none."""

    def __init__(self, engine: Engine, session_tokens: int = 0, daily_tokens: int = 0) -> None:
        self._engine = engine
        self.session_tokens = session_tokens
        self.daily_tokens = daily_tokens
        self._is_there = False  # the table; made when the first model is asked, so that others write nothing

    def purse(self, session: str, settings: ModelSettings, is_ours: bool = True) -> Purse:
        """For one answer; `is_ours` is False where a visitor's own key pays, which the day's limit is not about."""
        return Purse(self, session, settings, is_ours)

    def spent(self, session: str = "") -> Spent:
        """Of a session; of none: today, over all of them."""
        name = _of_session(session) if session else _of_day(_today())
        try:
            with self._counting() as connection:
                row = connection.execute(select(spending).where(spending.c.name == name)).one_or_none()
        except SQLAlchemyError as error:
            log.warning("what was spent cannot be read", exc_info=error)
            return NOTHING_SPENT
        return Spent(row.tokens, row.cost) if row else NOTHING_SPENT

    def put_aside(self, session: str, day: str, is_ours: bool, tokens: int) -> None:
        """Count these tokens before they are used, or raise ModelFailed where a limit leaves no room for them."""
        try:
            with self._counting() as connection:
                limited = self.session_tokens, f"this session is reached ({self.session_tokens:,} tokens"
                _add(connection, _of_session(session), day, tokens, *limited, "FOOTNOTE_SESSION_TOKENS")
                if is_ours:
                    limited = self.daily_tokens, f"today is reached ({self.daily_tokens:,} tokens"
                    _add(connection, _of_day(day), day, tokens, *limited, "FOOTNOTE_DAILY_TOKENS")
        except SQLAlchemyError as error:
            log.warning("what the language model costs cannot be counted", exc_info=error)
            if self.session_tokens or self.daily_tokens:  # a limit that cannot be watched is taken for reached
                raise ModelFailed("spent", "What the language model costs cannot be counted just now.") from None

    def settle(self, session: str, day: str, is_ours: bool, put_aside: int, spent: Spent) -> None:
        """What was used in the place of what was put aside."""
        changed = {"tokens": spending.c.tokens + (spent.tokens - put_aside), "cost": spending.c.cost + spent.cost}
        names = [_of_session(session), *([_of_day(day)] if is_ours else [])]
        try:
            with self._counting() as connection:
                for name in names:  # the session's first, as it is put aside: two that wait for each other would fail
                    connection.execute(update(spending).where(spending.c.name == name).values(**changed))
                oldest = (datetime.now(UTC) - timedelta(days=DAYS_KEPT)).date().isoformat()
                connection.execute(delete(spending).where(spending.c.day < oldest))
        except SQLAlchemyError as error:
            log.warning("what the language model cost could not be counted", exc_info=error)

    @contextmanager
    def _counting(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            if not self._is_there:
                making_tables(connection)
                connection.execute(CreateTable(spending, if_not_exists=True))
            yield connection
        self._is_there = True


class Purse:
    """What one answer takes from its session and from the day."""

    def __init__(self, budget: Budget, session: str, settings: ModelSettings, is_ours: bool) -> None:
        self._budget = budget
        self._session = session
        self._settings = settings
        self._is_ours = is_ours
        self._day, self._put_aside = "", 0
        self.spent = NOTHING_SPENT

    def open(self, tokens: int) -> None:
        """Before a request; raises ModelFailed where it may not be made."""
        self._day, self._put_aside = _today(), tokens
        self._budget.put_aside(self._session, self._day, self._is_ours, tokens)

    def close(self, read: int, written: int) -> None:
        """After it, whatever came of it."""
        prices = self._settings.model_price_in, self._settings.model_price_out
        spent = Spent(read + written, (read * prices[0] + written * prices[1]) / 1_000_000)
        self._budget.settle(self._session, self._day, self._is_ours, self._put_aside, spent)
        self.spent += spent


def _add(connection: Connection, name: str, day: str, tokens: int, limit: int, reached: str, setting: str) -> None:
    """One statement looks and counts, so that no other process comes in between."""
    connection.execute(BEGIN_TO_COUNT, {"name": name, "day": day})
    adding = update(spending).where(spending.c.name == name).values(tokens=spending.c.tokens + tokens)
    if limit:
        adding = adding.where(spending.c.tokens + tokens <= limit)
    if connection.execute(adding).rowcount == 0:
        raise ModelFailed("spent", f"The limit of the language model for {reached}, {setting}).")


def _of_day(day: str) -> str:
    return f"day {day}"


def _of_session(session: str) -> str:
    return f"session {session}"


def _today() -> str:
    return datetime.now(UTC).date().isoformat()

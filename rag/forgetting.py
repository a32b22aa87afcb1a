"""What a demonstration forgets by itself, after a time and above a count: conversations, links and thumbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Table, delete, func, or_, select

from rag import record_tables as tables
from rag.record_tables import RecordDatabase


@dataclass(frozen=True)
class Bounds:
    """How long and how many."""

    days: int
    conversations: int
    links: int
    thumbs: int


def forget_old(database: RecordDatabase, bounds: Bounds, now: datetime) -> int:
    """Forget what is older than that, and the oldest of what is more; how many of all three that were.

    With a link go the texts that no other one cites. A thumb holds the answer that it is about, and is of no
    conversation: a visitor of whom nothing is kept may give one, too.
    """
    oldest = (now - timedelta(days=bounds.days)).isoformat(timespec="milliseconds")
    with database.writing("What is old could not be forgotten") as connection:
        gone = _forget(connection, tables.conversations, oldest, bounds.conversations)
        gone += _forget(connection, tables.feedback, oldest, bounds.thumbs)
        links = tables.share_filings.c.share_id
        if forgotten := _forget(connection, tables.shares, oldest, bounds.links, before_row=links):
            cited = select(tables.share_filings.c.sha256)
            connection.execute(delete(tables.kept_filings).where(tables.kept_filings.c.sha256.not_in(cited)))
    return gone + forgotten


def _forget(connection: Connection, table: Table, oldest: str, most: int, before_row: Column[str] | None = None) -> int:
    """Out of one table; `before_row` names rows of another one that point at these."""
    due = table.c.at < oldest
    # The moment of the newest one that is too many: it and those before it go. Of equal moments all go.
    newest_of_too_many = connection.scalar(select(table.c.at).order_by(table.c.at.desc()).offset(most).limit(1))
    if newest_of_too_many is not None:
        due = or_(due, table.c.at <= newest_of_too_many)
    if not connection.scalar(select(func.count()).select_from(table).where(due)):
        return 0
    if before_row is not None:
        connection.execute(delete(before_row.table).where(before_row.in_(select(table.c.id).where(due))))
    return connection.execute(delete(table).where(due)).rowcount

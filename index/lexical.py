"""Finding passages by their words: BM25 over SQLite's own full-text index, in the library's database.

It lives in the same transaction as the filing, so the two never disagree. Beside the words it knows which passages
belong to a filing's financial statements. It is derived: one of an older make is made anew from the library's passages.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Row, text

from index.database import Database
from index.filing import Passage
from index.folding import fold
from index.statements import KINDS, statements_of

# What is newer comes last, so that a program of an older make still searches the same columns.
CREATE = """
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
    passage_id UNINDEXED, filing_id UNINDEXED, heading, body, statement, scope,
    tokenize = "porter unicode61 remove_diacritics 2"
)
"""
INSERT = """
INSERT INTO words (passage_id, filing_id, heading, body, statement, scope)
VALUES (:id, :filing, :heading, :body, :statement, :scope)
"""
COLUMNS = {"passage_id", "filing_id", "heading", "body", "statement", "scope"}
WORD = re.compile(r"\w+")
# Which rows come first, and only then what they hold: to read it of each that fits would take longer than all else.
# A word in a heading counts for two.
BEST = """
SELECT passage_id, filing_id, best.score FROM (
    SELECT rowid AS place, -bm25(words, 0, 0, 2.0, 1.0, 0, 0) AS score FROM words
    WHERE words MATCH :query ORDER BY score DESC, rowid LIMIT :k
) AS best JOIN words ON words.rowid = best.place ORDER BY best.score DESC, passage_id
"""
MOST_NAMED = 64  # filings that a query names; of more, the best of all are looked through
AT_FIRST = 20  # times as many as are wanted
NO_LIMIT = -1


class WordIndex(Protocol):
    """What finds passages by their words, whichever database does."""

    def is_of_this_make(self) -> bool: ...
    def rebuild(self, filings: Callable[[], Iterable[Sequence[Passage]]]) -> None: ...
    def add(self, connection: Connection, passages: Sequence[Passage]) -> None: ...
    def remove(self, connection: Connection, filing_id: str) -> None: ...
    def count(self) -> int: ...
    def search(self, words: Sequence[str], filing_ids: Sequence[str], k: int) -> list[tuple[str, float]]: ...
    def in_statements(self, kinds: Sequence[str], filing_ids: Sequence[str]) -> dict[str, str]: ...


def open_words(database: Database) -> WordIndex:
    """The words of this library, in its own database."""
    if database.kind == "sqlite":
        return SqliteWordIndex(database)
    from index.postgres_words import PostgresWordIndex

    return PostgresWordIndex(database)


class SqliteWordIndex:
    """The words of every passage, and of every statement its passages."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.writing() as connection:
            connection.execute(text(CREATE))

    def is_of_this_make(self) -> bool:
        with self._database.reading() as connection:
            # More columns are of a newer make, which another program is using: to that this one does no harm.
            return set(connection.scalars(text("SELECT name FROM pragma_table_info('words')"))) >= COLUMNS

    def rebuild(self, filings: Callable[[], Iterable[Sequence[Passage]]]) -> None:
        """Everything anew from these passages, filing by filing, in one transaction: the old words or the new ones."""
        with self._database.alone() as connection:
            connection.execute(text("DROP TABLE IF EXISTS words"))
            connection.execute(text(CREATE))
            for passages in filings():
                self.add(connection, passages)

    def add(self, connection: Connection, passages: Sequence[Passage]) -> None:
        """All passages of a filing, in order."""
        statements = statements_of(passages)
        rows = [
            {
                "id": passage.id,
                "filing": passage.filing_id,
                "heading": fold(passage.heading),
                "body": fold(passage.text),
                "statement": _mark(statements.get(passage.id, "")),
                "scope": _scope(passage.filing_id),
            }
            for passage in passages
        ]
        if rows:
            connection.execute(text(INSERT), rows)

    def remove(self, connection: Connection, filing_id: str) -> None:
        connection.execute(text("DELETE FROM words WHERE filing_id = :filing"), {"filing": filing_id})

    def count(self) -> int:
        with self._database.reading() as connection:
            return int(connection.scalar(text("SELECT count(*) FROM words")) or 0)

    def search(self, words: Sequence[str], filing_ids: Sequence[str], k: int) -> list[tuple[str, float]]:
        """(passage id, score) of the passages with any of the words, best first; only from these filings.

        Several words in one ("gross margin") are looked for side by side.
        """
        terms = dict.fromkeys(f'"{token}"' for word in words for token in [" ".join(WORD.findall(fold(word)))] if token)
        if not terms or not filing_ids:
            return []
        query = f"{{heading body}} : ({' OR '.join(terms)})"
        if len(filing_ids) <= MOST_NAMED:
            found = self._best(f"({query}) AND {_within(filing_ids)}", k)
        else:
            found = self._best(query, AT_FIRST * k)
            if len(found) == AT_FIRST * k:  # there are more, and what is wanted may be among those
                found = _of(filing_ids, found)
                found = found if len(found) >= k else _of(filing_ids, self._best(query, NO_LIMIT))
        return [(row.passage_id, float(row.score)) for row in _of(filing_ids, found)[:k]]

    def in_statements(self, kinds: Sequence[str], filing_ids: Sequence[str]) -> dict[str, str]:
        """The passages of these filings that are part of these statements: id to kind."""
        marks = {_mark(kind): kind for kind in kinds if kind in KINDS}
        if not marks or not filing_ids:
            return {}
        query = f"statement : ({' OR '.join(marks)})"
        if len(filing_ids) <= MOST_NAMED:
            query = f"({query}) AND {_within(filing_ids)}"
        statement = text("SELECT passage_id, filing_id, statement FROM words WHERE words MATCH :query")
        with self._database.reading() as connection:
            found = connection.execute(statement, {"query": query}).all()
        return {row.passage_id: marks[row.statement] for row in _of(filing_ids, found)}

    def _best(self, query: str, k: int) -> Sequence[Row[Any]]:
        """The rows that fit best; of equal ones the first that came."""
        with self._database.reading() as connection:
            return connection.execute(text(BEST), {"query": query, "k": k}).all()


def _of(filing_ids: Sequence[str], rows: Sequence[Row[Any]]) -> list[Row[Any]]:
    wanted = set(filing_ids)
    return [row for row in rows if row.filing_id in wanted]


def _within(filing_ids: Sequence[str]) -> str:
    """A query for the passages of these filings."""
    return f"scope : ({' OR '.join(map(_scope, filing_ids))})"


def _scope(filing_id: str) -> str:
    """The filing as a word of the index, which finds its passages at once; digits alone, which no stemmer cuts."""
    return str(int.from_bytes(hashlib.blake2b(filing_id.encode("utf-8", "replace"), digest_size=8).digest(), "big"))


def _mark(kind: str) -> str:
    return f"{kind}statement" if kind else ""

"""Finding passages by their words: BM25 over SQLite's own full-text index, in the library's database.

It lives in the same transaction as the filing, so the two never disagree. Beside the words it knows which passages
belong to a filing's financial statements. It is derived: one of an older make is made anew from the library's passages.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from sqlalchemy import Connection, text

from index.database import Database
from index.filing import Passage
from index.folding import fold
from index.statements import KINDS, statements_of

# `statement` comes last, so that a program of an older make still searches the same columns.
CREATE = """
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
    passage_id UNINDEXED, filing_id UNINDEXED, heading, body, statement,
    tokenize = "porter unicode61 remove_diacritics 2"
)
"""
COLUMNS = {"passage_id", "filing_id", "heading", "body", "statement"}
WORD = re.compile(r"\w+")
HEADING_WEIGHT = 2.0


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
            return set(connection.scalars(text("SELECT name FROM pragma_table_info('words')"))) == COLUMNS

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
            }
            for passage in passages
        ]
        if rows:
            connection.execute(text("INSERT INTO words VALUES (:id, :filing, :heading, :body, :statement)"), rows)

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
        scope, parameters = _in_scope(filing_ids)
        statement = text(
            f"SELECT passage_id, -bm25(words, 0, 0, {HEADING_WEIGHT}, 1.0, 0) AS score FROM words "  # noqa: S608
            f"WHERE words MATCH :query AND {scope} ORDER BY score DESC, passage_id LIMIT :k"
        )
        with self._database.reading() as connection:
            rows = connection.execute(statement, {"query": query, "k": k} | parameters)
            return [(row.passage_id, float(row.score)) for row in rows]

    def in_statements(self, kinds: Sequence[str], filing_ids: Sequence[str]) -> dict[str, str]:
        """The passages of these filings that are part of these statements: id to kind."""
        marks = {_mark(kind): kind for kind in kinds if kind in KINDS}
        if not marks or not filing_ids:
            return {}
        scope, parameters = _in_scope(filing_ids)
        statement = text(f"SELECT passage_id, statement FROM words WHERE words MATCH :query AND {scope}")  # noqa: S608
        with self._database.reading() as connection:
            rows = connection.execute(statement, {"query": f"statement : ({' OR '.join(marks)})"} | parameters)
            return {row.passage_id: marks[row.statement] for row in rows}


def _mark(kind: str) -> str:
    return f"{kind}statement" if kind else ""


def _in_scope(filing_ids: Sequence[str]) -> tuple[str, dict[str, str]]:
    scope = {f"f{number}": filing_id for number, filing_id in enumerate(filing_ids)}
    return f"filing_id IN ({', '.join(f':{name}' for name in scope)})", scope

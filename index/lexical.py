"""Finding passages by their words: BM25 over SQLite's own full-text index, in the library's database.

It lives in the same transaction as the filing, so the two never disagree. Beside the words it knows which passages
belong to a filing's financial statements. It is derived: one of an older make is made anew from the library's passages.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Row, bindparam, text

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
# Which rows come first; what they hold is read of those that are wanted. A word in a heading counts for two.
SCORED = """
SELECT * FROM (
    SELECT rowid AS place, -bm25(words, 0, 0, 2.0, 1.0, 0, 0) AS score FROM words
    WHERE words MATCH :{query} ORDER BY score DESC, rowid LIMIT :k
)
"""
BEST = f"{SCORED.format(query='query')} ORDER BY score DESC, place"
# A passage that has of both is found twice: the higher score is the one that counts all of its words.
BEST_OF_RARE = """
SELECT place, max(score) AS score FROM (
    {rare} UNION ALL {rare_and_common}
) GROUP BY place ORDER BY score DESC, place LIMIT :k
""".format(rare=SCORED.format(query="rare"), rare_and_common=SCORED.format(query="rare_and_common"))
PLACES = text("SELECT rowid AS place, passage_id, filing_id FROM words WHERE rowid IN :places").bindparams(
    bindparam("places", expanding=True)
)
COUNTED = "SELECT count(*) FROM words WHERE words MATCH :query"
SIZE = "SELECT max(rowid) FROM words"
# What FTS5 knows of the whole index, passages and words: it is another with every change of it.
AS_IT_IS = "SELECT block FROM words_data WHERE id = 1"
MOST_NAMED = 64  # filings that a query names; of more, the best of all are looked through
AT_FIRST = 20  # times as many as are wanted
NO_LIMIT = -1
READ_AT_ONCE = 50
# In a library of more passages the common words of a question bring none of their own: BM25 would score each that has
# one. They put in order those that the rarer words bring.
SMALL = 20_000
MOST_BROUGHT = 5_000  # passages by all the rarer words together,
FEWEST_BROUGHT = 10  # unless that is less than so many times what is wanted
MOST_COUNTED = 50_000  # words of which is kept how many passages have them


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
        self._passages_with: tuple[object, dict[str, int]] = (None, {})  # of the index as it was then
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
        terms = [*dict.fromkeys(f'"{one}"' for word in words for one in [" ".join(WORD.findall(fold(word)))] if one)]
        if not terms or not filing_ids:
            return []
        with self._database.reading() as connection:
            if len(filing_ids) <= MOST_NAMED:
                query = {"query": f"({_any(terms)}) AND {_within(filing_ids)}"}
                return _read(connection, _scored(connection, BEST, query, k), filing_ids, k)
            statement, query = self._of_all(connection, terms, k)
            scored = _scored(connection, statement, query, AT_FIRST * k)
            found = _read(connection, scored, filing_ids, k)
            if len(found) < k and (len(scored) == AT_FIRST * k or query != {"query": _any(terms)}):
                # There are more, and what is wanted may be among those.
                scored = _scored(connection, BEST, {"query": _any(terms)}, NO_LIMIT)
                found = _read(connection, scored, filing_ids, k)
            return found

    def _of_all(self, connection: Connection, terms: Sequence[str], k: int) -> tuple[str, dict[str, str]]:
        """How to look for these in the whole library: in a large one only the rarer ones bring passages."""
        size = int(connection.scalar(text(SIZE)) or 0)  # or less, where filings were removed
        if size <= SMALL:
            return BEST, {"query": _any(terms)}
        counted = self._counted(connection, terms)
        rare: list[str] = []
        brought = 0
        for term in sorted(terms, key=lambda one: counted[one]):
            if brought >= FEWEST_BROUGHT * k and brought + counted[term] > MOST_BROUGHT:
                break
            rare.append(term)
            brought += counted[term]
        # What more than a quarter of all passages have weighs little in BM25, and is long to read.
        common = [term for term in terms if term not in rare and counted[term] <= size / 4]
        if not common:
            return BEST, {"query": _any(rare)}
        return BEST_OF_RARE, {"rare": _any(rare), "rare_and_common": f"({_any(rare)}) AND {_any(common)}"}

    def _counted(self, connection: Connection, terms: Sequence[str]) -> dict[str, int]:
        """How many passages of the whole library have each."""
        as_it_is = connection.scalar(text(AS_IT_IS))
        known = self._passages_with
        if known[0] != as_it_is or len(known[1]) > MOST_COUNTED:
            known = self._passages_with = (as_it_is, {})
        for term in terms:
            if term not in known[1]:
                known[1][term] = int(connection.scalar(text(COUNTED), {"query": _any([term])}) or 0)
        return {term: known[1][term] for term in terms}

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


def _scored(connection: Connection, statement: str, query: dict[str, str], most: int) -> Sequence[Row[Any]]:
    """Where in the index those passages stand that fit best, best first; of equal ones the first that came."""
    return connection.execute(text(statement), query | {"k": most}).all()


def _read(
    connection: Connection, scored: Sequence[Row[Any]], filing_ids: Sequence[str], k: int
) -> list[tuple[str, float]]:
    """(passage id, score) of the k best that are of these filings; of equal ones by their id."""
    wanted = set(filing_ids)
    found: list[tuple[str, float]] = []
    for start in range(0, len(scored), READ_AT_ONCE):
        part = scored[start : start + READ_AT_ONCE]
        # Read on as long as there may be one as good as the last that is wanted.
        if len(found) >= k and part[0].score < sorted(score for _, score in found)[-k]:
            break
        held = connection.execute(PLACES, {"places": [row.place for row in part]})
        of_place = {row.place: row.passage_id for row in held if row.filing_id in wanted}
        found += [(of_place[row.place], float(row.score)) for row in part if row.place in of_place]
    return sorted(found, key=lambda row: (-row[1], row[0]))[:k]


def _any(terms: Sequence[str]) -> str:
    """A query for the passages with one of these words, in their heading or in their text."""
    return f"{{heading body}} : ({' OR '.join(terms)})"


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

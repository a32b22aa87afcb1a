"""Finding passages by their words: BM25 over SQLite's own full-text index, in the library's database.

It lives in the same transaction as the filing, so the two never disagree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, text

from index.filing import Passage
from index.folding import fold

CREATE = """
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
    passage_id UNINDEXED, filing_id UNINDEXED, heading, body, tokenize = "porter unicode61 remove_diacritics 2"
)
"""
WORD = re.compile(r"\w+")
HEADING_WEIGHT = 2.0


class WordIndex:
    """The words of every passage."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with engine.begin() as connection:
            connection.execute(text(CREATE))

    def add(self, connection: Connection, passages: Sequence[Passage]) -> None:
        rows = [
            {
                "id": passage.id,
                "filing": passage.filing_id,
                "heading": fold(passage.heading),
                "body": fold(passage.text),
            }
            for passage in passages
        ]
        connection.execute(text("INSERT INTO words VALUES (:id, :filing, :heading, :body)"), rows)

    def remove(self, connection: Connection, filing_id: str) -> None:
        connection.execute(text("DELETE FROM words WHERE filing_id = :filing"), {"filing": filing_id})

    def search(self, words: Sequence[str], filing_ids: Sequence[str], k: int) -> list[tuple[str, float]]:
        """(passage id, score) of the passages with any of the words, best first; only from these filings."""
        terms = [f'"{token}"' for word in words for token in [" ".join(WORD.findall(fold(word)))] if token]
        if not terms or not filing_ids:
            return []
        scope = {f"f{number}": filing_id for number, filing_id in enumerate(filing_ids)}
        statement = text(
            f"SELECT passage_id, -bm25(words, 0, 0, {HEADING_WEIGHT}, 1.0) AS score FROM words "  # noqa: S608
            f"WHERE words MATCH :query AND filing_id IN ({', '.join(f':{name}' for name in scope)}) "
            "ORDER BY score DESC, passage_id LIMIT :k"
        )
        with self._engine.connect() as connection:
            rows = connection.execute(statement, {"query": " OR ".join(terms), "k": k} | scope)
            return [(row.passage_id, float(row.score)) for row in rows]

"""Finding passages by their words in PostgreSQL: its full-text index finds them, BM25 puts them in order.

PostgreSQL's own ranks know nothing of how rare a word is in the library. So they are computed here, in the same way in
which SQLite's FTS5 does, over words of the same stem (Porter's): both databases find the same passages.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, text

from index.database import Database
from index.filing import Passage
from index.folding import fold
from index.statements import KINDS, statements_of

WORD = re.compile(r"[^\W_]+")
HEADING_WEIGHT = 2.0
K1, B = 1.2, 0.75
LEAST_IDF = 1e-6  # of what stands in more than half of all passages
# Words that bring so many passages with them are enough: the commoner ones of a question only put these in order.
MOST_CANDIDATES = 5_000
LONGEST_WORD = 200  # letters; a longer one is no word, and PostgreSQL keeps none above 2 KB
CREATE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_ts_dict WHERE dictname = 'footnote_stem' AND pg_ts_dict_is_visible(oid)) THEN
        CREATE TEXT SEARCH DICTIONARY footnote_stem (TEMPLATE = snowball, LANGUAGE = porter);
        CREATE TEXT SEARCH CONFIGURATION footnote (PARSER = default);
        ALTER TEXT SEARCH CONFIGURATION footnote ADD MAPPING
            FOR asciiword, word, numword, int, uint, float, sfloat, version WITH footnote_stem;
    END IF;
END $$;
CREATE TABLE IF NOT EXISTS words (
    passage_id TEXT COLLATE "C" PRIMARY KEY, filing_id TEXT COLLATE "C" NOT NULL, statement TEXT NOT NULL,
    length INTEGER NOT NULL, words TSVECTOR NOT NULL
);
CREATE INDEX IF NOT EXISTS ix_words_words ON words USING GIN (words) WITH (fastupdate = off);
CREATE INDEX IF NOT EXISTS ix_words_filing_id ON words (filing_id);
CREATE TABLE IF NOT EXISTS words_in_all (passages BIGINT NOT NULL, length BIGINT NOT NULL);
INSERT INTO words_in_all SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM words_in_all);
"""
INSERT = """
INSERT INTO words SELECT :id, :filing, :statement, :length,
    setweight(to_tsvector('footnote', :heading), 'A') || to_tsvector('footnote', :body)
"""
COUNTED = "UPDATE words_in_all SET passages = passages + :passages, length = length + :length"
# Words by themselves are scored where they are: to fetch the places of all of them takes twice as long.
SCORED = """
SELECT words.passage_id, sum(asked.idf * counted.times * (:k1 + 1)
    / (counted.times + :k1 * (1 - :b + :b * words.length / CAST(:usual AS float8)))) AS score
FROM words, unnest(words.words) AS found
JOIN unnest(CAST(:lexemes AS text[]), CAST(:idf AS float8[])) AS asked(lexeme, idf) ON asked.lexeme = found.lexeme,
LATERAL (SELECT cardinality(found.positions)
    + (:heading - 1) * cardinality(array_positions(found.weights, 'A')) AS times) AS counted
WHERE words.words @@ CAST(:query AS tsquery) AND words.filing_id = ANY(:scope) GROUP BY words.passage_id
"""
PLACES = """
SELECT words.passage_id, words.length, found.lexeme, found.positions, found.weights
FROM words, unnest(words.words) AS found
WHERE words.words @@ CAST(:query AS tsquery) AND words.filing_id = ANY(:scope) AND found.lexeme = ANY(:lexemes)
"""
PASSAGES_WITH = """
SELECT asked.number, count(*) AS passages
FROM unnest(CAST(:queries AS tsquery[])) WITH ORDINALITY AS asked(query, number)
JOIN words ON words.words @@ asked.query GROUP BY asked.number
"""
Phrase = tuple[str, ...]  # stems, side by side
Found = dict[str, tuple[int, dict[str, list[tuple[int, str]]]]]  # a passage: its length, and where its stems stand


class PostgresWordIndex:
    """The words of every passage, and of every statement its passages."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stems: dict[str, str] = {}
        self._passages_with: dict[Phrase, int] = {}
        self._as_of = (0, 0)  # the library that this was counted in
        with database.alone() as connection:
            if not database.has_table(connection, "words_in_all"):
                connection.exec_driver_sql(CREATE)

    def is_of_this_make(self) -> bool:
        return True

    def rebuild(self, filings: Callable[[], Iterable[Sequence[Passage]]]) -> None:
        """Everything anew from these passages, filing by filing, in one transaction: the old words or the new ones."""
        with self._database.alone() as connection:
            connection.execute(text("DELETE FROM words"))
            connection.execute(text("UPDATE words_in_all SET passages = 0, length = 0"))
            for passages in filings():
                self.add(connection, passages)

    def add(self, connection: Connection, passages: Sequence[Passage]) -> None:
        """All passages of a filing, in order."""
        statements = statements_of(passages)
        rows = []
        for passage in passages:
            heading, body = _words(passage.heading), _words(passage.text)
            statement = statements.get(passage.id, "")
            row = {"id": passage.id, "filing": passage.filing_id, "statement": statement}
            # FTS5 holds what statement a passage is part of as a word more.
            length = len(heading) + len(body) + bool(statement) + 1  # the word that names the filing, in SQLite
            spelt = {"heading": " ".join(heading), "body": " ".join(body), "length": length}
            rows.append(row | spelt)
        if rows:
            connection.execute(text(INSERT), rows)
            length = sum(int(str(row["length"])) for row in rows)
            connection.execute(text(COUNTED), {"passages": len(rows), "length": length})

    def remove(self, connection: Connection, filing_id: str) -> None:
        gone = connection.execute(text("DELETE FROM words WHERE filing_id = :f RETURNING length"), {"f": filing_id})
        lengths = list(gone.scalars())
        connection.execute(text(COUNTED), {"passages": -len(lengths), "length": -sum(lengths)})

    def count(self) -> int:
        with self._database.reading() as connection:
            return int(connection.scalar(text("SELECT count(*) FROM words")) or 0)

    def in_statements(self, kinds: Sequence[str], filing_ids: Sequence[str]) -> dict[str, str]:
        """The passages of these filings that are part of these statements: id to kind."""
        known = [kind for kind in kinds if kind in KINDS]
        if not known or not filing_ids:
            return {}
        wanted = "SELECT passage_id, statement FROM words WHERE statement = ANY(:kinds) AND filing_id = ANY(:scope)"
        with self._database.reading() as connection:
            rows = connection.execute(text(wanted), {"kinds": known, "scope": list(filing_ids)})
            return {row.passage_id: row.statement for row in rows}

    def search(self, words: Sequence[str], filing_ids: Sequence[str], k: int) -> list[tuple[str, float]]:
        """(passage id, score) of the passages with any of the words, best first; only from these filings.

        Several words in one ("gross margin") are looked for side by side.
        """
        spelt = [_words(word) for word in words]
        if not any(spelt) or not filing_ids:
            return []
        with self._database.reading() as connection:
            stems = self._stemmed(connection, {token for tokens in spelt for token in tokens})
            phrases = list(dict.fromkeys(tuple(stems[token] for token in tokens) for tokens in spelt if tokens))
            passages, length = connection.execute(text("SELECT passages, length FROM words_in_all")).one()
            if not passages:
                return []
            idf = self._idf(connection, phrases, (passages, length))
            scores = self._of_words(connection, phrases, idf, filing_ids, length / passages)
            for passage_id, score in self._of_phrases(connection, phrases, idf, filing_ids, length / passages):
                scores[passage_id] = scores.get(passage_id, 0.0) + score
        return sorted(scores.items(), key=lambda row: (-row[1], row[0]))[:k]

    def _of_words(
        self,
        connection: Connection,
        phrases: list[Phrase],
        idf: dict[Phrase, float],
        filing_ids: Sequence[str],
        usual: float,
    ) -> dict[str, float]:
        alone = {phrase[0]: idf[phrase] for phrase in phrases if len(phrase) == 1}
        if not alone:
            return {}
        asked: dict[str, Any] = {"query": _query(self._rare_enough(phrases, idf)), "scope": list(filing_ids)}
        asked |= {"lexemes": list(alone), "idf": list(alone.values())}
        asked |= {"k1": K1, "b": B, "usual": usual, "heading": HEADING_WEIGHT}
        return {row.passage_id: float(row.score) for row in connection.execute(text(SCORED), asked)}

    def _of_phrases(
        self,
        connection: Connection,
        phrases: list[Phrase],
        idf: dict[Phrase, float],
        filing_ids: Sequence[str],
        usual: float,
    ) -> list[tuple[str, float]]:
        """Words side by side: PostgreSQL finds the passages that have them, and how often is counted here."""
        together = [phrase for phrase in phrases if len(phrase) > 1]
        if not together:
            return []
        asked = {"query": _query(together), "scope": list(filing_ids)}
        rows = connection.execute(
            text(PLACES), asked | {"lexemes": list({one for phrase in together for one in phrase})}
        )
        found: Found = {}
        for passage_id, own_length, lexeme, positions, weights in rows:
            found.setdefault(passage_id, (own_length, {}))[1][lexeme] = list(zip(positions, weights, strict=True))
        return _scores(found, together, idf, usual)

    def _stemmed(self, connection: Connection, tokens: set[str]) -> dict[str, str]:
        unknown = [token for token in tokens if token not in self._stems]
        if unknown:
            wanted = "SELECT token, (ts_lexize('footnote_stem', token))[1] FROM unnest(:tokens) AS token"
            rows = connection.execute(text(wanted), {"tokens": unknown}).all()
            if len(self._stems) > 100_000:
                self._stems = {}
            self._stems |= {token: stem or token for token, stem in rows}
        return {token: self._stems[token] for token in tokens}

    def _idf(self, connection: Connection, phrases: list[Phrase], library: tuple[int, int]) -> dict[Phrase, float]:
        """What each phrase is worth: the fewer passages of the whole library have it, the more."""
        if self._as_of != library or len(self._passages_with) > 100_000:
            self._as_of, self._passages_with = library, {}
        known = self._passages_with
        unknown = [phrase for phrase in phrases if phrase not in known]
        if unknown:
            asked = {"queries": [_query([phrase]) for phrase in unknown]}
            rows = connection.execute(text(PASSAGES_WITH), asked).all()
            counted = {row.number - 1: row.passages for row in rows}
            known |= {phrase: counted.get(number, 0) for number, phrase in enumerate(unknown)}
        worth = {}
        for phrase in phrases:
            rarity = (library[0] - known[phrase] + 0.5) / (known[phrase] + 0.5)
            worth[phrase] = max(math.log(rarity), LEAST_IDF) if rarity > 0 else LEAST_IDF
        return worth

    def _rare_enough(self, phrases: list[Phrase], idf: dict[Phrase, float]) -> list[Phrase]:
        """The rarest phrases, until they bring enough passages with them; at least one."""
        chosen: list[Phrase] = []
        brought = 0
        for phrase in sorted(phrases, key=lambda one: -idf[one]):
            if chosen and brought and brought + self._passages_with.get(phrase, 0) > MOST_CANDIDATES:
                break
            chosen.append(phrase)
            brought += self._passages_with.get(phrase, 0)
        return chosen


def _words(words: str) -> list[str]:
    """As FTS5 takes a text apart: letters and figures, without marks on the letters."""
    plain = "".join(one for one in unicodedata.normalize("NFD", fold(words)) if not unicodedata.combining(one))
    return [word[:LONGEST_WORD] for word in WORD.findall(plain)]


def _query(phrases: Iterable[Phrase]) -> str:
    """Letters and figures alone, so that nothing in it needs escaping."""
    return " | ".join(" <-> ".join(f"'{stem}'" for stem in phrase) for phrase in phrases)


def _scores(
    found: Found,
    phrases: list[Phrase],
    idf: dict[Phrase, float],
    usual_length: float,
) -> list[tuple[str, float]]:
    """BM25, as FTS5 has it: a word in the heading counts as two."""
    scored = []
    for passage_id, (length, places) in found.items():
        score = 0.0
        for phrase in phrases:
            if any(stem not in places for stem in phrase):
                continue
            times = _times(phrase, places)
            if times:
                score += idf[phrase] * times * (K1 + 1) / (times + K1 * (1 - B + B * length / usual_length))
        if score > 0:
            scored.append((passage_id, score))
    return scored


def _times(phrase: Phrase, places: dict[str, list[tuple[int, str]]]) -> float:
    """How often the words stand side by side, in the heading or in the text, and never over the end of it."""
    starts = places[phrase[0]]
    if len(phrase) > 1:
        later = [set(places[stem]) for stem in phrase[1:]]
        starts = [
            (place, weight)
            for place, weight in starts
            if all((place + step, weight) in stems for step, stems in enumerate(later, 1))
        ]
    return sum(HEADING_WEIGHT if weight == "A" else 1.0 for _, weight in starts)

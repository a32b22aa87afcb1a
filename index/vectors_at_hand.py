"""The library's own vectors, filing by filing: exact answers for a few filings, and for all while Chroma is away.

What is asked once is asked again, by the next question or by the same one in other words. So the vectors of the filings
that were asked lately stay in memory, up to a limit, for as long as the library stays as it is.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import select

from index.database import MOST_IDS, Database, in_parts
from index.filing import Vectors
from index.tables import passages, vectors

MOST_BYTES = 64_000_000  # 40,000 passages of the usual 384 numbers
NONE: Vectors = np.empty((0, 0), np.float32)


class Placed(NamedTuple):
    """Passages, and the vector of each."""

    ids: list[str]
    rows: Vectors


class VectorsAtHand:
    """Reads the vectors of whole filings and of single passages."""

    def __init__(self, database: Database, most_bytes: int = MOST_BYTES) -> None:
        self._database = database
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, Placed] = OrderedDict()  # by filing; what was asked for last comes last
        self._bytes = 0
        self._generation = -1
        self._lock = Lock()

    def of_filing(self, filing_id: str, generation: int) -> Placed:
        """The vectors of a finished filing, in a library of this generation."""
        with self._lock:
            if generation != self._generation:
                self._kept.clear()
                self._bytes, self._generation = 0, generation
            if filing_id in self._kept:
                self._kept.move_to_end(filing_id)
                return self._kept[filing_id]
        read = self.as_they_come(filing_id)
        with self._lock:
            if generation == self._generation and filing_id not in self._kept:
                self._kept[filing_id] = read
                self._bytes += read.rows.nbytes
                while self._bytes > self._most_bytes:
                    self._bytes -= self._kept.popitem(last=False)[1].rows.nbytes
        return read

    def as_they_come(self, filing_id: str) -> Placed:
        """The vectors of a filing that is still being embedded: those that there are by now."""
        return self._read([passages.c.filing_id == filing_id])

    def of_passages(self, passage_ids: Sequence[str]) -> Placed:
        """The vectors of those passages that the library holds."""
        return self._read(passages.c.id.in_(part) for part in in_parts(passage_ids))

    def _read(self, conditions: Iterable[Any]) -> Placed:
        wanted = select(passages.c.id, vectors.c.vector).join(vectors, vectors.c.key == passages.c.vector_key)
        with self._database.reading() as connection:
            found = [row for condition in conditions for row in connection.execute(wanted.where(condition))]
        numbers = np.frombuffer(b"".join(row.vector for row in found), dtype=np.float32)
        return Placed([row.id for row in found], numbers.reshape(len(found), -1) if found else NONE)


def nearest_of(placed: Iterable[Placed], vector: Vectors, k: int) -> list[tuple[str, float]]:
    """(passage id, cosine) of the k nearest, best first.

    Each cosine is summed up by itself, so that it is the same to the last digit whichever passages stand beside it.
    """
    best: dict[str, float] = {}  # a filing that is finished just now may come from Chroma and from the library
    for ids, rows in placed:
        if ids:
            best |= zip(ids, map(float, np.einsum("ij,j->i", rows, vector)), strict=True)
        if len(best) > 10 * k + MOST_IDS:
            best = dict(_first(best, k))
    return _first(best, k)


def _first(found: dict[str, float], k: int) -> list[tuple[str, float]]:
    return sorted(found.items(), key=lambda row: (-round(row[1], 6), row[0]))[:k]

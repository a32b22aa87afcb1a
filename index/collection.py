"""What the embedded Chroma and a Chroma server have in common: how a collection is filled, and what is known of it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.filing import Passage, Vectors

if TYPE_CHECKING:  # importing it takes a second, and not everything that opens a library searches it
    import chromadb

BATCH = 300  # Chroma Cloud's limit for one write; embedded Chroma takes more
APART = 1e-4  # how far equal vectors are set apart, of a length of 1; cosines change by a few millionths


class StoreError(RuntimeError):
    """Chroma failed; the library still holds everything, and the store can be made anew."""


class StoreGone(StoreError):
    """Chroma does not answer, or refuses: nothing is known to be wrong with what it holds. As half a sentence."""


class StoreShut(StoreGone):
    """The server is there, and lets nobody in: no waiting helps, somebody must be told."""


@dataclass(frozen=True)
class StoreState:
    """What a store says of itself."""

    folder: str = ""  # or the collection's id
    generation: int = -1  # of the library, when the last writer ended
    clean: bool = True  # False while a writer is at work, and after one was killed
    model: str = ""


class Store(Protocol):
    """The vectors of every passage of one library, wherever Chroma runs."""

    @property
    def is_gone(self) -> bool:
        """It did not answer a moment ago: there is no use in asking, or in mending it."""

    @property
    def far_away(self) -> bool:
        """To make it anew takes longer than a reader should wait."""

    def state(self) -> StoreState: ...
    def fits(self, generation: int) -> bool: ...
    def begin(self) -> None: ...
    def finish(self, generation: int) -> None: ...
    def query(self, vector: Vectors, filing_ids: Sequence[str] | None, k: int) -> list[str]: ...
    def count(self) -> int: ...
    def close(self) -> None: ...
    def add(self, passages: Sequence[Passage], vectors: Vectors) -> None: ...
    def remove(self, filing_id: str) -> None: ...
    def rebuild(self, rows: Iterable[tuple[str, str, Vectors]], generation: int) -> None: ...


def configuration() -> Any:
    return {"hnsw": {"space": "cosine", "ef_search": 200}}


def fill(collection: chromadb.Collection, rows: Iterable[tuple[str, str, Vectors]]) -> None:
    """Add these (id, filing id, vector), as many at once as may be."""
    batch: list[tuple[str, str, Vectors]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            _add(collection, batch)
            batch = []
    if batch:
        _add(collection, batch)


def _add(collection: chromadb.Collection, batch: list[tuple[str, str, Vectors]]) -> None:
    collection.add(
        ids=[passage_id for passage_id, _, _ in batch],
        embeddings=np.stack([_apart(passage_id, vector) for passage_id, _, vector in batch]),
        metadatas=[{"filing_id": filing_id} for _, filing_id, _ in batch],
    )


def _apart(passage_id: str, vector: Vectors) -> Vectors:
    """The vector, moved by next to nothing, which is always the same for one passage.

    Hundreds of equal vectors ("None." under one item in every filing) tear Chroma's graph: with 500 it missed the
    nearest passages of other filings in a third of the queries that were tried, and once they lay apart in none.
    """
    noise = np.random.default_rng(zlib.crc32(passage_id.encode())).standard_normal(len(vector))
    moved: Vectors = (vector + APART * noise / np.linalg.norm(noise)).astype(np.float32)
    return moved


@contextmanager
def as_store_error() -> Iterator[None]:
    """Chroma's many kinds of failure as one."""
    try:
        yield
    except StoreError:
        raise
    except BaseException as error:
        # From its own errors to AttributeErrors after a failed start; a panic of its Rust core is no Exception at all.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise StoreError(str(error)) from error
        raise

"""Finding passages by meaning, come what may: Chroma, kept in step with the library, and the library where it fails.

The half of the conductor that looks after Chroma: index/build.py decides what goes in, this sees to it that nothing of
it is lost or told twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from threading import Event, Thread

import numpy as np
from filelock import Timeout
from sqlalchemy.exc import SQLAlchemyError

from index.collection import Store, StoreError, StoreGone, StoreShut, StoreState
from index.database import WriterLock
from index.filing import Passage, Vectors
from index.kept_vectors import KeptVectors
from index.library import Library
from index.vectors_at_hand import VectorsAtHand, nearest_of

log = logging.getLogger(__name__)
# In a scope of no more passages all their vectors are compared: exactly, and sooner than Chroma finds them by filing.
MOST_COMPARED = 5_000


class MeaningIndex:
    """The vectors of the library's finished filings, in Chroma; of the unfinished ones, those that there are."""

    def __init__(self, library: Library, kept: KeptVectors, store: Store, writer: WriterLock) -> None:
        self._library = library
        self._kept = kept
        self.store = store
        self._writer = writer
        self._at_hand = VectorsAtHand(library.database)
        self._passages: tuple[int, dict[str, int]] = (-1, {})
        self._mending = Event()

    def nearest(self, vector: Vectors, filing_ids: Sequence[str], k: int) -> list[tuple[str, float]]:
        """(passage id, cosine) of the nearest passages of these filings.

        Cosines are those of the library's own vectors: so the order is the same whether Chroma was asked or not.
        """
        unfinished = set(self._library.unfinished())
        finished = [filing_id for filing_id in dict.fromkeys(filing_ids) if filing_id not in unfinished]
        generation, passages = self._counted()
        in_scope = sum(passages.get(filing_id, 0) for filing_id in finished)
        in_store = sum(passages.values()) - sum(passages.get(filing_id, 0) for filing_id in unfinished)
        found = None
        # Chroma goes through its graph without looking at filings, and finds those of a few of them by looking at all.
        if finished and (in_scope > MOST_COMPARED or in_scope == in_store):
            found = self._in_chroma(vector, finished if in_scope < in_store else None, k, min(k, in_scope))
        placed = [] if found is None else [self._at_hand.of_passages(found)]
        one_by_one = finished if found is None else ()
        ready = (self._at_hand.of_filing(filing_id, generation) for filing_id in one_by_one)
        coming = (self._at_hand.as_they_come(one) for one in filing_ids if one in unfinished)
        return nearest_of(chain(placed, ready, coming), vector, k)

    def _in_chroma(self, vector: Vectors, scope: Sequence[str] | None, k: int, fewest: int) -> list[str] | None:
        """Some more than the nearest k; nothing at all where Chroma can't be relied upon."""
        state = self.store.state()
        if self.is_whole():
            try:
                found = self.store.query(vector, scope, k)
                # Its search is approximate, and may find fewer than there are.
                if len(found) >= fewest:
                    return found
            except StoreGone:
                log.info("Chroma does not answer: the library is searched")
            except StoreError as error:
                log.warning("Chroma failed and is made anew", exc_info=error)
                self._mend(state)
        else:
            self._mend(state)
        return None

    def _counted(self) -> tuple[int, dict[str, int]]:
        """The library's generation, and the passages of each filing as of then: counted once for each generation."""
        generation = self._library.generation()  # first: what comes meanwhile is counted anew next time
        known = self._passages
        if known[0] != generation:
            known = self._passages = (generation, self._library.passages_of_each())
        return known

    # Changes ----------------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One writer at a time, over all processes; what a killed one left behind is mended first."""
        with self._writer:
            self._rebuild_if_needed()
            try:
                yield
            except BaseException:
                self._mend_after_failure()
                raise

    def begin(self) -> None:
        """Before the first change: should this writer be killed, the next one knows."""
        try:
            self.store.begin()
        except StoreGone:
            # The library goes ahead of it, and that shows: once the server is back it is filled anew.
            log.warning("Chroma does not answer: it will be filled when it does")

    def add(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """The library has the vectors already, so a server that is away keeps no filing from being finished."""
        try:
            self.store.add(passages, vectors)
        except StoreShut:
            raise
        except StoreGone:
            log.warning("Chroma does not answer: it will be filled when it does")

    def remove(self, filing_id: str) -> None:
        """The library has let it go already: what Chroma can't do now is mended later."""
        try:
            self.store.remove(filing_id)
        except StoreError:
            self._mend_after_failure()
        else:
            self.finish()

    def finish(self) -> None:
        """The library has the change, so it is done: where Chroma can't be brought up to it, that is mended later."""
        try:
            self.store.finish(self._library.generation())
        except (StoreError, OSError, SQLAlchemyError) as error:
            log.warning("the index will be mended at the next start", exc_info=error)

    # Staying whole ----------------------------------------------------------------------------------------------------

    def repair_what_shows(self) -> None:
        """Repair what is known to be broken without opening Chroma, which takes a second; a search sees the rest."""
        if not self.store.fits(self._library.generation()):
            self.repair()

    def repair(self) -> None:
        """Make Chroma anew from the library where it does not hold the same filings; nothing is embedded."""
        state = self.store.state()
        if not self.is_whole():
            self._mend(state)

    def is_whole(self) -> bool:
        """Whether Chroma is as the last writer left it, and nothing has been lost from it since."""
        if not self.store.fits(self._library.generation()):
            return False
        try:
            unfinished = self._library.unfinished()
            _, passages = self._counted()
            pending = sum(passages.get(filing_id, 0) for filing_id in unfinished)
            return self.store.count() == sum(passages.values()) - pending
        except StoreGone:
            return False
        except StoreError as error:
            log.warning("Chroma does not open", exc_info=error)
            return False

    def _mend(self, broken: StoreState) -> None:
        """Make the store anew, unless a writer is at work or somebody else has mended what was found broken."""
        if self.store.is_gone or self._mending.is_set():
            return
        if self.store.far_away:  # the library answers meanwhile
            self._mending.set()
            Thread(target=self._mend_now, args=(broken,), name="filling Chroma", daemon=True).start()
        else:
            self._mend_now(broken)

    def _mend_now(self, broken: StoreState) -> None:
        try:
            with self._writer.acquire(timeout=0):
                if self.store.state() == broken:
                    self.store.rebuild(self._rows(), self._library.generation())
        except Timeout:
            log.info("a writer is at work: the index is left to it")
        except (StoreError, OSError, SQLAlchemyError) as error:
            log.warning("the index could not be made anew", exc_info=error)
        finally:
            self._mending.clear()

    def rebuild(self) -> None:
        """Chroma anew, whatever state it is in."""
        with self._writer:
            self.store.rebuild(self._rows(), self._library.generation())

    def _rebuild_if_needed(self) -> None:
        if not self.is_whole():
            try:
                self.store.rebuild(self._rows(), self._library.generation())
            except StoreGone:
                log.warning("Chroma does not answer: it will be filled when it does")

    def _mend_after_failure(self) -> None:
        try:
            self._rebuild_if_needed()
        except (StoreError, OSError, SQLAlchemyError) as error:
            log.warning("the index will be mended at the next start", exc_info=error)

    def _rows(self) -> Iterator[tuple[str, str, Vectors]]:
        """(passage id, filing id, vector) of everything that Chroma should hold."""
        unfinished = set(self._library.unfinished())
        listed = [row for row in self._library.passage_keys().items() if row[1][0] not in unfinished]
        for start in range(0, len(listed), 1000):
            part = listed[start : start + 1000]
            vectors = self._kept.of(key for _, (_, key) in part)
            for passage_id, (filing_id, key) in part:
                yield passage_id, filing_id, np.asarray(vectors[key])

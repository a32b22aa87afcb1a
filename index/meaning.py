"""Finding passages by meaning, come what may: Chroma, kept in step with the library, and the library where it fails.

The half of the conductor that looks after Chroma: index/build.py decides what goes in, this sees to it that nothing of
it is lost or told twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

import numpy as np
from filelock import Timeout
from sqlalchemy.exc import SQLAlchemyError

from index.collection import Store, StoreError, StoreGone, StoreState
from index.database import WriterLock
from index.filing import Passage, Vectors
from index.library import Library

log = logging.getLogger(__name__)


class MeaningIndex:
    """The vectors of the library's finished filings, in Chroma; of the unfinished ones, those that there are."""

    def __init__(self, library: Library, store: Store, writer: WriterLock) -> None:
        self._library = library
        self.store = store
        self._writer = writer
        self._mending = Event()

    def nearest(self, vector: Vectors, filing_ids: Sequence[str], k: int) -> list[tuple[str, float]]:
        """(passage id, cosine) of the nearest passages of these filings."""
        unfinished = set(self._library.unfinished())
        finished = [filing_id for filing_id in filing_ids if filing_id not in unfinished]
        found = self._in_chroma(vector, finished, k)
        scope = set(filing_ids) if found is None else set(filing_ids) & unfinished
        keys = self._library.vector_keys(found or ())
        if scope:
            rows = self._library.passage_keys().items()
            keys |= {passage_id: key for passage_id, (filing_id, key) in rows if filing_id in scope}
        return self._by_cosine(vector, keys, k)

    def _in_chroma(self, vector: Vectors, filing_ids: Sequence[str], k: int) -> list[str] | None:
        """Some more than the nearest k; nothing at all where Chroma can't be relied upon."""
        state = self.store.state()
        if self.is_whole():
            try:
                in_scope = self._library.count_passages(filing_ids)
                # Where everything is in scope, Chroma finds it seven times as fast without being told.
                scope = None if in_scope == self.store.count() else filing_ids
                found = self.store.query(vector, scope, k) if filing_ids else []
                # Its search is approximate, and may find fewer than there are.
                if len(found) >= min(k, in_scope):
                    return found
            except StoreGone:
                log.info("Chroma does not answer: the library is searched")
            except StoreError as error:
                log.warning("Chroma failed and is made anew", exc_info=error)
                self._mend(state)
        else:
            self._mend(state)
        return None

    def _by_cosine(self, vector: Vectors, keys: dict[str, str], k: int) -> list[tuple[str, float]]:
        """Best first, from the library's own vectors: so the order is the same whether Chroma was asked or not."""
        held = self._library.vectors(keys.values())
        cosines = [(passage_id, float(held[key] @ vector)) for passage_id, key in keys.items() if key in held]
        return sorted(cosines, key=lambda row: (-round(row[1], 6), row[0]))[:k]

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
        self.store.add(passages, vectors)

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
            pending = self._library.count_passages(unfinished) if unfinished else 0
            return self.store.count() == self._library.count_passages() - pending
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
            vectors = self._library.vectors(key for _, (_, key) in part)
            for passage_id, (filing_id, key) in part:
                yield passage_id, filing_id, np.asarray(vectors[key])

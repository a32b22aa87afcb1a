"""Finding passages by their meaning: Chroma on a server, or Chroma Cloud, for several machines.

As the embedded one it is derived from the library and treated so. What is known of it stands in the metadata of its
collection, so that it is lost with it and never outlives it. Where the server does not answer the library does; it is
asked again some seconds later, and where it comes back without what it held, it is filled anew from the library.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from index.chroma_address import CLOUD, ChromaAddress, open_client
from index.collection import StoreError, StoreGone, StoreShut, StoreState, configuration, fill
from index.filing import Passage, UnusableLibrary, Vectors

if TYPE_CHECKING:
    import chromadb

log = logging.getLogger(__name__)
OVERFETCH = 4  # neighbours are approximate, and may belong to a filing being written
# Chroma Cloud's quotas; that of 300 records a write is kept everywhere (index/collection.py).
MOST_RESULTS = 300
MOST_PREDICATES = 8
MOST_QUERIES = 8  # for one search; a scope of more filings than these can name is searched in the library
LONGEST_ID = 128  # bytes
LONGEST_VALUE = 256  # bytes, in the metadata of a collection
REST = 3.0  # seconds that one which failed is left alone
Made = TypeVar("Made")


class RemoteStore:
    """The vectors of every passage, in a collection of one library on a server."""

    far_away = True

    def __init__(self, address: ChromaAddress, model: str, library: str) -> None:
        parts = urlsplit(address.url or CLOUD)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UnusableLibrary("FOOTNOTE_CHROMA_URL cannot be read; write http://host:8000 or https://host.")
        self._address = address
        self._model = model.encode()[:LONGEST_VALUE].decode(errors="ignore")
        self._name = f"footnote-{library}"
        self._lock = RLock()
        self._client: Any = None
        self._collection: chromadb.Collection | None = None
        self._known = StoreState()  # as of when this process last looked
        self._left_alone_until = 0.0
        self._last_failure = StoreGone("")  # told again as long as it is left alone

    # State ------------------------------------------------------------------------------------------------------------

    @property
    def is_gone(self) -> bool:
        return time.monotonic() < self._left_alone_until

    def state(self) -> StoreState:
        """As the server has it now; nothing where it has none, or does not answer."""
        try:
            with self._asking():
                return self._look()
        except StoreError:
            return StoreState()

    def fits(self, generation: int) -> bool:
        """Whether the store holds the library as of that generation, with vectors of this model.

        What once fitted a generation does as long as that one lasts, so it is not asked for with every search.
        """
        return self._is_of(self._known, generation) or self._is_of(self.state(), generation)

    def _is_of(self, state: StoreState, generation: int) -> bool:
        return bool(state.folder) and state.clean and (state.generation, state.model) == (generation, self._model)

    def begin(self) -> None:
        """A writer starts: should it be killed, the store is known to be unfinished."""
        self._say(clean=False)

    def finish(self, generation: int) -> None:
        """A writer is done, and the library with it."""
        self._say(clean=True, generation=generation)

    # Reading ----------------------------------------------------------------------------------------------------------

    def query(self, vector: Vectors, filing_ids: Sequence[str] | None, k: int) -> list[str]:
        """The ids of some more than the k nearest passages of these filings (None: of all), nearest group by group."""
        if (filing_ids is not None and not filing_ids) or k < 1:
            return []
        scopes: list[Any] = [None]
        if filing_ids is not None:
            at_once = MOST_PREDICATES if self._address.key else len(filing_ids)
            groups = [list(filing_ids[start : start + at_once]) for start in range(0, len(filing_ids), at_once)]
            scopes = [{"filing_id": group[0] if len(group) == 1 else {"$in": group}} for group in groups]
        if len(scopes) > MOST_QUERIES:
            return []
        found: list[str] = []
        for scope in scopes:
            asked: dict[str, Any] = {
                "query_embeddings": [vector.tolist()],
                "n_results": min(k * OVERFETCH, MOST_RESULTS),
                "where": scope,
                "include": ["metadatas"],
            }
            answer = self._ask(lambda collection, asked=asked: collection.query(**asked))  # type: ignore[misc]
            rows = zip(answer["ids"][0], (answer["metadatas"] or [[]])[0], strict=True)
            found += [_passage_id(stored, str(metadata["filing_id"])) for stored, metadata in rows]
        return found

    def count(self) -> int:
        return int(self._ask(lambda collection: collection.count()))

    def close(self) -> None:
        with self._lock:
            client, self._client, self._collection, self._known = self._client, None, None, StoreState()
            if client is not None:
                client.close()

    # Writing ----------------------------------------------------------------------------------------------------------

    def add(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        rows = [
            (_stored_id(passage.id, passage.filing_id), passage.filing_id, vector)
            for passage, vector in zip(passages, vectors, strict=True)
        ]
        self._ask(lambda collection: fill(collection, rows))

    def remove(self, filing_id: str) -> None:
        self._ask(lambda collection: collection.delete(where={"filing_id": filing_id}))

    def rebuild(self, rows: Iterable[tuple[str, str, Vectors]], generation: int) -> None:
        """A new collection with exactly these (passage id, filing id, vector), put in the place of the old one."""
        with self._asking():
            client, begun = self._open(), f"{self._name}-begun"
            self._delete(begun)  # what a killed one left
            made = client.create_collection(
                begun, embedding_function=None, metadata={"clean": False}, configuration=configuration()
            )
            fill(made, ((_stored_id(one, filing_id), filing_id, vector) for one, filing_id, vector in rows))
            made.modify(metadata={"generation": generation, "clean": True, "model": self._model})
            self._delete(self._name)
            made.modify(name=self._name)
            self._look()

    def _delete(self, name: str) -> None:
        try:
            self._open().delete_collection(name)
        except Exception as error:
            if not _is_missing(error):
                raise

    # Asking the server ------------------------------------------------------------------------------------------------

    def _ask(self, question: Callable[[chromadb.Collection], Made]) -> Made:
        """Ask the collection; another program may have put a new one in its place, then that one."""
        with self._asking():
            collection = self._collection
            if collection is not None:
                try:
                    return question(collection)
                except Exception as error:
                    if not _is_missing(error):
                        raise
            self._look()
            if self._collection is None:
                raise StoreError(f"There is no store of vectors of this library on {self._address.host}.")
            return question(self._collection)

    def _look(self) -> StoreState:
        try:
            collection = self._open().get_collection(self._name, embedding_function=None)
        except Exception as error:
            if not _is_missing(error):
                raise
            self._collection, self._known = None, StoreState()
            return self._known
        # Its client would build, and so run, whatever embedding function a stranger's collection names.
        named = (collection.configuration_json or {}).get("embedding_function") or {}
        if named.get("type") == "known":
            raise StoreError(f"The collection {self._name} on {self._address.host} was not made by Footnote.")
        said = collection.metadata or {}
        generation, clean, model = said.get("generation", -1), said.get("clean", False), said.get("model", "")
        self._collection = collection
        self._known = StoreState(str(collection.id), int(str(generation)), bool(clean), str(model))
        return self._known

    def _say(self, **changes: Any) -> None:
        with self._asking():
            self._look()
            if self._collection is None:
                raise StoreError(f"There is no store of vectors of this library on {self._address.host}.")
            state = replace(self._known, **changes)
            said = {key: value for key, value in asdict(state).items() if key != "folder"}
            self._known = StoreState()  # until it is said, nobody knows
            self._collection.modify(metadata=said)
            self._known = state

    def _open(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = open_client(self._address)
            return self._client

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """What keeps the server from answering is no sign of damage: it is left alone for a while."""
        if self.is_gone:
            raise type(self._last_failure)(str(self._last_failure))
        try:
            yield
        except StoreError:
            raise
        except Exception as error:
            if _is_missing(error):
                raise StoreError(str(error)) from error
            self._left_alone_until = time.monotonic() + REST
            refused = type(error).__name__ in ("ChromaAuthError", "AuthorizationError") or "Permission" in str(error)
            what = "lets nobody in; check FOOTNOTE_CHROMA_API_KEY" if refused else "does not answer as it should"
            log.warning("the Chroma server %s %s: %s", self._address.host, what, type(error).__name__)
            kind = StoreShut if refused else StoreGone
            self._last_failure = kind(f"the Chroma server {self._address.host} {what}")
            raise self._last_failure from error


def _is_missing(error: Exception) -> bool:
    return type(error).__name__ == "NotFoundError"


def _stored_id(passage_id: str, filing_id: str) -> str:
    """The passage's id, where it is short enough; Chroma Cloud takes 128 bytes, and letters may be four each."""
    if len(passage_id.encode()) <= LONGEST_ID:
        return passage_id
    return f"{hashlib.sha256(filing_id.encode()).hexdigest()}:{passage_id.rpartition(':')[2]}"


def _passage_id(stored: str, filing_id: str) -> str:
    return f"{filing_id}:{stored.rpartition(':')[2]}"

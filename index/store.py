"""Finding passages by their meaning: Chroma, embedded.

Chroma is derived from the library and treated so: embedded Chroma has no lock between processes, does not see what
another process added, and after a kill may not open again (docs/storage.md). A small state file beside it says which
folder is the live one, up to which generation of the library it is complete, and whether a writer is at work. Where
that does not add up the folder is made anew from the library's vectors, which takes no embedding.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

from index.collection import StoreError, StoreState, as_store_error, configuration, fill
from index.filing import Passage, Vectors
from index.stored_code import names_code

if TYPE_CHECKING:  # importing it takes a second, and not everything that opens a library searches it
    import chromadb
    from chromadb.api.client import Client

COLLECTION = "passages"
DATABASE = "chroma.sqlite3"  # in each of its folders
OVERFETCH = 4  # neighbours are approximate and may belong to a filing being written: ask for more than is needed
MOST_RESULTS = 30_000  # Chroma refuses more: "too many SQL variables"

LIVE_FOLDER = re.compile(r"chroma-(\d+)")


class _Opened:
    """What this process has open of one root, for all its stores: Chroma shows a second client what the first saw."""

    def __init__(self) -> None:
        self.lock = RLock()
        self.client: Client | None = None
        self.collection: chromadb.Collection | None = None
        self.counted: tuple[object, int] = (None, 0)  # a print of its database, and what was counted in it
        self.state = StoreState()
        self.last_number = 0  # Chroma never forgets a folder that failed to open: no number comes twice


_opened: dict[Path, _Opened] = {}
_constructing = RLock()  # chromadb.PersistentClient is not safe to construct in two threads at once


class PassageStore:
    """The vectors of every passage, in a Chroma collection in the data folder."""

    is_gone = False  # it is part of this process
    far_away = False

    def __init__(self, root: Path, model: str) -> None:
        self._root = root
        self._model = model
        root.mkdir(parents=True, exist_ok=True)
        with _constructing:
            self._opened = _opened.setdefault(root.resolve(), _Opened())
        self._lock = self._opened.lock

    # State ------------------------------------------------------------------------------------------------------------

    def state(self) -> StoreState:
        """Damaged in whatever way, it says nothing, and the store is made anew."""
        try:
            state = StoreState(**json.loads((self._root / "state.json").read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return StoreState()
        return state if LIVE_FOLDER.fullmatch(str(state.folder)) else StoreState()

    def fits(self, generation: int) -> bool:
        """Whether the store holds the library as of that generation, with vectors of this model."""
        state = self.state()
        return bool(state.folder) and state.clean and (state.generation, state.model) == (generation, self._model)

    def begin(self) -> None:
        """A writer starts: should it be killed, the store is known to be unfinished."""
        self._write_state(replace(self.state(), clean=False))

    def finish(self, generation: int) -> None:
        """A writer is done, and the library with it."""
        state = replace(self.state(), clean=True, generation=generation)
        with self._lock:
            self._write_state(state)
            self._opened.state = state

    # Reading ----------------------------------------------------------------------------------------------------------

    def query(self, vector: Vectors, filing_ids: Sequence[str] | None, k: int) -> list[str]:
        """The ids of some more than the k nearest passages of these filings (None: of all), nearest first."""
        if (filing_ids is not None and not filing_ids) or k < 1:
            return []
        wanted = min(k * OVERFETCH, MOST_RESULTS)
        where: Any = None
        if filing_ids is not None:
            where = {"filing_id": filing_ids[0] if len(filing_ids) == 1 else {"$in": list(filing_ids)}}
        with self._lock, as_store_error():
            found = self._collection().query(
                query_embeddings=[vector.tolist()], n_results=wanted, where=where, include=[]
            )
        return found["ids"][0]

    def count(self) -> int:
        """How many vectors it holds; counted anew once its database has changed, whoever changed it."""
        with self._lock, as_store_error():
            collection = self._collection()
            as_it_is = self._print_of_database()
            if self._opened.counted[0] != as_it_is:
                self._opened.counted = (as_it_is, int(collection.count()))
            return self._opened.counted[1]

    def _print_of_database(self) -> object:
        """What changes with every change of Chroma's database: SQLite counts them in its file's first page."""
        path = self._root / self._opened.state.folder / DATABASE
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            return str(path), about.st_ino, about.st_size, about.st_mtime_ns, file.read(28)

    def close(self) -> None:
        with self._lock:
            client, self._opened.client, self._opened.collection = self._opened.client, None, None
            if client is not None:
                client.close()

    # Writing ----------------------------------------------------------------------------------------------------------

    def add(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        rows = [(passage.id, passage.filing_id, vector) for passage, vector in zip(passages, vectors, strict=True)]
        with self._lock, as_store_error():
            fill(self._collection(), rows)

    def remove(self, filing_id: str) -> None:
        with self._lock, as_store_error():
            self._collection().delete(where={"filing_id": filing_id})

    def rebuild(self, rows: Iterable[tuple[str, str, Vectors]], generation: int) -> None:
        """A new folder with exactly these (passage id, filing id, vector), put in the place of the old one."""
        with self._lock, as_store_error():
            self.close()
            self._root.mkdir(parents=True, exist_ok=True)
            # A number that no folder has: another process may still read the older ones.
            names = [self.state().folder, *(path.name for path in self._root.iterdir())]
            numbers = [int(found.group(1)) for found in map(LIVE_FOLDER.fullmatch, names) if found]
            self._opened.last_number = max(self._opened.last_number, *numbers, 0) + 1
            folder = f"chroma-{self._opened.last_number}"
            try:
                self._build(folder, rows)
                self._write_state(StoreState(folder, generation, True, self._model))
            finally:  # of the old folder and the new one, that which is not live
                live = self.state().folder
                for path in self._root.iterdir():
                    if LIVE_FOLDER.fullmatch(path.name) and path.name != live:
                        shutil.rmtree(path, ignore_errors=True)

    def _build(self, folder: str, rows: Iterable[tuple[str, str, Vectors]]) -> None:
        client = _open_client(self._root / folder)
        try:
            collection = client.create_collection(
                COLLECTION,
                embedding_function=None,
                metadata={"model": self._model},
                configuration=configuration(),
            )
            fill(collection, rows)
        finally:
            client.close()

    def _collection(self) -> chromadb.Collection:
        """The live collection; opened again when another process has written since."""
        state, opened = self.state(), self._opened
        stale = (state.folder, state.generation) != (opened.state.folder, opened.state.generation)
        if not state.folder or not (self._root / state.folder / DATABASE).is_file():
            # Chroma would make an empty one, or go on in files that nobody sees any more.
            self.close()
            raise StoreError(f"There is no store of vectors in {self._root}.")
        if opened.client is None or stale:
            self.close()
            if names_code(self._root / state.folder):
                raise StoreError(f"{self._root / state.folder} names code to be run, and was not made by Footnote.")
            opened.client = _open_client(self._root / state.folder)
            opened.state = state
        if opened.collection is None:
            opened.collection = opened.client.get_collection(COLLECTION, embedding_function=None)
        return opened.collection

    def _write_state(self, state: StoreState) -> None:
        beside = self._root / "state.json.new"  # only one writer is at work
        with beside.open("w", encoding="utf-8") as file:
            json.dump(asdict(state), file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._root / "state.json")


def _open_client(folder: Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    with _constructing:
        # _env_file: a .env that lies where Footnote was started is not Chroma's to read.
        settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]
        # The annotation promises less than what is returned: only the class itself has close().
        return cast("Client", chromadb.PersistentClient(str(folder), settings=settings))

"""A Chroma folder that somebody else made may name code to be run; nothing that Footnote does with one runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import chromadb
import numpy as np
import pytest
from chromadb.utils.embedding_functions.sentence_transformer_embedding_function import (
    SentenceTransformerEmbeddingFunction,
)

from index.collection import StoreError
from index.filing import Passage
from index.store import PassageStore
from tests.index.processes import opened
from tests.index.standins import StandInEncoder, write_filing
from tests.index.whole import assert_chroma_is_in_step

HOSTILE = {
    "model_name": "/nowhere/evil",
    "device": "cpu",
    "normalize_embeddings": False,
    "kwargs": {"trust_remote_code": True},
}
ROWS = [(f"p{number}", "f", np.eye(8, dtype=np.float32)[number]) for number in range(4)]


@pytest.fixture
def constructed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was made of the embedding function that a folder names."""
    seen: list[Any] = []

    def construct(self: object, *arguments: object, **named: object) -> None:
        seen.append((arguments, named))
        raise AssertionError("a stored embedding function was constructed")

    monkeypatch.setattr(SentenceTransformerEmbeddingFunction, "__init__", construct)
    monkeypatch.setattr(
        SentenceTransformerEmbeddingFunction,
        "build_from_config",
        staticmethod(lambda config: construct(None, config)),
    )
    return seen


def poisoned(root: Path) -> PassageStore:
    """A store whose collection says that a model with code of its own belongs to it."""
    store = PassageStore(root, "a model")
    store.rebuild(ROWS, 1)
    store.close()
    client = chromadb.PersistentClient(str(root / store.state().folder))
    client.delete_collection("passages")
    # Made without its constructor, which would load the model: all that is wanted of it is what it writes down.
    named = SentenceTransformerEmbeddingFunction.__new__(SentenceTransformerEmbeddingFunction)
    vars(named).update(HOSTILE)
    with pytest.MonkeyPatch.context() as patch:  # Chroma tries whether it can be made again
        patch.setattr(SentenceTransformerEmbeddingFunction, "build_from_config", staticmethod(lambda _config: named))
        evil = client.create_collection("passages", embedding_function=cast("Any", named))
        evil.add(ids=[row[0] for row in ROWS], embeddings=np.stack([row[2] for row in ROWS]))
    client.close()  # type: ignore[attr-defined]
    return store


def test_the_folder_is_poisonous(tmp_path: Path, constructed: list[Any]) -> None:
    """Chroma itself would do it: else the test below could not fail."""
    store = poisoned(tmp_path / "chroma")
    client = chromadb.PersistentClient(str(tmp_path / "chroma" / store.state().folder))
    collection = client.get_collection("passages", embedding_function=None)
    collection.upsert(ids=["x"], embeddings=np.ones((1, 8), dtype=np.float32))
    assert constructed


def test_nothing_that_footnote_does_constructs_it(tmp_path: Path, constructed: list[Any]) -> None:
    store = poisoned(tmp_path / "chroma")
    vector = np.eye(8, dtype=np.float32)[0]
    passage = Passage(id="new", filing_id="g", item="1", heading="", text="x", start=0, end=1, page=None, order=0)
    for work in (
        store.count,
        lambda: store.query(vector, None, 2),
        lambda: store.query(vector, ["f"], 2),
        lambda: store.add([passage], vector[np.newaxis]),
        lambda: store.remove("f"),
    ):
        with pytest.raises(StoreError, match="names code"):
            work()
    store.rebuild(ROWS, 2)  # what the library does about a store that fails
    assert store.query(vector, None, 1)[0] == "p0"
    store.close()
    assert constructed == []


def test_a_library_whose_chroma_was_exchanged_answers_all_the_same(tmp_path: Path, constructed: list[Any]) -> None:
    index = opened(tmp_path / "data")
    (outcome,) = index.ingest([write_filing(tmp_path, 1)]).outcomes
    state = index.store.state()
    index.close()
    store = poisoned(tmp_path / "evil")
    live = tmp_path / "data" / "chroma" / state.folder
    live.rename(tmp_path / "away")
    (tmp_path / "evil" / store.state().folder).rename(live)
    index = opened(tmp_path / "data")
    found = index.nearest(StandInEncoder().encode(["renew"])[0], [str(outcome.filing_id)], 3)
    assert len(found) == 3
    index.repair()
    assert_chroma_is_in_step(index)
    index.close()
    assert constructed == []

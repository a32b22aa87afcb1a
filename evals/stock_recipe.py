"""The stock LangChain recipe, to measure against: RecursiveCharacterTextSplitter 1000/200, MiniLM, Chroma, no more.

What a tutorial builds in twenty lines: each text in pieces of a thousand characters, their vectors in Chroma, and the
question embedded as it stands. langchain-huggingface and langchain-chroma are no dependencies of Footnote; what their
HuggingFaceEmbeddings and Chroma.from_documents call is called here with the arguments that they pass: encode as it is
(32 texts at once, 32-bit numbers), each piece stored with its text under a random id.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import chromadb
import numpy as np
from chromadb.config import Settings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from index.filing import Vectors
from index.tokens import model_folder

if TYPE_CHECKING:
    from chromadb.api.client import Client

Embed = Callable[[list[str]], Vectors]


def bare_encode() -> Embed:
    """SentenceTransformer.encode as it comes; the model is loaded here."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(model_folder()), device="cpu", local_files_only=True)
    return lambda texts: np.asarray(model.encode(texts, show_progress_bar=False))


class StockRecipe:
    """Documents by their pages in, the pages of the nearest pieces out."""

    def __init__(self, embed: Embed, folder: Path | None = None) -> None:
        self._embed = embed
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]
        opened = chromadb.PersistentClient(str(folder), settings) if folder else chromadb.EphemeralClient(settings)
        self._client = cast("Client", opened)  # only the class itself has close()

    def add(self, collection: str, pages: Sequence[str]) -> list[str]:
        """A document, page by page, page numbers counted from 1; the pieces that it gave."""
        pieces = [(page, piece) for page, text in enumerate(pages, 1) for piece in self._splitter.split_text(text)]
        texts = [piece for _, piece in pieces]
        self.add_pieces(collection, texts, [{"page": page} for page, _ in pieces])
        return texts

    def add_pieces(self, collection: str, pieces: list[str], metadata: Sequence[Mapping[str, str | int]]) -> None:
        """Embedded and stored as they are."""
        stored = self._client.get_or_create_collection(collection, embedding_function=None)
        at_once = self._client.get_max_batch_size()
        for start in range(0, len(pieces), at_once):
            part = pieces[start : start + at_once]
            stored.upsert(
                ids=[str(uuid4()) for _ in part],
                embeddings=self._embed(part).tolist(),
                metadatas=list(metadata[start : start + at_once]),
                documents=part,
            )

    def search(self, collection: str, question: str, k: int, where: dict[str, Any] | None = None) -> list[int]:
        """The pages of the k nearest pieces, best first."""
        found = self._client.get_collection(collection, embedding_function=None).query(
            query_embeddings=self._embed([question]).tolist(),
            n_results=k,
            where=where,
            include=["metadatas", "documents", "distances"],
        )
        return [int(str(metadata["page"])) for metadata in (found["metadatas"] or [[]])[0]]

    def close(self) -> None:
        self._client.close()

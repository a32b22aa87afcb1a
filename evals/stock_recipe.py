"""The stock LangChain recipe, to measure against: RecursiveCharacterTextSplitter 1000/200, MiniLM, Chroma, no more.

What a tutorial builds in twenty lines: each page in pieces of a thousand characters, their vectors in Chroma, and the
question embedded as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence

import chromadb
from chromadb.config import Settings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from index.embed import SentenceEncoder

AT_ONCE = 256  # pieces


class StockRecipe:
    """Documents by their pages in, the pages of the nearest pieces out."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder
        self._splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]
        self._client = chromadb.EphemeralClient(settings)

    def add(self, name: str, pages: Sequence[str]) -> None:
        """A document, page by page; page numbers count from 1."""
        collection = self._client.create_collection(name, embedding_function=None)
        pieces = [(page, piece) for page, text in enumerate(pages, 1) for piece in self._splitter.split_text(text)]
        pieces.sort(key=lambda row: len(row[1]))  # like lengths together: less padding, and the same vectors
        for start in range(0, len(pieces), AT_ONCE):
            part = pieces[start : start + AT_ONCE]
            collection.add(
                ids=[str(number) for number in range(start, start + len(part))],
                embeddings=self._encoder.encode([piece for _, piece in part]),
                metadatas=[{"page": page} for page, _ in part],
            )

    def search(self, name: str, question: str, k: int) -> list[int]:
        """The pages of the k nearest pieces, best first."""
        collection = self._client.get_collection(name, embedding_function=None)
        found = collection.query(
            query_embeddings=self._encoder.encode([question]),
            n_results=min(k, collection.count()),
            include=["metadatas"],
        )
        return [int(str(metadata["page"])) for metadata in (found["metadatas"] or [[]])[0]]

"""The conductor's half that sees to it that one model embeds a library: which it is, and what is done with another's.

Vectors of one model mean nothing to another: a question would find anything.
"""

from __future__ import annotations

from pathlib import Path

from index.embed import Encoder, SentenceEncoder, vector_key
from index.filing import EmbeddingsFailed, UnusableLibrary, Vectors
from index.kept_vectors import KeptVectors
from index.library import Library
from index.remote_embed import RemoteEncoder
from index.settings import IndexSettings

ANY_TEXT = "What does the company sell?"


def encoder_of(settings: IndexSettings) -> Encoder:
    """The embedding model that these settings name: the one that ships, one in a folder, one behind an endpoint."""
    if not settings.embedding_base_url:
        folder = Path(settings.embedding_model) if settings.embedding_model else None
        return SentenceEncoder(folder, settings.embed_batch)
    if not settings.embedding_model:
        raise UnusableLibrary(
            "FOOTNOTE_EMBEDDING_BASE_URL names an endpoint; name the model there in FOOTNOTE_EMBEDDING_MODEL."
        )
    key = settings.embedding_api_key.get_secret_value()
    work = settings.embed_batch, settings.embedding_requests, settings.embedding_seconds
    return RemoteEncoder(settings.embedding_model, settings.embedding_base_url, key, *work)


class EmbeddingModel:
    """The model of one library, as the library knows it and as it is set."""

    def __init__(self, library: Library, kept: KeptVectors, encoder: Encoder, data_dir: Path) -> None:
        self._library = library
        self._kept = kept
        self._encoder = encoder
        self._data_dir = data_dir

    def must_be_the_librarys(self, of_the_store: str) -> None:
        """`of_the_store`: what the store of vectors says of its model, for libraries that do not say it themselves."""
        first = self._library.first_passage()
        if first and first[1] != vector_key(self._encoder.name, first[0].embedded_text):
            known = self._kept.made_by()
            other = known[0] if known else of_the_store
            raise UnusableLibrary(
                f"The filings in {self._data_dir} were embedded with {other or 'another model'}, and now "
                f"{self._encoder.name} is set; set FOOTNOTE_EMBEDDING_MODEL back, or embed them anew with "
                "`footnote rebuild`."
            )

    def must_be_as_long(self, made: dict[str, Vectors]) -> None:
        """An endpoint may change its model behind one name; what can be seen of that is the number of dimensions."""
        if not made:
            return
        dimensions, known = len(next(iter(made.values()))), self._known_dimensions()
        if known not in (None, dimensions):
            raise EmbeddingsFailed(
                f"The filings were embedded with vectors of {known} dimensions, and {self._encoder.name} now gives "
                f"{dimensions}: put the first model back, or run `footnote rebuild`."
            )

    def note(self, made: dict[str, Vectors]) -> None:
        """Before the first vectors of filings are kept: whose they are."""
        self.must_be_as_long(made)
        if made:
            self._kept.note_model(self._encoder.name, len(next(iter(made.values()))))

    def takes_over(self) -> None:
        """All filings are to be embedded with this model; vectors that it has made before are kept.

        In one transaction: killed before its end, the library is of the old model; after it, the rest is made up. And
        nothing is touched before the new model has given a vector.
        """
        dimensions = len(self._encoder.encode([ANY_TEXT])[0])
        keys: dict[str, str] = {}
        for filing in self._library.filings():
            for passage in self._library.passages(filing.id):
                keys[passage.id] = vector_key(self._encoder.name, passage.embedded_text)
        with self._library.writing() as connection:
            self._library.embed_anew(connection, keys, dimensions)
        self._kept.note_model(self._encoder.name, dimensions)

    def _known_dimensions(self) -> int | None:
        known = self._kept.made_by()
        if known and known[0] == self._encoder.name:
            return known[1]
        first = self._library.first_passage()  # another's vectors are never held under a key of this one
        held = self._kept.of([first[1]]) if first else {}
        return len(next(iter(held.values()))) if held else None

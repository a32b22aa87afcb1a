"""The conductor's part that copies a library's filings into another one, which then goes its own way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from index.build import FilingIndex
from index.sentences import sentences
from index.settings import IndexSettings


def copied(source: FilingIndex, folder: Path) -> FilingIndex:
    """A library in this folder with the filings of another one; what was embedded there is not embedded again."""
    # In the folder and nowhere else, whichever servers the source lies on.
    nowhere: dict[str, Any] = dict.fromkeys(("database_url", "chroma_url", "chroma_api_key"), "")
    settings = IndexSettings(data_dir=folder, embedding_model=source.settings.embedding_model, **nowhere)
    target = FilingIndex(settings, source.encoder)
    for listed in source.library.filings():
        filing = source.library.filing(listed.id)
        passages = source.library.passages(listed.id)
        keys = source.library.vector_keys(passage.id for passage in passages)
        of_sentences = (source.key_of(text) for passage in passages for text in sentences(passage.text))
        target.kept_vectors.keep(source.kept_vectors.of([*keys.values(), *of_sentences]))
        target.add_read(filing, source.library.sections(listed.id), passages)
    target.embed_unfinished()
    return target

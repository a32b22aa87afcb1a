"""Meaning as vectors: texts in, unit vectors out. The model is loaded at the first use, for loading takes seconds."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.filing import UnusableLibrary, Vectors
from index.light_model import LightModel
from index.tokens import model_folder

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SHIPPED_MODEL = "all-MiniLM-L6-v2"
BULK = 16  # from so many texts on, speed counts more than the last digit; fewer do without torch
AT_ONCE = 64  # texts between two saves and two words of progress: after a kill no more is embedded again


class Encoder(Protocol):
    """Anything that turns texts into unit vectors."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: list[str]) -> Vectors: ...


class SentenceEncoder:
    """A sentence-transformers model on this machine's processor; a few texts go through its light twin, if any."""

    def __init__(self, folder: Path | None = None, batch_size: int = 16) -> None:
        self._folder = folder or model_folder()
        self._batch_size = batch_size
        self._model: SentenceTransformer | None = None
        self._light: LightModel | None = None
        self._loading = Lock()
        self._has_light = folder is None  # another model may be of any make
        self.name = _name_of(folder) if folder else SHIPPED_MODEL

    @property
    def ready(self) -> bool:
        """Whether a question can be embedded at once."""
        return (self._light if self._has_light else self._model) is not None

    def warm_up(self) -> None:
        """Load what embeds many texts now rather than with the first of them."""
        self._loaded()

    def begin_loading(self) -> None:
        """Somebody will have many texts soon: what they take seconds to wait for is loaded meanwhile."""
        if self._model is None and not self._loading.locked():
            Thread(target=self._loaded, name="loading the model").start()

    def encode(self, texts: list[str]) -> Vectors:
        """One unit vector a text, in order; the library sorts them by length, so that a batch holds like ones."""
        if self._has_light and 0 < len(texts) < BULK:
            self._light = self._light or LightModel(self._folder)
            return self._light.encode(texts)
        model = self._loaded()
        with _half_precision() if len(texts) >= BULK else _one_thread():
            made = model.encode(texts, batch_size=self._batch_size, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(made, dtype=np.float32)

    def _loaded(self) -> SentenceTransformer:
        with self._loading:
            if self._model is None:
                # Nothing is fetched at run time: neither weights nor a check for newer ones.
                os.environ.setdefault("HF_HUB_OFFLINE", "1")
                os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
                from sentence_transformers import SentenceTransformer
                from transformers.utils.logging import disable_progress_bar

                disable_progress_bar()  # it would write into whatever the terminal shows
                self._model = SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
            return self._model


@contextmanager
def _one_thread() -> Iterator[None]:
    """For a question alone: two processors would wait for one another longer than they work, on a busy machine tenfold.

    What it sets, it sets for the thread that asks; another that embeds a filing meanwhile keeps all its processors.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _half_precision() -> AbstractContextManager[None]:
    """Numbers of 16 bits where the processor multiplies those at once: 2.4 times as fast, at a cosine of 0.99998.

    Elsewhere they are four times slower than numbers of 32 bits, so the processor is asked first.
    """
    import torch

    if not torch.cpu._is_avx512_bf16_supported():
        return nullcontext()
    half: AbstractContextManager[None] = torch.autocast("cpu", dtype=torch.bfloat16)
    return half


@dataclass(frozen=True)
class Embedded:
    """A part of what was missing, and how far that brings the whole."""

    vectors: dict[str, Vectors]  # by key
    done: int
    total: int
    seconds_left: float | None  # None until that can be told


def embed_missing(encoder: Encoder, groups: Sequence[Sequence[str]], held: Container[str]) -> Iterator[Embedded]:
    """The vectors of the texts whose key is not held, part by part, group after group; each text once."""
    missing = missing_texts(encoder.name, groups, held)
    rows = list(missing.items())
    if rows:
        yield Embedded({}, 0, len(rows), None)
    letters_left = sum(len(text) for text in missing.values())
    started, letters_then = 0.0, 0
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        made = encoder.encode([text for _, text in part])
        letters_left -= sum(len(text) for _, text in part)
        now, seconds_left = monotonic(), None
        if start == 0:  # the first part may have loaded the model: it tells nothing of the pace
            started, letters_then = now, letters_left
        else:
            seconds_left = (now - started) * letters_left / max(1, letters_then - letters_left)
        keyed_part = {key: vector for (key, _), vector in zip(part, made, strict=True)}
        yield Embedded(keyed_part, start + len(part), len(rows), seconds_left)


def missing_texts(model: str, groups: Sequence[Sequence[str]], held: Container[str]) -> dict[str, str]:
    """The texts whose key is not held, by key, each once, in the order in which they are embedded."""
    missing: dict[str, str] = {}
    for group in groups:
        keyed = {vector_key(model, text): text for text in group}
        # Longest first: a batch then holds texts of like length, and little of it is padding.
        new = (row for row in keyed.items() if row[0] not in held and row[0] not in missing)
        missing |= sorted(new, key=lambda row: (-len(row[1]), row[0]))
    return missing


def _name_of(folder: Path) -> str:
    """Two models may lie in folders of one name: what their files weigh and how they begin tells them apart."""
    if not folder.is_dir():
        raise UnusableLibrary(
            f"FOOTNOTE_EMBEDDING_MODEL names {folder}, which is no folder; name the folder of a model."
        )
    print_of_all = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            print_of_all.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode() + file.read(1_000_000))
    return f"{folder.resolve().name}-{print_of_all.hexdigest()[:8]}"


def vector_key(model: str, text: str) -> str:
    """The name under which a text's vector is kept: equal texts are embedded once."""
    return hashlib.sha256(f"{model}\0{text}".encode()).hexdigest()[:32]

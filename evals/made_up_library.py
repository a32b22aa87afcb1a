"""A library of any size, made up: to see how search grows, where real filings and their embedding would take days.

Reports have as many passages as annual reports have (165, the mean of EDGAR-CORPUS by its paper). Vectors are
synthetic: points around some centres, as sentences on a few hundred subjects would be. Words follow each other by
chance, frequent ones often. Nothing of it says anything about how good the answers are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from index.build import FilingIndex
from index.embed import Encoder
from index.filing import Filing, Passage, Section, Vectors

PASSAGES_OF_A_REPORT = 165
WORDS_OF_A_PASSAGE = 60
DIMENSIONS, CENTRES, SPREAD = 384, 400, 0.6
VOCABULARY = 5_000
STOP_WORDS = 30
MADE_UP = re.compile(r"\bw\d+ w\d+\b")  # as no filing has it


class MadeUpEncoder:
    """Vectors by chance, the same for the same text."""

    name = "made up"

    def __init__(self) -> None:
        self._centres = np.random.default_rng(1).standard_normal((CENTRES, DIMENSIONS)).astype(np.float32)

    def encode(self, texts: list[str]) -> Vectors:
        seeds = [int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") for text in texts]
        rows = [self._near_a_centre(np.random.default_rng(seed)) for seed in seeds]
        return np.stack(rows) if rows else np.empty((0, DIMENSIONS), np.float32)

    def _near_a_centre(self, chance: np.random.Generator) -> Vectors:
        point = self._centres[chance.integers(CENTRES)] + SPREAD * chance.standard_normal(DIMENSIONS)
        return np.asarray(point / np.linalg.norm(point), dtype=np.float32)


class PartlyMadeUpEncoder(MadeUpEncoder):
    """Vectors by chance for what is made up, and those of a model for real filings among it."""

    def __init__(self, model: Encoder) -> None:
        super().__init__()
        self._model = model

    def encode(self, texts: list[str]) -> Vectors:
        made_up = [MADE_UP.search(text) is not None for text in texts]
        by_chance = iter(super().encode([text for text, is_so in zip(texts, made_up, strict=True) if is_so]))
        real = [text for text, is_so in zip(texts, made_up, strict=True) if not is_so]
        by_model = iter(self._model.encode(real) if real else ())
        return np.stack([next(by_chance if is_so else by_model) for is_so in made_up])


def made_up_reports(passages: int) -> Iterator[tuple[Filing, Sequence[Passage]]]:
    """So many passages, in reports of the usual size."""
    chance = np.random.default_rng(2)
    for number in range(-(-passages // PASSAGES_OF_A_REPORT)):
        yield _report(number, min(PASSAGES_OF_A_REPORT, passages - number * PASSAGES_OF_A_REPORT), chance)


def take_in(index: FilingIndex, passages: int) -> None:
    """So many made-up passages into this library, embedded."""
    for filing, parts in made_up_reports(passages):
        index.add_read(filing, [Section("1", "Business", 0, len(filing.text), "extracted")], parts)
    index.embed_unfinished()


def made_up_questions(count: int) -> list[str]:
    """Six words each, none of the most frequent: a question's stop words are never searched for."""
    chance = np.random.default_rng(3)
    ranks = [[rank for rank in chance.zipf(1.3, 400) if rank > STOP_WORDS] for _ in range(count)]
    return [" ".join(_called(row[:6])) for row in ranks]


def _report(number: int, count: int, chance: np.random.Generator) -> tuple[Filing, Sequence[Passage]]:
    texts = [f"{' '.join(_words(chance, WORDS_OF_A_PASSAGE))}.\n" for _ in range(count)]
    name, year = f"concern-{number}", 2000 + number % 25
    parts, at = [], 0
    for order, text in enumerate(texts):
        parts.append(Passage(f"{name}:{order}", name, "1", "", text, at, at + len(text), None, order))
        at += len(text)
    digest = hashlib.sha256(name.encode()).hexdigest()
    period = f"{year}-12-31"
    text = "".join(texts)
    return Filing(name, f"Concern {number} Inc.", "", "", "10-K", year, period, "", name, digest, text, (), ()), parts


def _words(chance: np.random.Generator, count: int) -> list[str]:
    """Words of which few are frequent and most are rare."""
    return _called(chance.zipf(1.3, count))


def _called(ranks: Iterable[int]) -> list[str]:
    return [f"w{min(int(rank), VOCABULARY)}" for rank in ranks]

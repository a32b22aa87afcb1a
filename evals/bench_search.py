"""`python -m evals.bench_search [PASSAGES ...]`: how search grows with the library, beside brute force in numpy."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from evals.made_up_library import made_up_library, made_up_questions
from index.filing import Vectors
from rag.assistant import Assistant

SIZES = (1_000, 10_000)  # 100,000 takes about ten minutes to build
QUESTIONS = 60
SCOPE = 3  # filings that a question is usually about


@dataclass(frozen=True)
class Grown:
    """One size, in seconds and bytes; pairs are the median and the 95th of 100."""

    passages: int
    build: float
    disk: int
    nearest_in_scope: tuple[float, float]
    nearest: tuple[float, float]
    brute_force: tuple[float, float]  # all vectors in memory, one product: the limit
    words_in_scope: tuple[float, float]
    search_in_scope: tuple[float, float]  # all of it, as `footnote search` does
    search: tuple[float, float]


def measure(passages: int) -> Grown:
    """Build it in a folder of its own, and ask."""
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as folder:
        begun = time.perf_counter()
        index = made_up_library(Path(folder), passages)
        build = time.perf_counter() - begun
        assistant = Assistant(index)
        ids = [filing.id for filing in assistant.filings()]
        scope, questions = ids[:SCOPE], made_up_questions(QUESTIONS)
        vectors = [index.encoder.encode([question])[0] for question in questions]
        keys = index.library.passage_keys()
        held = index.library.vectors(key for _, key in keys.values())
        matrix = np.stack([held[key] for _, key in keys.values()])
        grown = Grown(
            passages,
            build,
            sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file()),
            _times([partial(index.nearest, vector, scope, 10) for vector in vectors]),
            _times([partial(index.nearest, vector, ids, 10) for vector in vectors]),
            _times([partial(_brute_force, matrix, vector) for vector in vectors]),
            _times([partial(index.matching, question.split(), scope, 10) for question in questions]),
            _times([partial(assistant.search, question, scope) for question in questions]),
            _times([partial(assistant.search, question) for question in questions]),
        )
        assistant.close()
    return grown


def _brute_force(matrix: Vectors, vector: Vectors) -> object:
    return np.argpartition(-(matrix @ vector), 10)[:10]


def _times(steps: Sequence[Callable[[], object]]) -> tuple[float, float]:
    steps[0]()
    taken = []
    for step in steps:
        begun = time.perf_counter()
        step()
        taken.append(time.perf_counter() - begun)
    return float(np.percentile(taken, 50)), float(np.percentile(taken, 95))


if __name__ == "__main__":
    for size in [int(argument) for argument in sys.argv[1:]] or SIZES:
        print(json.dumps(asdict(measure(size))))

"""How searches and answers grow with the library, beside the stock recipe's Chroma and brute force in numpy.

The seeds and made-up reports with vectors by chance (evals/made_up_library.py), the same pieces and vectors for both. A
search is measured in a process of its own that has no model, so that its memory is the library's; to embed a question
takes the same time at any size and has a line of its own. Answers are of questions about the seeds, with the model.
"""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from evals.bench_rows import Figures, Row, megabytes_in, memory_of, milliseconds, seconds
from evals.cases import SEEDS, load_questions
from evals.made_up_library import (
    MadeUpEncoder,
    PartlyMadeUpEncoder,
    made_up_questions,
    made_up_reports,
    take_in,
)
from evals.stock_recipe import Embed, StockRecipe
from index.build import FilingIndex
from index.embed import Encoder
from index.filing import Vectors
from index.settings import IndexSettings
from rag.assistant import Assistant

QUESTIONS = 60
SCOPE = 3  # filings that a question is usually about
FOUND = 10
BRUTE_FORCE = "one product in numpy, all in memory"


def question_row(encoder: Encoder, bare: Embed) -> Row:
    """What a question costs before anything is searched."""
    questions = [case.question for case in load_questions()]
    ours = milliseconds([partial(encoder.encode, [question]) for question in questions])
    theirs = milliseconds([partial(bare, [question]) for question in questions])
    return Row("a question, model loaded", "embedded", "ms", ours, theirs, theirs, "bare encode")


def search_rows(passages: int, encoder: Encoder, asked: int = QUESTIONS) -> Iterator[Row]:
    """One size, built and asked both ways."""
    about = f"{passages:,} passages, made up but for the seeds, their vectors by chance"
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as name:
        ours, theirs = Path(name) / "footnote", Path(name) / "stock"
        assistant = Assistant(_index(ours, PartlyMadeUpEncoder(encoder)))
        assistant.warm_up()
        assistant.ingest(sorted(SEEDS.glob("*.txt")))
        built = seconds(lambda: take_in(assistant.index, passages))
        yield Row(about, "built", "s", (built,), (seconds(lambda: _build_stock(theirs, passages)),))
        in_one, in_all = _answers(assistant, asked)
        matrix, few = _vectors(assistant)
        assistant.close()
        meaning_in_few, meaning, few_found, found, memory = _in_a_process(_search, ours)
        stock_in_few, stock, stock_memory = _in_a_process(_search_stock, theirs)
        vectors = MadeUpEncoder().encode(made_up_questions(QUESTIONS))
        brute_in_few, brute = (_brute_force(rows, vectors) for rows in (few, matrix))
        yield Row(about, "nearest in three filings", "ms", meaning_in_few, stock_in_few, brute_in_few, BRUTE_FORCE)
        yield Row(about, "nearest of all", "ms", meaning, stock, brute, BRUTE_FORCE)
        yield Row(about, "whole search in three filings", "ms", few_found, stock_in_few, brute_in_few, BRUTE_FORCE)
        yield Row(about, "whole search of all", "ms", found, stock, brute, BRUTE_FORCE)
        yield Row(about, "answer from one filing", "ms", in_one)
        yield Row(about, "answer from all", "ms", in_all)
        size = (matrix.nbytes / 1e6,)
        yield Row(about, "memory, searching", "MB", memory, stock_memory, size, "the vectors")
        disk = (megabytes_in(ours),), (megabytes_in(theirs),)
        yield Row(about, "disk", "MB", *disk, size, "the vectors")


def _index(folder: Path, encoder: Encoder | None = None) -> FilingIndex:
    return FilingIndex(IndexSettings(data_dir=folder, least_free_bytes=0), encoder or MadeUpEncoder())


def _build_stock(folder: Path, passages: int) -> None:
    recipe = StockRecipe(MadeUpEncoder().encode, folder)
    for filing, parts in made_up_reports(passages):
        pieces = [passage.text for passage in parts]
        recipe.add_pieces("library", pieces, [{"page": 1, "source": filing.id}] * len(pieces))
    recipe.close()


def _answers(assistant: Assistant, most: int) -> tuple[Figures, Figures]:
    """Questions about the seeds, asked of the filing that they are about, and of all; each for the first time."""
    cases = [case for case in load_questions() if not case.before and case.answerable][:most]
    in_one = [partial(assistant.ask, case.question, case.filing) for case in cases]
    return milliseconds(in_one), milliseconds([partial(assistant.ask, case.question) for case in cases])


def _vectors(assistant: Assistant) -> tuple[Vectors, Vectors]:
    """Of all passages, and of three filings."""
    library = assistant.index.library
    keys = {passage_id: key for passage_id, (_, key) in library.passage_keys().items()}
    few = [passage.id for filing_id in _made_up(assistant)[:SCOPE] for passage in library.passages(filing_id)]
    held = assistant.index.kept_vectors.of(keys.values())
    return np.stack([held[key] for key in keys.values()]), np.stack([held[keys[one]] for one in few])


def _made_up(assistant: Assistant) -> list[str]:
    return [filing.id for filing in assistant.filings() if filing.id.startswith("concern-")]


def _brute_force(matrix: Vectors, vectors: Vectors) -> Figures:
    wanted = min(FOUND, len(matrix) - 1)
    return milliseconds([partial(lambda vector: np.argpartition(-(matrix @ vector), wanted), one) for one in vectors])


def _in_a_process(step: Callable[[Path], tuple[Figures, ...]], folder: Path) -> tuple[Figures, ...]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(step, folder).result()


def _search(folder: Path) -> tuple[Figures, ...]:
    """By meaning alone and by all that Footnote searches by, in three filings and in all; and the memory for it."""
    assistant = Assistant(_index(folder))
    index, questions = assistant.index, made_up_questions(QUESTIONS)
    vectors = index.encoder.encode(questions)
    every, scope = [filing.id for filing in assistant.filings()], _made_up(assistant)[:SCOPE]
    figures = (
        milliseconds([partial(index.nearest, vector, scope, FOUND) for vector in vectors]),
        milliseconds([partial(index.nearest, vector, every, FOUND) for vector in vectors]),
        milliseconds([partial(assistant.search, question, scope) for question in questions]),
        milliseconds([partial(assistant.search, question) for question in questions]),
        memory_of("self", most=True),
    )
    assistant.close()
    return figures


def _search_stock(folder: Path) -> tuple[Figures, ...]:
    recipe, questions = StockRecipe(MadeUpEncoder().encode, folder), made_up_questions(QUESTIONS)
    scope: dict[str, Any] = {"source": {"$in": [f"concern-{number}" for number in range(SCOPE)]}}
    figures = (
        milliseconds([partial(recipe.search, "library", question, FOUND, scope) for question in questions]),
        milliseconds([partial(recipe.search, "library", question, FOUND) for question in questions]),
        memory_of("self", most=True),
    )
    recipe.close()
    return figures

"""`python -m evals.retrieval FOLDER`: is the page that holds the answer among the first that are found?

FOLDER holds financebench_pages.jsonl (or .gz) and financebench_questions.jsonl: reports by their pages, and what
analysts ask of them with the pages that answer it. Footnote's search and the stock LangChain recipe are given the same
documents and the same questions, with the same model, in the same run.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals.stock_recipe import StockRecipe
from index.embed import SentenceEncoder
from rag.assistant import Assistant

FOUND = 60  # passages or pieces that are asked for, so that their pages are some twenty
DEPTHS = (1, 5, 10, 20)


@dataclass(frozen=True)
class PageQuestion:
    """A question of one document, and the pages that answer it, counted from 1."""

    text: str
    document: str
    pages: frozenset[int]


@dataclass(frozen=True)
class RetrievalScore:
    """Of one way to search: the place of the first right page for each question (None: not found), and the times."""

    name: str
    places: tuple[int | None, ...]
    seconds: tuple[float, ...]

    def hit_rate(self, depth: int) -> float:
        return statistics.mean(place is not None and place < depth for place in self.places)

    @property
    def reciprocal_rank(self) -> float:
        return statistics.mean(0.0 if place is None else 1 / (place + 1) for place in self.places)


def main() -> None:
    """Measure both on the same documents, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--docs", type=int, help="only the first so many documents")
    arguments = parser.parse_args()
    documents, questions = load_cases(arguments.folder, arguments.docs)
    scores = [score_stock(documents, questions), score_footnote(documents, questions)]
    table = Table("", *(f"hit@{depth}" for depth in DEPTHS), "mrr", "ms", title=_title(documents, questions))
    for score in scores:
        rates = [f"{score.hit_rate(depth):.3f}" for depth in DEPTHS]
        table.add_row(
            score.name, *rates, f"{score.reciprocal_rank:.3f}", f"{1000 * statistics.median(score.seconds):.0f}"
        )
    Console().print(table)


def load_cases(folder: Path, most: int | None = None) -> tuple[dict[str, list[str]], list[PageQuestion]]:
    """The documents by name, page by page, and the questions that one of their pages answers."""
    rows = [json.loads(line) for line in (folder / "financebench_questions.jsonl").read_text("utf-8").splitlines()]
    pages: dict[str, dict[int, str]] = defaultdict(dict)
    packed = folder / "financebench_pages.jsonl.gz"
    with gzip.open(packed, "rt") if packed.exists() else packed.with_suffix("").open() as lines:
        for row in map(json.loads, lines):
            pages[row["doc_name"]][row["page_num"]] = row["page_text"]
    names = sorted({row["doc_name"] for row in rows} & pages.keys())[:most]
    documents = {name: [text for _, text in sorted(pages[name].items())] for name in names}
    questions = [
        PageQuestion(row["question"], row["doc_name"], frozenset(_gold_pages(row)))
        for row in rows
        if row["doc_name"] in documents
    ]
    return documents, questions


def _gold_pages(row: dict[str, object]) -> list[int]:
    gold: list[dict[str, object]] = row["gold"]  # type: ignore[assignment]
    return [int(str(one["page_num"])) + 1 for one in gold if one["doc_name"] == row["doc_name"]]


def score_footnote(documents: dict[str, list[str]], questions: Sequence[PageQuestion]) -> RetrievalScore:
    """Each document taken in as a text with a form feed between two pages."""
    with tempfile.TemporaryDirectory(prefix="footnote-eval-") as folder:
        assistant = Assistant.open(Path(folder) / "library")
        ids = {}
        for name, pages in documents.items():
            path = Path(folder) / f"{name}.txt"
            path.write_text("\f".join(pages), encoding="utf-8")
            ids[name] = assistant.ingest([path]).outcomes[0].filing_id
        assistant.warm_up()

        def pages_found(question: PageQuestion) -> list[int | None]:
            filing_id = ids[question.document]
            hits = assistant.search(question.text, filing_ids=[filing_id], k=FOUND) if filing_id else []
            return [hit.passage.page for hit in hits]

        score = _score("Footnote", questions, pages_found)
        assistant.close()
    return score


def score_stock(documents: dict[str, list[str]], questions: Sequence[PageQuestion]) -> RetrievalScore:
    recipe = StockRecipe(SentenceEncoder().encode)  # its vectors are those of the bare model, and come sooner
    for name, pages in documents.items():
        recipe.add(name, pages)
    return _score("stock LangChain", questions, lambda question: recipe.search(question.document, question.text, FOUND))


def _score(
    name: str, questions: Sequence[PageQuestion], pages_found: Callable[[PageQuestion], Sequence[int | None]]
) -> RetrievalScore:
    places, seconds = [], []
    for question in questions:
        started = time.perf_counter()
        pages = list(dict.fromkeys(pages_found(question)))
        seconds.append(time.perf_counter() - started)
        places.append(next((place for place, page in enumerate(pages) if page in question.pages), None))
    return RetrievalScore(name, tuple(places), tuple(seconds))


def _title(documents: dict[str, list[str]], questions: Sequence[PageQuestion]) -> str:
    return f"The page that answers, in {len(documents)} documents with {len(questions)} questions"


if __name__ == "__main__":
    main()

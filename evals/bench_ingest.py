"""From a file to a filing that can be asked: read, listed, answered from, wholly embedded; and the limits of that."""

from __future__ import annotations

import gzip
import hashlib
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.bench_rows import Row, megabytes_in, seconds
from evals.cases import SEEDS, SHARED
from evals.stock_recipe import Embed, StockRecipe
from index.build import FilingIndex
from index.embed import Encoder, embed_missing
from index.filing import Progress
from index.settings import IndexSettings
from index.tokens import count_all
from rag.assistant import Assistant

# A middle and a large annual report in HTML, which are not part of the project.
REPORTS = ("cost-2022.htm.gz", "ma-10-k-2025-02-12.html.gz")
QUESTION = "What are the company's main products and services?"
TIMES = 2  # each way in turn, the faster one told
PATIENCE = 600  # seconds


def documents() -> list[list[Path]]:
    """The seeds together, and each report by itself where it is at hand."""
    reports = [SHARED / "data" / "filings" / name for name in REPORTS]
    return [sorted(SEEDS.glob("*.txt")), *([path] for path in reports if path.exists())]


@dataclass(frozen=True)
class TakenIn:
    """One way in, in seconds since the drop, the model being loaded."""

    whole: float
    by_words: float  # the first search is answered
    asked: float  # a first answer or summary is there, wanted as soon as there is something to ask
    again: float  # the same files once more, unchanged
    disk: float  # megabytes
    pieces: Sequence[str]  # what was embedded to search by


def ingest_rows(paths: Sequence[Path], encoder: Encoder, bare: Embed, times: int = TIMES) -> Iterator[Row]:
    """Footnote's way and the stock recipe's in turn, each time in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as folder:
        assistant = Assistant(FilingIndex(IndexSettings(data_dir=Path(folder)), encoder))
        parsed = [assistant.parse(path) for path in paths]
        read = min(seconds(lambda: [assistant.parse(path) for path in paths]) for _ in range(times))
        assistant.close()
    whole_texts = [one.filing.text for one in parsed]
    ours, summarised, stock = [], [], []
    for _ in range(times):
        ours.append(_by_footnote(paths, encoder, wants_summary=False))
        stock.append(_by_stock_recipe(whole_texts, bare))
        summarised.append(_by_footnote(paths, encoder, wants_summary=True))
    texts = list(ours[0].pieces)
    pace, bare_pace, bare_seconds = _paces(texts, encoder, bare, times)
    count, size = len(paths), sum(len(text.encode()) for text in whole_texts) / 1e6
    name = f"the {count} seeds" if count > 1 else paths[0].name.partition(".")[0]
    about = f"{name}: {size:.2f} MB of text, {len(texts):,} passages, the stock recipe's {len(stock[0].pieces):,}"
    whole, stock_whole = min(one.whole for one in ours + summarised), min(one.whole for one in stock)
    only_read = min(seconds(lambda: [_bytes_of(path) for path in paths]) for _ in range(times))
    digested = min(seconds(lambda: [hashlib.sha256(_bytes_of(path)) for path in paths]) for _ in range(times))
    embedding = "bare encode of the same passages"
    yield Row(about, "read and understood", "s", (read,), (), (only_read,), "the bytes read")
    yield Row(about, "wholly taken in", "s", (whole,), (stock_whole,), (bare_seconds,), embedding)
    per_filing = (whole / count,), (stock_whole / count,), (bare_seconds / count,)
    yield Row(about, "the same for a filing", "s", *per_filing, embedding)
    yield Row(
        about, "for a megabyte", "s/MB", (whole / size,), (stock_whole / size,), (bare_seconds / size,), embedding
    )
    by_words = min(one.by_words for one in ours + summarised), min(one.by_words for one in stock)
    yield Row(about, "first passages found, since the drop", "s", (by_words[0],), (by_words[1],))
    yield Row(about, "first answer, since the drop", "s", (min(one.asked for one in ours),))
    yield Row(about, "first summary, since the drop", "s", (min(one.asked for one in summarised),))
    again = min(one.again for one in ours + summarised), min(one.again for one in stock)
    yield Row(
        about, "taken in again, unchanged", "s", (again[0],), (again[1],), (digested,), "the bytes read, and digested"
    )
    yield Row(about, "embedded in a second", "tokens", (pace,), (bare_pace,), (bare_pace,), embedding)
    vectors = len(texts) * 384 * 4 / 1e6
    yield Row(about, "disk", "MB", (ours[0].disk,), (stock[0].disk,), (size + vectors,), "the text and its vectors")


def _bytes_of(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


def _by_footnote(paths: Sequence[Path], encoder: Encoder, wants_summary: bool) -> TakenIn:
    """With a visitor who searches, then asks or summarises, as soon as the first filing is listed."""
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as folder:
        assistant = Assistant(FilingIndex(IndexSettings(data_dir=Path(folder)), encoder))
        assistant.warm_up()
        moments: list[float] = []
        listed: list[str] = []
        is_listed = threading.Event()

        def watch(progress: Progress) -> None:
            if progress.stage == "listed":
                listed.append(progress.filing_id)
                is_listed.set()

        def visit() -> None:
            is_listed.wait(PATIENCE)
            assistant.index.matching(["revenue", "sales"], listed[:1], 10)
            moments.append(time.perf_counter())
            if wants_summary:
                assistant.summarize(listed[0])
            else:
                assistant.ask(QUESTION, listed[:1])
            moments.append(time.perf_counter())

        visitor = threading.Thread(target=visit)
        visitor.start()
        started = time.perf_counter()
        report = assistant.ingest(paths, watch)
        whole = time.perf_counter() - started
        visitor.join(PATIENCE)
        if [outcome.status for outcome in report.outcomes] != ["added"] * len(paths) or len(moments) < 2:
            raise RuntimeError(f"This was not taken in and asked as it should be: {report}")
        disk = megabytes_in(Path(folder))
        again = seconds(lambda: assistant.ingest(paths))
        pieces = [one.embedded_text for filing in assistant.filings() for one in assistant.passages(filing.id)]
        assistant.close()
    return TakenIn(whole, moments[0] - started, moments[1] - started, again, disk, pieces)


def _by_stock_recipe(texts: Sequence[str], bare: Embed) -> TakenIn:
    """It is given the text as Footnote read it, for nothing; what is taken in again it embeds and stores again."""
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as folder:
        recipe = StockRecipe(bare, Path(folder))
        started = time.perf_counter()
        pieces = [piece for text in texts for piece in recipe.add("library", [text])]
        whole = time.perf_counter() - started
        recipe.search("library", QUESTION, 4)
        asked = time.perf_counter() - started
        disk = megabytes_in(Path(folder))
        again = seconds(lambda: [recipe.add("library", [text]) for text in texts])
        recipe.close()
    return TakenIn(whole, asked, asked, again, disk, pieces)


def _paces(texts: list[str], encoder: Encoder, bare: Embed, times: int) -> tuple[float, float, float]:
    """Tokens a second our way and the bare one on the same texts, in turn; and the seconds that the bare one took."""
    tokens = sum(count_all(texts))
    ours, theirs = [], []
    for _ in range(times):
        ours.append(seconds(lambda: list(embed_missing(encoder, [texts], {}))))
        theirs.append(seconds(lambda: bare(texts)))
    return tokens / min(ours), tokens / min(theirs), min(theirs)

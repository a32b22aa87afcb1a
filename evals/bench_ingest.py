"""How long until a dropped filing can be asked: read, listed, summarised, wholly embedded; and the limit of that."""

from __future__ import annotations

import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from evals.cases import SHARED
from index.embed import SentenceEncoder, embed_missing
from index.filing import Progress
from index.tokens import count_all, model_folder
from rag.assistant import Assistant

# A small, a middle and a large annual report in HTML, which are not part of the project.
REPORTS = ("sgrp-2019.htm.gz", "cost-2022.htm.gz", "ma-10-k-2025-02-12.html.gz")
PATIENCE = 600  # seconds


@dataclass(frozen=True)
class Timed:
    """One filing's way in, in seconds since the drop, the model being loaded."""

    name: str
    passages: int
    tokens: int
    read: float
    by_words: float  # a search of its words is answered
    summary: float  # the first summary is there, wanted as soon as the filing is listed
    embedded: float
    pace: float  # tokens of its passages embedded a second, as a filing's are
    bare_pace: float  # the same by SentenceTransformer.encode as it comes

    @property
    def column(self) -> tuple[str, ...]:
        seconds = (self.read, self.by_words, self.summary, self.embedded)
        paces = (f"{self.pace:,.0f}", f"{self.bare_pace:,.0f}", f"{self.pace / self.bare_pace:.2f}")
        return (f"{self.passages:,}", f"{self.tokens:,}", *(f"{one:.1f}" for one in seconds), *paces)


ROWS = (
    "passages",
    "tokens",
    "read, s",
    "can be asked by words, s",
    "first summary, wanted at once, s",
    "wholly embedded, s",
    "tokens embedded a second",
    "the same by bare encode",
    "share of bare encode",
)


def time_ingest() -> list[Timed]:
    """Each report in a library of its own; none where the reports are not at hand."""
    paths = [SHARED / "data" / "filings" / name for name in REPORTS]
    return [_timed(path) for path in paths if path.exists()]


def _timed(path: Path) -> Timed:
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as folder:
        assistant = Assistant.open(Path(folder))
        assistant.warm_up()
        read = time.perf_counter()
        assistant.parse(path)
        read = time.perf_counter() - read
        moments = _moments(assistant, path)
        (filing,) = assistant.filings()
        texts = [passage.embedded_text for passage in assistant.passages(filing.id)]
        assistant.close()
    tokens = sum(count_all(texts))
    ours, bare = _seconds_to_embed(texts)
    return Timed(
        name=path.name.partition(".")[0],
        passages=len(texts),
        tokens=tokens,
        read=read,
        by_words=moments["by words"],
        summary=moments["summary"],
        embedded=moments["embedded"],
        pace=tokens / ours,
        bare_pace=tokens / bare,
    )


def _moments(assistant: Assistant, path: Path) -> dict[str, float]:
    """Seconds since the drop, with a visitor who asks as soon as there is something to ask."""
    moments: dict[str, float] = {}
    listed = threading.Event()
    started = time.perf_counter()

    def watch(progress: Progress) -> None:
        if progress.stage == "listed":
            listed.set()

    def visit() -> None:
        listed.wait(PATIENCE)
        (filing,) = assistant.filings()
        assistant.index.matching(["revenue", "sales"], [filing.id], 10)
        moments["by words"] = time.perf_counter() - started
        assistant.summarize(filing.id)
        moments["summary"] = time.perf_counter() - started

    visitor = threading.Thread(target=visit)
    visitor.start()
    assistant.ingest([path], watch)
    moments["embedded"] = time.perf_counter() - started
    visitor.join(PATIENCE)
    return moments


def _seconds_to_embed(texts: list[str]) -> tuple[float, float]:
    """Our way and the bare one on the same texts, twice each in turn, the faster of the two counted."""
    from sentence_transformers import SentenceTransformer  # here, for the load of the model is timed elsewhere

    ours, bare = SentenceEncoder(), SentenceTransformer(str(model_folder()), device="cpu", local_files_only=True)
    ours.warm_up()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(2):
        started = time.perf_counter()
        for _part in embed_missing(ours, [texts], {}):
            pass
        times[0].append(time.perf_counter() - started)
        started = time.perf_counter()
        bare.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        times[1].append(time.perf_counter() - started)
    return min(times[0]), min(times[1])

"""Taking in a corpus: many processes, or machines, read and embed, and this one alone writes.

The conductor's half for many files. Ray hands the files out and brings back what was understood of each; it hands out
the texts that have no vector yet and brings back their vectors. Each is written as it comes, and what waits to be
written is bounded. What is there already, the library alone says: so a run that was killed is taken up by the next one.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from pydantic import SecretStr

from index.build import FilingIndex, OnProgress, Split, parse_file, passages_of
from index.embed import AT_ONCE
from index.embedding_model import encoder_of
from index.filing import (
    EmbeddingsFailed,
    Filing,
    IngestReport,
    Outcome,
    ParsedFiling,
    Passage,
    Progress,
    Section,
    UnreadableFiling,
    Vectors,
)
from index.problems import first_line
from index.ray_engine import NoRay, RayEngine, RayStopped, ray_running
from index.settings import IndexSettings

log = logging.getLogger(__name__)
# So many are listed, then embedded, before the next are read: each write counts those that wait to be embedded.
FILES_A_ROUND = 200


class CorpusStopped(RuntimeError):
    """Not all was taken in; its message is one plain sentence."""


# What runs in Ray's processes -----------------------------------------------------------------------------------------

Understood = tuple[ParsedFiling, list[Passage]]


def read_unless_known(known: Collection[str], path: Path) -> Understood | str | Exception:
    """What is understood of a file; the fingerprint of one that is known; or why there is nothing.

    As anywhere, HTML and PDF are taken apart in a child process with limits.
    """
    try:
        if path.is_file():
            with path.open("rb") as file:
                fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
            if fingerprint in known:
                return fingerprint
        parsed = parse_file(path)
        return parsed, passages_of(parsed.filing, parsed.sections)
    except (UnreadableFiling, OSError) as problem:
        return problem
    except Exception as problem:  # of any class, which the other process may not know
        return RuntimeError(f"{type(problem).__name__}: {first_line(problem)}")


class Embedder:
    """The embedding model in a process of its own, loaded once."""

    def __init__(self, settings: IndexSettings) -> None:
        self._encoder = encoder_of(settings)

    def __call__(self, texts: dict[str, str]) -> tuple[str, dict[str, Vectors]]:
        """The model's name, and the vectors by key; none where its endpoint gave none."""
        try:
            made = self._encoder.encode(list(texts.values()))
        except EmbeddingsFailed as problem:
            log.warning("%s", problem)
            return self._encoder.name, {}
        return self._encoder.name, dict(zip(texts, made, strict=True))


# What runs here -------------------------------------------------------------------------------------------------------


def take_in_corpus(index: FilingIndex, paths: Sequence[Path], on_progress: OnProgress | None = None) -> IngestReport:
    """As FilingIndex.ingest, with Ray: the same outcomes, in the order of the files."""
    tell = on_progress or _silently
    outcomes: list[Outcome] = []
    problems: dict[str | None, str] = {}
    name = "1 file" if len(paths) == 1 else f"{len(paths)} files"
    try:
        with ray_running() as ray:
            _must_be_the_model_that_is_set(index)
            tell(Progress(name, "read", 0, len(paths)))
            for start in range(0, len(paths), FILES_A_ROUND):
                for outcome in _list_all(index, ray, paths[start : start + FILES_A_ROUND]):
                    outcomes.append(outcome)
                    tell(Progress(name, "read", len(outcomes), len(paths)))
                problems |= _embed_all(index, ray, name, tell)
    except (NoRay, CorpusStopped):
        raise
    except Exception as error:
        reason = str(error) if isinstance(error, RayStopped) else index.reason(error)
        raise CorpusStopped(
            f"{reason}. {len(outcomes)} of {len(paths)} files had been looked at; what was taken in is kept, "
            "and the same command goes on from there."
        ) from error
    finally:
        tell(Progress(name, "done"))
    return IngestReport(tuple(replace(one, problem=problems.get(one.filing_id, one.problem)) for one in outcomes))


def _list_all(index: FilingIndex, ray: RayEngine, paths: Sequence[Path]) -> Iterator[Outcome]:
    """Text, sections and words of each file in the library, one after the other."""
    known = frozenset(filing.sha256 for filing in index.library.filings())
    for path, read in zip(paths, ray.tasks(partial(read_unless_known, known), paths), strict=True):
        filing_id = index.library.holds(read) if isinstance(read, str) else None
        if filing_id:
            yield Outcome(path, filing_id, "unchanged")
        elif isinstance(read, str):  # it was removed meanwhile
            yield index.take_in(path, _silently)
        else:
            yield index.take_in(path, _silently, *_as_it_was_read(read))


def _as_it_was_read(read: Understood | Exception) -> tuple[Callable[[Path], ParsedFiling], Split]:
    """For whoever would read the file: what another process has read in it."""

    def parse(_path: Path) -> ParsedFiling:
        if isinstance(read, Exception):
            raise read
        return read[0]

    def split(filing: Filing, sections: Sequence[Section]) -> Sequence[Passage]:
        ready = [] if isinstance(read, Exception) else read[1]
        # Another filing may have had its id: its passages are named anew.
        return ready if ready and ready[0].filing_id == filing.id else passages_of(filing, sections)

    return parse, split


def _embed_all(index: FilingIndex, ray: RayEngine, name: str, tell: OnProgress) -> dict[str | None, str]:
    """What is listed and not yet embedded, new or left by a kill; what went wrong, by the filing's id."""
    problems: dict[str | None, str] = {}
    unfinished = index.library.unfinished()
    for start in range(0, len(unfinished), FILES_A_ROUND):
        some = unfinished[start : start + FILES_A_ROUND]
        parts: list[dict[str, str]] = []
        needs: list[int] = []  # how many of the parts are there when a filing has all its vectors
        asked: set[str] = set()
        for filing_id in some:
            rows = [row for row in index.missing(filing_id).items() if row[0] not in asked]
            asked.update(key for key, _ in rows)
            parts += [dict(rows[begin : begin + AT_ONCE]) for begin in range(0, len(rows), AT_ONCE)]
            needs.append(len(parts))
        made = _embedded(index, ray, parts)
        kept = 0
        for done, (filing_id, needed) in enumerate(zip(some, needs, strict=True), start + 1):
            for vectors in islice(made, needed - kept):
                index.keep(vectors)  # after a kill these are not embedded again
            kept = needed
            problems[filing_id] = index.finish(filing_id, _silently)
            tell(Progress(name, "embed", done, len(unfinished)))
    return {filing_id: problem for filing_id, problem in problems.items() if problem}


def _embedded(index: FilingIndex, ray: RayEngine, parts: Sequence[dict[str, str]]) -> Iterator[dict[str, Vectors]]:
    nowhere_else = {"database_url": SecretStr(""), "chroma_url": "", "chroma_api_key": SecretStr("")}
    settings = index.settings.model_copy(update=nowhere_else)  # no process but this one writes
    # An endpoint is asked by one, which keeps to its limit of requests.
    most = 1 if settings.embedding_base_url else ray.processors
    for model, vectors in ray.actors(Embedder, [settings], parts, most):
        if model != index.encoder.name:
            raise CorpusStopped(
                f"A machine of Ray has the embedding model {model}, and the library {index.encoder.name}; "
                "let FOOTNOTE_EMBEDDING_MODEL name the same one everywhere."
            )
        yield vectors


def _must_be_the_model_that_is_set(index: FilingIndex) -> None:
    if encoder_of(index.settings).name != index.encoder.name:
        raise CorpusStopped("With Ray only the embedding model that the settings name can be used.")


def _silently(_progress: Progress) -> None:
    pass

"""The things that the other modules of the index hand to one another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]  # one unit vector, or one a row
else:
    Vectors = Any  # the page knows filings before it knows vectors: numpy would take a fifth of its first paint

Engine = Literal["local", "ray"]  # what takes many files in: this process, or Ray's
SectionStatus = Literal["extracted", "incorporated_by_reference", "omitted", "missing"]


PROMPT_NOTE = "A prompt document: the instruction at its head is no part of the filing. It reads: "


class UnreadableFiling(ValueError):
    """A file that Footnote cannot take in; its message is one plain sentence for the person who offered it."""


class UnusableLibrary(RuntimeError):
    """A data folder that Footnote cannot work in; its message is one plain sentence for the person who chose it."""


class EmbeddingsFailed(ValueError):
    """No vectors came; its message is one plain sentence."""


def shown_name(path: Path) -> str:
    """The file's name as it may stand in a sentence or a database: it may hold line breaks and bytes of no encoding."""
    name = path.name or str(path)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in name)


@dataclass(frozen=True)
class Filing:
    """One report: what it is, where it came from, and the cleaned text that every offset counts in."""

    id: str
    company: str
    ticker: str
    cik: str
    form: str
    fiscal_year: int | None
    period_end: str  # ISO date, empty when unknown
    filed_on: str  # ISO date, empty when unknown
    source: str  # the file's name
    sha256: str  # of the source's bytes as they came
    text: str  # empty in listings
    pages: tuple[int, ...]  # where each page starts in the text; empty when the source has no pages
    notes: tuple[str, ...]  # what the reader should know about how it was understood

    @property
    def names_its_company(self) -> bool:
        """Whether the company is known; a filing that names none goes by its file's name."""
        return self.company.casefold() != " ".join(Path(self.source).stem.replace("_", " ").split()).casefold()

    @property
    def instruction(self) -> str:
        """What a prompt document asks for at its head; '' for any other file."""
        return next((note.removeprefix(PROMPT_NOTE) for note in self.notes if note.startswith(PROMPT_NOTE)), "")

    @property
    def label(self) -> str:
        """How people call it: 'Smith Micro Software, Inc. 10-K FY2021'."""
        year = f"FY{self.fiscal_year}" if self.fiscal_year else ""
        return " ".join(part for part in (self.company, self.form, year) if part)


@dataclass(frozen=True)
class Section:
    """An item of the form, as it stands in this filing."""

    item: str  # "1", "1A", "7"
    title: str
    start: int
    end: int
    status: SectionStatus


@dataclass(frozen=True)
class Passage:
    """A stretch of whole sentences; a filing's passages, joined in order, are its text."""

    id: str
    filing_id: str
    item: str
    heading: str
    text: str
    start: int
    end: int
    page: int | None
    order: int

    @property
    def embedded_text(self) -> str:
        """What the embedder reads: the heading as context, which the reader sees in its own place."""
        return f"{self.heading}: {self.text.strip()}" if self.heading else self.text.strip()


@dataclass(frozen=True)
class Hit:
    """A passage that was found, how well it fits, and by which searches."""

    passage: Passage
    score: float
    found_by: tuple[str, ...]


@dataclass(frozen=True)
class ParsedFiling:
    """What was understood of a file, before anything is stored."""

    filing: Filing
    sections: tuple[Section, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        return self.filing.notes


@dataclass(frozen=True)
class Outcome:
    """What became of one file that was offered; one that was added with a problem can be asked by its words only."""

    path: Path
    filing_id: str | None
    status: Literal["added", "unchanged", "refused"]
    problem: str = ""


@dataclass(frozen=True)
class IngestReport:
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Standing:
    """What a library holds, and whether its two indexes are in step with it."""

    filings: int
    passages: int
    unfinished: int  # filings that can be asked by their words only
    passages_by_word: int
    is_whole_by_meaning: bool


@dataclass(frozen=True)
class Progress:
    """How far a file has come, 'embed 96 of 312', or a fetch, 'fetch 2 of 5'.

    From "listed" on a filing can be asked, by its words, then by its meaning.
    """

    source: str
    stage: Literal["fetch", "read", "listed", "embed", "store", "done"]
    done: int = 0
    total: int = 0
    filing_id: str = ""  # once it has one
    seconds_left: float | None = None  # of embedding, once that can be told

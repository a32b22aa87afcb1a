"""An answer and what it is made of.

A composer, whatever it is, writes Drafts. Only rag/verify.py turns a Draft into a Sentence, and an Answer's sentences
are all that a reader is ever shown: so nothing unverified can reach him.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

# What a list of names is introduced with: the one thing that Footnote says in words of its own.
INTRODUCES_NAMES = "The products named are"
Verdict = Literal["supported", "withheld"]


@dataclass(frozen=True)
class Draft:
    """A sentence that somebody wants to show, the passages it rests on, and their words where the writer names them."""

    text: str
    passage_ids: tuple[str, ...]
    facet: str = ""
    quotes: tuple[str, ...] = ()  # verbatim, each from the passage at the same place in passage_ids


@dataclass(frozen=True)
class Citation:
    """A footnote: the filing's own words, at offsets into the filing's text."""

    number: int
    passage_id: str
    filing_id: str
    quote: str
    start: int
    end: int
    item: str
    page: int | None


@dataclass(frozen=True)
class Sentence:
    """A draft after verification: supported by its citations, or withheld with the reason."""

    text: str
    citations: tuple[Citation, ...]
    facet: str
    verdict: Verdict
    problem: str = ""


@dataclass(frozen=True)
class Answer:
    """What was asked, what can be said with footnotes, and what the filings are silent on."""

    question: str
    understood_as: str
    sentences: tuple[Sentence, ...]
    silent: tuple[str, ...]  # names of the facets that the filing does not treat
    answered: bool
    searched: tuple[str, ...]  # ids of the filings that were searched
    followups: tuple[str, ...]
    composed_by: str
    tokens: int
    created_at: str
    withheld: tuple[Sentence, ...] = ()  # kept for the record, never shown as part of the answer
    refusal: str = ""  # the words that are shown when nothing can be said
    note: str = ""  # what a reader should know of how it came about, as that the language model failed
    model_tokens: int = 0  # what the language model read and wrote for it
    model_cost: float = 0.0  # of these tokens, where their price is set (FOOTNOTE_MODEL_PRICE_IN, ..._OUT)

    @property
    def text(self) -> str:
        """The answer as continuous prose, without its footnotes."""
        return " ".join(sentence.text for sentence in self.sentences) or self.refusal

    def to_dict(self) -> dict[str, Any]:
        """Everything, as plain values that JSON can hold."""
        return asdict(self) | {"text": self.text}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The answer that `to_dict` wrote down."""
        fields = {name: value for name, value in values.items() if name != "text"}
        for name in ("sentences", "withheld"):
            fields[name] = tuple(_sentence(row) for row in fields.get(name, ()))
        for name in ("silent", "searched", "followups"):
            fields[name] = tuple(fields[name])
        return cls(**fields)


def within(sentences: Sequence[Sentence], most_tokens: int, count: Callable[[str], int]) -> list[Sentence]:
    """Whole sentences only: what goes over the limit is left off at the end."""
    kept: list[Sentence] = []
    for sentence in sentences:
        if count(" ".join(one.text for one in [*kept, sentence])) <= most_tokens:
            kept.append(sentence)
    return kept


def _sentence(values: dict[str, Any]) -> Sentence:
    return Sentence(**values | {"citations": tuple(Citation(**row) for row in values["citations"])})

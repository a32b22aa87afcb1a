"""A question after it was understood: what the steps that answer it hand to one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["amount", "share", "count", "date", "person", "place", "figure", "statement"]


@dataclass(frozen=True)
class Understanding:
    """A question that stands on its own."""

    question: str
    kind: Kind
    terms: tuple[str, ...]  # what it is about
    years: tuple[int, ...]
    filing_ids: tuple[str, ...]  # the filings to search
    compares: bool  # asks for a change over the filings
    predicate: str = ""  # in 'How was it financed?' the word that an answer must speak to
    year_of: Mapping[str, int | None] = field(default_factory=dict)  # the fiscal year of each filing
    phrase: str = ""  # the question in a report's words, where those differ

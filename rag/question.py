"""A question after it was understood: what the steps that answer it hand to one another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from index.folding import fold
from rag.particulars import Particular
from rag.standard_lines import StandardLine

# 'How many retail stores does ...', 'the number of retail stores in ...'
COUNTED = re.compile(
    r"\b(?:how many|number of)\s+((?:[\w'’.-]+\s+){0,4}?[\w'’.-]+?)\s*"
    r"(?:[?,]|$|\b(?:do|does|did|were|was|are|is|has|have|had|can|could|will|in|at|on|of|from|for|with|by|works?|"
    r"there|that|which|who|came|come|run|it)\b)",
    re.IGNORECASE,
)
OF_A_NAME = re.compile(r"^(?:[Ww]hat|[Ww]ho)\s+(?:is|are|was|were|does|do|did)\s+([A-Z][\w’'&®™-]+)")
UNDERGONE = re.compile(
    r"\b(?:was|were)\b.*\b(founded|established|formed|incorporated|created|organized|built|launched|introduced)\W*$",
    re.IGNORECASE,
)
Kind = Literal["amount", "share", "count", "date", "person", "place", "figure", "statement"]


def cleaned(question: str, longest: int) -> str:
    """The question without what a broken paste leaves in it; a ValueError says what is wrong with it."""
    # Half a character pair can be no part of a question.
    question = " ".join(question.encode("utf-8", "ignore").decode("utf-8").split())
    if not question:
        raise ValueError("The question is empty; type one.")
    if len(question) > longest:
        raise ValueError(f"The question is too long; {longest} characters are the limit.")
    return question


@dataclass(frozen=True)
class Part:
    """One of the things that a question asks for: of 'How old is it, and who made it?' there are two."""

    question: str
    kind: Kind
    terms: tuple[str, ...]
    predicate: str = ""  # in 'How was it financed?' the word that an answer must speak to
    phrase: str = ""  # the question in a report's words, where those differ
    line: StandardLine | None = None  # of the accounts, if it asks for one by name
    particular: Particular | None = None  # what every report tells in a place of its own, if it asks for that

    @property
    def undergone(self) -> str:
        """In 'When was the company founded?' the word 'founded': it happened to the thing that is asked about."""
        match = UNDERGONE.search(self.question) if self.kind in ("date", "place") else None
        return match.group(1).casefold() if match else ""

    @property
    def counted(self) -> str:
        """In 'How many retail stores are there?' the stores."""
        match = COUNTED.search(self.question) if self.kind == "count" else None
        held = [word for word in fold(match.group(1)).split() if word in self.terms] if match else []
        return held[-1] if held else ""

    @property
    def counted_kind(self) -> tuple[str, ...]:
        """In 'How many parking spaces are there?' the word parking: of which kind those are that are counted."""
        match = COUNTED.search(self.question) if self.kind == "count" else None
        return tuple(word for word in fold(match.group(1)).split()[:-1] if word in self.terms) if match else ()


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
    parts: tuple[Part, ...] = ()  # where it asks for more than one thing
    names: tuple[str, ...] = ()  # that it says beside those of the companies searched
    outside: tuple[str, ...] = ()  # companies of the library that it names, whose filings are not to be searched
    line: StandardLine | None = None  # of the accounts, if it asks for one by name
    particular: Particular | None = None  # what every report tells in a place of its own, if it asks for that
    must_say_predicate: bool = False  # what does not speak to the predicate is no answer at all
    wants_change: bool = False  # asks how something changed, over one filing's years or those of several

    @property
    def subject(self) -> str:
        """In 'What does NetWise do?' NetWise: the name of which something is to be told."""
        match = OF_A_NAME.search(self.question) if self.kind == "statement" else None
        return next((name for name in self.names if match and name in fold(match.group(1))), "")

    @property
    def whole(self) -> Part:
        return Part(
            self.question, self.kind, self.terms, self.predicate, self.phrase, self.line, self.particular
        )  # fmt: skip

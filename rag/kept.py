"""What outlives a session: turns of conversations, whole filings, shares, thumbs, and entries of the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple, Protocol

from index.filing import Filing, Passage, Section
from rag.answer import Answer, Citation


class UnusableRecords(RuntimeError):
    """Records that cannot be read or written; its message is one plain sentence for the person who wanted them."""


class AnyTurn(Protocol):
    """A turn of a conversation, whoever holds it."""

    @property
    def title(self) -> str: ...
    @property
    def answer(self) -> Answer | None: ...
    @property
    def steps(self) -> tuple[str, ...]: ...
    @property
    def problem(self) -> str: ...


@dataclass(frozen=True)
class SharedTurn:
    """What was wanted and what came of it: an answer with the steps that led there, or a problem in one sentence."""

    title: str
    answer: Answer | None = None
    steps: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class KeptFiling:
    """All of a filing that a reader needs, whether the library still holds it or not."""

    filing: Filing  # with its text
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]

    @property
    def text(self) -> str:
        return self.filing.text

    @cached_property
    def by_id(self) -> dict[str, Passage]:
        """Its passages, by their ids."""
        return {passage.id: passage for passage in self.passages}

    def holds(self, citation: Citation) -> bool:
        """Whether the footnote's words stand in this very text: a filing may have come again in another form."""
        is_this = citation.filing_id == self.filing.id
        return is_this and self.text[citation.start : citation.end] == citation.quote


@dataclass(frozen=True)
class Shared:
    """A conversation as it was shared, with the filings that it cites as they were then."""

    id: str
    when: str  # ISO, UTC
    turns: tuple[SharedTurn, ...]
    filings: tuple[Filing, ...]  # those that were searched or cited, without text: what they are called
    kept: tuple[KeptFiling, ...]  # those that are cited

    def source_of(self, citation: Citation) -> KeptFiling | None:
        """The filing that the footnote's words stand in; None where it was gone before it was shared."""
        return next((kept for kept in self.kept if kept.holds(citation)), None)


class ConversationEntry(NamedTuple):
    """A line in the list of somebody's earlier conversations."""

    id: str
    title: str
    when: str  # ISO, UTC
    turns: int


@dataclass(frozen=True)
class Conversation:
    """An earlier conversation, whole."""

    id: str
    title: str
    when: str  # ISO, UTC
    turns: tuple[SharedTurn, ...]


@dataclass(frozen=True)
class Feedback:
    """What somebody thought of an answer."""

    number: int
    when: str  # ISO, UTC
    thumb: str  # up, down
    reason: str
    answer: Answer | None
    problem: str = ""  # why the answer cannot be read, where it cannot


@dataclass(frozen=True)
class AuditEntry:
    """One answer that was given, and what made it."""

    number: int
    when: str  # ISO, UTC
    scope: tuple[str, ...]  # the filings that were asked for; none: all of them
    answer: Answer | None
    versions: dict[str, str]
    problem: str = ""  # why the answer cannot be read, where it cannot

    def to_dict(self) -> dict[str, Any]:
        """As plain values, with the verdicts counted."""
        answer = self.answer
        if answer is None:
            return {"number": self.number, "when": self.when, "problem": self.problem}
        return {
            "number": self.number,
            "when": self.when,
            "question": answer.question,
            "scope": list(self.scope),
            "searched": list(answer.searched),
            "answered": answer.answered,
            "supported": len(answer.sentences),
            "withheld": len(answer.withheld),
            "composed_by": answer.composed_by,
            "versions": self.versions,
            "answer": answer.to_dict(),
        }


class Library(Protocol):
    """Where filings are, as long as they are there."""

    def filings(self) -> list[Filing]: ...

    def whole(self, filing_id: str) -> KeptFiling:
        """The filing with all that a reader needs; KeyError where it is not there."""


def citations_of(turns: Sequence[AnyTurn]) -> list[Citation]:
    """Every footnote of a conversation."""
    answers = [turn.answer for turn in turns if turn.answer is not None]
    return [one for answer in answers for sentence in answer.sentences for one in sentence.citations]


def now() -> str:
    """When something is kept."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")

"""What leaves Footnote as a file: answers as Markdown, as a Word document, or as the audit bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from ui.wording import counted, place_of, without_controls

if TYPE_CHECKING:
    from index.filing import Filing
    from rag.answer import Answer
    from rag.kept import AnyTurn

Format = Literal["md", "docx", "json"]


@dataclass(frozen=True)
class Note:
    """A footnote: the filing's words, and where they stand."""

    number: int
    quote: str
    place: str


@dataclass(frozen=True)
class Paragraph:
    """Sentences with the numbers of their footnotes; a label where there are several paragraphs."""

    label: str
    sentences: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Chapter:
    """A turn as it is read on paper: what was asked, what is said, and what should be known of it."""

    title: str
    paragraphs: tuple[Paragraph, ...]
    notes: tuple[Note, ...]
    remarks: tuple[str, ...]


def chapters(turns: Sequence[AnyTurn], filings: Sequence[Filing], titles: Mapping[str, str]) -> list[Chapter]:
    """The turns, in words that steer nothing; `titles` are those of the facets. What was withheld is not shown."""
    return [_chapter(turn, filings, titles) for turn in turns]


def _chapter(turn: AnyTurn, filings: Sequence[Filing], titles: Mapping[str, str]) -> Chapter:
    answer = turn.answer
    if answer is None:
        return Chapter(_words(turn.title), (), (), (_words(turn.problem),) if turn.problem else ())
    citations = {one.number: one for sentence in answer.sentences for one in sentence.citations}
    notes = tuple(
        Note(number, _words(one.quote), _words(place_of(one.filing_id, one.item, one.page, filings)))
        for number, one in sorted(citations.items())
    )
    remarks = (*_silence(answer, titles), answer.note, _origin(answer, filings))
    return Chapter(
        _words(turn.title or answer.question),
        _paragraphs(answer, titles),
        notes,
        tuple(words for remark in remarks if (words := _words(remark))),
    )


def _paragraphs(answer: Answer, titles: Mapping[str, str]) -> tuple[Paragraph, ...]:
    groups = [(facet, tuple(group)) for facet, group in groupby(answer.sentences, key=lambda sentence: sentence.facet)]
    if not groups:
        return (Paragraph("", ((_words(answer.refusal), ()),)),)
    return tuple(
        Paragraph(
            _words(titles.get(facet, facet)) if len(groups) > 1 else "",
            tuple((_words(one.text), tuple(citation.number for citation in one.citations)) for one in sentences),
        )
        for facet, sentences in groups
    )


def _silence(answer: Answer, titles: Mapping[str, str]) -> tuple[str, ...]:
    missing = ", ".join(titles.get(name, name).lower() for name in answer.silent)
    return (f"Not disclosed in this filing: {missing}.",) if missing and answer.sentences else ()


def _origin(answer: Answer, filings: Sequence[Filing]) -> str:
    """'Searched Acme 10-K FY2021. 8 sentences verified, 1 withheld. Written by the offline composer on 2026-01-01.'"""
    labels = {filing.id: _words(filing.label) for filing in filings}
    searched = ", ".join(labels.get(one, one) for one in answer.searched) or "nothing"
    kept_back = f", {len(answer.withheld)} withheld" if answer.withheld else ""
    verified = f"{counted(len(answer.sentences), 'sentence')} verified{kept_back}."
    return f"Searched {searched}. {verified} Written by {answer.composed_by} on {answer.created_at[:10]}."


def _words(text: str) -> str:
    return " ".join(without_controls(text).split())

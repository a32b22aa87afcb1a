"""An audit bundle checked: every sentence verified anew, like a draft that somebody just wrote, and then every byte."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from index.filing import Passage
from rag.answer import Answer, Citation, Draft, Sentence
from rag.bundle import FORM, NAME, Bundle, BundledFiling, digest_of_text, seals, written
from rag.kept import UnusableRecords
from rag.packing import read_as
from rag.verify import verify


@dataclass(frozen=True)
class Replay:
    """What became of a bundle that was checked: the first thing that is wrong with it, or ''."""

    problem: str
    answers: int = 0
    sentences: int = 0
    filings: dict[str, str] = field(default_factory=dict)  # id to the sha256 of the file it came from


def replay(content: bytes) -> Replay:
    """Verify every sentence of a bundle anew, then every byte: what it says first, and how it is written last."""
    try:
        # Forgiving here, so that it can be said what was changed; the last check of all forgives nothing.
        values = json.loads(content.decode("latin-1"), strict=False)
    except (ValueError, RecursionError):
        return Replay(f"It is no {NAME}, or was changed so that it cannot be read.")
    if not isinstance(values, dict) or values.get("bundle") != NAME:
        return Replay(f"It is no {NAME}.")
    if values.get("form") != FORM:
        return Replay("It was made by a later version of Footnote; check it with that one. Or its form was changed.")
    try:
        bundle: Bundle = read_as(Bundle, values, "The bundle")
    except UnusableRecords:
        return Replay("It was changed: a part is missing, or is not of its kind.")
    problem = next(_problems(bundle, values, content), "")
    sentences = sum(len(answer.sentences) for answer in bundle.answers)
    filings = {filing.id: filing.source_sha256 for filing in bundle.filings}
    return Replay(problem, len(bundle.answers), sentences, filings)


def _problems(bundle: Bundle, values: dict[str, Any], content: bytes) -> Iterator[str]:
    for filing in bundle.filings:
        if digest_of_text(filing.text) != filing.text_sha256:
            yield f"The text of {filing.label} was changed: its sha256 is another one."
        borders = [0, *(passage.end for passage in filing.passages)]
        starts = [*(passage.start for passage in filing.passages), len(filing.text)]
        if borders != starts:
            yield f"The passages of {filing.label} were changed: joined, they are not its text."
    for number, answer in enumerate(bundle.answers, start=1):
        where = f"of answer {number}" if len(bundle.answers) > 1 else "of the answer"
        yield from _problems_of_answer(answer, where, bundle)
    yield from _brokenseals(bundle, values)
    if written(values).encode("ascii") != content:
        yield "What it says holds, but the file is not byte for byte as Footnote wrote it."


def _problems_of_answer(answer: Answer, where: str, bundle: Bundle) -> Iterator[str]:
    numbers: dict[tuple[str, int, int], int] = {}
    filings = {filing.id: filing for filing in bundle.filings}
    for place, sentence in enumerate(answer.sentences, start=1):
        said = f"Sentence {place} {where}"
        if sentence.verdict != "supported" or sentence.problem or not sentence.citations:
            yield f"{said} is not marked as verified, or has no footnote."
        for citation in sentence.citations:
            filing, key = filings.get(citation.filing_id), (citation.filing_id, citation.start, citation.end)
            if filing is None:
                yield f"{said} cites {citation.filing_id}, which is not in the bundle."
            elif filing.text[max(citation.start, 0) : max(citation.end, 0)] != citation.quote:
                yield f"{said}: the words of footnote {citation.number} do not stand at that place in {filing.label}."
            elif not _in_its_passage(citation, filing):
                yield f"{said}: its footnote {citation.number} names another item, page or passage than its words have."
            elif numbers.setdefault(key, len(numbers) + 1) != citation.number:
                yield f"{said}: footnote {citation.number} is numbered wrongly."
        if problem := _unsupported(sentence, filings, bundle.companies):
            yield f"{said} is not what its footnotes say: {problem[:1].lower()}{problem[1:]}"


def _in_its_passage(citation: Citation, filing: BundledFiling) -> bool:
    passage = next((one for one in filing.passages if one.id == citation.passage_id), None)
    if passage is None or not passage.start <= citation.start < citation.end <= passage.end:
        return False
    return (passage.item, passage.page) == (citation.item, citation.page)


def _unsupported(sentence: Sentence, filings: dict[str, BundledFiling], companies: dict[str, str]) -> str:
    """Why the sentence cannot be verified; empty where it can, with the names and passages that its writer had.

    Who wrote it may name the company that is cited, or all that were searched; and had, beside the passages that are
    cited, all or none of those between them.
    """
    draft = Draft(
        sentence.text,
        tuple(citation.passage_id for citation in sentence.citations),
        sentence.facet,
        tuple(citation.quote for citation in sentence.citations),
    )
    cited = [filings[one] for one in dict.fromkeys(citation.filing_id for citation in sentence.citations)]
    names = [filing.company for filing in cited], list(companies.values())
    whole = {passage.id: passage for filing in cited for passage in _passages(filing)}
    problem = ""
    for allowed, read in product(names, ({one: whole[one] for one in draft.passage_ids}, whole)):
        checked = verify([draft], read, allowed)[0]
        if checked.verdict == "supported":
            return ""
        problem = problem or checked.problem
    return problem


def _passages(filing: BundledFiling) -> Iterator[Passage]:
    for one in filing.passages:
        text = filing.text[one.start : one.end]
        yield Passage(one.id, filing.id, one.item, one.heading, text, one.start, one.end, one.page, one.order)


def _brokenseals(bundle: Bundle, values: dict[str, Any]) -> Iterator[str]:
    found, kept = seals(values), values["seals"]
    parts: list[tuple[str, Callable[[int], str]]] = [
        ("filings", lambda place: f"What is told of {bundle.filings[place].label} was changed."),
        ("answers", lambda place: f"Answer {place + 1} was changed: it is not the one that was sealed."),
    ]
    for name, told in parts:
        if len(found[name]) != len(kept[name]):
            yield f"The bundle was changed: {name} were added or taken away."
        for place, (seal, was) in enumerate(zip(found[name], kept[name], strict=False)):
            if seal != was:
                yield told(place)
    if found["head"] != kept["head"]:
        yield "The head of the bundle was changed: its date, its versions or its companies."

"""How well each sentence and each table row of the retrieved passages answers a question.

Three things count: the words of the question that it treats, the rarer ones more; its nearness in meaning; and whether
it holds the kind of thing that is asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from index.filing import Passage, Vectors
from rag.candidates import Candidate, candidates
from rag.figures import years
from rag.kinds import fits_kind, is_count_of, is_tied, row_fits_kind, tells_none, was_done
from rag.question import Part, Understanding
from rag.rows import ENDS_GROUP, GENERIC, Row, rows_of
from rag.terms import stem, stems, subject_terms, treats, words

AROUND = 0.5  # what a word of the question counts when not the sentence but those beside it have it
LEANING = 0.9  # the same, for a sentence that goes on from the one before: 'Of these, ...'
MOST_ENCODED = 16  # the sentences whose meaning is looked at; reading all of them would take too long
MOST_ROWS = 12
FIRST_SENTENCES = 8  # of the best passages: these are looked at whatever words they have
QUALIFIERS = frozenset("largest biggest greatest main major principal primary most top key important first".split())
UNTIED = 0.15  # what a sum loses beside which it is not said to be of what was asked
IN_ONE_PHRASE = 0.1  # what it counts that words which stand side by side in the question do so here
TOTAL_ASKED = 0.4  # what it counts that a row is the total that was asked for
ASKS_TOTAL = re.compile(r"\b(?:total|altogether|in all|overall|combined|counting|including)\b", re.IGNORECASE)
A_NAME = 1.5  # what a name counts beside another word
OPENING = 9  # words
A_NOTE = 0.15  # what the explanation of a figure loses beside the figure: '(1) Includes 33 kiosks.'
NOTE = re.compile(r"\(?(?:\d{1,2}|[a-z])\)\s*\w|(?:Includes|Excludes|Represents|Reflects)\b")
LONGEST_READ = 240  # characters
EXACT_LABEL = 0.2  # what it counts that a row's label has no words but those of the question
BRIEF = 25  # words: of two that answer equally well, the brief one is told
A_WORD_TOO_MANY = 0.002
FAR_IN_MEANING = 0.0


@dataclass(frozen=True)
class Scored:
    """A sentence or a row, and how well it answers."""

    candidate: Candidate
    filing_id: str
    meaning: float  # cosine with the question
    subject: float  # share of the question's words that it treats, the rarer ones counting more
    fits_kind: bool
    right_year: bool
    score: float
    speaks_to_predicate: bool
    place: int  # among all that was looked at, in reading order
    treated: tuple[float, ...]  # each of the question's words, by this one alone
    row: Row | None = None


@dataclass(frozen=True)
class Reading:
    """All that was looked at, in reading order, and what each word of the question weighs."""

    found: tuple[Scored, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True)
class Found:
    """Something that could be said, before it is held against the question."""

    candidate: Candidate
    filing_id: str
    rank: int  # of its passage; 0 is the best
    row: Row | None
    own: set[str]
    before: Candidate | None  # the sentence that it goes on from


def read(
    found: Sequence[Found], asked: Understanding, part: Part, encode: Callable[[Sequence[str]], Vectors]
) -> Reading:
    """How well each of them answers one part of the question."""
    if not found:
        return Reading((), ())
    weights = _weights(part, [one.own for one in found], asked.names)
    subjects, treated = [], []
    for number, one in enumerate(found):
        beside = [other.own for other in found[max(0, number - 2) : number + 2] if not other.row]
        around: set[str] = set().union(*beside) if not one.row else set()
        leaning = stems(one.before.text) if one.before else set()
        treated.append(tuple(treats(term, one.own) for term in part.terms))
        led = [max(o, LEANING * treats(t, leaning)) for o, t in zip(treated[-1], part.terms, strict=True)]
        subjects.append(_share_treated(part, led, around, weights))
    cosines = _cosines(found, subjects, part, encode)
    scored = []
    phrases = _phrases(part)
    wants_total = bool(ASKS_TOTAL.search(part.question))
    for number, one in enumerate(found):
        text = one.candidate.text
        fits, bonus = _fits(one, part), 0.0
        in_year = _is_of_the_year(asked, text, one.filing_id)
        if wants_total and one.row and ENDS_GROUP.search(one.row.label):
            subjects[number] = min(1.0, subjects[number] + TOTAL_ASKED)
            bonus = TOTAL_ASKED
        fits = fits and (not asked.subject or one.row is not None or _speaks_of(asked.subject, one.candidate))
        bonus += EXACT_LABEL * _precision(one.row, part) if one.row else 0.0
        score = bonus + 0.5 * cosines[number] + 0.5 * subjects[number] + 0.15 * fits + 0.1 * in_year
        score -= UNTIED * (part.kind == "amount" and not one.row and not is_tied(text, part.question))
        tied = one.row or not part.counted or is_count_of(part.counted, text) or tells_none(part.counted, text)
        score -= UNTIED * (not tied) + A_NOTE * (NOTE.match(text) is not None)
        score += IN_ONE_PHRASE * _share_of_phrases(phrases, _read_with_what_it_leans_on(one))
        score -= A_WORD_TOO_MANY * max(0, len(text.split()) - BRIEF)
        speaks_to = bool(part.predicate) and treats(part.predicate, one.own) > 0
        scored.append(
            Scored(
                one.candidate, one.filing_id, cosines[number], subjects[number], fits, in_year, score,
                speaks_to, number, treated[number], one.row,
            )
        )  # fmt: skip
    return Reading(tuple(scored), weights)


def gather(passages: Sequence[Passage], asked: Understanding) -> list[Found]:
    """Every sentence of the passages in reading order, and the rows that treat the subject; `passages`: best first."""
    found: list[Found] = []
    in_order = sorted(passages, key=lambda passage: (passage.filing_id, passage.order))
    rank = {passage.id: number for number, passage in enumerate(passages)}
    for filing_id, group in groupby(in_order, key=lambda passage: passage.filing_id):
        of_filing = list(group)
        told = candidates(of_filing)
        for number, one in enumerate(told):
            before = told[number - 1] if one.leans_on is not None and number else None
            own = stems(one.text) | stems(one.path)
            found.append(Found(one, filing_id, rank[one.parts[0][0]], None, own, before))
        found.extend(_rows(of_filing, rank, asked, asked.year_of.get(filing_id)))
    return found


def _rows(
    passages: Sequence[Passage], rank: Mapping[str, int], asked: Understanding, fiscal_year: int | None
) -> list[Found]:
    """The rows that treat most of the question, told with the columns that it asks for."""
    found = []
    for row in rows_of(passages):
        columns = _columns(row, asked, fiscal_year)
        labelled = sum(treats(term, stems(row.label)) for term in asked.terms)
        if columns and (labelled or GENERIC.match(row.label)):
            own = stems(row.about) | stems(row.line.passage.heading)
            own |= {stem for number in columns for stem in stems(row.columns[number])}
            parts = tuple((line.passage.id, line.text) for line in row.lines)
            candidate = Candidate(row.tell(columns), parts, "", row.line.passage.heading, 0)
            share = sum(treats(term, own) for term in asked.terms) + labelled
            one = Found(candidate, row.line.passage.filing_id, rank[row.line.passage.id], row, own, None)
            found.append((share, one))
    return [one for _, one in sorted(found, key=lambda pair: -pair[0])[:MOST_ROWS]]


def _columns(row: Row, asked: Understanding, fiscal_year: int | None) -> list[int]:
    """The columns of the years that are asked for, else of the filing's own; of columns without years, those named."""
    if row.is_by_year:
        wanted = asked.years or ((fiscal_year,) if fiscal_year else ())
        of_years = [column for year in wanted if (column := row.column_of(year)) is not None]
        return sorted(set(of_years)) or ([] if asked.years or not row.is_distinct([0]) else [0])
    named = [
        number
        for number, column in enumerate(row.columns)
        if any(treats(term, stems(column)) == 1 and not treats(term, stems(row.label)) for term in asked.terms)
    ]
    total = [number for number, column in enumerate(row.columns) if column.casefold().startswith("total")]
    everything = list(range(len(row.columns)))
    chosen = named or (everything if len(everything) <= 2 else total if len(total) == 1 else everything)
    return chosen if row.is_distinct(chosen) else []


def _phrases(part: Part) -> list[tuple[str, str]]:
    """The words of the question that stand side by side: 'freight revenues'."""
    told = [stem(word) for word in words(part.question)]
    own = {stem(term) for term in part.terms}
    return [(one, other) for one, other in pairwise(told) if one in own and other in own]


def _share_of_phrases(phrases: Sequence[tuple[str, str]], text: str) -> float:
    told = set(pairwise(stem(word) for word in words(text))) if phrases else set()
    return sum(phrase in told for phrase in phrases) / len(phrases) if phrases else 0.0


def _speaks_of(subject: str, candidate: Candidate) -> bool:
    """Whether a sentence is about the thing, and no mere mention: it opens with it, or stands under its heading."""
    opening = " ".join(candidate.text.split()[:OPENING])
    return treats(subject, stems(opening) | stems(candidate.path)) > 0


def _precision(row: Row, part: Part) -> float:
    """How much of the row's label the question says: 'Net sales' is 'Net sales', 'Net sales abroad' is not."""
    label = {stem(word) for word in subject_terms(row.label)}
    asked = {stem(term) for term in part.terms}
    return len(label & asked) / len(label) if label else 0.0


def _fits(one: Found, part: Part) -> bool:
    if part.line and not (part.line.rank(one.row) if one.row else part.line.is_said(_read_with_what_it_leans_on(one))):
        return False
    if part.particular and not part.particular.is_said(_read_with_what_it_leans_on(one)):
        return False
    if one.row:
        values = [value for value in one.row.values if value in one.candidate.text]
        about = f"{one.row.about} {' '.join(one.row.columns)}"
        return row_fits_kind(part.kind, values, about, one.row.is_scaled) and _counts_it(one, part)
    fits = fits_kind(part.kind, one.candidate.text, part.question) or tells_none(part.counted, one.candidate.text)
    return fits and _counts_it(one, part) and was_done(part.undergone, one.candidate.text)


def _counts_it(one: Found, part: Part) -> bool:
    """'How many patents does it hold?' is told only by what speaks of patents."""
    leaning = stems(one.before.text) if one.before else set()
    return not part.counted or treats(part.counted, one.own | leaning) > 0


def _cosines(
    found: Sequence[Found],
    subjects: Sequence[float],
    part: Part,
    encode: Callable[[Sequence[str]], Vectors],
) -> list[float]:
    """Nearness in meaning, of those that may answer: all that treat something, and all of the best passages."""
    by_subject = sorted(range(len(found)), key=lambda number: -subjects[number])
    by_passage = sorted(range(len(found)), key=lambda number: found[number].rank)
    chosen = list(dict.fromkeys([*by_subject[: MOST_ENCODED - FIRST_SENTENCES], *by_passage]))[:MOST_ENCODED]
    texts = [_beginning(_read_with_what_it_leans_on(found[number])) for number in chosen]
    cosines = encode(texts) @ encode([part.phrase or part.question])[0]
    told = [FAR_IN_MEANING] * len(found)
    for number, cosine in zip(chosen, cosines, strict=True):
        told[number] = float(cosine)
    return told


def _read_with_what_it_leans_on(one: Found) -> str:
    return f"{one.before.text} {one.candidate.text}" if one.before else one.candidate.text


def _beginning(text: str) -> str:
    """What a long sentence is about stands in its first words; reading on would take too long."""
    return text if len(text) <= LONGEST_READ else text[:LONGEST_READ].rpartition(" ")[0]


def _is_of_the_year(asked: Understanding, text: str, filing_id: str) -> bool:
    """Whether a sentence tells of a year that was asked for: one that names no year tells of its filing's own."""
    of_its_filing = asked.year_of.get(filing_id)
    told = years(text) or ({of_its_filing} if of_its_filing else set())
    return not asked.years or bool(set(asked.years) & told)


def _weights(part: Part, told: Sequence[set[str]], names: Sequence[str]) -> tuple[float, ...]:
    """How telling each word of the question is: one that no sentence has is the most telling of all."""
    weights = []
    for term in part.terms:
        count = sum(bool(treats(term, text_stems)) for text_stems in told)
        # 'The largest customers' are customers first of all; what 'How was it financed?' asks for counts twice.
        weight = 2 if term == part.predicate else 0.3 if term in QUALIFIERS else 1
        weight *= A_NAME if term in names else 1
        weights.append(weight * math.log(1 + len(told) / (1 + count)))
    return tuple(weights)


def _share_treated(part: Part, treated: Sequence[float], around: set[str], weights: Sequence[float]) -> float:
    total = 0.0
    for term, own, weight in zip(part.terms, treated, weights, strict=True):
        # What 'How was it financed?' asks for must be in the sentence itself; what was financed may stand beside it.
        beside = 0.0 if term == part.predicate else AROUND * treats(term, around)
        total += weight * max(own, beside)
    return total / sum(weights) if sum(weights) else 0.0

"""The offline answer: the sentences of the retrieved passages that answer the question, or none.

A sentence answers when it holds the kind of thing that was asked (an amount, a share, a date ...) and treats the
subject: it has the words of the question, or words that stand for them, or is close to it in meaning.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from index.filing import Hit, Vectors
from rag.answer import Draft
from rag.candidates import Candidate, candidates
from rag.figures import figure_spans, figures, number_words, years
from rag.question import Kind, Understanding
from rag.series import for_year
from rag.terms import MEASURE, stem, stems, treats

MOST_SENTENCES = 4
MOST_WORDS = 115
AROUND = 0.5  # what a word of the question counts when not the sentence but those beside it have it
PERSON = re.compile(r"\b[A-Z][a-z]+(?: [A-Z]\.)? [A-Z][a-z]+\b")
PLACE = re.compile(r"\b(?:in|at|to|from|near) (?:the )?(?:\d+ )?[A-Z][a-z]+")
QUALIFIERS = frozenset("largest biggest greatest main major principal primary most top key important".split())
DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:quarter|January|February|March|April|June|July|August|September|October|November|December)\b"
)
OF_A_WHOLE = re.compile(r"\b(?:account\w*|share|part of|portion|proportion|percent\w*|depend\w*)\b", re.IGNORECASE)
MEASURE_WORD = re.compile(rf"\b{MEASURE}\b", re.IGNORECASE)
BESIDE = 25  # characters behind a sum in which it may be said what it is: '$7.9 million in cash'
SUPERLATIVE = re.compile(r"\b(?:most|largest|biggest|greatest|main|top|highest)\b", re.IGNORECASE)
CONTINUES = re.compile(r"^The (\w+)\b")


@dataclass(frozen=True)
class Scored:
    """A sentence and how well it answers."""

    candidate: Candidate
    filing_id: str
    meaning: float  # cosine with the question
    subject: float  # share of the question's words that it treats, the rarer ones counting more
    fits_kind: bool
    right_year: bool
    score: float
    speaks_to_predicate: bool
    place: int  # among all the sentences looked at, in reading order


def compose_answer(
    asked: Understanding,
    hits: Sequence[Hit],
    encode: Callable[[Sequence[str]], Vectors],
    tell: Callable[[str, str], str],
) -> list[Draft]:
    """The drafts of an answer in reading order; none when nothing answers. `tell(filing id, sentence)` words each."""
    scored = score_sentences(asked, hits, encode)
    best = sorted(
        (one for one in scored if _answers(asked.kind, one)), key=lambda one: (-round(one.score, 6), one.place)
    )
    if not best:
        return []
    if SUPERLATIVE.search(asked.question) and asked.kind in ("share", "amount", "count"):
        best = _largest_first(best)
    if asked.predicate:  # 'How was it financed?': what only speaks of it is no answer where something tells how
        best = [one for one in best if one.speaks_to_predicate] or best
    if asked.compares:
        return [_draft(one, tell) for one in _best_of_each(asked.filing_ids, best)]
    year = asked.years[0] if len(asked.years) == 1 else None
    return [_draft(one, tell, year) for one in _with_company(asked.kind, best, scored)]


def score_sentences(
    asked: Understanding, hits: Sequence[Hit], encode: Callable[[Sequence[str]], Vectors]
) -> list[Scored]:
    """Every sentence of the hits, in reading order."""
    passages = sorted((hit.passage for hit in hits), key=lambda passage: (passage.filing_id, passage.order))
    found: list[tuple[Candidate, str]] = []
    for filing_id, group in groupby(passages, key=lambda passage: passage.filing_id):
        found.extend((candidate, filing_id) for candidate in candidates(list(group)))
    if not found:
        return []
    cosines = encode([candidate.text for candidate, _ in found]) @ encode([asked.phrase or asked.question])[0]
    told = [stems(candidate.text) | stems(candidate.path) for candidate, _ in found]
    rarity = _rarity(asked.terms, told)
    scored = []
    for number, (candidate, filing_id) in enumerate(found):
        around: set[str] = set().union(*told[max(0, number - 2) : number + 2])
        subject = _share_treated(asked, told[number], around, rarity)
        fits = fits_kind(asked.kind, candidate.text, asked.question)
        in_year = _is_of_the_year(asked, candidate.text, filing_id)
        score = 0.5 * float(cosines[number]) + 0.5 * subject + 0.15 * fits + 0.1 * in_year
        speaks_to = bool(asked.predicate) and treats(asked.predicate, told[number]) > 0
        meaning = float(cosines[number])
        scored.append(Scored(candidate, filing_id, meaning, subject, fits, in_year, score, speaks_to, number))
    return scored


def _is_of_the_year(asked: Understanding, text: str, filing_id: str) -> bool:
    """Whether a sentence tells of a year that was asked for: one that names no year tells of its filing's own."""
    of_its_filing = asked.year_of.get(filing_id)
    told = years(text) or ({of_its_filing} if of_its_filing else set())
    return not asked.years or bool(set(asked.years) & told)


def fits_kind(kind: Kind, text: str, question: str = "") -> bool:
    """Whether a text holds the kind of thing that is asked for."""
    told = figures(text)
    match kind:
        case "amount":
            # "How much of the revenue" may be told as a share of it.
            if OF_A_WHOLE.search(question) and any(figure.percent for figure in told):
                return True
            return _has_amount_of(MEASURE_WORD.findall(question), text)
        case "share":
            return any(figure.percent for figure in told)
        case "count":
            plain = any(not (figure.currency or figure.percent or figure.looks_like_year) for figure in told)
            return plain or bool(number_words(text))
        case "figure":
            return any(not figure.looks_like_year for figure in told)
        case "date":
            return bool(DATE.search(text))
        case "person":
            return bool(PERSON.search(text))
        case "place":
            return bool(PLACE.search(text))
    return True


def _has_amount_of(measures: Sequence[str], text: str) -> bool:
    """Whether a sum of money stands there; of what is asked for, if the question names it: beside a sum of that."""
    for start, end, figure in figure_spans(text):
        beside = MEASURE_WORD.findall(text[:start])[-1:] + MEASURE_WORD.findall(text[end : end + BESIDE])[:1]
        told = {stem(word.casefold()) for word in beside}
        if figure.currency and (not measures or not beside or any(treats(word.casefold(), told) for word in measures)):
            return True
    return False


def _rarity(terms: Sequence[str], told: Sequence[set[str]]) -> dict[str, float]:
    """How telling each word of the question is: one that no sentence has is the most telling of all."""
    counts = {term: sum(bool(treats(term, text_stems)) for text_stems in told) for term in terms}
    return {term: math.log(1 + len(told) / (1 + count)) for term, count in counts.items()}


def _share_treated(asked: Understanding, own: set[str], around: set[str], rarity: dict[str, float]) -> float:
    whole = treated = 0.0
    for term in asked.terms:
        # What 'How was it financed?' asks for must be in the sentence itself; what was financed may stand beside it.
        predicate = term == asked.predicate
        # 'The largest customers' are customers first of all.
        weight = rarity[term] * (2 if predicate else 0.3 if term in QUALIFIERS else 1)
        whole += weight
        treated += weight * max(treats(term, own), 0.0 if predicate else AROUND * treats(term, around))
    return treated / whole if whole else 0.0


def _answers(kind: Kind, one: Scored) -> bool:
    """A figure is only an answer when it is a figure of the very thing; a statement may be near in meaning alone."""
    if not one.fits_kind or (kind != "statement" and not one.right_year):
        return False
    if kind == "statement":
        return one.subject >= 0.5 or (one.meaning >= 0.4 and one.subject >= 0.3) or one.meaning >= 0.65
    return one.subject >= 0.55 or (one.meaning >= 0.5 and one.subject >= 0.45)


def _with_company(kind: Kind, best: list[Scored], scored: list[Scored]) -> list[Scored]:
    """The best sentence and what belongs to it: where it leans, what goes on from it, and others nearly as good."""
    most = MOST_SENTENCES if kind == "statement" else 1
    chosen: dict[int, Scored] = {}
    for one in best[:most]:
        if one.score >= 0.8 * best[0].score and not any(_same_words(one, other) for other in chosen.values()):
            group = [*_leaned_on(one, scored), one, *_going_on(one, scored)]
            fresh = {member.place: member for member in group if member.place not in chosen}
            if _words([*chosen.values(), *fresh.values()]) <= MOST_WORDS or not chosen:
                chosen |= fresh
    return [chosen[place] for place in sorted(chosen)]


def _leaned_on(one: Scored, scored: list[Scored]) -> list[Scored]:
    return [scored[one.place - 1]] if one.candidate.leans_on is not None and one.place else []


def _going_on(one: Scored, scored: list[Scored]) -> list[Scored]:
    """'... completed a public offering.' goes on with 'The offering closed on ...'."""
    if one.place + 1 == len(scored):
        return []
    after = scored[one.place + 1]
    taken_up = CONTINUES.match(after.candidate.text)
    together = after.filing_id == one.filing_id and after.candidate.path == one.candidate.path
    return [after] if together and taken_up and stem(taken_up.group(1).casefold()) in stems(one.candidate.text) else []


def _largest_first(best: list[Scored]) -> list[Scored]:
    """Of the sentences that answer about equally well, the one with the largest share or amount: 'most', 'largest'."""

    def largest(one: Scored) -> Decimal:
        told = [figure for figure in figures(one.candidate.text) if figure.percent or figure.currency]
        return max((Decimal(figure.value) for figure in told), default=Decimal(0))

    leaders: dict[str, float] = {}
    for one in best:
        leaders.setdefault(one.filing_id, one.score)
    near = [one for one in best if one.score >= 0.9 * leaders[one.filing_id]]
    return sorted(near, key=lambda one: -largest(one)) + [one for one in best if one not in near]


def _same_words(one: Scored, other: Scored) -> bool:
    return one.candidate.text == other.candidate.text


def _words(chosen: Sequence[Scored]) -> int:
    return sum(len(one.candidate.text.split()) for one in chosen)


def _best_of_each(filing_ids: Sequence[str], best: Sequence[Scored]) -> list[Scored]:
    """Over several filings, the best sentence of each, in the order of the filings."""
    first: dict[str, Scored] = {}
    for one in best:
        first.setdefault(one.filing_id, one)
    return [first[filing_id] for filing_id in filing_ids if filing_id in first]


def _draft(one: Scored, tell: Callable[[str, str], str], year: int | None = None) -> Draft:
    """The sentence as a draft; of a row of years, only the one that was asked for."""
    text = for_year(one.candidate.text, year) if year else one.candidate.text
    return Draft(
        text=tell(one.filing_id, text),
        passage_ids=tuple(passage_id for passage_id, _ in one.candidate.parts),
        quotes=tuple(quote for _, quote in one.candidate.parts),
    )

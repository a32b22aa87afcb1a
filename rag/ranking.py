"""Which of the sentences and rows that were read answer a question, and which of these answers it best."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from rag.figures import figures, years
from rag.kinds import counts_of
from rag.question import Kind, Understanding
from rag.rows import ENDS_GROUP
from rag.scoring import Scored
from rag.terms import stems, treats

WHOLE_SUBJECT = 0.95
LEAST_MEANING = 0.2  # 'the capital of France' shares its words with the capital plan and the sites in France
NEARLY_AS_GOOD = 0.8
SUPERLATIVE = re.compile(r"\b(?:most|largest|biggest|greatest|main|top|highest)\b", re.IGNORECASE)
# The share of the ten largest customers is not that of the largest.
ONE_CUSTOMER = re.compile(r"\b(?:largest|biggest|main|top)(?: single)? (?:customer|client)\b", re.IGNORECASE)
SEVERAL_CUSTOMERS = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|\d+)"
    r"(?: largest| biggest| top)? (?:customers|clients)\b"
    r"|\bno (?:other|single|one) (?:customer|client)\b",
    re.IGNORECASE,
)
# 'its own software' tells of no ownership, nor do things that others own.
OF_ITS_OWN = re.compile(
    r"^(?!.*\b(?:owns|owned|(?:we|company) (?:\w+ )?own|leas\w+|rent\w*|title)\b).*\b(?:its|their|our) own\b",
    re.IGNORECASE | re.DOTALL,
)


def ranked(asked: Understanding, scored: Sequence[Scored]) -> list[Scored]:
    """All that answer, the best first."""
    best = sorted(
        (one for one in scored if answers(asked.kind, one)), key=lambda one: (-round(one.score, 6), one.place)
    )
    if ONE_CUSTOMER.search(asked.question):
        best = [one for one in best if not SEVERAL_CUSTOMERS.search(one.candidate.text)]
    if best and asked.kind in ("count", "amount", "share") and not asked.years and not asked.compares:
        best = _of_the_reports_year_first(asked, best)
    if SUPERLATIVE.search(asked.question) and asked.kind in ("share", "amount", "count"):
        best = _largest_first(best)
    elif asked.kind == "count" and asked.whole.counted and set(asked.terms) <= {asked.whole.counted}:
        best = _most_counted_first(asked.whole.counted, best)  # all that there are, not those who took a course
    elif asked.kind == "amount":  # what only a part of the business earned is less than what all of it did
        whole = [one for one in best if one.subject >= WHOLE_SUBJECT and one.score >= 0.9 * best[0].score]
        best = _largest_first(whole) + [one for one in best if one not in whole]
    if asked.must_say_predicate:
        best = [one for one in best if one.speaks_to_predicate and not OF_ITS_OWN.search(one.candidate.text)]
        return [one for one in best if _speaks_of_any(asked.names, one)]
    if asked.predicate:  # 'How was it financed?': what only speaks of it is no answer where something tells how
        best = [one for one in best if one.speaks_to_predicate] or best
    return best


def answers(kind: Kind, one: Scored) -> bool:
    """A figure is only an answer when it is a figure of the very thing; a statement may be near in meaning alone."""
    if not one.fits_kind or (kind != "statement" and not one.right_year):
        return False
    if one.row:  # a row has few words: what is asked must be there by its words
        return one.subject >= 0.6
    if kind == "statement":
        return (
            (one.subject >= 0.5 and one.meaning >= LEAST_MEANING)
            or (one.meaning >= 0.4 and one.subject >= 0.3)
            or one.meaning >= 0.65
        )
    return one.subject >= 0.55 or (one.meaning >= 0.5 and one.subject >= 0.45)


def _speaks_of_any(names: Sequence[str], one: Scored) -> bool:
    """'How does Lumen make money?' is not answered by what anything else earns; without names, by all."""
    said = stems(one.candidate.text) | stems(one.candidate.path)
    return not names or any(treats(name, said) for name in names)


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


def _most_counted_first(counted: str, best: list[Scored]) -> list[Scored]:
    """Of the sentences that answer about equally well, the one that counts most of them; before all, a total's row."""
    totals = [one for one in best if one.row and ENDS_GROUP.search(one.row.label) and _is_near(one, best)]
    if totals:
        return [totals[0], *(one for one in best if one is not totals[0])]
    near = [one for one in best if not one.row and _is_near(one, best)]
    most = {one.place: max(counts_of(counted, one.candidate.text), default=Decimal(0)) for one in near}
    near = [one for one in near if most[one.place]]
    return sorted(near, key=lambda one: -most[one.place]) + [one for one in best if one not in near]


def _of_the_reports_year_first(asked: Understanding, best: list[Scored]) -> list[Scored]:
    """Of those that answer about equally well, what tells of an earlier year alone comes after the others."""

    def is_stale(one: Scored) -> bool:
        of_report, told = asked.year_of.get(one.filing_id), years(one.candidate.text)
        return bool(of_report and told and max(told) < of_report)

    near = [one for one in best if _is_near(one, best)]
    fresh = [one for one in near if not is_stale(one)]
    return fresh + [one for one in near if one not in fresh] + best[len(near) :]


def _is_near(one: Scored, best: Sequence[Scored]) -> bool:
    return one.score >= NEARLY_AS_GOOD * best[0].score

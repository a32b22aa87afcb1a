"""Two sentences that answer together what neither answers alone.

'What share came from the segment that Ms. White leads?' One sentence tells what she leads, another that segment's
share; the segment's name, which the question does not say, ties them to each other. And of 'How old is it, and who
made it?' each part may have a sentence of its own.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, permutations

from rag.question import Understanding
from rag.scoring import Reading, Scored
from rag.terms import STOP_WORDS, stems, words

LEAST_TIE = 0.4
MOST_LEADS = 2
MOST_NAMES = 6
MOST_PAIRS = 3
POOL = 16  # the best few of each reading are tried with one another
LEAST_COVERED = 0.55
LEAST_GAIN = 0.15  # what the second must add to the first
FEWEST_TERMS = 4  # of a question that may need two: a short one is answered by one sentence or not at all
NEAR = 3  # sentences of one paragraph, about
# 'the segment whose manager ...', 'the brand headquartered in ...', 'in the country of its first venture'
DESCRIBES = re.compile(
    r"\b(?:whose|where|that|which|who)\b|\bin the \w+ of (?:its|the)\b|"
    r"\bthe (?:\w+ ){1,3}(?:headquartered|based|located|led|headed|run|managed|made|sold|owned|acquired|founded|called|"
    r"named|known|introduced|launched|opened)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"\b[A-Z][\w’'&-]*(?:[ ®™]+[A-Z][\w’'&-]*)*")


def pairs(
    asked: Understanding, whole: Reading, readings: Sequence[Reading], alone: Scored | None
) -> list[tuple[Scored, Scored]]:
    """Twos that belong together and tell more than the best one alone, best first; none where one is enough."""
    parts = asked.parts or (asked.whole,)
    if not may_need_two(asked) or not whole.found:
        return []
    single = max((_covered([one], whole) for one in ([alone] if alone else [])), default=0.0)
    if len(parts) == 1 and single >= 1 - LEAST_GAIN:
        return []
    names = [_names(one) for one in whole.found]
    around = _names_around(whole, names)
    counts = Counter(name for of_one in names for name in of_one)
    asked_words = set(words(asked.question))
    found: list[tuple[float, tuple[Scored, Scored]]] = []
    pool = _pool(whole, readings)
    for one, other in permutations(pool, 2):
        if one.filing_id != other.filing_id or one.candidate.text == other.candidate.text:
            continue
        # The one that comes first answers the question, or its first part; the other may only lead to it.
        fitting = [[reading.found[place] for place in (one.place, other.place)] for reading in readings]
        if not (fitting[0][0].fits_kind and fitting[0][0].right_year and all(map(_has_an_answer, fitting))):
            continue
        tie = _tie(names[one.place] & names[other.place], counts, len(names), asked_words)
        tie += 0.5 * _tie(names[one.place] & around[other.place], counts, len(names), asked_words)
        near = one.candidate.path == other.candidate.path and abs(one.place - other.place) <= NEAR
        if tie < LEAST_TIE and not near and len(parts) == 1:
            continue
        covered = _covered([one, other], whole)
        gain = covered - max(_covered([one], whole), _covered([other], whole))
        if covered < LEAST_COVERED or gain < LEAST_GAIN or covered - single < LEAST_GAIN:
            continue
        well = sum(max(both, key=lambda member: member.score).score for both in fitting) / len(fitting)
        value = covered + 0.5 * well + 0.12 * other.meaning + 0.05 * min(tie, 3.0) + 0.05 * near
        found.append((value, (one, other)))
    return [pair for _, pair in sorted(found, key=lambda row: -row[0])[:MOST_PAIRS]]


def _has_an_answer(both: Sequence[Scored]) -> bool:
    """Whether one of the two is of the kind that this part of the question asks for, and treats it."""
    return any(one.fits_kind and (sum(one.treated) > 0 or not one.treated) for one in both)


def may_need_two(asked: Understanding) -> bool:
    """Whether the question asks for two things, or for something of a thing that it only describes."""
    described = DESCRIBES.search(asked.question, 1) is not None
    return len(asked.terms) >= FEWEST_TERMS and (len(asked.parts) > 1 or described)


def names_to_follow(asked: Understanding, whole: Reading) -> tuple[str, ...]:
    """The names in what treats most of the question without answering it: the answer may stand beside one of them."""
    if not may_need_two(asked) or not whole.found:
        return ()
    leads = sorted(whole.found, key=lambda one: -_covered([one], whole))[:MOST_LEADS]
    if _covered(leads[:1], whole) >= 1 - LEAST_GAIN:
        return ()
    counts = Counter(name for one in whole.found for name in _names(one))
    own = {stem for word in words(asked.question) for stem in stems(word)}
    fresh = {name for lead in leads for name in _names(lead) if not stems(name) & own}
    return tuple(sorted(fresh, key=lambda name: (counts[name], name))[:MOST_NAMES])


def _pool(whole: Reading, readings: Sequence[Reading]) -> list[Scored]:
    """The best few by all of the question, by its words alone, and by each of its parts."""
    places: dict[int, None] = {}
    for reading in (whole, *readings):
        for key in (lambda one: -one.score, lambda one: -one.subject):
            places |= dict.fromkeys(one.place for one in sorted(reading.found, key=key)[:POOL])
    return [whole.found[place] for place in places]


def _covered(chosen: Sequence[Scored], whole: Reading) -> float:
    """The share of the question's words that these treat by themselves."""
    total = sum(whole.weights)
    best = [max(one.treated[number] for one in chosen) for number in range(len(whole.weights))]
    return sum(w * b for w, b in zip(whole.weights, best, strict=True)) / total if total else 0.0


def _names(one: Scored) -> frozenset[str]:
    """The names in a sentence, and those in the last heading above it: single words, and pairs of them."""
    text = f"{one.row.about if one.row else one.candidate.text} . {one.candidate.path.rpartition(' > ')[2].title()}"
    found: set[str] = set()
    for match in NAME.findall(text):
        parts = [word for word in words(match) if word not in STOP_WORDS and len(word) > 1]
        found |= set(parts) | {f"{a} {b}" for a, b in pairwise(parts)}
    return frozenset(found)


def _names_around(whole: Reading, names: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """The names in the sentences of the same passage."""
    of_passage: dict[str, set[str]] = {}
    for one, own in zip(whole.found, names, strict=True):
        of_passage.setdefault(one.candidate.parts[0][0], set()).update(own)
    return [frozenset(of_passage[one.candidate.parts[0][0]]) for one in whole.found]


def _tie(shared: frozenset[str], counts: Counter[str], among: int, asked: set[str]) -> float:
    """How closely names tie two sentences: rare ones count more, and those that the question says do not count."""
    asked_stems = set().union(*(stems(word) for word in asked)) if asked else set()
    fresh = [name for name in shared if not stems(name) <= asked_stems]
    return sum(max(0.0, 1 - math.log(counts[name]) / math.log(among + 1)) for name in fresh)

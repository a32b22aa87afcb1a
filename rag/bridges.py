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

MOST_PAIRS = 3
POOL = 16  # the best few of each reading are tried with one another
LEAST_COVERED = 0.55
LEAST_GAIN = 0.15  # what the second must add to the first
FEWEST_TERMS = 4  # of a question that may need two: a short one is answered by one sentence or not at all
NEAR = 3  # sentences of one paragraph, about
NAME = re.compile(r"\b[A-Z][\w’'&-]*(?:[ ®™]+[A-Z][\w’'&-]*)*")


def pairs(
    asked: Understanding, whole: Reading, readings: Sequence[Reading], alone: Scored | None
) -> list[tuple[Scored, Scored]]:
    """Twos that belong together and tell more than the best one alone, best first; none where one is enough."""
    parts = asked.parts or (asked.whole,)
    if len(asked.terms) < FEWEST_TERMS or not whole.found:
        return []
    single = max((_covered([one], whole) for one in ([alone] if alone else [])), default=0.0)
    if len(parts) == 1 and single >= 1 - LEAST_GAIN:
        return []
    names = [_names(one) for one in whole.found]
    counts = Counter(name for of_one in names for name in of_one)
    asked_words = set(words(asked.question))
    found: list[tuple[float, tuple[Scored, Scored]]] = []
    pool = _pool(whole, readings)
    for one, other in permutations(pool, 2):
        if one.filing_id != other.filing_id or one.candidate.text == other.candidate.text:
            continue
        # The one that comes first answers the first part; of a question with one part it answers that.
        fitting = [readings[0].found[one.place], readings[-1].found[other.place]]
        kinds = fitting[0].fits_kind and (len(parts) == 1 or fitting[1].fits_kind)
        if not kinds or not fitting[0].right_year:
            continue
        if len(parts) > 1 and min(sum(fitting[0].treated), sum(fitting[1].treated)) == 0:
            continue
        tie = _tie(names[one.place] & names[other.place], counts, len(names), asked_words)
        near = one.candidate.path == other.candidate.path and abs(one.place - other.place) <= NEAR
        if tie < 0.5 and not (near and len(parts) > 1):
            continue
        covered = _covered([one, other], whole)
        gain = covered - max(_covered([one], whole), _covered([other], whole))
        if covered < LEAST_COVERED or gain < LEAST_GAIN or covered - single < LEAST_GAIN:
            continue
        value = covered + 0.12 * (one.meaning + other.meaning) + 0.05 * min(tie, 3.0) + 0.05 * near
        found.append((value, (one, other)))
    return [pair for _, pair in sorted(found, key=lambda row: -row[0])[:MOST_PAIRS]]


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


def _tie(shared: frozenset[str], counts: Counter[str], among: int, asked: set[str]) -> float:
    """How closely names tie two sentences: rare ones count more, and those that the question says do not count."""
    asked_stems = set().union(*(stems(word) for word in asked)) if asked else set()
    fresh = [name for name in shared if not stems(name) <= asked_stems]
    return sum(max(0.0, 1 - 2 * math.log(counts[name]) / math.log(among + 1)) for name in fresh)

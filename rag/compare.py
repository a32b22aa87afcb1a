"""What changed between reports of a company: facet by facet, what was added, removed, changed and kept.

The sentences of each year's summary are matched by meaning, by what they name and by their figures. Both sides of a
change keep their footnotes, and so does each figure of the table over the years (rag/tracked.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import log
from typing import Any

from index.filing import Vectors
from index.folding import fold
from rag.answer import Answer, Sentence
from rag.facets import Facet
from rag.figures import dates, figures
from rag.terms import stems
from rag.tracked import TrackedFigure

SAME_MATTER = 0.70  # cosine from which two sentences tell of one thing if they name the same
SAME_SUBJECT = 0.55  # of the words of the one that has fewer, the rarer ones counting more
SURELY_SAME = 0.85  # cosine from which they do whatever they name
SAME_WORDING = 0.97  # and from which nothing but the wording differs


@dataclass(frozen=True)
class FacetChange:
    """One facet over the reports: sentences of the later one against the earlier one."""

    facet: str
    title: str
    added: tuple[Sentence, ...]
    removed: tuple[Sentence, ...]
    changed: tuple[tuple[Sentence, Sentence], ...]  # (before, after)
    kept: tuple[Sentence, ...]


@dataclass(frozen=True)
class Comparison:
    """The changes between each report and the next, in the order of their years."""

    filing_ids: tuple[str, ...]
    facets: tuple[FacetChange, ...]
    figures: tuple[TrackedFigure, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def compare_summaries(
    summaries: Sequence[Answer], facets: Sequence[Facet], encode: Callable[[Sequence[str]], Vectors]
) -> tuple[FacetChange, ...]:
    """The changes from each summary to the next one."""
    weights = _weights([sentence for summary in summaries for sentence in summary.sentences])
    changes = []
    for facet in facets:
        added: list[Sentence] = []
        removed: list[Sentence] = []
        changed: list[tuple[Sentence, Sentence]] = []
        kept: list[Sentence] = []
        for summary, later in pairwise(summaries):
            before, after = _of(summary, facet.name), _of(later, facet.name)
            pairs = list(_matched(before, after, encode, weights))
            for i, j, likeness in pairs:
                if _only_reworded(before[i].text, after[j].text, likeness):
                    kept.append(after[j])
                else:
                    changed.append((before[i], after[j]))
            removed.extend(one for i, one in enumerate(before) if i not in {pair[0] for pair in pairs})
            added.extend(one for j, one in enumerate(after) if j not in {pair[1] for pair in pairs})
        changes.append(FacetChange(facet.name, facet.title, tuple(added), tuple(removed), tuple(changed), tuple(kept)))
    return tuple(changes)


def _of(summary: Answer, facet: str) -> list[Sentence]:
    return [sentence for sentence in summary.sentences if sentence.facet == facet]


def _matched(
    before: Sequence[Sentence],
    after: Sequence[Sentence],
    encode: Callable[[Sequence[str]], Vectors],
    weights: Mapping[str, float],
) -> Iterator[tuple[int, int, float]]:
    """The pairs that tell of one thing by their numbers, the nearest first, each once; and how near they are."""
    if not before or not after:
        return
    likeness = encode([one.text for one in before]) @ encode([one.text for one in after]).T
    pairs = sorted((-float(likeness[i, j]), i, j) for i in range(len(before)) for j in range(len(after)))
    left, right = set(range(len(before))), set(range(len(after)))
    for negative, i, j in pairs:
        if i in left and j in right and _is_one_matter(before[i].text, after[j].text, -negative, weights):
            left.remove(i)
            right.remove(j)
            yield i, j, -negative


def _is_one_matter(before: str, after: str, likeness: float, weights: Mapping[str, float]) -> bool:
    """Alike in meaning is not enough: whatever a company says of its business is, so they must share what they name."""
    if likeness < SAME_MATTER or likeness >= SURELY_SAME:
        return likeness >= SURELY_SAME
    one, other = (_named(text, weights) for text in (before, after))
    shared = sum(weights[word] for word in one & other)
    return shared >= SAME_SUBJECT * min(sum(weights[word] for word in words) for words in (one, other))


def _named(text: str, weights: Mapping[str, float]) -> set[str]:
    return {stem for stem in stems(text) if stem in weights}


def _weights(sentences: Sequence[Sentence]) -> dict[str, float]:
    """How much each word tells of what a sentence is about: the company's name, in each of them, nothing."""
    having = Counter(stem for one in sentences for stem in stems(one.text) if not any(map(str.isdigit, stem)))
    return {stem: log(len(sentences) / count) for stem, count in having.items()}


def _only_reworded(before: str, after: str, likeness: float) -> bool:
    if fold(before) == fold(after):
        return True
    return likeness >= SAME_WORDING and set(figures(before)) == set(figures(after)) and dates(before) == dates(after)

"""What changed between reports of a company: facet by facet, what was added, removed, changed and kept.

The sentences of each year's summary are matched by meaning and by their figures. Both sides of a change keep their
footnotes, and so does each figure of the table over the years (rag/tracked.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from index.filing import Vectors
from index.folding import fold
from rag.answer import Answer, Sentence
from rag.facets import Facet
from rag.figures import dates, figures
from rag.tracked import TrackedFigure

SAME_MATTER = 0.70  # cosine from which two sentences tell of one thing
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
    changes = []
    for facet in facets:
        added: list[Sentence] = []
        removed: list[Sentence] = []
        changed: list[tuple[Sentence, Sentence]] = []
        kept: list[Sentence] = []
        for before, after in pairwise(summaries):
            _match(_of(before, facet.name), _of(after, facet.name), encode, added, removed, changed, kept)
        changes.append(FacetChange(facet.name, facet.title, tuple(added), tuple(removed), tuple(changed), tuple(kept)))
    return tuple(changes)


def _of(summary: Answer, facet: str) -> list[Sentence]:
    return [sentence for sentence in summary.sentences if sentence.facet == facet]


def _match(
    before: list[Sentence],
    after: list[Sentence],
    encode: Callable[[Sequence[str]], Vectors],
    added: list[Sentence],
    removed: list[Sentence],
    changed: list[tuple[Sentence, Sentence]],
    kept: list[Sentence],
) -> None:
    """The nearest pairs first; what finds no partner was added or removed."""
    if before and after:
        likeness = encode([s.text for s in before]) @ encode([s.text for s in after]).T
        pairs = sorted((-float(likeness[i, j]), i, j) for i in range(len(before)) for j in range(len(after)))
    else:
        pairs = []
    left, right = set(range(len(before))), set(range(len(after)))
    for negative, i, j in pairs:
        if -negative < SAME_MATTER or i not in left or j not in right:
            continue
        left.remove(i)
        right.remove(j)
        if _only_reworded(before[i].text, after[j].text, -negative):
            kept.append(after[j])
        else:
            changed.append((before[i], after[j]))
    removed.extend(before[i] for i in sorted(left))
    added.extend(after[j] for j in sorted(right))


def _only_reworded(before: str, after: str, likeness: float) -> bool:
    if fold(before) == fold(after):
        return True
    return likeness >= SAME_WORDING and set(figures(before)) == set(figures(after)) and dates(before) == dates(after)

"""The passages that bear on a question: by meaning and by words, fused, and only from the filings in scope."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from index.filing import Hit, Passage, Vectors

POOL = 40  # candidates of each search before they are fused


class SearchableIndex(Protocol):
    """What retrieval needs of the index."""

    def vectors(self, texts: Sequence[str]) -> Vectors: ...
    def nearest(self, vector: Vectors, filing_ids: Sequence[str], k: int) -> list[tuple[str, float]]: ...
    def matching(self, words: Sequence[str], filing_ids: Sequence[str], k: int) -> list[tuple[str, float]]: ...
    def passages_named(self, passage_ids: Sequence[str]) -> dict[str, Passage]: ...


def retrieve(
    index: SearchableIndex, question: str, terms: Sequence[str], filing_ids: Sequence[str], k: int
) -> list[Hit]:
    """The k best passages of these filings, best first."""
    pool = max(k, POOL)
    found = {
        "meaning": index.nearest(index.vectors([question])[0], filing_ids, pool),
        "words": index.matching(terms, filing_ids, pool),
    }
    scores: dict[str, float] = {}
    found_by: dict[str, tuple[str, ...]] = {}
    for search, ranked in found.items():
        for passage_id, score in _between_0_and_1(ranked):
            scores[passage_id] = scores.get(passage_id, 0.0) + score
            found_by[passage_id] = (*found_by.get(passage_id, ()), search)
    best = sorted(scores, key=lambda passage_id: (-round(scores[passage_id], 6), passage_id))[:k]
    passages = index.passages_named(best)
    # What Chroma holds of a filing that is not complete yet is no passage of the library.
    return [Hit(passages[one], scores[one], found_by[one]) for one in best if one in passages]


def _between_0_and_1(ranked: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Scores of one search made comparable with the other's."""
    if not ranked:
        return []
    high, low = ranked[0][1], ranked[-1][1]
    return [(passage_id, (score - low) / (high - low) if high > low else 1.0) for passage_id, score in ranked]

"""The passages that bear on a question: by meaning, by words and by statement, fused, and only from those in scope."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from index.filing import Filing, Hit, Passage, Vectors
from index.folding import fold
from rag.search_query import SearchQuery, search_query

POOL = 40  # candidates of each search before they are fused
# What a passage of a statement gains, beside scores of 0 to 1 for meaning, for words and for a report's own terms. A
# question that names the statement ("in the balance sheet") is looked for there first, so that is worth all three.
NAMED_STATEMENT = 3.0
IMPLIED_STATEMENT = 0.5
# And a passage of the report on a year that the question names, among reports on several years.
OWN_YEAR = 1.0
YEAR_BEFORE = 0.5


class SearchableIndex(Protocol):
    """What retrieval needs of the index."""

    def vectors(self, texts: Sequence[str]) -> Vectors: ...
    def nearest(self, vector: Vectors, filing_ids: Sequence[str], k: int) -> list[tuple[str, float]]: ...
    def matching(self, words: Sequence[str], filing_ids: Sequence[str], k: int) -> list[tuple[str, float]]: ...
    def in_statements(self, kinds: Sequence[str], filing_ids: Sequence[str]) -> dict[str, str]: ...
    def passages_named(self, passage_ids: Sequence[str]) -> dict[str, Passage]: ...


def retrieve(
    index: SearchableIndex,
    question: str,
    terms: Sequence[str],
    filing_ids: Sequence[str],
    k: int,
    known: Sequence[Filing] = (),
) -> list[Hit]:
    """The k best passages of these filings, best first; `known`: what they are, as far as that is known.

    `terms` are words to look for whatever the question says, such as those that an understanding of it added.
    """
    query = search_query(question, [name for filing in known for name in (filing.company, filing.ticker)])
    pool = max(k, POOL)
    # Within one report its year stands everywhere and tells nothing; among several it tells which one is meant.
    years = query.years if len(filing_ids) > 1 else ()
    searches = {
        "meaning": index.nearest(index.vectors([query.meaning])[0], filing_ids, pool),
        "words": index.matching([*query.words, *query.pairs, *query.figures, *years, *terms], filing_ids, pool),
        "vocabulary": index.matching(query.lines, filing_ids, pool),
    }
    scores: dict[str, float] = {}
    found_by: dict[str, list[str]] = {}
    for search, ranked in searches.items():
        for passage_id, score in _between_0_and_1(ranked):
            scores[passage_id] = scores.get(passage_id, 0.0) + score
            found_by.setdefault(passage_id, []).append(search)
    for passage_id, gain in _in_statements(index, query, filing_ids).items():
        scores[passage_id] = scores.get(passage_id, 0.0) + gain
        found_by.setdefault(passage_id, []).append("statement")
    of_year = _of_year(query, known)
    if of_year:
        # The id of a passage begins with that of its filing.
        scores = {one: score + of_year.get(one.rpartition(":")[0], 0.0) for one, score in scores.items()}
    best = sorted(scores, key=lambda passage_id: (-round(scores[passage_id], 6), passage_id))
    hits: list[Hit] = []
    scope = set(filing_ids)
    seen: set[tuple[str, str]] = set()
    while best and len(hits) < k:
        part, best = best[: k - len(hits)], best[k - len(hits) :]
        passages = index.passages_named(part)
        for one in part:
            # What Chroma holds of a filing that another program is adding or removing is not the library's to show.
            if one not in passages or passages[one].filing_id not in scope or (words := _words(passages[one])) in seen:
                continue
            seen.add(words)
            hits.append(Hit(passages[one], scores[one], tuple(found_by[one])))
    return hits


def _in_statements(index: SearchableIndex, query: SearchQuery, filing_ids: Sequence[str]) -> dict[str, float]:
    """What each passage of the statements gains that the question names, or that what it asks for stands in."""
    kinds = dict.fromkeys(query.implied, IMPLIED_STATEMENT) | dict.fromkeys(query.named, NAMED_STATEMENT)
    return {passage_id: kinds[kind] for passage_id, kind in index.in_statements([*kinds], filing_ids).items()}


def _of_year(query: SearchQuery, known: Sequence[Filing]) -> dict[str, float]:
    """What the passages of a filing gain when the question names its year, or the year before, which it tells too."""
    years = {int(year) for year in query.years}
    gains = {
        filing.id: OWN_YEAR if filing.fiscal_year in years else YEAR_BEFORE
        for filing in known
        if filing.fiscal_year and not years.isdisjoint((filing.fiscal_year, filing.fiscal_year - 1))
    }
    return gains if len(gains) < len(known) or len(set(gains.values())) > 1 else {}


def _words(passage: Passage) -> tuple[str, str]:
    """The letters and figures of a passage: what a report says twice in the same words is found once."""
    return passage.filing_id, re.sub(r"[\W_]+", "", fold(passage.text)) or passage.id


def _between_0_and_1(ranked: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Scores of one search made comparable with the others'."""
    if not ranked:
        return []
    high, low = ranked[0][1], ranked[-1][1]
    return [(passage_id, (score - low) / (high - low) if high > low else 1.0) for passage_id, score in ranked]

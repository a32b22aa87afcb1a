"""The conductor's part that sums up: which passages a summary rests on, and its drafts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from index.build import FilingIndex
from index.filing import Passage
from index.tokens import count_all
from rag.answer import Draft
from rag.compose_summary import compose_summary
from rag.facets import Facet, FacetReader, load_facets
from rag.third_person import Narrator, Narrators
from rag.trim import trim
from rag.vital import load_weights

BUSINESS_ITEM = "1"
OWN_FACETS = "facets.toml"  # in the data folder: a user's own facets
FINANCING, FINANCING_ITEMS = "financing", ("5", "7", "8")
MOST_RANKED, FEW_PASSAGES = 80, 6  # few, for their sentences are embedded only when they are asked for
SHARE_OF_FINANCING = 6  # of a summary a sixth, where it is looked for beyond Item 1


class Summaries:
    """The facets, and what a filing's summary makes of them."""

    def __init__(self, index: FilingIndex) -> None:
        self._index = index
        self._narrators = Narrators()

    @property
    def facets(self) -> list[Facet]:
        return list(self._facets_and_others[0])

    @cached_property
    def _facets_and_others(self) -> tuple[tuple[Facet, ...], tuple[str, ...]]:
        return load_facets(own=self._index.settings.data_dir / OWN_FACETS)

    @cached_property
    def facet_reader(self) -> FacetReader:
        return FacetReader(*self._facets_and_others, self._index.vectors)

    def wanted(self, names: Sequence[str] | None) -> list[Facet]:
        """The facets of these names (None: all), in their order."""
        known = {facet.name: facet for facet in self.facets}
        unknown = [name for name in names or () if name not in known]
        if unknown:
            raise ValueError(f"No facet {unknown[0]!r}; there are {', '.join(known)}.")
        return [facet for facet in known.values() if names is None or facet.name in names]

    def business_passages(self, filing_id: str) -> list[Passage]:
        passages = self._index.library.passages(filing_id)
        of_business = [passage for passage in passages if passage.item == BUSINESS_ITEM]
        # A text without items is all about the business; in a report without Item 1, anything may be.
        return of_business or [passage for passage in passages if not passage.item] or passages

    def drafts(self, filing_id: str, facets: Sequence[str], max_tokens: int) -> tuple[list[Draft], list[Passage]]:
        """The drafts of a summary, and the passages that they may cite."""
        passages = self.business_passages(filing_id)
        drafts = self.drafts_from(filing_id, passages, facets, max_tokens)
        if FINANCING in facets and all(draft.facet != FINANCING for draft in drafts):
            elsewhere = self.financing_elsewhere(filing_id)
            found = self.drafts_from(filing_id, elsewhere, [FINANCING], max_tokens // SHARE_OF_FINANCING)
            if found:
                room = max_tokens - sum(count_all([f" {draft.text}" for draft in found]))
                drafts = [*self.drafts_from(filing_id, passages, facets, room), *found]
            passages = [*passages, *elsewhere]
        return drafts, passages

    def drafts_from(
        self, filing_id: str, passages: Sequence[Passage], facets: Sequence[str], max_tokens: int
    ) -> list[Draft]:
        year = self._index.library.filing(filing_id).fiscal_year
        tell, encode = self._narrator(filing_id).tell, self._index.vectors
        weights = load_weights(self._index.encoder.name)
        return compose_summary(passages, facets, max_tokens, self.facet_reader, encode, count_all, tell, year, weights)

    def told(self, filing_id: str, sentence: str) -> str:
        """A sentence of a filing as a text about the company would have it: in the third person, without its links."""
        return self._narrator(filing_id).tell(trim(sentence))

    def _narrator(self, filing_id: str) -> Narrator:
        return self._narrators.of(filing_id, self._index.library.filing)

    def financing_elsewhere(self, filing_id: str) -> list[Passage]:
        """Where Item 1 is silent: the passages on equity, liquidity and debt that fit the question best."""
        question = next(facet.question for facet in self.facets if facet.name == FINANCING)
        ranked = self._index.nearest(self._index.vectors([question])[0], [filing_id], MOST_RANKED)
        found = self._index.passages_named([passage_id for passage_id, _ in ranked])
        of_items = [found[passage_id] for passage_id, _ in ranked if found[passage_id].item in FINANCING_ITEMS]
        return sorted(of_items[:FEW_PASSAGES], key=lambda passage: passage.order)

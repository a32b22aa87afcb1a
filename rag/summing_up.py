"""The conductor's part that sums up: which passages a summary rests on, and its drafts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, partial

from index.build import FilingIndex
from index.filing import Filing, Passage
from index.tokens import count_all
from rag.answer import Draft
from rag.compose_summary import compose_summary
from rag.facets import Facet, FacetReader, learned_from, load_facets
from rag.flow import Flow
from rag.introduction import introduction
from rag.rows import BAR
from rag.third_person import Narrator, Narrators
from rag.tracked import TrackedFigure, TrackedValue, find_figures, table_of
from rag.trim import trim
from rag.verify import verify
from rag.vital import load_weights

BUSINESS_ITEM = "1"
OWN_FACETS = "facets.toml"  # in the data folder: a user's own facets
FINANCING, FINANCING_ITEMS = "financing", ("5", "7", "8")
# What there is about it beyond Item 1, in the words of any report.
FINANCING_TOLD = (
    "The company paid dividends and repurchased shares of its common stock.",
    "Long-term debt, senior notes and commercial paper outstanding and the revolving credit facility.",
    "Net cash provided by operating activities funded capital expenditures.",
)
MOST_RANKED, PASSAGES_OF_EACH = 120, 3  # few, for their sentences are embedded only when they are asked for
MOST_ROWS = 5  # of a table in a passage that is read for its sentences
SURE = 0.2  # how likely what is told from there must be vital
SHARE_OF_FINANCING = 8  # of a summary an eighth, where it is looked for beyond Item 1
# 'Dividends of $208': accounts that say once, far away, that all amounts are millions.
WITHOUT_SCALE = re.compile(
    r"\$\s?\d{1,3}(?:,\d{3})?(?![\d,]|\.\d)(?!\s?(?:thousand|million|billion|trillion|per\b|a\b|an\b|each\b))"
)


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
        self.keep_examples()
        return FacetReader(*self._facets_and_others, self._index.vectors)

    def keep_examples(self) -> None:
        """What facets are learned from is embedded once for a library, and not by every program that opens it."""
        self._index.keep_embedded([*(facet.question for facet in self.facets), *learned_from(*self._facets_and_others)])

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

    def drafts(
        self, filing_id: str, facets: Sequence[str], max_tokens: int, as_one_text: bool = True
    ) -> tuple[list[Draft], list[Passage]]:
        """The drafts of a summary, and the passages that they may cite.

        As one text, a sentence may say 'it' and lean on the one before; else each can stand alone.
        """
        passages = self.business_passages(filing_id)
        drafts = self.drafts_from(filing_id, passages, facets, max_tokens, as_one_text)
        if FINANCING in facets and all(draft.facet != FINANCING for draft in drafts):
            elsewhere = self.financing_elsewhere(filing_id)
            share = max_tokens // SHARE_OF_FINANCING
            found = self.drafts_from(filing_id, elsewhere, [FINANCING], share, as_one_text, beyond_business=True)
            if found:
                room = max_tokens - sum(count_all([f" {draft.text}" for draft in found]))
                drafts = [*self.drafts_from(filing_id, passages, facets, room, as_one_text), *found]
            passages = [*passages, *elsewhere]
        return drafts, passages

    def drafts_from(
        self,
        filing_id: str,
        passages: Sequence[Passage],
        facets: Sequence[str],
        max_tokens: int,
        as_one_text: bool = False,
        beyond_business: bool = False,
    ) -> list[Draft]:
        narrator = self._narrator(filing_id)
        return compose_summary(
            passages,
            facets,
            max_tokens,
            self.facet_reader,
            self._index.vectors,
            count_all,
            narrator.tell,
            self._index.library.filing(filing_id).fiscal_year,
            load_weights(self._index.encoder.name),
            Flow(narrator.name) if as_one_text else list,
            WITHOUT_SCALE if beyond_business else None,
            SURE if beyond_business else 0.0,
        )

    def introduction(self, filing_id: str) -> list[Draft]:
        """What the company is or does, as the report introduces it."""
        name = self._narrator(filing_id).name
        return introduction(self.business_passages(filing_id), name, partial(self.told, filing_id))

    def figures(self, filings: Sequence[Filing]) -> tuple[TrackedFigure, ...]:
        """What these filings say of the figures that reports give year after year, each value verified."""
        found = []
        for filing in filings:
            passages = self._index.library.passages(filing.id)
            named = {passage.id: passage for passage in passages}
            of_one = find_figures(passages, filing.fiscal_year, partial(self.told, filing.id))
            checked = [verify([one.draft], named, [filing.company])[0] for one in of_one]
            found.append(
                {
                    one.name: TrackedValue(filing.id, one.value, one.number, sentence)
                    for one, sentence in zip(of_one, checked, strict=True)
                    if sentence.verdict == "supported"
                }
            )
        return table_of(found)

    def told(self, filing_id: str, sentence: str) -> str:
        """A sentence of a filing as a text about the company would have it: in the third person, without its links."""
        return self._narrator(filing_id).tell(trim(sentence))

    def _narrator(self, filing_id: str) -> Narrator:
        return self._narrators.of(filing_id, self._index.library.filing)

    def financing_elsewhere(self, filing_id: str) -> list[Passage]:
        """Where Item 1 is silent: the passages that tell best of dividends, debt and cash from operations."""
        best: dict[str, Passage] = {}
        for vector in self._index.vectors(FINANCING_TOLD):
            ranked = self._index.nearest(vector, [filing_id], MOST_RANKED)
            found = self._index.passages_named([passage_id for passage_id, _ in ranked])
            of_items = [found[passage_id] for passage_id, _ in ranked if found[passage_id].item in FINANCING_ITEMS]
            prose = [passage for passage in of_items if passage.text.count(BAR) <= MOST_ROWS]
            best |= {passage.id: passage for passage in prose[:PASSAGES_OF_EACH]}
        return sorted(best.values(), key=lambda passage: passage.order)

"""The public face of Footnote, and the conductor of every answer: understand, retrieve, compose, verify."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Self

from index.build import FilingIndex, OnProgress
from index.filing import Filing, Hit, IngestReport, ParsedFiling, Passage, Section
from index.settings import IndexSettings
from index.tokens import count_all, count_tokens
from rag.answer import Answer, Draft, Sentence
from rag.compare import Comparison, compare_summaries
from rag.compose_answer import compose_answer
from rag.compose_summary import compose_summary
from rag.facets import Facet, FacetReader, load_facets
from rag.instruction import understand_instruction
from rag.question import Understanding
from rag.retrieve import retrieve
from rag.settings import AnswerSettings
from rag.terms import subject_terms
from rag.third_person import Narrator
from rag.trim import trim
from rag.understand import understand
from rag.verify import verify

OFFLINE = "offline composer"
BUSINESS_ITEM = "1"
USUAL_TOKENS = 512
OWN_FACETS = "facets.toml"  # in the data folder: a user's own facets
FINANCING, FINANCING_ITEMS = "financing", ("5", "7", "8")
MOST_RANKED, FEW_PASSAGES = 80, 6  # few, for their sentences are embedded only when they are asked for
OnStep = Callable[[str], None]


class Assistant:
    """Ask the filings of a library; every sentence of an answer is verified against their words."""

    def __init__(self, index: FilingIndex, settings: AnswerSettings | None = None) -> None:
        self.index = index
        self.settings = settings or AnswerSettings()
        self._narrators: dict[str, Narrator] = {}

    @classmethod
    def open(cls, data_dir: Path | None = None) -> Self:
        """The library in this folder; without one, in FOOTNOTE_DATA_DIR or ~/.footnote."""
        return cls(FilingIndex(IndexSettings(data_dir=Path(data_dir)) if data_dir else IndexSettings()))

    def close(self) -> None:
        self.index.close()

    # The library ------------------------------------------------------------------------------------------------------

    def ingest(self, paths: Sequence[Path], on_progress: OnProgress | None = None) -> IngestReport:
        return self.index.ingest([Path(path) for path in paths], on_progress)

    def parse(self, path: Path) -> ParsedFiling:
        return self.index.parse(Path(path))

    def remove(self, filing_id: str) -> None:
        self.index.remove(filing_id)

    def filings(self) -> list[Filing]:
        return self.index.library.filings()

    def text(self, filing_id: str) -> str:
        return self.index.library.text(filing_id)

    def sections(self, filing_id: str) -> tuple[Section, ...]:
        return self.index.library.sections(filing_id)

    def passages(self, filing_id: str) -> list[Passage]:
        return self.index.library.passages(filing_id)

    def passage(self, passage_id: str) -> Passage:
        found = self.index.passages_named([passage_id])
        if passage_id not in found:
            raise KeyError(f"No passage {passage_id!r} in the library.")
        return found[passage_id]

    # The model of meaning ---------------------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether the embedding model is loaded, so that an answer takes no longer than it must."""
        return self.index.ready

    def warm_up(self) -> None:
        self.index.vectors([facet.question for facet in self.facets()])
        _ = self._facet_reader

    def facets(self) -> list[Facet]:
        return list(self._facets[0])

    @cached_property
    def _facets(self) -> tuple[tuple[Facet, ...], tuple[str, ...]]:
        return load_facets(own=self.index.settings.data_dir / OWN_FACETS)

    @cached_property
    def _facet_reader(self) -> FacetReader:
        return FacetReader(*self._facets, self.index.vectors)

    # Answers ----------------------------------------------------------------------------------------------------------

    def summarize(
        self,
        filing_id: str,
        facets: Sequence[str] | None = None,
        max_tokens: int | None = None,
        on_step: OnStep | None = None,
    ) -> Answer:
        """The business model of one filing as continuous prose of at most max_tokens, and what it is silent on.

        Where the caller does not say, the instruction of a prompt document does: its limit (else 512), its facets.
        """
        filing = self.index.library.filing(filing_id)
        asked = understand_instruction(filing.instruction, self.facets())
        wanted = self._wanted_facets(facets if facets is not None else asked.facets or None)
        max_tokens = max_tokens if max_tokens is not None else asked.max_tokens or USUAL_TOKENS
        if not 64 <= max_tokens <= 4096:
            raise ValueError(f"A summary may have 64 to 4096 tokens, not {max_tokens}.")
        tell = on_step or _silently
        passages = self._business_passages(filing_id)
        tell(f"Reading {len(passages)} passages of {filing.label}.")
        names = [facet.name for facet in wanted]
        drafts = self._summary_drafts(filing_id, passages, names, max_tokens)
        if FINANCING in names and all(draft.facet != FINANCING for draft in drafts):
            elsewhere = self._financing_elsewhere(filing_id)
            found = self._summary_drafts(filing_id, elsewhere, [FINANCING], max_tokens // 6)
            room = max_tokens - sum(count_all([f" {draft.text}" for draft in found]))
            drafts = [*self._summary_drafts(filing_id, passages, names, room), *found] if found else drafts
            passages = [*passages, *elsewhere]
        sentences, withheld = self._verified(drafts, passages, [filing], tell)
        sentences = _within(sentences, max_tokens)
        spoken_of = {sentence.facet for sentence in sentences}
        return self._answer(
            question=f"Summarise {', '.join(facet.title.casefold() for facet in wanted)} of {filing.label}",
            sentences=sentences,
            withheld=withheld,
            silent=tuple(name for name in names if name not in spoken_of),
            filings=[filing],
        )

    def ask(
        self,
        question: str,
        filing_ids: Sequence[str] | None = None,
        history: Sequence[Answer] = (),
        on_step: OnStep | None = None,
    ) -> Answer:
        """The answer to a question from these filings (None: from all), or that they do not tell."""
        tell = on_step or _silently
        question = self._checked_question(question)
        filings = self._scope(filing_ids)
        asked = understand(question, [answer.understood_as for answer in history], filings, [f.id for f in filings])
        tell(f"Understood as: {asked.question}")
        searched = [filing for filing in filings if filing.id in asked.filing_ids]
        hits = self._retrieved(asked)
        tell(f"Searched {_counted(len(searched), 'filing')}, found {_counted(len(hits), 'passage')} to read.")
        drafts, passages = self._drafted(asked, hits)
        sentences, withheld = self._verified(drafts, passages, searched, tell)
        answer = self._answer(question, sentences, withheld, (), searched, asked.question)
        return replace(answer, followups=self._followups(asked))

    def search(self, query: str, filing_ids: Sequence[str] | None = None, k: int = 10) -> list[Hit]:
        """The k passages that fit a query best, from these filings only."""
        query = self._checked_question(query)
        scope = [filing.id for filing in self._scope(filing_ids)]
        return retrieve(self.index, query, subject_terms(query), scope, k) if scope else []

    def compare(self, filing_ids: Sequence[str]) -> Comparison:
        """Facet by facet, what changed from each of these filings to the next in time."""
        filings = sorted(self._scope(filing_ids), key=lambda filing: (filing.fiscal_year or 0, filing.id))
        if len(filings) < 2:
            raise ValueError("A comparison takes two filings or more.")
        summaries = [self.summarize(filing.id, max_tokens=1024) for filing in filings]
        changes = compare_summaries(summaries, self.facets(), self.index.vectors)
        return Comparison(tuple(filing.id for filing in filings), changes)

    # Steps ------------------------------------------------------------------------------------------------------------

    def _checked_question(self, question: str) -> str:
        # Half a character pair, as a broken paste leaves it, can be no part of a question.
        question = " ".join(question.encode("utf-8", "ignore").decode("utf-8").split())
        if not question:
            raise ValueError("The question is empty; type one.")
        if len(question) > self.settings.longest_question:
            raise ValueError(f"The question is too long; {self.settings.longest_question} characters are the limit.")
        return question

    def _wanted_facets(self, names: Sequence[str] | None) -> list[Facet]:
        known = {facet.name: facet for facet in self.facets()}
        unknown = [name for name in names or () if name not in known]
        if unknown:
            raise ValueError(f"No facet {unknown[0]!r}; there are {', '.join(known)}.")
        return [facet for facet in known.values() if names is None or facet.name in names]

    def _scope(self, filing_ids: Sequence[str] | None) -> list[Filing]:
        """The filings to look in; a name that the library does not know is said, never passed over."""
        filings = {filing.id: filing for filing in self.filings()}
        if filing_ids is None:
            return list(filings.values())
        unknown = [filing_id for filing_id in filing_ids if filing_id not in filings]
        if unknown:
            raise KeyError(f"No filing {unknown[0]!r} in the library; `footnote filings` lists what there is.")
        return [filings[filing_id] for filing_id in dict.fromkeys(filing_ids)]

    def _business_passages(self, filing_id: str) -> list[Passage]:
        passages = self.passages(filing_id)
        of_business = [passage for passage in passages if passage.item == BUSINESS_ITEM]
        # A text without items is all about the business; in a report without Item 1, anything may be.
        return of_business or [passage for passage in passages if not passage.item] or passages

    def _financing_elsewhere(self, filing_id: str) -> list[Passage]:
        """Where Item 1 is silent: the passages on equity, liquidity and debt that fit the question best."""
        question = next(facet.question for facet in self.facets() if facet.name == FINANCING)
        ranked = self.index.nearest(self.index.vectors([question])[0], [filing_id], MOST_RANKED)
        found = self.index.passages_named([passage_id for passage_id, _ in ranked])
        of_items = [found[passage_id] for passage_id, _ in ranked if found[passage_id].item in FINANCING_ITEMS]
        return sorted(of_items[:FEW_PASSAGES], key=lambda passage: passage.order)

    def _retrieved(self, asked: Understanding) -> list[Hit]:
        query, ids = asked.phrase or asked.question, asked.filing_ids
        if not ids:
            return []
        if asked.compares:  # every filing has its say
            each = self.settings.passages_per_filing
            return [hit for one in ids for hit in retrieve(self.index, query, asked.terms, [one], each)]
        return retrieve(self.index, query, asked.terms, ids, self.settings.passages_per_question)

    def _drafted(self, asked: Understanding, hits: Sequence[Hit]) -> tuple[list[Draft], list[Passage]]:
        """The drafts of an answer, and the passages that they may cite."""
        facet = self._facet_asked(asked)
        if facet and len(asked.filing_ids) == 1:
            # "Who are the customers?" is what a summary knows best: the whole item counts, not the nearest passages.
            passages = self._business_passages(asked.filing_ids[0])
            limit = self.settings.facet_answer_tokens
            return self._summary_drafts(asked.filing_ids[0], passages, [facet], limit), passages
        return compose_answer(asked, hits, self.index.vectors, self._told), [hit.passage for hit in hits]

    def _summary_drafts(
        self, filing_id: str, passages: Sequence[Passage], facets: Sequence[str], max_tokens: int
    ) -> list[Draft]:
        year = self.index.library.filing(filing_id).fiscal_year
        tell, reader, encode = self._narrator(filing_id).tell, self._facet_reader, self.index.vectors
        return compose_summary(passages, facets, max_tokens, reader, encode, count_all, tell, year)

    def _facet_asked(self, asked: Understanding) -> str:
        """The facet that the question asks for as a whole, if it does."""
        if asked.kind != "statement" or asked.years:
            return ""
        facets = self.facets()
        vectors = self.index.vectors([asked.question, *(facet.question for facet in facets)])
        likeness = vectors[1:] @ vectors[0]
        best = int(likeness.argmax())
        return facets[best].name if likeness[best] >= self.settings.facet_likeness else ""

    def _told(self, filing_id: str, sentence: str) -> str:
        """A sentence of a filing as a text about the company would have it: in the third person, without its links."""
        return self._narrator(filing_id).tell(trim(sentence))

    def _narrator(self, filing_id: str) -> Narrator:
        if filing_id not in self._narrators:
            filing = self.index.library.filing(filing_id)
            self._narrators[filing_id] = Narrator(filing.company if filing.names_its_company else "", filing.text)
        return self._narrators[filing_id]

    def _verified(
        self, drafts: Sequence[Draft], passages: Sequence[Passage], filings: Sequence[Filing], tell: OnStep
    ) -> tuple[list[Sentence], list[Sentence]]:
        names = [filing.company for filing in filings]
        checked = verify(drafts, {passage.id: passage for passage in passages}, names)
        sentences = [sentence for sentence in checked if sentence.verdict == "supported"]
        tell(f"{_counted(len(checked), 'sentence')} drafted, {len(sentences)} verified.")
        return sentences, [sentence for sentence in checked if sentence.verdict != "supported"]

    def _answer(
        self,
        question: str,
        sentences: Sequence[Sentence],
        withheld: Sequence[Sentence],
        silent: tuple[str, ...],
        filings: Sequence[Filing],
        understood_as: str = "",
    ) -> Answer:
        answer = Answer(
            question=question,
            understood_as=understood_as or question,
            sentences=tuple(sentences),
            silent=silent,
            answered=bool(sentences),
            searched=tuple(filing.id for filing in filings),
            followups=(),
            composed_by=OFFLINE,
            tokens=0,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            withheld=tuple(withheld),
            refusal="" if sentences else _refusal(filings),
        )
        return replace(answer, tokens=count_tokens(answer.text))

    def _followups(self, asked: Understanding) -> tuple[str, ...]:
        """Questions about the facets of the business, other than the one just asked."""
        return tuple(facet.question for facet in self.facets() if facet.question != asked.question)[:3]


def _within(sentences: list[Sentence], max_tokens: int) -> list[Sentence]:
    """Whole sentences only: what goes over the limit is left off at the end."""
    kept: list[Sentence] = []
    for sentence in sentences:
        if count_tokens(" ".join(one.text for one in [*kept, sentence])) <= max_tokens:
            kept.append(sentence)
    return kept


def _refusal(filings: Sequence[Filing]) -> str:
    if not filings:
        return "There is no filing to search yet."
    names = ", ".join(filing.label for filing in filings[:4])
    more = f" and {len(filings) - 4} more" if len(filings) > 4 else ""
    return f"The {'filing does' if len(filings) == 1 else 'filings do'} not say. Searched: {names}{more}."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _silently(_step: str) -> None:
    return None

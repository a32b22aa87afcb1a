"""The public face of Footnote, and the conductor of every answer: understand, retrieve, compose, verify."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Self

from index.build import FilingIndex, OnProgress
from index.fetching import EdgarFetcher, Wanted
from index.filing import Filing, Hit, IngestReport, ParsedFiling, Passage, Section
from index.settings import IndexSettings
from index.tokens import count_all, count_tokens
from rag.answer import Answer, Draft
from rag.compare import Comparison, compare_summaries
from rag.compose_answer import compose_answer
from rag.compose_summary import compose_summary
from rag.facets import Facet, FacetReader, load_facets
from rag.instruction import understand_instruction
from rag.llm import LanguageModel
from rag.model_settings import ModelSettings
from rag.offers import Offers, filings_spoken_of, questions_to_try
from rag.prompts import Wish
from rag.question import Understanding, cleaned
from rag.refusal import refusal
from rag.retrieve import retrieve
from rag.rows import begun_before
from rag.scope import as_the_company
from rag.settings import AnswerSettings
from rag.third_person import Narrator, Narrators
from rag.trim import trim
from rag.understand import understand
from rag.verified_page import OnSentence
from rag.verify import verify
from rag.with_model import Reader, Written, write, write_offline

BUSINESS_ITEM = "1"
UNTOLD = "Stopped before there was an answer."
FOLLOWED = 12  # passages about the names that a first reading came upon
USUAL_TOKENS = 512
FINANCING, FINANCING_ITEMS = "financing", ("5", "7", "8")
MOST_RANKED, FEW_PASSAGES = 80, 6  # few, for their sentences are embedded only when they are asked for
OnStep = Callable[[str], None]


class Assistant:
    """Ask the filings of a library; every sentence of an answer is verified against their words."""

    def __init__(
        self,
        index: FilingIndex,
        settings: AnswerSettings | None = None,
        edgar: EdgarFetcher | None = None,
        model: ModelSettings | None = None,
    ) -> None:
        self.index = index
        self.edgar = edgar or EdgarFetcher(index.settings.data_dir / "edgar", index.settings.edgar_identity)
        self.settings = settings or AnswerSettings()
        self.model = LanguageModel(model or ModelSettings())
        self._narrators = Narrators()
        self._offers = Offers()
        self._told_facets: dict[str, frozenset[str]] = {}  # by filing, once it was summed up

    @classmethod
    def open(cls, data_dir: Path | None = None) -> Self:
        """The library in this folder; without one, in FOOTNOTE_DATA_DIR or ~/.footnote."""
        return cls(FilingIndex(IndexSettings(data_dir=Path(data_dir)) if data_dir else IndexSettings()))

    def close(self) -> None:
        self.index.close()

    # The library ------------------------------------------------------------------------------------------------------

    def ingest(self, paths: Sequence[Path], on_progress: OnProgress | None = None) -> IngestReport:
        return self.index.ingest([Path(path) for path in paths], on_progress)

    def embed_unfinished(self, on_progress: OnProgress | None = None) -> None:
        """Make up what was still to be embedded when a process ended; until then words alone find it."""
        self.index.embed_unfinished(on_progress)

    def fetch(
        self,
        company: str,
        form: str = "10-K",
        years: str = "",
        identity: str = "",
        on_progress: OnProgress | None = None,
    ) -> IngestReport:
        """Take in a company's reports from the SEC's EDGAR: by ticker or CIK, for '2017-2021', '2021' or the latest."""
        wanted = Wanted.read(company, form, years)
        return self.edgar.fetch(wanted, identity, self.index, on_progress or _silently)

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
        if self.model.settings.is_set:
            self.model.warm_up()

    def facets(self) -> list[Facet]:
        return list(self._facets[0])

    @cached_property
    def _facets(self) -> tuple[tuple[Facet, ...], tuple[str, ...]]:
        return load_facets()

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
        on_sentence: OnSentence | None = None,
        stop: threading.Event | None = None,
        model: ModelSettings | None = None,
    ) -> Answer:
        """The business model of one filing as continuous prose of at most max_tokens, and what it is silent on.

        Where the caller does not say, the instruction of a prompt document does: its limit (else 512), its facets.
        Each verified sentence goes to on_sentence as it comes; `stop` ends the work; `model`, where not the usual one.
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
        self.index.await_business(filing_id)
        names = [facet.name for facet in wanted]
        drafts = self._summary_drafts(filing_id, passages, names, max_tokens)
        if FINANCING in names and all(draft.facet != FINANCING for draft in drafts):
            elsewhere = self._financing_elsewhere(filing_id)
            found = self._summary_drafts(filing_id, elsewhere, [FINANCING], max_tokens // 6)
            room = max_tokens - sum(count_all([f" {draft.text}" for draft in found]))
            drafts = [*self._summary_drafts(filing_id, passages, names, room), *found] if found else drafts
            passages = [*passages, *elsewhere]
        question = f"Summarise {', '.join(facet.title.casefold() for facet in wanted)} of {filing.label}"
        heads = tuple((facet.name, f"{facet.title}. {facet.question}") for facet in wanted)
        wish, reader = Wish(question, heads, max_tokens, filing.company), _reader(tell, on_sentence, stop)
        written = write(self._model(model), wish, drafts, passages, [filing], self._told, reader)
        self._told_facets[filing_id] = self._told_facets.get(filing_id, frozenset()) | written.treated
        silent = () if written.stopped else tuple(name for name in names if name not in written.treated)
        return self._answer(question, written, silent, [filing])

    def ask(
        self,
        question: str,
        filing_ids: Sequence[str] | None = None,
        history: Sequence[Answer] = (),
        on_step: OnStep | None = None,
        on_sentence: OnSentence | None = None,
        stop: threading.Event | None = None,
        model: ModelSettings | None = None,
    ) -> Answer:
        """The answer to a question from these filings (None: from all), or that they do not tell; see summarize."""
        tell = on_step or _silently
        question = cleaned(question, self.settings.longest_question)
        scope = [filing.id for filing in self._scope(filing_ids)]
        asked = understand(question, [answer.understood_as for answer in history], self.filings(), scope)
        tell(f"Understood as: {asked.question}")
        searched = [filing for filing in self.filings() if filing.id in asked.filing_ids]
        hits = self._retrieved(asked, searched)
        tell(f"Searched {_counted(len(searched), 'filing')}, found {_counted(len(hits), 'passage')} to read.")
        drafts, passages = self._drafted(asked, hits)
        wish, reader = Wish(asked.question), _reader(tell, on_sentence, stop)
        written = write(self._model(model), wish, drafts, passages, searched, self._told, reader)
        answer = self._answer(question, written, (), searched, asked.question)
        if written.stopped:
            return answer
        if not answer.answered:
            answer = replace(answer, refusal=refusal(searched, asked, self._unknown(asked)))
        asked_before = [asked.question, question, *(one.understood_as for one in history)]
        return replace(answer, followups=self._followups(answer, hits, searched, asked_before))

    def search(self, query: str, filing_ids: Sequence[str] | None = None, k: int = 10) -> list[Hit]:
        """The k passages that fit a query best, from these filings only."""
        query = cleaned(query, self.settings.longest_question)
        scope = self._scope(filing_ids)
        named = understand(query, (), scope, [filing.id for filing in scope]).filing_ids
        # A query that names a company is about its filings; the name itself would fit each of their passages.
        wanted = [filing for filing in scope if filing.id in named] or scope
        return retrieve(self.index, query, (), [one.id for one in wanted], k, wanted) if wanted else []

    def compare(self, filing_ids: Sequence[str]) -> Comparison:
        """Facet by facet, what changed from each of these filings to the next in time."""
        filings = sorted(self._scope(filing_ids), key=lambda filing: (filing.fiscal_year or 0, filing.id))
        if len(filings) < 2:
            raise ValueError("A comparison takes two filings or more.")
        # Offline: what is told as a change must be one of the filings, never of a model's mood.
        offline = ModelSettings.none()
        summaries = [self.summarize(filing.id, max_tokens=1024, model=offline) for filing in filings]
        changes = compare_summaries(summaries, self.facets(), self.index.vectors)
        return Comparison(tuple(filing.id for filing in filings), changes)

    def _model(self, settings: ModelSettings | None) -> LanguageModel:
        return LanguageModel(settings) if settings else self.model

    # Steps ------------------------------------------------------------------------------------------------------------

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

    def _retrieved(self, asked: Understanding, known: Sequence[Filing]) -> list[Hit]:
        query, ids = asked.phrase or asked.question, asked.filing_ids
        terms = asked.terms if asked.phrase else ()  # else they are the question's own words
        if not ids:
            return []
        if asked.compares:  # every filing has its say
            each = self.settings.passages_per_filing
            return [hit for one in ids for hit in retrieve(self.index, query, terms, [one], each, known)]
        return retrieve(self.index, query, terms, ids, self.settings.passages_per_question, known)

    def _unknown(self, asked: Understanding) -> list[str]:
        """The names in the question that none of the filings searched has."""
        return [name for name in asked.names if not self.index.matching([name], asked.filing_ids, 1)]

    def _drafted(self, asked: Understanding, hits: Sequence[Hit]) -> tuple[list[Draft], list[Passage]]:
        """The drafts of an answer, and the passages that they may cite.

        There are none for a company that these filings are not about.
        """
        if asked.outside or self._unknown(asked):
            return [], []
        facet = self._facet_asked(asked)
        if facet and len(asked.filing_ids) == 1:
            # "Who are the customers?" is what a summary knows best: the whole item counts, not the nearest passages.
            passages = self._business_passages(asked.filing_ids[0])
            limit = self.settings.facet_answer_tokens
            return self._summary_drafts(asked.filing_ids[0], passages, [facet], limit), passages
        passages = self._with_tables([hit.passage for hit in hits])
        searched = [filing for filing in self.filings() if filing.id in asked.filing_ids]
        names = [filing.company for filing in searched]

        def follow(leads: Sequence[str]) -> list[Passage]:
            phrase, terms, k = f"{asked.question} {' '.join(leads)}", (*asked.terms, *leads), FOLLOWED
            more = retrieve(self.index, phrase, terms, asked.filing_ids, k, searched)
            known = {passage.id for passage in passages}
            passages.extend(self._with_tables([hit.passage for hit in more if hit.passage.id not in known]))
            return passages

        def holds(draft: Draft) -> bool:
            return verify([draft], {passage.id: passage for passage in passages}, names)[0].verdict == "supported"

        return compose_answer(asked, passages, self.index.vectors, self._told, holds, follow), passages

    def _with_tables(self, passages: Sequence[Passage]) -> list[Passage]:
        """The passages, and those in which tables begin that they go on with."""
        return [*passages, *self.index.passages_named(begun_before(passages)).values()]

    def _summary_drafts(
        self, filing_id: str, passages: Sequence[Passage], facets: Sequence[str], max_tokens: int
    ) -> list[Draft]:
        year = self.index.library.filing(filing_id).fiscal_year
        tell, reader, encode = self._narrator(filing_id).tell, self._facet_reader, self.index.vectors
        return compose_summary(passages, facets, max_tokens, reader, encode, count_all, tell, year)

    def _facet_asked(self, asked: Understanding) -> str:
        """The facet that the question asks for as a whole, if it does."""
        if asked.kind != "statement" or asked.years or asked.names:
            return ""
        question = as_the_company(asked.question, [one for one in self.filings() if one.id in asked.filing_ids])
        vectors = self.index.vectors([question, *(facet.question for facet in self.facets())])
        likeness = vectors[1:] @ vectors[0]
        best = int(likeness.argmax())
        return self.facets()[best].name if likeness[best] >= self.settings.facet_likeness else ""

    def _told(self, filing_id: str, sentence: str) -> str:
        """A sentence of a filing as a text about the company would have it: in the third person, without its links."""
        return self._narrator(filing_id).tell(trim(sentence))

    def _narrator(self, filing_id: str) -> Narrator:
        return self._narrators.of(filing_id, self.index.library.filing)

    def _answer(
        self,
        question: str,
        written: Written,
        silent: tuple[str, ...],
        filings: Sequence[Filing],
        understood_as: str = "",
    ) -> Answer:
        answer = Answer(
            question=question,
            understood_as=understood_as or question,
            sentences=written.sentences,
            silent=silent,
            answered=bool(written.sentences),
            searched=tuple(filing.id for filing in filings),
            followups=(),
            composed_by=written.composed_by,
            tokens=0,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            withheld=written.withheld,
            refusal="" if written.sentences else UNTOLD if written.stopped else refusal(filings),
            note=written.note if written.sentences or not written.stopped else "",
            model_tokens=written.model_tokens,
        )
        return replace(answer, tokens=count_tokens(answer.text))

    def _followups(
        self, answer: Answer, hits: Sequence[Hit], searched: Sequence[Filing], asked_before: Sequence[str]
    ) -> tuple[str, ...]:
        """Questions that the filings answer, each of them tried; after a refusal first the nearest that they tell."""
        filings = filings_spoken_of(answer, hits, searched)
        # To try a facet takes a reading of the whole business item: only those are offered that a summary has told.
        told = [self._told_facets.get(filing.id, frozenset()) for filing in filings] or [frozenset()]
        facets = [facet.question for facet in self.facets() if facet.name in frozenset.intersection(*told)]
        nearest = [] if answer.answered else [hit.passage.heading for hit in hits[:3]]
        several = len({filing.company for filing in self.filings()}) > 1
        questions = questions_to_try(filings, facets, nearest, several)
        ids = tuple(filing.id for filing in filings)

        def tells(question: str) -> bool:
            asked = understand(question, (), filings, ids)
            if question in facets:
                return True
            drafts, passages = self._drafted(asked, self._retrieved(asked, filings))
            return bool(write_offline(Wish(question), drafts, passages, filings, _reader()).sentences)

        return self._offers.of(questions, asked_before, (ids, self.index.library.generation()), tells)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _reader(
    tell: OnStep | None = None, on_sentence: OnSentence | None = None, stop: threading.Event | None = None
) -> Reader:
    return Reader(tell or _silently, on_sentence or _silently, stop or threading.Event())


def _silently(_step: object) -> None:
    return None

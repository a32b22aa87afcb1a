"""The public face of Footnote, and the conductor of every answer: understand, retrieve, compose, verify."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Self

from index.build import FilingIndex, OnProgress
from index.fetching import EdgarFetcher, Wanted
from index.filing import Engine, Filing, Hit, IngestReport, ParsedFiling, Passage, Section
from index.settings import IndexSettings
from rag.allowances import Allowances
from rag.answer import Answer
from rag.asking import Asking
from rag.budget import Spent
from rag.compare import Comparison, compare_summaries
from rag.facets import Facet
from rag.instruction import understand_instruction
from rag.kept import KeptFiling, UnusableRecords
from rag.model_at_hand import ModelAtHand
from rag.model_settings import ModelSettings
from rag.planning import plan
from rag.prompts import Wish
from rag.question import cleaned
from rag.records import Records
from rag.retrieve import retrieve
from rag.settings import AnswerSettings
from rag.summing_up import Summaries
from rag.understand import understand
from rag.verified_page import OnSentence
from rag.versions import versions
from rag.with_model import Reader, answer_of, write

log = logging.getLogger(__name__)
USUAL_TOKENS = 512
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
        self._at_hand = ModelAtHand(index, self.settings, model or ModelSettings())
        self.model = self._at_hand.usual
        self._summaries = Summaries(index)
        self._asking = Asking(index, self.settings, self._summaries)

    @classmethod
    def open(cls, data_dir: Path | None = None) -> Self:
        """The library in this folder; without one, in FOOTNOTE_DATA_DIR or ~/.footnote."""
        return cls(FilingIndex(IndexSettings(data_dir=Path(data_dir)) if data_dir else IndexSettings()))

    def close(self) -> None:
        self.index.close()

    def for_guest(self, index: FilingIndex) -> Self:
        """An assistant over another library, whose records and costs are kept in this one's."""
        guest = type(self)(index, self.settings, self.edgar, self.model.settings)
        guest.records = Records(self.index.library.database, self.index.settings.data_dir, guest)
        guest._at_hand.budget = self._at_hand.budget
        return guest

    def limit_tokens(self, session: int, day: int) -> None:
        """What a session, and all of them in a day, may take of the language model where no setting says so."""
        budget = self._at_hand.budget
        budget.session_tokens, budget.daily_tokens = budget.session_tokens or session, budget.daily_tokens or day

    @cached_property
    def allowances(self) -> Allowances:
        """What visitors used today."""
        return Allowances(self.index.library.engine)

    # The library ------------------------------------------------------------------------------------------------------

    def ingest(
        self, paths: Sequence[Path], on_progress: OnProgress | None = None, engine: Engine = "local"
    ) -> IngestReport:
        files = [Path(path) for path in paths]
        if engine == "local":
            report = self.index.ingest(files, on_progress)
        else:
            from index.bulk import take_in_corpus  # its Ray is an extra, and starting it takes seconds

            report = take_in_corpus(self.index, files, on_progress)
        if any(outcome.status == "added" for outcome in report.outcomes):
            self._summaries.keep_examples()  # while what embeds many texts is loaded
        return report

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

    def whole(self, filing_id: str) -> KeptFiling:
        """A filing with all that a reader of it needs; a share gives the same of one that was removed."""
        library = self.index.library
        passages = tuple(library.passages(filing_id))  # first: of a filing that goes away now, the next line complains
        return KeptFiling(library.filing(filing_id), library.sections(filing_id), passages)

    @cached_property
    def records(self) -> Records:
        """What outlives a session: shares, conversations, feedback, the audit trail."""
        return Records(self.index.library.database, self.index.settings.data_dir, self)

    # The model of meaning ---------------------------------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether the embedding model is loaded, so that an answer takes no longer than it must."""
        return self.index.ready

    def warm_up(self) -> None:
        vectors = self.index.vectors([facet.question for facet in self.facets()])
        self.index.nearest(vectors[0], [filing.id for filing in self.filings()], 1)  # imports Chroma: a second or more
        _ = self._summaries.facet_reader
        if self.model.settings.is_set:
            self.model.warm_up()
        self.index.begin_loading()  # questions do without it; the next filing should not wait for it

    def facets(self) -> list[Facet]:
        return self._summaries.facets

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
        session: str = "",
        as_one_text: bool = True,
    ) -> Answer:
        """The business model of one filing as continuous prose of at most max_tokens, and what it is silent on.

        Where the caller does not say, the instruction of a prompt document does: its limit (else 512), its facets.
        Each verified sentence goes to on_sentence as it comes; `stop` ends the work; `model`, where not the usual one,
        such as with a key that somebody typed; `session` names whose tokens are counted. As one text, a sentence may
        say 'it' and lean on the one before; else each can stand alone.
        """
        filing = self.index.library.filing(filing_id)
        instruction = understand_instruction(filing.instruction, self.facets())
        wanted = self._summaries.wanted(facets if facets is not None else instruction.facets or None)
        max_tokens = max_tokens if max_tokens is not None else instruction.max_tokens or USUAL_TOKENS
        if not 64 <= max_tokens <= 4096:
            raise ValueError(f"A summary may have 64 to 4096 tokens, not {max_tokens}.")
        writer = self._at_hand.writer(model, session)
        reader = Reader(on_step or _silently, on_sentence or _silently, stop or threading.Event(), writer.purse)
        names = [facet.name for facet in wanted]
        occasion = self._at_hand.occasion(writer, filing_id, tuple(names), max_tokens, as_one_text)
        if known := self._at_hand.remembered(occasion):
            return self._given(reader.hears_again(known), [filing_id])
        reader.tell(f"Reading {filing.label}.")
        self.index.await_business(filing_id)
        # A model's sentences may come between those of the offline composer: then each must stand alone.
        as_one_text = as_one_text and not writer.model.settings.is_set
        drafts, passages = self._summaries.drafts(filing_id, names, max_tokens, as_one_text)
        question = f"Summarise {', '.join(facet.title.casefold() for facet in wanted)} of {filing.label}"
        heads = tuple((facet.name, f"{facet.title}. {facet.question}") for facet in wanted)
        wish = Wish(question, heads, max_tokens, filing.company)
        written = write(writer.model, wish, drafts, passages, [filing], self._summaries.told, reader)
        self._asking.note_told(filing_id, written.treated)
        silent = () if written.stopped else tuple(name for name in names if name not in written.treated)
        answer = answer_of(written, question, question, [filing], silent)
        return self._given(self._at_hand.remember(occasion, answer), [filing_id])

    def ask(
        self,
        question: str,
        filing_ids: Sequence[str] | None = None,
        history: Sequence[Answer] = (),
        on_step: OnStep | None = None,
        on_sentence: OnSentence | None = None,
        stop: threading.Event | None = None,
        model: ModelSettings | None = None,
        session: str = "",
    ) -> Answer:
        """The answer to a question from these filings (None: from all), or that they do not tell; see summarize."""
        question = cleaned(question, self.settings.longest_question)
        scope = [filing.id for filing in self._scope(filing_ids)]
        before = [answer.understood_as for answer in history]
        writer = self._at_hand.writer(model, session)
        reader = Reader(on_step or _silently, on_sentence or _silently, stop or threading.Event(), writer.purse)
        # The answers before, too: a model reads out of them whom 'it' means.
        told = tuple((answer.understood_as, answer.text) for answer in history)
        occasion = self._at_hand.occasion(writer, question, tuple(scope), told)
        if known := self._at_hand.remembered(occasion):
            return self._given(reader.hears_again(known), filing_ids)
        planned = plan(
            question, history, self.filings(), scope, writer, reader, lambda word: self._asking.knows(word, scope)
        )
        asked = self._asking.side_by_side(planned.asked)
        reader.tell(f"Understood as: {asked.question}")
        searched, hits = self._asking.searched(asked), self._asking.retrieved(asked)
        reader.tell(f"Searched {_counted(len(searched), 'filing')}, found {_counted(len(hits), 'passage')} to read.")
        drafts, passages = self._asking.drafts(asked, hits)
        if passages and planned.parts:  # for the model alone: without it the answer is the same as ever
            reader.tell(f"Looked as well for: {' '.join(part.question for part in planned.parts)}")
            passages = self._asking.with_parts(passages, planned.parts)
        wish = Wish(asked.question)
        written = write(writer.model, wish, drafts, passages, searched, self._summaries.told, reader)
        answer = answer_of(written, question, asked.question, searched)
        if written.stopped:
            return self._given(answer, filing_ids)
        if not answer.answered:
            answer = replace(answer, refusal=self._asking.refusal(asked))
        asked_before = [asked.question, question, *before]
        followups = self._asking.followups(answer, hits, searched, asked_before, written.suggested)
        return self._given(self._at_hand.remember(occasion, replace(answer, followups=followups)), filing_ids)

    def spent(self, session: str = "") -> Spent:
        """What a session's answers took of the language model: tokens, and money where their price is set."""
        return self._at_hand.spent(session)

    def search(self, query: str, filing_ids: Sequence[str] | None = None, k: int = 10) -> list[Hit]:
        """The k passages that fit a query best, from these filings only."""
        query = cleaned(query, self.settings.longest_question)
        scope = self._scope(filing_ids)
        named = set(understand(query, (), scope, [filing.id for filing in scope]).filing_ids)
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
        summaries = [self.summarize(one.id, max_tokens=1024, model=offline, as_one_text=False) for one in filings]
        changes = compare_summaries(summaries, self.facets(), self.index.vectors)
        return Comparison(tuple(filing.id for filing in filings), changes, self._summaries.figures(filings))

    # Steps ------------------------------------------------------------------------------------------------------------

    def _scope(self, filing_ids: Sequence[str] | None) -> list[Filing]:
        """The filings to look in; a name that the library does not know is said, never passed over."""
        filings = {filing.id: filing for filing in self.filings()}
        if filing_ids is None:
            return list(filings.values())
        unknown = [filing_id for filing_id in filing_ids if filing_id not in filings]
        if unknown:
            raise KeyError(f"No filing {unknown[0]!r} in the library; `footnote filings` lists what there is.")
        return [filings[filing_id] for filing_id in dict.fromkeys(filing_ids)]

    def _given(self, answer: Answer, scope: Sequence[str] | None) -> Answer:
        """The answer, written down in the audit trail; a trail that cannot be written keeps no answer back."""
        try:
            self.records.trail.note(answer, scope, versions(self.index.encoder.name))
        except UnusableRecords as problem:
            log.warning("%s", problem)
        return answer


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _silently(_step: object) -> None:
    return None

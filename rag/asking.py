"""The conductor's part that looks for an answer: what is read for a question, the drafts, and what to ask next."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import zip_longest

from index.build import FilingIndex
from index.companies import are_of_one_company, company_of
from index.filing import Filing, Hit, Passage
from index.primary_statements import PrimaryStatement, primary_statements
from rag.answer import Answer, Draft
from rag.compose_answer import compose_answer
from rag.compose_line import compose_line, in_prose
from rag.compose_particular import compose_particular
from rag.introduction import asks_for_it
from rag.offers import Offers, filings_spoken_of, questions_to_try
from rag.question import Understanding
from rag.refusal import refusal
from rag.retrieve import retrieve
from rag.rewording import may_be_asked
from rag.rows import begun_before
from rag.scope import as_the_company
from rag.settings import AnswerSettings
from rag.summing_up import FINANCING, Summaries
from rag.terms import has_kin
from rag.understand import understand
from rag.verify import verify

# What a sentence tells better than the cover or a signature, where one does.
SAID_IN_PROSE = ("auditor", "exchange")
FINANCES = re.compile(
    r"\b(?:debt|notes?|borrow\w*|credit (?:facilit|agreement|line)\w*|lines? of credit|commercial paper|loans?|"
    r"(?:the|public|private|stock|share|equity|debt|notes?|rights|registered|follow-on) offerings?|offerings? of|"
    r"placements?|proceeds|cash flows?|cash (?:generated|provided)|working capital|liquidity|"
    r"issu\w+ (?:\w+ ){0,4}(?:shares|stock|securities)|equity|deposits|warrants?|advances)\b",
    re.IGNORECASE,
)
FOLLOWED = 12  # passages about the names that a first reading came upon


class Asking:
    """What the filings of a library hold for a question."""

    def __init__(self, index: FilingIndex, settings: AnswerSettings, summaries: Summaries) -> None:
        self._index = index
        self._settings = settings
        self._summaries = summaries
        self._offers = Offers()
        self._accounts: dict[str, tuple[int, list[PrimaryStatement]]] = {}  # with the library's state when it was read
        self._told_facets: dict[str, frozenset[str]] = {}  # by filing, once it was summed up

    def searched(self, asked: Understanding) -> list[Filing]:
        wanted = set(asked.filing_ids)
        return [filing for filing in self._index.library.filings() if filing.id in wanted]

    def side_by_side(self, asked: Understanding) -> Understanding:
        """A comparison of more filings than are read for one, kept to the companies that speak most of it."""
        most = self._settings.filings_side_by_side
        if not asked.compares or len(asked.filing_ids) <= most:
            return asked
        searched = self.searched(asked)
        hits = retrieve(self._index, asked.phrase or asked.question, asked.terms, asked.filing_ids, most, searched)
        companies = company_of(searched)
        nearest = list(dict.fromkeys(companies[hit.passage.filing_id] for hit in hits))
        of_nearest = [filing.id for company in nearest for filing in searched if companies[filing.id] == company][:most]
        return replace(asked, filing_ids=tuple(one for one in asked.filing_ids if one in of_nearest))

    def retrieved(self, asked: Understanding) -> list[Hit]:
        """The passages to read, best first."""
        query, ids, searched = asked.phrase or asked.question, asked.filing_ids, self.searched(asked)
        terms = asked.terms if asked.phrase else ()  # else they are the question's own words
        if not ids:
            return []
        if asked.compares:  # every filing has its say
            each = self._settings.passages_per_filing
            return [hit for one in ids for hit in retrieve(self._index, query, terms, [one], each, searched)]
        return retrieve(self._index, query, terms, ids, self._settings.passages_per_question, searched)

    def unknown(self, asked: Understanding) -> list[str]:
        """The names in the question that none of the filings searched has."""
        return [name for name in asked.names if not self._index.matching([name], asked.filing_ids, 1)]

    def knows(self, word: str, filing_ids: Sequence[str]) -> bool:
        """Whether one of these filings has a word."""
        return bool(self._index.matching([word], filing_ids, 1))

    def with_parts(self, passages: Sequence[Passage], parts: Sequence[Understanding]) -> list[Passage]:
        """What is to be read for a question and for its parts: the best of each first, and no passage twice."""
        of_parts = [[hit.passage for hit in self.retrieved(part)] for part in parts]
        ranked = [one for row in zip_longest(passages, *of_parts) for one in row if one is not None]
        return list({passage.id: passage for passage in ranked}.values())

    def _counts_what_is_nowhere(self, asked: Understanding) -> bool:
        """Whether what is counted is of a kind that no filing speaks of: spaces there are, but no word on parking."""
        return any(
            not has_kin(word) and not self._index.matching([word], asked.filing_ids, 1)
            for word in asked.whole.counted_kind
        )

    def refusal(self, asked: Understanding) -> str:
        searched = self.searched(asked)
        sections = self._index.library.sections(searched[0].id) if len(searched) == 1 else ()
        return refusal(searched, asked, self.unknown(asked), sections)

    def drafts(self, asked: Understanding, hits: Sequence[Hit]) -> tuple[list[Draft], list[Passage]]:
        """The drafts of an answer, and the passages that they may cite; none of a company that is not spoken of."""
        if asked.outside or self.unknown(asked) or self._counts_what_is_nowhere(asked):
            return [], []
        question, filing_id = as_the_company(asked.question, self.searched(asked)), self._latest_of_one_company(asked)
        if filing_id and asks_for_it(question) and (introduced := self._summaries.introduction(filing_id)):
            return introduced, self._summaries.business_passages(filing_id)
        facet = self._facet_asked(asked, question) if filing_id else ""
        if facet:
            # "Who are the customers?" is what a summary knows best: the whole item counts, not the nearest passages.
            business, limit = self._summaries.business_passages(filing_id), self._settings.facet_answer_tokens
            drafts = self._summaries.drafts_from(filing_id, business, [facet], limit)
            if facet == FINANCING and not (drafts := [draft for draft in drafts if FINANCES.search(draft.text)]):
                # Where Item 1 is silent on it, the items on equity, liquidity and debt are not.
                business = self._summaries.financing_elsewhere(filing_id)
                drafts = self._summaries.drafts_from(filing_id, business, [facet], limit)
                drafts = [draft for draft in drafts if FINANCES.search(draft.text)]
            return drafts, business
        passages = self._with_tables([hit.passage for hit in hits])
        searched = self.searched(asked)

        def follow(leads: Sequence[str]) -> list[Passage]:
            phrase, terms = f"{asked.question} {' '.join(leads)}", (*asked.terms, *leads)
            more = retrieve(self._index, phrase, terms, asked.filing_ids, FOLLOWED, searched)
            known = {passage.id for passage in passages}
            passages.extend(self._with_tables([hit.passage for hit in more if hit.passage.id not in known]))
            return passages

        def holds(draft: Draft) -> bool:
            return _any_supported([draft], passages, searched)

        fixed = self._in_its_place(asked, searched, passages, holds)
        if fixed and (asked.compares or (asked.particular and asked.particular.kind not in SAID_IN_PROSE)):
            return fixed, passages
        told = self._summaries.told
        drafts = compose_answer(asked, passages, self._index.vectors, told, holds, follow)
        if fixed and asked.line:
            return [*in_prose(fixed, drafts), *fixed], passages
        return drafts or fixed, passages

    def note_told(self, filing_id: str, facets: frozenset[str]) -> None:
        """A summary told something of these facets, so they may be asked about."""
        self._told_facets[filing_id] = self._told_facets.get(filing_id, frozenset()) | facets

    def followups(
        self,
        answer: Answer,
        hits: Sequence[Hit],
        searched: Sequence[Filing],
        asked_before: Sequence[str],
        suggested: Sequence[str] = (),
    ) -> tuple[str, ...]:
        """Questions that the filings answer, each of them tried: a language model's first, if it suggested any.

        After a refusal the nearest come first that the filings tell.
        """
        filings = filings_spoken_of(answer, hits, searched)
        # To try a facet takes a reading of the whole business item: only those are offered that a summary has told.
        told = [self._told_facets.get(filing.id, frozenset()) for filing in filings] or [frozenset()]
        in_all = frozenset.intersection(*told)
        facets = [facet.question for facet in self._summaries.facets if facet.name in in_all]
        nearest = [] if answer.answered else [hit.passage.heading for hit in hits[:3]]
        several = not are_of_one_company(self._index.library.filings())
        ids = tuple(filing.id for filing in filings)
        said = [answer.understood_as, answer.text]
        proposed = [
            one for one in suggested if may_be_asked(one, said, filings, filings, lambda it: self.knows(it, ids))
        ]
        questions = questions_to_try(filings, facets, nearest, several, proposed)

        def tells(question: str) -> bool:
            asked = understand(question, (), filings, ids)
            return question in facets or _any_supported(*self.drafts(asked, self.retrieved(asked)), filings)

        return self._offers.of(questions, asked_before, (ids, self._index.library.generation()), tells)

    def _in_its_place(
        self, asked: Understanding, searched: Sequence[Filing], passages: list[Passage], holds: Callable[[Draft], bool]
    ) -> list[Draft]:
        """What the accounts, the cover and the signatures tell; their passages come to those that may be cited."""
        known = {passage.id for passage in passages}
        if asked.line and (filings := self._filings_told(asked, searched)):
            statements = {filing.id: self._statements(filing.id) for filing in filings}
            of_statements = (one for each in statements.values() for statement in each for one in statement.passages)
            passages.extend(one for one in dict.fromkeys(of_statements) if one.id not in known)
            return compose_line(asked.line, asked, filings, statements, passages, holds)
        if asked.particular and len(searched) == 1:
            whole = self._index.library.passages(searched[0].id)
            drafts = compose_particular(asked.particular, whole, lambda draft: _any_supported([draft], whole, searched))
            cited = {passage_id for draft in drafts for passage_id in draft.passage_ids}
            passages.extend(one for one in whole if one.id in cited - known)
            return drafts
        return []

    def _filings_told(self, asked: Understanding, searched: Sequence[Filing]) -> list[Filing]:
        """The filings whose accounts a question is about: all that it compares, else the one of its year."""
        if asked.compares or len(searched) == 1:
            return list(searched)
        of_year = [filing for filing in searched if filing.fiscal_year in asked.years]
        return of_year if len(of_year) == 1 and len(asked.years) == 1 else []

    def _statements(self, filing_id: str) -> list[PrimaryStatement]:
        generation = self._index.library.generation()
        if self._accounts.get(filing_id, (None, []))[0] != generation:
            self._accounts[filing_id] = (generation, primary_statements(self._index.library.passages(filing_id)))
        return self._accounts[filing_id][1]

    def _with_tables(self, passages: Sequence[Passage]) -> list[Passage]:
        """The passages, and those in which tables begin that they go on with."""
        return [*passages, *self._index.passages_named(begun_before(passages)).values()]

    def _latest_of_one_company(self, asked: Understanding) -> str:
        """The report that tells how things stand: of several of one company, where no change is asked for, the last."""
        searched = self.searched(asked)
        if len(searched) > 1 and (asked.compares or not are_of_one_company(searched)):
            return ""
        return max(searched, key=lambda one: (one.fiscal_year or 0, one.period_end)).id if searched else ""

    def _facet_asked(self, asked: Understanding, question: str) -> str:
        """The facet that the question, put to 'the company', asks for as a whole, if it does."""
        if asked.kind != "statement" or asked.years or asked.names:
            return ""
        facets = self._summaries.facets
        if told := next((facet.name for facet in facets if facet.is_asked(question)), ""):
            return told
        vectors = self._index.vectors([question, *(facet.question for facet in facets)])
        likeness = vectors[1:] @ vectors[0]
        best = int(likeness.argmax())
        return facets[best].name if likeness[best] >= self._settings.facet_likeness else ""


def _any_supported(drafts: Sequence[Draft], passages: Sequence[Passage], filings: Sequence[Filing]) -> bool:
    checked = verify(drafts, {passage.id: passage for passage in passages}, [filing.company for filing in filings])
    return any(sentence.verdict == "supported" for sentence in checked)

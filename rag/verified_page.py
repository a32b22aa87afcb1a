"""What of a language model's answer is written so far: each draft verified when it comes, and what failed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.filing import Filing, Passage
from index.folding import fold
from index.tokens import count_tokens
from rag.answer import Draft, Sentence
from rag.prompts import Wish
from rag.third_person import FIRST_PERSON
from rag.verify import verify
from rag.whole_sentences import WholeSentences, strange_sign

Told = Callable[[str, str], str]  # (filing id, sentence) -> the sentence in the third person
OnSentence = Callable[[Sentence], object]
Failed = tuple[int, Sentence]  # where it would have stood, and what became of it


class VerifiedPage:
    """What is written so far: the sentences shown, by their place, and what failed."""

    def __init__(
        self,
        wish: Wish,
        passages: Sequence[Passage],
        filings: Sequence[Filing],
        told: Told,
        on_sentence: OnSentence,
        facet: str,
    ) -> None:
        self._wish = wish
        self._heads = [name for name, _ in wish.heads]
        self._passages = {passage.id: passage for passage in passages}
        self._companies = {filing.id: filing.company for filing in filings}
        self._sentences = WholeSentences(passages)
        self._told = told
        self._on_sentence = on_sentence
        self._facet = facet
        self._taken = 0
        self._numbers: dict[tuple[str, int, int], int] = {}
        self.shown: list[tuple[int, Sentence]] = []
        self.failed: list[Failed] = []
        self.treated: set[str] = set()

    def take(self, draft: Draft) -> None:
        self._taken += 1
        draft = draft if self._heads else replace(draft, facet=self._facet)
        sentence = self._checked(draft)
        if sentence.verdict == "supported":
            self._show(self._taken, sentence)
        else:
            self.failed.append((self._taken, sentence))

    def mend(self, failed: Failed, draft: Draft) -> None:
        """A second draft in the place of one that failed; the first one that passes counts."""
        if failed not in self.failed:
            return
        place, first = failed
        sentence = self._checked(replace(draft, facet=first.facet))
        if sentence.verdict == "supported":
            self.failed.remove(failed)
            self._show(place, sentence)

    def fill_in(self, offline: Sequence[Draft]) -> None:
        """What the offline composer says and is not there yet; in a summary, only under heads that have nothing."""
        there = {sentence.facet for _, sentence in self.shown} if self._heads else set()
        for sentence in verify(offline, self._passages, list(self._companies.values())):
            sources = {(citation.filing_id, citation.start, citation.end) for citation in sentence.citations}
            if sentence.verdict == "supported" and sentence.facet not in there and not sources <= set(self._numbers):
                self._taken += 1
                self._show(self._taken, sentence)

    def in_order(self) -> tuple[Sentence, ...]:
        """The sentences in reading order, their footnotes numbered anew in that order."""
        order = {name: number for number, name in enumerate(self._heads)}
        self._numbers = {}
        ordered = sorted(self.shown, key=lambda one: (order.get(one[1].facet, 0), one[0]))
        return tuple(self._numbered(sentence) for _, sentence in ordered)

    # Verification -----------------------------------------------------------------------------------------------------

    def _checked(self, draft: Draft) -> Sentence:
        """The draft verified; with a model there are more reasons to withhold one, which takes no verification."""
        filings = self._sentences.filings_of(draft)
        if self._heads and draft.facet not in self._heads:
            return _withheld(draft, f"It stands under none of the heads {', '.join(self._heads)}.")
        if len(filings) > 1:
            # 'We' and 'the company' would be whoever one likes.
            return _withheld(draft, "It mixes two reports in one sentence.")
        whole = self._sentences.widened(draft)
        if whole is None:
            return _withheld(draft, "What it rests on is no whole sentence of the report.")
        company = next((self._companies.get(one, "") for one in filings), "")
        quoted = " ".join(whole.quotes)
        if sign := strange_sign(draft.text, f"{quoted} {company}"):
            return _withheld(draft, f"It has the sign {sign!r}, which the words that it cites do not have.")
        if FIRST_PERSON.search(whole.text):
            whole = replace(whole, text=self._told(next(iter(filings), ""), whole.text))
        return verify([whole], self._passages, [company])[0]

    def _show(self, place: int, sentence: Sentence) -> None:
        """Show it, unless it is there already or has no room."""
        self.treated.add(sentence.facet)
        is_there = any(fold(other.text) == fold(sentence.text) for _, other in self.shown)
        if is_there or not self._has_room(sentence):
            return
        sentence = self._numbered(sentence)
        self.shown.append((place, sentence))
        self._on_sentence(sentence)

    def _has_room(self, sentence: Sentence) -> bool:
        """Whether a summary can hold it and still has something left for each head that has nothing yet."""
        if not self._wish.max_tokens:
            return True
        texts = [other.text for _, other in self.shown]
        unspoken = set(self._heads) - {other.facet for _, other in self.shown} - {sentence.facet}
        kept_free = len(unspoken) * self._wish.max_tokens // (2 * len(self._heads))
        return count_tokens(" ".join([*texts, sentence.text])) + kept_free <= self._wish.max_tokens

    def _numbered(self, sentence: Sentence) -> Sentence:
        citations = tuple(
            replace(
                citation,
                number=self._numbers.setdefault(
                    (citation.filing_id, citation.start, citation.end), len(self._numbers) + 1
                ),
            )
            for citation in sentence.citations
        )
        return replace(sentence, citations=citations)


def _withheld(draft: Draft, problem: str) -> Sentence:
    return Sentence(draft.text, (), draft.facet, "withheld", problem)

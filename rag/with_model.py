"""The conductor's half that turns drafts into sentences: the offline composer's, or a language model's one by one.

A draft of a model that fails is withheld, and the model is asked once to mend it. What still fails is dropped and
recorded. Where the model fails, or nothing that it wrote can be verified, the offline composer's drafts stand in.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from index.filing import Filing, Passage
from index.tokens import count_tokens
from rag.answer import Answer, Draft, Sentence, within
from rag.budget import NOTHING_SPENT, Purse, Spent
from rag.llm import LanguageModel
from rag.model_failures import ModelFailed
from rag.model_reply import Reply
from rag.prompts import Prompt, Wish, mend_request, prompt_for
from rag.refusal import refusal
from rag.rows import BAR
from rag.verified_page import OnSentence, Told, VerifiedPage
from rag.verify import verify

OFFLINE = "offline composer"
STOPPED = "Stopped before it was complete."
UNTOLD = "Stopped before there was an answer."
UNVERIFIED = "Nothing that the language model wrote could be verified; this is the offline composer's answer."


@dataclass(frozen=True)
class Written:
    """What was written and how; `treated` names the facets of which something was verified, shown or not."""

    sentences: tuple[Sentence, ...]
    withheld: tuple[Sentence, ...]
    composed_by: str = OFFLINE
    note: str = ""
    treated: frozenset[str] = frozenset()
    stopped: bool = False
    spent: Spent = NOTHING_SPENT
    suggested: tuple[str, ...] = ()  # questions to ask next, as the model proposes them: to be tried


@dataclass(frozen=True)
class Reader:
    """Who waits for an answer: what they are told as it comes about, and how they end it."""

    tell: Callable[[str], object]
    on_sentence: OnSentence
    stop: threading.Event
    purse: Purse

    def hears_again(self, answer: Answer) -> Answer:
        """An answer that was written before, which needs no waiting."""
        self.tell("Asked before of the same filings: the answer is the same.")
        for sentence in answer.sentences:
            self.on_sentence(sentence)
        return answer


def write(
    model: LanguageModel,
    wish: Wish,
    drafts: Sequence[Draft],
    passages: Sequence[Passage],
    filings: Sequence[Filing],
    told: Told,
    reader: Reader,
) -> Written:
    """These drafts of the offline composer verified; or where there is a model, what it writes in their place."""
    if passages and model.settings.is_set:
        reader.tell(f"{model.settings.model} is writing.")
        written = _by_model(model, wish, drafts, passages, filings, told, reader)
    else:
        written = _offline(wish, drafts, passages, filings, reader)
    drafted = len(written.sentences) + len(written.withheld)
    reader.tell(f"{_counted(drafted, 'sentence')} drafted, {len(written.sentences)} verified.")
    return replace(written, spent=reader.purse.spent)


def answer_of(
    written: Written, question: str, understood_as: str, searched: Sequence[Filing], silent: tuple[str, ...] = ()
) -> Answer:
    """What was written as the answer to a question."""
    answer = Answer(
        question=question,
        understood_as=understood_as,
        sentences=written.sentences,
        silent=silent,
        answered=bool(written.sentences),
        searched=tuple(filing.id for filing in searched),
        followups=(),
        composed_by=written.composed_by,
        tokens=0,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        withheld=written.withheld,
        refusal="" if written.sentences else UNTOLD if written.stopped else refusal(searched),
        note=written.note if written.sentences or not written.stopped else "",
        model_tokens=written.spent.tokens,
        model_cost=written.spent.cost,
    )
    return replace(answer, tokens=count_tokens(answer.text))


def _offline(
    wish: Wish, drafts: Sequence[Draft], passages: Sequence[Passage], filings: Sequence[Filing], reader: Reader
) -> Written:
    """These drafts, verified."""
    names = [filing.company for filing in filings]
    checked = verify(drafts, {passage.id: passage for passage in passages}, names)
    sentences = [sentence for sentence in checked if sentence.verdict == "supported"]
    sentences = within(sentences, wish.max_tokens, count_tokens) if wish.max_tokens else sentences
    for sentence in sentences:
        reader.on_sentence(sentence)
    return Written(
        tuple(sentences),
        tuple(sentence for sentence in checked if sentence.verdict != "supported"),
        treated=frozenset(sentence.facet for sentence in sentences),
    )


def _by_model(
    model: LanguageModel,
    wish: Wish,
    offline: Sequence[Draft],
    passages: Sequence[Passage],
    filings: Sequence[Filing],
    told: Told,
    reader: Reader,
) -> Written:
    """The answer as the model writes it; of the passages it gets those first that the offline drafts cite."""
    page = VerifiedPage(
        wish, passages, filings, told, reader.on_sentence, offline[0].facet if offline and not wish.heads else ""
    )

    def fill(share: float) -> Prompt:
        cited = {passage_id: None for draft in offline for passage_id in draft.passage_ids}
        best_first = sorted(passages, key=lambda passage: passage.id not in cited)
        return prompt_for(wish, best_first, filings, int(model.settings.model_window * share), model.form)

    reply = Reply(model, fill, reader.stop, (), reader.purse)
    note = ""
    try:
        for draft in reply:
            page.take(draft)
        if page.failed and not reader.stop.is_set():
            problems = [(sentence.text, sentence.problem) for _, sentence in page.failed]
            request = mend_request(problems, model.form)
            more = reply.said, ("user", request)
            _mend(Reply(model, lambda share: fill(share * reply.share), reader.stop, more, reader.purse), page)
    except ModelFailed as failure:
        part = "the rest of it" if page.shown else "this"
        note = f"{failure} So {part} is the offline composer's answer."
    by_model = len(page.shown)
    if reader.stop.is_set():
        note = STOPPED
    elif note or (not page.shown and not reply.not_said):
        note = note or (UNVERIFIED if page.failed else "")
        page.fill_in(offline)
    elif reply.not_said:
        # A model may rest on sentences only: of what stands in a table it cannot know that it may be told.
        page.fill_in([draft for draft in offline if any(BAR in words for words in draft.quotes)])
    if wish.heads and not reader.stop.is_set():
        # Only where neither finds a word is a filing called silent: a model may forget, or be talked into it.
        page.fill_in(offline)
    by = [model.settings.model] * bool(by_model or reply.not_said) + [OFFLINE] * (len(page.shown) > by_model)
    return Written(
        sentences=page.in_order(),
        withheld=tuple(sentence for _, sentence in page.failed),
        composed_by=" and ".join(by) or OFFLINE,
        note=note,
        treated=frozenset(page.treated),
        stopped=reader.stop.is_set(),
        suggested=reply.suggested,
    )


def _mend(again: Reply, page: VerifiedPage) -> None:
    """What the model mends takes its place. A failure takes nothing from what is there."""
    failed = list(page.failed)
    try:
        for draft in again:
            number = int(draft.facet) if draft.facet.isdecimal() else 0
            if 1 <= number <= len(failed):
                page.mend(failed[number - 1], draft)
    except ModelFailed:
        pass


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

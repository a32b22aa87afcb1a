"""The offline answer: the sentences and table rows of the retrieved passages that answer the question, or none.

One answers when it holds the kind of thing that was asked (an amount, a share, a date ...) and treats the subject: it
has the words of the question, or words that stand for them, or is close to it in meaning. Where no single one does,
two may together, if a name ties them to each other (rag/bridges.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice

from index.filing import Passage, Vectors
from rag.answer import Draft
from rag.bridges import names_to_follow, pairs
from rag.question import Understanding
from rag.ranking import answers, ranked
from rag.scoring import Reading, Scored, gather, read
from rag.series import for_item, for_year
from rag.terms import stem, stems

MOST_SENTENCES = 4
MOST_WORDS = 115
SAME = 0.75  # of the words of the shorter one
WHICH = re.compile(r"^(?:\w+ )?which\b", re.IGNORECASE)  # asks for one thing, not for all that can be told of it
CONTINUES = re.compile(r"^The (\w+)\b")
Tell = Callable[[str, str], str]  # (filing id, sentence) -> the sentence as it is told
Follow = Callable[[Sequence[str]], Sequence[Passage]]  # names -> all passages, those about the names among them
Holds = Callable[[Draft], bool]  # whether a draft is what its quotation says


def compose_answer(
    asked: Understanding,
    passages: Sequence[Passage],
    encode: Callable[[Sequence[str]], Vectors],
    tell: Tell,
    holds: Holds,
    follow: Follow,
) -> list[Draft]:
    """The drafts of an answer, each of which holds; none when nothing answers. `passages`: best first."""
    found = gather(passages, asked)
    whole = read(found, asked, asked.whole, encode)
    names = () if asked.compares else names_to_follow(asked, whole)
    if names:
        found = gather(follow(names), asked)
        whole = read(found, asked, asked.whole, encode)
    best = ranked(asked, whole.found)
    if asked.compares:
        return [draft for draft in _best_of_each(asked, best, tell) if holds(draft)]
    best = _first_that_hold(best, lambda one: holds(_draft(one, tell, asked)))
    readings = [read(found, asked, part, encode) for part in asked.parts] or [whole]
    for pair in pairs(asked, whole, readings, best[0] if best else None):
        at = {one.place: one for one in whole.found}
        members = {member.place: member for one in pair for member in [*_leaned_on(one, at), one]}
        drafts = [_draft(one, tell, asked) for one in members.values()]
        if all(holds(draft) for draft in drafts):
            return drafts
    of_parts = _best_of_parts(asked, readings, lambda one: holds(_draft(one, tell, asked)))
    if of_parts:
        return [_draft(one, tell, asked) for one in of_parts]
    if not best:
        return []
    drafts = []
    for one in _with_company(asked, best, whole.found):
        item = _item_alone(one, tell, asked) if asked.kind == "count" and not one.row else None
        drafts.append(item if item and holds(item) else _draft(one, tell, asked))
    return drafts


def _best_of_parts(asked: Understanding, readings: Sequence[Reading], holds: Callable[[Scored], bool]) -> list[Scored]:
    """Where each part of a question has an answer of its own: those, in the order of the parts."""
    chosen: dict[int, Scored] = {}
    for part, reading in zip(asked.parts, readings, strict=False):
        best = sorted((one for one in reading.found if answers(part.kind, one)), key=lambda one: -one.score)
        first = next((one for one in best[:MOST_SENTENCES] if holds(one)), None)
        if not first:
            return []
        at = {one.place: one for one in reading.found}
        chosen |= {member.place: member for member in [*_leaned_on(first, at), first]}
    return list(chosen.values())


def _first_that_hold(best: Sequence[Scored], holds: Callable[[Scored], bool]) -> list[Scored]:
    """The first few that verification will let pass, so that a worse one stands in for one that it will not."""
    tried = best[: 2 * MOST_SENTENCES]
    return list(islice((one for one in tried if holds(one)), MOST_SENTENCES))


def _with_company(asked: Understanding, best: list[Scored], scored: Sequence[Scored]) -> list[Scored]:
    """The best sentence and what belongs to it: where it leans, what goes on from it, and others nearly as good."""
    most = 1 if asked.kind != "statement" else 2 if WHICH.search(asked.question) else MOST_SENTENCES
    chosen: dict[int, Scored] = {}
    at = {one.place: one for one in scored}
    for one in best[:most]:
        if one.score >= 0.8 * best[0].score and not any(_same_words(one, other) for other in chosen.values()):
            group = [*_leaned_on(one, at), one, *_going_on(one, at)]
            fresh = {member.place: member for member in group if member.place not in chosen}
            if _words([*chosen.values(), *fresh.values()]) <= MOST_WORDS or not chosen:
                chosen |= fresh
    return [chosen[place] for place in sorted(chosen)]


def _leaned_on(one: Scored, at: dict[int, Scored]) -> list[Scored]:
    return [at[one.place - 1]] if one.candidate.leans_on is not None and one.place - 1 in at else []


def _going_on(one: Scored, at: dict[int, Scored]) -> list[Scored]:
    """'... completed a public offering.' goes on with 'The offering closed on ...'."""
    after = at.get(one.place + 1)
    if not after or after.row or one.row:
        return []
    taken_up = CONTINUES.match(after.candidate.text)
    together = after.filing_id == one.filing_id and after.candidate.path == one.candidate.path
    return [after] if together and taken_up and stem(taken_up.group(1).casefold()) in stems(one.candidate.text) else []


def _same_words(one: Scored, other: Scored) -> bool:
    """Whether one only says again what the other says."""
    own, told = stems(one.candidate.text), stems(other.candidate.text)
    return len(own & told) >= SAME * min(len(own), len(told))


def _words(chosen: Sequence[Scored]) -> int:
    return sum(len(one.candidate.text.split()) for one in chosen)


def _best_of_each(asked: Understanding, best: Sequence[Scored], tell: Tell) -> list[Draft]:
    """Over several filings, the best sentence of each, in the order of their years."""
    first: dict[str, Scored] = {}
    for one in best:
        first.setdefault(one.filing_id, one)
    in_order = sorted(asked.filing_ids, key=lambda filing_id: asked.year_of.get(filing_id) or 0)
    return [_draft(first[filing_id], tell, asked) for filing_id in in_order if filing_id in first]


def _draft(one: Scored, tell: Tell, asked: Understanding) -> Draft:
    """The sentence as a draft; of a series of years, only the one that was asked for. A row is told as it is."""
    text = one.candidate.text
    if not one.row:
        alone = len(asked.years) == 1 and not asked.compares
        text = tell(one.filing_id, for_year(text, asked.years[0]) if alone else text)
    return _drafted(one, text)


def _item_alone(one: Scored, tell: Tell, asked: Understanding) -> Draft:
    """Of a list of figures, only the one that was asked for."""
    own = {stem(term) for term in asked.terms}
    text = for_item(one.candidate.text, lambda item: len(own & stems(item)))
    return _drafted(one, tell(one.filing_id, text))


def _drafted(one: Scored, text: str) -> Draft:
    return Draft(
        text=text,
        passage_ids=tuple(passage_id for passage_id, _ in one.candidate.parts),
        quotes=tuple(quote for _, quote in one.candidate.parts),
    )

"""Whether a sentence only says what its quotation says: its words, in their order, with parts left out and none put in.

A sentence may be shorter than what it cites and be told in the third person. It may not exchange a word, nor leave out
one that the meaning hangs on: a denial, a condition, a bound on a figure, 'may', 'some', 'former', 'plans to'.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import inf

from index.sentences import sentence_spans
from rag.answer import INTRODUCES_NAMES
from rag.claim_words import SELF, ClaimWord, as_written, claim_words
from rag.guarded_words import GUARDED
from rag.left_out import RELATIVE, gaps, wrongly_left_out
from rag.terms import words
from rag.third_person import agreeing

PRONOUNS = frozenset("it its itself".split())
HARMLESS = frozenset("the a an also now then both fiscal year years".split())
MAY_BE_ADDED = frozenset("and the".split())
JOINTS = frozenset("and or".split())


def departure(text: str, quotes: Sequence[str], own_names: Sequence[str] = ()) -> str:
    """Where a text leaves the words that it cites, as a sentence; empty when it does not."""
    names = [words(re.sub(r"^the\s+", "", name, flags=re.IGNORECASE)) for name in own_names]
    told = claim_words(text.removeprefix(INTRODUCES_NAMES), names)
    sources = [
        claim_words(quote[start:end], names)
        for quote in quotes
        for start, end in sentence_spans(quote) or [(0, len(quote))]
    ]
    problem = "Its words are not those that it cites."
    for source in _joined(sources, told):
        problem = _departure(told, source)
        if not problem:
            return ""
    return problem


def _joined(sources: list[list[ClaimWord]], told: list[ClaimWord]) -> list[list[ClaimWord]]:
    """One sentence after the other; or all of them together, where the text has every one of them whole."""
    whole = [token for source in sources for token in source]
    if len(sources) > 1 and len(told) >= len(whole):
        return [whole]
    return sources


def _departure(told: list[ClaimWord], source: list[ClaimWord]) -> str:
    """What was put in, or what was left out that must not be."""
    kept = _kept(told, source)
    if kept is None:
        added = next(
            (t.word for t in told if t.word not in MAY_BE_ADDED and not any(_stands_for(t, s) for s in source)), ""
        )
        if added == SELF:
            return "It names the company where what it cites does not."
        if added:
            return f"It says {as_written(added)!r} where what it cites does not."
        return "Its words stand in another order than those that it cites."
    for start, end in gaps(kept):
        if not _cut_between_parts(source, start, end):
            return f"It leaves out {as_written(source[start].word)!r} from the middle of what the words say."
    return wrongly_left_out(source, kept)


def _kept(told: list[ClaimWord], source: list[ClaimWord]) -> list[bool] | None:
    """Which words of the source the text keeps, with as few and as clean cuts as can be; None when it adds words.

    Two tables over (words told, words of the source gone through), one for a source word that was just kept and one for
    a cut that is going on; a cut costs something, least where a part of the sentence begins or ends.
    """
    rows, columns = len(told) + 1, len(source) + 1
    cost = {True: [[inf] * columns for _ in range(rows)], False: [[inf] * columns for _ in range(rows)]}
    came: dict[tuple[bool, int, int], tuple[bool, int, int]] = {}
    cost[True][0][0] = 0.0

    def reach(to: tuple[bool, int, int], start: tuple[bool, int, int], price: float) -> None:
        total = cost[start[0]][start[1]][start[2]] + price
        if total < cost[to[0]][to[1]][to[2]]:
            cost[to[0]][to[1]][to[2]] = total
            came[to] = start

    for j in range(rows):
        for i in range(columns):
            here = source[i] if i < len(source) else None
            for keeping in (True, False):
                state = (keeping, j, i)
                if cost[keeping][j][i] == inf:
                    continue
                if j < len(told) and told[j].word in MAY_BE_ADDED:
                    reach((keeping, j + 1, i), state, 0.5)
                if here is None:
                    continue
                clean = 0.0 if here.opens_clause else 0.5
                if j < len(told) and _stands_for(told[j], here):
                    reach((True, j + 1, i + 1), state, 0.0 if keeping else clean)
                reach((False, j, i + 1), state, 1.0 + clean if keeping else 0.0)
    end = min((cost[keeping][-1][-1], keeping) for keeping in (True, False))
    if end[0] == inf:
        return None
    kept = [False] * len(source)
    state = (end[1], rows - 1, columns - 1)
    while state in came:
        before = came[state]
        if state[0] and state[2] > before[2]:
            kept[before[2]] = True
        state = before
    return kept


def _stands_for(told: ClaimWord, source: ClaimWord) -> bool:
    """Whether a word may stand for one of the source: the same, in another number, or 'it' for the company."""
    if source.word == SELF and told.word in PRONOUNS:
        return True
    return agreeing(told.word) == agreeing(source.word)


def _cut_between_parts(source: list[ClaimWord], start: int, end: int) -> bool:
    """Whether a whole part is left out: a clause, an item of a list, what stands in parentheses; or a mere adverb.

    'We bought Litware from Fabrikam' must not become 'We bought Fabrikam'; nor may '61% in 2017 and 63% in 2016' become
    '61% in 2016'.
    """
    earlier = end
    while earlier > start and (
        _is_harmless(source[earlier - 1].word) or (not start and source[earlier - 1].word == SELF)
    ):
        earlier -= 1  # 'As planned, our sales grew': 'our' goes with no loss. Later on 'we' parts what another does
    if earlier == start or _is_of_a_row(source, start, end):
        return True
    return any(_is_a_part(source, start, stop) for stop in {end, earlier})


def _is_a_part(source: list[ClaimWord], start: int, end: int) -> bool:
    """Whether what stands there begins and ends where parts of a sentence do."""
    if end == len(source):
        return source[start].opens_clause and start > 0
    first, last, after = source[start], source[end - 1], source[end]
    if all(token.in_parentheses for token in source[start:end]) and not after.in_parentheses:
        return start == 0 or not source[start - 1].in_parentheses
    if after.word in RELATIVE or not (after.opens_clause or last.word in JOINTS):
        return False  # 'which ...' would hang on another noun
    if first.word.startswith("#") and after.word.startswith("#"):
        return False  # one thing's figure would be told of another
    return start == 0 or first.opens_clause


def _is_of_a_row(source: list[ClaimWord], start: int, end: int) -> bool:
    """'61%, 63% and 65%', '$4 million in 2002, $3 million in 2001': any of the row may go."""
    shapes = ["#" if token.word.startswith("#") else token.word for token in source]
    shape = [word for word in shapes[start:end] if word not in JOINTS]
    if "#" not in shape:
        return False
    length = next(n for n in range(1, len(shape) + 1) if (shape[:n] * len(shape))[: len(shape)] == shape)
    before = [word for word in shapes[:start] if word not in JOINTS]
    after = [word for word in shapes[end:] if word not in JOINTS]
    return shape[:length] in (before[-length:], after[:length])


def _is_harmless(word: str) -> bool:
    return word in HARMLESS or (word.endswith("ly") and word not in GUARDED)

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
from rag.claim_words import SELF, ClaimWord, claim_words
from rag.guarded_words import COMES_TRUE_WHERE, CONDITIONS, GOES_ON, GUARDED, RANKS, RESTRICTS, YET_TO_COME
from rag.terms import words
from rag.third_person import agreeing

PRONOUNS = frozenset("it its itself".split())
HARMLESS = frozenset("the a an also now then both fiscal year years".split())
MAY_BE_ADDED = frozenset("and the".split())
JOINTS = frozenset("and or".split())
RELATIVE = frozenset("which who whose that where".split())
OF_ITS_OWN = frozenset("while although because and but including".split())
LEAST_YEAR, LAST_YEAR = 1900, 2099
MAIN_WORDS = 10
BOUNDS = frozenset("least most up under below nearly almost approximately about over more less fewer above".split())


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
            return f"It says {_shown(added)!r} where what it cites does not."
        return "Its words stand in another order than those that it cites."
    for start, end in _gaps(kept):
        if not _cut_between_parts(source, start, end):
            return f"It leaves out {_shown(source[start].word)!r} from the middle of what the words say."
    return _wrongly_left_out(source, kept)


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


def _gaps(kept: list[bool]) -> list[tuple[int, int]]:
    """Where words are left out, as (start, end)."""
    borders = [
        number for number in range(len(kept) + 1) if (number < len(kept) and kept[number]) or number == len(kept)
    ]
    starts = [0, *(number + 1 for number in borders[:-1])]
    return [(start, end) for start, end in zip(starts, borders, strict=True) if start < end]


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


def _wrongly_left_out(source: list[ClaimWord], kept: list[bool]) -> str:
    """A word that the rest hangs on: a condition anywhere, another where its own clause is told."""
    clause_of: list[int] = []
    for token in source:
        clause_of.append((clause_of[-1] if clause_of else 0) + token.opens_clause)
    told_clauses = {number for number, is_kept in zip(clause_of, kept, strict=True) if is_kept}
    if _leaves_figures_without_their_year(source, kept):
        return "It leaves out the year that its figures belong to."
    if _is_true_only_with_its_opening(source, kept):
        return f"It leaves out what opens the sentence, {source[0].word!r} and so on, without which it says more."
    for number, token in enumerate(source):
        near = range(number + 1, min(number + 3, len(source)))
        bounds_a_figure = token.word in BOUNDS and any(kept[n] and source[n].word.startswith("#") for n in near)
        same_clause = token.word in GUARDED and clause_of[number] in told_clauses
        if not kept[number] and (token.word in CONDITIONS or bounds_a_figure or same_clause):
            return f"It leaves out {token.word!r}, which changes what the words say."
    return ""


def _leaves_figures_without_their_year(source: list[ClaimWord], kept: list[bool]) -> bool:
    of_the_rest = list(kept)  # a year in a clause of its own, cut with it, is not that of the figures before it
    for start, end in _gaps(kept):
        if source[start].word in RELATIVE | OF_ITS_OWN:
            of_the_rest[start:end] = [True] * (end - start)
    figures = [(token.word, number) for number, token in enumerate(source) if token.word.startswith("#")]
    years = [of_the_rest[number] for word, number in figures if _is_year(word)]
    opening = next((range(start, end) for start, end in _gaps(kept) if start == 0), range(0))
    if any(_is_year(source[number].word) for number in opening):
        # 'In 2006, 47% of sales, compared to 46% in 2005': the year that is left is not that of the first figure.
        return any(kept[number] for word, number in figures if not _is_year(word))
    return bool(years) and not any(years) and any(kept[number] for word, number in figures if not _is_year(word))


def _is_true_only_with_its_opening(source: list[ClaimWord], kept: list[bool]) -> bool:
    """'In Norway, we have 120 employees', 'Once it opens, we will hire', 'Among small ones, we are the largest'."""
    opening = next((source[:end] for start, end in _gaps(kept) if start == 0), [])
    if not opening or opening[0].word not in RESTRICTS or any(token.word in GOES_ON for token in opening[1:3]):
        return False
    told = [token.word for token, is_kept in zip(source, kept, strict=True) if is_kept]
    if opening[0].word in COMES_TRUE_WHERE and not YET_TO_COME.isdisjoint(told):
        return True
    main = told[:MAIN_WORDS]  # further on, a figure is seldom what the sentence is about
    return not RANKS.isdisjoint(main) or any(word.startswith("#") and not _is_year(word) for word in main)


def _is_year(word: str) -> bool:
    number = word.removeprefix("#")
    return word != number and number.isdigit() and LEAST_YEAR <= int(number) <= LAST_YEAR


def _shown(word: str) -> str:
    return word.removeprefix("#")

"""What a sentence may not leave out of the words that it cites, because what is left says more than they do."""

from __future__ import annotations

from rag.claim_words import SELF, ClaimWord, as_written
from rag.guarded_words import (
    ADVERSE,
    COMES_TRUE_WHERE,
    CONDITIONS,
    ENDED,
    GOES_ON,
    GUARDED,
    MEASURED_BEFORE,
    NOT_ALWAYS,
    ONLY_SO_FAR,
    OPINES,
    OTHER_HANDS,
    OWN_HANDS,
    PERIODS,
    RANKED_BY,
    RANKS,
    RESTRICTS,
    SHARED,
    SOME,
    TOGETHER,
    UNDECIDED,
    UNDONE,
    YET_TO_COME,
)

RELATIVE = frozenset("which who whose that where".split())
OF_ITS_OWN = frozenset("while although because and but including".split())
LEAST_YEAR, LAST_YEAR = 1900, 2099
MAIN_WORDS = 10
ASIDE_WORDS, MOST_SHOWN = 4, 3
BOUNDS = frozenset("least most up under below nearly almost approximately about over more less fewer above".split())


def wrongly_left_out(source: list[ClaimWord], kept: list[bool]) -> str:
    """A word that the rest hangs on: a condition anywhere, another where its own clause is told."""
    clause_of: list[int] = []
    for token in source:
        clause_of.append((clause_of[-1] if clause_of else 0) + token.opens_clause)
    told_clauses = {number for number, is_kept in zip(clause_of, kept, strict=True) if is_kept}
    if _leaves_figures_without_their_year(source, kept):
        return "It leaves out the year that its figures belong to."
    if _is_true_only_with_its_opening(source, kept):
        return f"It leaves out what opens the sentence, {source[0].word!r} and so on, without which it says more."
    told = [token.word for token, is_kept in zip(source, kept, strict=True) if is_kept]
    for start, end in gaps(kept):
        cut = [token.word for token in source[start:end]]
        if _says_that_others_share_it(cut, told, is_last=end == len(source)):
            return "It leaves out that others have a part in it."
        if _limits_the_rest(cut, told):
            return f"It leaves out {' '.join(map(as_written, cut[:MOST_SHOWN]))!r}, which limits what the rest says."
    for number, token in enumerate(source):
        near = range(number + 1, min(number + 3, len(source)))
        bounds_a_figure = token.word in BOUNDS and any(kept[n] and source[n].word.startswith("#") for n in near)
        same_clause = token.word in GUARDED and clause_of[number] in told_clauses
        if not kept[number] and (token.word in CONDITIONS or bounds_a_figure or same_clause):
            return f"It leaves out {token.word!r}, which changes what the words say."
    return ""


def _leaves_figures_without_their_year(source: list[ClaimWord], kept: list[bool]) -> bool:
    of_the_rest = list(kept)  # a year in a clause of its own, cut with it, is not that of the figures before it
    for start, end in gaps(kept):
        if source[start].word in RELATIVE | OF_ITS_OWN:
            of_the_rest[start:end] = [True] * (end - start)
    figures = [(token.word, number) for number, token in enumerate(source) if token.word.startswith("#")]
    years = [of_the_rest[number] for word, number in figures if _is_year(word)]
    opening = next((range(start, end) for start, end in gaps(kept) if start == 0), range(0))
    if any(_is_year(source[number].word) for number in opening):
        # 'In 2006, 47% of sales, compared to 46% in 2005': the year that is left is not that of the first figure.
        return any(kept[number] for word, number in figures if not _is_year(word))
    return bool(years) and not any(years) and any(kept[number] for word, number in figures if not _is_year(word))


def _is_true_only_with_its_opening(source: list[ClaimWord], kept: list[bool]) -> bool:
    """'In Norway, we have 120 employees', 'Once it opens, we will hire', 'Among small ones, we are the largest'."""
    opening = next((source[:end] for start, end in gaps(kept) if start == 0), [])
    if not opening or opening[0].word not in RESTRICTS or any(token.word in GOES_ON for token in opening[1:3]):
        return False
    told = [token.word for token, is_kept in zip(source, kept, strict=True) if is_kept]
    if opening[0].word in COMES_TRUE_WHERE and not YET_TO_COME.isdisjoint(told):
        return True
    if opening[0].word in NOT_ALWAYS and not any(token.word in PERIODS or _is_year(token.word) for token in opening):
        return True  # 'During the pandemic, we sold online'
    if opening[0].word in ENDED:
        return True  # 'Before 2020, we owned a yard'
    main = told[:MAIN_WORDS]  # further on, a figure is seldom what the sentence is about
    return not RANKS.isdisjoint(main) or any(word.startswith("#") and not _is_year(word) for word in main)


def _says_that_others_share_it(cut: list[str], told: list[str], is_last: bool) -> bool:
    """'We own, through our 51% subsidiary, 12 ferries', 'Together with Nordbane, we own': we are not alone."""
    if cut[0] in OTHER_HANDS:
        return any(word.endswith("%") for word in cut) or not SHARED.isdisjoint(cut)
    return cut[0] in TOGETHER and not is_last and OWN_HANDS.isdisjoint(cut)


def _limits_the_rest(cut: list[str], told: list[str]) -> bool:
    """What stands between commas and takes a part back: ', tentatively,', ', by acreage,', ', now under appeal,'."""
    if len(cut) <= ASIDE_WORDS and _hedges(cut):
        return True
    if not UNDONE.isdisjoint(cut) or (cut[0] in ADVERSE and not ONLY_SO_FAR.isdisjoint(cut)):
        return True
    tells_a_figure = any(word.startswith("#") and not _is_year(word) for word in told)
    if cut[0] in MEASURED_BEFORE and len(cut) <= ASIDE_WORDS and tells_a_figure:
        return True
    if cut[0] == "or" and not UNDECIDED.isdisjoint(told):
        return True
    return cut[0] in RANKED_BY and not RANKS.isdisjoint(told)


def _hedges(cut: list[str]) -> bool:
    """', tentatively,', ', in some regions,', ', we believe,'."""
    return (
        any(word in GUARDED and word.endswith("ly") and word != "formerly" for word in cut)
        or (cut[0] in RESTRICTS and not SOME.isdisjoint(cut))
        or (SELF in cut and not OPINES.isdisjoint(cut))
    )


def _is_year(word: str) -> bool:
    number = word.removeprefix("#")
    return word != number and number.isdigit() and LEAST_YEAR <= int(number) <= LAST_YEAR


def gaps(kept: list[bool]) -> list[tuple[int, int]]:
    """Where words are left out, as (start, end)."""
    borders = [
        number for number in range(len(kept) + 1) if (number < len(kept) and kept[number]) or number == len(kept)
    ]
    starts = [0, *(number + 1 for number in borders[:-1])]
    return [(start, end) for start, end in zip(starts, borders, strict=True) if start < end]

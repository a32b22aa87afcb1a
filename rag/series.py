"""Figures that a sentence gives for several years at once: '61%, 63% and 65% for 2017, 2016 and 2015, respectively'.

The figure of one year can be told alone, and a claim that ties a figure to a year can be checked against the order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

FIGURE = (
    r"(?:approximately |about |roughly )?(?:(?:US\$|[$€£])\s?)?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    r"(?:\s?%|\s(?:million|billion|thousand|percent)\b)?"
)
YEAR = r"(?:19|20)\d\d"
MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
WHEN = rf"(?:{MONTH} \d{{1,2}}, )?{YEAR}"  # of 'August 28, 2022, August 29, 2021' the day belongs to the year
JOINT = r"(?:,\s+and\s+|\s+and\s+|,\s+)"
FIGURES = re.compile(rf"(?<![\d.,]){FIGURE}(?:{JOINT}{FIGURE})+(?![\d])")
YEARS = re.compile(rf"\b{WHEN}(?:{JOINT}{WHEN})+\b")
ONE_FIGURE = re.compile(FIGURE)
# '$4,034 million in fiscal 2002': a figure that has its year beside it.
PAIR = re.compile(
    rf"(?<!\d)(?P<figure>{FIGURE})\s+(?:in|for|during)\s+(?:the\s+)?(?:fiscal\s+)?(?:year\s+)?(?P<year>{YEAR})"
)
# '..., 2,200 (16%) in Europe, 600 (4%) in Asia'; but no row of years, and no day of a month.
BETWEEN_ITEMS = re.compile(rf"(?:,\s+and\s+|\s+and\s+|,\s+|;\s+)(?=(?!{YEAR}\b){FIGURE}\s(?:\(\d[^()]*\)\s)?[a-z])")
FIRST_ITEM = re.compile(rf"(?<![\w$.,])(?!{YEAR}\b){FIGURE}\s(?:\(\d[^()]*\)\s)?[a-z][^:]*$")
FEWEST_ITEMS = 3
PLURAL_YEARS = re.compile(r"\b((?:fiscal )?years?)\b(?=(?:\s+ended)?(?:\s+(?:on\s+)?[A-Z][a-z]+\s+\d{1,2},)?\s*$)")


@dataclass(frozen=True)
class Series:
    """A row of figures and the years that they belong to, in order, with where both stand in the sentence."""

    figures: tuple[str, ...]
    years: tuple[int, ...]
    figures_at: tuple[int, int]
    years_at: tuple[int, int]
    dates: tuple[str, ...]  # the years as they are written, some with their day

    def of(self, year: int) -> str:
        return self.figures[self.years.index(year)] if year in self.years else ""


def series(sentence: str) -> Series | None:
    """The figures and years that a sentence aligns; nothing where it is not clear which belong together."""
    years_found = list(YEARS.finditer(sentence))
    if len(years_found) != 1 or "respectively" not in sentence:
        return None
    dates = tuple(re.findall(WHEN, years_found[0].group()))
    years = tuple(int(date[-4:]) for date in dates)
    if all(len(date) == 4 for date in dates[1:]):  # 'December 31, 2017, 2016 and 2015': one day for all of them
        dates = tuple(dates[0][:-4] + date[-4:] for date in dates)
    apart = (years_found[0].start(), years_found[0].end())
    rows = [match for match in FIGURES.finditer(sentence) if match.end() <= apart[0] or match.start() >= apart[1]]
    rows = [match for match in rows if len(ONE_FIGURE.findall(match.group())) == len(years)]
    if len(rows) != 1:
        return None
    figures = tuple(figure.strip() for figure in ONE_FIGURE.findall(rows[0].group()))
    return Series(figures, years, rows[0].span(), apart, dates)


def for_year(sentence: str, year: int) -> str:
    """The sentence with the figure of that year alone; unchanged where it has no series, or not that year."""
    aligned = series(sentence)
    if aligned and aligned.of(year):
        pieces = sorted(
            [(aligned.figures_at, aligned.of(year)), (aligned.years_at, aligned.dates[aligned.years.index(year)])]
        )
        (first, first_text), (second, second_text) = pieces
        told = sentence[: first[0]] + first_text + sentence[first[1] : second[0]] + second_text + sentence[second[1] :]
        told = re.sub(r",?\s+respectively\b", "", told)
        # 'for fiscal years 2016' -> 'for fiscal year 2016'
        at = told.rfind(str(year))
        return PLURAL_YEARS.sub(lambda match: match.group(1).removesuffix("s"), told[:at]) + told[at:]
    return _of_pairs(sentence, year)


def two_shares(sentence: str) -> bool:
    """Whether it gives a share for two years: '81% and 84% for 2020 and 2019, respectively'."""
    aligned = series(sentence)
    figures = aligned.figures if aligned else [pair["figure"] for pair in PAIR.finditer(sentence)]
    return len(figures) == 2 and all(figure.rstrip().endswith(("%", "percent")) for figure in figures)


def _of_pairs(sentence: str, year: int) -> str:
    """'$4 million in 2002, $3 million in 2001 and $2 million in 2000': the pairs of the other years go."""
    pairs = list(PAIR.finditer(sentence))
    wanted = [pair for pair in pairs if int(pair["year"]) == year]
    if len(pairs) < 2 or len(wanted) != 1:
        return sentence
    between = [sentence[a.end() : b.start()] for a, b in pairwise(pairs)]
    if any(not re.fullmatch(JOINT, joint) for joint in between):
        return sentence
    return sentence[: pairs[0].start()] + wanted[0].group() + sentence[pairs[-1].end() :]


def for_item(sentence: str, treats: Callable[[str], float]) -> str:
    """'9,600 in Ohio, 600 in Iowa and 160 abroad': of a list of figures only the one that was asked for."""
    pieces = BETWEEN_ITEMS.split(sentence)
    opening = FIRST_ITEM.search(pieces[0]) if len(pieces) >= FEWEST_ITEMS else None
    if not opening:
        return sentence
    items = [pieces[0][opening.start() :], *pieces[1:]]
    fit = [treats(item) for item in items]
    best = max(fit)
    if best == 0 or fit.count(best) > 1 or re.search(r"\brespectively\b", sentence):
        return sentence
    return pieces[0][: opening.start()] + items[fit.index(best)].rstrip(" .;") + "."


def misaligned(text: str, quoted: str) -> str:
    """The figure that a text ties to another year than its source does, or nothing."""
    source = series(quoted)
    if not source:
        return ""
    years = [int(year) for year in re.findall(rf"\b{YEAR}\b", text)]
    told = series(text)
    if told:
        pairs = list(zip(told.figures, told.years, strict=True))
    elif len(set(years)) == 1:
        pairs = [
            (figure.strip(), years[0]) for figure in ONE_FIGURE.findall(text) if not re.fullmatch(YEAR, figure.strip())
        ]
    else:
        return ""
    for figure, year in pairs:
        if figure in source.figures and year in source.years and source.of(year) != figure:
            return figure
    return ""

"""The figures, dates and names of a sentence, in one spelling each, so that two sentences can be compared by them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

SCALES = {"thousand": 3, "k": 3, "million": 6, "mm": 6, "m": 6, "billion": 9, "bn": 9, "b": 9, "trillion": 12}
CURRENCIES = {"$": "$", "us$": "$", "€": "€", "£": "£", "¥": "¥", "dollars": "$", "euros": "€"}
AMOUNT = re.compile(
    r"(?P<sign>(?<![\w)])[-–−]\s?)?(?P<open>\(\s?)?(?P<currency>US\$|[$€£¥])?\s?(?P<inner>\(\s?)?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?P<shut>(?<=\d)\s?\)(?=\s(?:[mb]illion|thousand)\b))?"
    r"(?:\s?(?P<percent>%|per\s?cent\b|percentage points\b)"
    r"|[\s-]?(?P<scale>thousand|million|billion|trillion)\b|\s?(?P<letter>bn|mm|[kKmMbB])\b)?"
    r"(?:\s(?P<unit>dollars|euros)\b)?(?P<close>\s?\))?",
    re.ASCII,
)
PART_OF_A_NAME_BEFORE = re.compile(r"(?:[A-Za-z]-?|[_.])$")  # 'COVID-19', 'v2.1'
PART_OF_A_NAME_AFTER = re.compile(r"[A-Za-z]|-[A-Z]\b")  # '4G', '21st', 'Form 10-K'
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
MONTH = (
    r"(Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
# 'December 31, 2017, 2016 and 2015' are three dates.
DATE = re.compile(
    rf"\b{MONTH}\s+(\d{{1,2}}),?\s+((?:19|20)\d\d(?:(?:,\s+and|,|\s+and)\s+(?:19|20)\d\d\b)*)\b",
    re.IGNORECASE | re.ASCII,
)
DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH},?\s+((?:19|20)\d\d)\b", re.IGNORECASE | re.ASCII
)
MONTH_AND_YEAR = re.compile(rf"\b{MONTH}\s+(?:of\s+)?((?:19|20)\d\d)\b", re.IGNORECASE | re.ASCII)
YEAR = re.compile(rf"\b({'|'.join(MONTHS)})\s+(?:of\s+)?((?:19|20)\d\d)\b", re.IGNORECASE)
YEAR = re.compile(r"(?<![\d,.$])(?:FY\s?)?((?:19|20)\d\d)(?![\d%]|,\d{3}|\.\d)")
SHORT_YEAR = re.compile(r"\bFY\s?'?(\d\d)\b", re.IGNORECASE)
NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "hundred": "100"}
WORD_NUMBER = re.compile(rf"\b({'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Figure:
    """A number with what it counts: 65.2 million dollars is ('65200000', '$', False)."""

    value: str
    currency: str = ""
    percent: bool = False
    points: bool = False  # of a percentage: 3 points from 27% are 24%, and no 3%

    @property
    def looks_like_year(self) -> bool:
        return not self.currency and not self.percent and bool(re.fullmatch(r"(?:19|20)\d\d", self.value))


def figures(text: str) -> list[Figure]:
    """Every number written in digits, with sign, scale, currency and percent sign taken in."""
    return [figure for _, _, figure in figure_spans(text)]


def figure_spans(text: str) -> list[tuple[int, int, Figure]]:
    """The figures of a text and where each stands in it."""
    found = []
    for match in AMOUNT.finditer(text):
        start, end = match.start("digits"), match.end()
        before = text[max(0, start - 2) : start]
        if PART_OF_A_NAME_BEFORE.search(before) or PART_OF_A_NAME_AFTER.match(text, end):
            continue
        currency = CURRENCIES.get((match["currency"] or match["unit"] or "").casefold(), "")
        letter = match["letter"] or ""
        if letter and not currency and letter != letter.upper():
            letter = ""  # '5 m' may be metres
        scale = SCALES.get((match["scale"] or letter).casefold(), 0)
        value = Decimal(match["digits"].replace(",", "")).scaleb(scale).normalize()
        # Accounts write a loss as (3.5)% or $(1,200); what stands in parentheses behind a number explains it.
        opened, closed = match["open"] or match["inner"], match["close"] or match["shut"]
        telling = bool(currency or match["percent"] or "," in match["digits"])
        explains = text[: match.start()].rstrip()[-1:].isdigit()
        bracketed = bool(opened and closed and telling and not explains)
        sign = "-" if bracketed or match["sign"] else ""
        points = "points" in (match["percent"] or "").casefold()
        begin = match.start() if sign else match.start("currency" if match["currency"] else "digits")
        end -= 0 if bracketed else len(match["close"] or "")
        found.append((begin, end, Figure(f"{sign}{value:f}", currency, bool(match["percent"]), points)))
    return found


def number_words(text: str) -> set[str]:
    """Numbers that are written as words: 'two private funding rounds'."""
    return {NUMBER_WORDS[word.casefold()] for word in WORD_NUMBER.findall(text)}


def dates(text: str) -> set[str]:
    """Days and months as '2021-3-15' and '2021-3'; a day tells its month too."""
    found = set()
    written = [(month, day, of_years) for month, day, of_years in DATE.findall(text)]
    written += [(month, day, year) for day, month, year in DAY_FIRST.findall(text)]
    written += [(month, "", year) for month, year in MONTH_AND_YEAR.findall(text)]
    for month, day, of_years in written:
        number = MONTHS.index(month[:3].casefold()) + 1
        for year in re.findall(r"\d{4}", of_years):
            found |= {f"{year}-{number}", f"{year}-{number}-{int(day)}"} if day else {f"{year}-{number}"}
    return found


def years(text: str) -> set[int]:
    return {int(year) for year in YEAR.findall(text)} | {2000 + int(year) for year in SHORT_YEAR.findall(text)}

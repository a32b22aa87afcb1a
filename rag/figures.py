"""The figures, dates and names of a sentence, in one spelling each, so that two sentences can be compared by them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

SCALES = {"thousand": 3, "k": 3, "million": 6, "mm": 6, "m": 6, "billion": 9, "bn": 9, "b": 9, "trillion": 12}
CURRENCIES = {"$": "$", "us$": "$", "€": "€", "£": "£", "¥": "¥"}
AMOUNT = re.compile(
    r"(?P<sign>[-–−(]\s?)?(?P<currency>US\$|[$€£¥])?\s?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?:\s?(?P<percent>%|per\s?cent\b|percentage points\b)"
    r"|\s?-?(?P<scale>thousand|million|billion|trillion|bn|mm|[kKmMbB])\b(?!\w))?"
    r"(?P<ordinal>st|nd|rd|th)?(?:\s(?P<unit>dollars|euros)\b)?"
)
MONTHS = "january february march april may june july august september october november december".split()
# 'December 31, 2017, 2016 and 2015' are three dates.
DATE = re.compile(
    rf"\b({'|'.join(MONTHS)})\.?\s+(\d{{1,2}}),?\s+((?:19|20)\d\d(?:(?:,\s+and|,|\s+and)\s+(?:19|20)\d\d\b)*)\b",
    re.IGNORECASE,
)
MONTH_AND_YEAR = re.compile(rf"\b({'|'.join(MONTHS)})\s+(?:of\s+)?((?:19|20)\d\d)\b", re.IGNORECASE)
YEAR = re.compile(r"(?<![\d,.$])(?:FY\s?)?((?:19|20)\d\d)(?![\d%]|,\d{3}|\.\d)")
SHORT_YEAR = re.compile(r"\bFY\s?'?(\d\d)\b", re.IGNORECASE)
NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "hundred": "100"}
WORD_NUMBER = re.compile(rf"\b({'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Figure:
    """A number with what it counts: 65.2 million dollars is ('65200000', '$', False)."""

    value: str
    currency: str = ""
    percent: bool = False

    @property
    def looks_like_year(self) -> bool:
        return not self.currency and not self.percent and bool(re.fullmatch(r"(?:19|20)\d\d", self.value))


def figures(text: str) -> list[Figure]:
    """Every number written in digits, with scale, currency and percent sign taken in."""
    found = []
    for match in AMOUNT.finditer(text):
        before = text[match.start("digits") - 1 : match.start("digits")]
        if before.isalpha() or before in ("_", "."):
            continue  # part of a name: 'COVID19', 'v2.1'
        scale = (match["scale"] or "").casefold()
        currency = CURRENCIES.get((match["currency"] or "").casefold(), "")
        if len(scale) == 1 and not currency and match["scale"] != match["scale"].upper():
            scale = ""  # '5 m' may be metres
        value = Decimal(match["digits"].replace(",", "")).scaleb(SCALES.get(scale, 0))
        if not currency and match["unit"]:
            currency = {"dollars": "$", "euros": "€"}[match["unit"].casefold()]
        found.append(Figure(format(value.normalize(), "f"), currency, bool(match["percent"])))
    return found


def number_words(text: str) -> set[str]:
    """Numbers that are written as words: 'two private funding rounds'."""
    return {NUMBER_WORDS[word.casefold()] for word in WORD_NUMBER.findall(text)}


def dates(text: str) -> set[str]:
    """Days and months as '2021-3-15' and '2021-3'; a day tells its month too."""
    found = set()
    for month, day, of_years in DATE.findall(text):
        for year in re.findall(r"\d{4}", of_years):
            found.add(f"{year}-{MONTHS.index(month.casefold()) + 1}")
            found.add(f"{year}-{MONTHS.index(month.casefold()) + 1}-{int(day)}")
    for month, year in MONTH_AND_YEAR.findall(text):
        found.add(f"{year}-{MONTHS.index(month.casefold()) + 1}")
    return found


def years(text: str) -> set[int]:
    return {int(year) for year in YEAR.findall(text)} | {2000 + int(year) for year in SHORT_YEAR.findall(text)}

"""One amount in all the ways that reports write it: $65.2 million, 65.2m, 65,200 (in thousands), 65,200,000."""

from __future__ import annotations

import re
from decimal import Decimal

SCALES = {
    "k": 3, "thousand": 3, "thousands": 3, "m": 6, "mm": 6, "mn": 6, "million": 6, "millions": 6,
    "b": 9, "bn": 9, "billion": 9, "billions": 9, "trillion": 12,
}  # fmt: skip
AMOUNT = re.compile(
    r"(?<![\w.,])[$€£]?\s?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d++(?:\.\d++)?)"
    r"(?:[ -]?(?P<scale>thousands?|millions?|billions?|trillion|mm|mn|bn|[kmb])\b)?(?![\w,.]*\d)"
    r"(?P<share>\s?%| ?percent\b)?",
    re.IGNORECASE,
)
LARGE = 1_000_000  # written out in full
YEAR = re.compile(r"(?:19|20)\d\d")
WORDS = {6: "million", 9: "billion", 3: "thousand", 12: "trillion"}


def figure_spellings(question: str) -> list[str]:
    """The figures of a question, each in every writing; years and small bare numbers are none."""
    found: list[str] = []
    for match in AMOUNT.finditer(question):
        number, scale = match["number"].replace(",", ""), (match["scale"] or "").casefold()
        if match["share"]:
            found += [f"{number}%", f"{number} percent"]
        elif scale:
            found += _spellings(Decimal(number).scaleb(SCALES[scale]))
        elif Decimal(number) >= LARGE:
            found += _spellings(Decimal(number))
        elif YEAR.fullmatch(match["number"]) is None and len(number) > 2:
            found += [match["number"], f"{Decimal(number):,}"]
    return list(dict.fromkeys(found))


def _spellings(amount: Decimal) -> list[str]:
    """In words and, for tables that count in thousands or millions, in figures alone."""
    found = []
    for power in (0, 3, 6, 9, 12):
        number = amount.scaleb(-power).normalize()
        places = -int(number.as_tuple().exponent)
        if number < Decimal("0.1") or places > 3:
            continue
        written = f"{number:,.{max(places, 0)}f}"
        if power in WORDS:
            found += [f"{written} {WORDS[power]}", *([f"{written}{WORDS[power][0]}"] if power in (6, 9) else [])]
        if power != 12 and number >= 10:
            found.append(written)
    return found

"""Shortening a sentence by what a summary can do without: asides, comparisons with earlier years, empty openings.

Only whole parts go, and none with a figure, a name or a condition in it, so that the rest says nothing new;
verification looks at the result like at any other sentence.
"""

from __future__ import annotations

import re

from rag.series import for_year, two_shares

OPENING = re.compile(
    r"^(?:Today|Currently|Presently|For example|For instance|Over time|Over the years|In recent years|At this time|"
    r"To date|In particular|Specifically|Importantly|Notably|Overall|In general|In turn|In this way|To that end|"
    r"To this end|Together|In short|Ultimately|Indeed|In fact|To achieve this|In this regard|Among other things),\s+"
    r"(?=\w)"
)
ASIDE = re.compile(r"\s*\((?![^()]*\d)(?!includ|such as|e\.g\.|other than|exclud|except|not\b)([^()]{1,45})\)")
COMPARED = re.compile(
    r",\s+(?:as\s+)?(?:compared\s+(?:to|with)|versus|up from|down from)\s[^;()]*?(?=[.;]?$|;\s)", re.IGNORECASE
)
# What follows from a fact, and the praise that it gets.
TAIL = re.compile(
    r",\s+(?:(?:thereby|thus)\s+)?(?:enabling|allowing|helping|ensuring|resulting in|making|creating|giving|delivering|"
    r"empowering|driving|supporting|which (?:enables?|allows?|helps?|gives?|makes?)|so that|while (?:also )?\w+ing)\b"
    r"[^;.]*(?=\.$)"
)
HOLDS_A_FACT = re.compile(
    r"\d|(?<=[a-z,;] )[A-Z]|\b(?:not|no|only|unless|except|if|customers?|consumers?|retail\w*|distribut\w*|online)\b"
)
REFERENCE = re.compile(
    r"\s*\((?:see|refer to|as described|as defined|as discussed|collectively|together|hereinafter|the)\b[^()]*\)|"
    r"(?<=[a-z®™])(?:\(\d\)|\*)(?=[\s,.;])",
    re.IGNORECASE,
)
# '..., and had net sales of $442 billion for fiscal 2024', after what it had in 2025.
EARLIER = re.compile(
    r",?\s+(?:and|while)\s+(?:had|was|were|accounted|represented|made up|totaled|generated|amounted)\b"
    r"[^,;]*\b(?P<year>(?:19|20)\d\d)\b[^,;\d]*(?=\.$)"
)
FEWEST_WORDS = 5


def compress(sentence: str, year: int | None = None) -> str:
    """The sentence without what a summary can do without; of figures for several years, those of this year alone."""
    shorter = REFERENCE.sub("", sentence)
    shorter = ASIDE.sub("", shorter)
    shorter = OPENING.sub("", shorter)
    for tail in (COMPARED, TAIL):
        match = tail.search(shorter)
        if match and (tail is COMPARED or not HOLDS_A_FACT.search(match.group())):
            rest = shorter[: match.start()] + shorter[match.end() :]
            shorter = rest if len(rest.split()) >= FEWEST_WORDS else shorter
    if year and not two_shares(shorter):  # whether a share grows or shrinks is worth the few words that it takes
        shorter = _of_the_year(shorter, year)
        shorter = next((told for one in (year, year - 1) if (told := for_year(shorter, one)) != shorter), shorter)
    return shorter[:1].upper() + shorter[1:]


def _of_the_year(sentence: str, year: int) -> str:
    """The sentence without the clause at its end that tells of an earlier year what it told of this one."""
    match = EARLIER.search(sentence)
    if not match or int(match["year"]) >= year:
        return sentence
    rest = sentence[: match.start()] + sentence[match.end() :]
    return rest if str(year) in rest else sentence

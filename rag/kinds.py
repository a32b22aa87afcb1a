"""The kind of thing that is asked for (an amount, a share, a date ...), and whether a text holds it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.figures import figure_spans, figures, number_words
from rag.question import Kind
from rag.terms import MEASURE, stem, treats

PERSON = re.compile(r"\b[A-Z][a-z]+(?: [A-Z]\.)? [A-Z][a-z]+\b")
PLACE = re.compile(r"\b(?:in|at|to|from|near) (?:the )?(?:\d+ )?[A-Z][a-z]+")
DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:quarter|January|February|March|April|June|July|August|September|October|November|December)\b"
)
OF_A_WHOLE = re.compile(r"\b(?:account\w*|share|part of|portion|proportion|percent\w*|depend\w*)\b", re.IGNORECASE)
MEASURE_WORD = re.compile(rf"\b{MEASURE}\b", re.IGNORECASE)
BESIDE = 25  # characters behind a sum in which it may be said what it is: '$7.9 million in cash'


def fits_kind(kind: Kind, text: str, question: str = "") -> bool:
    """Whether a text holds the kind of thing that is asked for."""
    told = figures(text)
    match kind:
        case "amount":
            # "How much of the revenue" may be told as a share of it.
            if OF_A_WHOLE.search(question) and any(figure.percent for figure in told):
                return True
            return _has_amount_of(MEASURE_WORD.findall(question), text)
        case "share":
            return any(figure.percent for figure in told)
        case "count":
            plain = any(not (figure.currency or figure.percent or figure.looks_like_year) for figure in told)
            return plain or bool(number_words(text))
        case "figure":
            return any(not figure.looks_like_year for figure in told)
        case "date":
            return bool(DATE.search(text))
        case "person":
            return bool(PERSON.search(text))
        case "place":
            return bool(PLACE.search(text))
    return True


def _has_amount_of(measures: Sequence[str], text: str) -> bool:
    """Whether a sum of money stands there; of what is asked for, if the question names it: beside a sum of that."""
    for start, end, figure in figure_spans(text):
        beside = MEASURE_WORD.findall(text[:start])[-1:] + MEASURE_WORD.findall(text[end : end + BESIDE])[:1]
        told = {stem(word.casefold()) for word in beside}
        if figure.currency and (not measures or not beside or any(treats(word.casefold(), told) for word in measures)):
            return True
    return False


def row_fits_kind(kind: Kind, values: Sequence[str], about: str, scaled: bool) -> bool:
    """Whether the figures of a table's row are of that kind; the sign may stand above the column."""
    text = " ".join(values)
    percent = "%" in text or re.search(r"%|percent", about, re.IGNORECASE) is not None
    money = any(sign in text for sign in "$€£") or (scaled and not percent)
    match kind:
        case "amount":
            return money and not percent
        case "share":
            return percent
        case "count":
            return not percent and "$" not in text
    return kind in ("figure", "statement")

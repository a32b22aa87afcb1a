"""The kind of thing that is asked for (an amount, a share, a date ...), and whether a text holds it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from rag.figures import figure_spans, figures, number_words
from rag.question import Kind
from rag.terms import MEASURE, STOP_WORDS, stem, treats

PERSON = re.compile(r"\b[A-Z][a-z]+(?: [A-Z]\.)? [A-Z][a-z]+\b")
# Capitals that are no person's name, and how a firm of auditors is.
NO_PERSON = re.compile(
    r"\b(?:United (?:States|Kingdom|Nations)|"
    r"(?:New|North|South|West|East|Latin|Central|Hong|Puerto|Great|Middle|Saudi|Los|San|Las|St\.) [A-Z][a-z]+|"
    r"(?:Common|Preferred|Class|Annual|Vice|Chief|Executive|Board|Audit|Wall|Item|Note|Form|Fiscal) [A-Z][a-z]+)\b"
)
AUDITING = re.compile(r"\baudit(?:s|ed|ors?|ing)?\b|\bindependent accountants?\b", re.IGNORECASE)
FIRM = re.compile(
    r"\b(?:LLP|L\.L\.P|LLC|PLLC|P\.C|P\.A|CPAs?|PricewaterhouseCoopers|KPMG|Ernst|Deloitte|BDO|Andersen)\b|& Co\b"
)
PLACE = re.compile(r"\b(?:in|at|to|from|near) (?:the )?(?:\d+ )?[A-Z][a-z]+")
DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:quarter|January|February|March|April|June|July|August|September|October|November|December)\b"
)
CHANGES = re.compile(
    r"\b(?:rate|grow\w*|grew|increas\w*|decreas\w*|chang\w*|margin|declin\w*|rise|rose|fell|fall)\b", re.IGNORECASE
)
GREW_BY = re.compile(
    r"\b(?:increas\w+|decreas\w+|grew|rose|fell|declin\w+|(?<!made )up|down|higher|lower|growth)"
    r"(?: (?:by|of|about|approximately))*\s*$",
    re.IGNORECASE,
)
# 'increased $4.1 billion or 4.7% and $1.8 billion or 2.2%'
OR_IN_PERCENT = re.compile(r"(?:million|billion|\d),? or (?:approximately )?$", re.IGNORECASE)
GREW = re.compile(r"\b(?:increas\w+|decreas\w+|grew|rose|fell|declin\w+|higher|lower)\b", re.IGNORECASE)
NONE_OF = re.compile(
    r"\b(?:no|without any|not have any)\s+((?:[\w-]+\s+){0,3}?[\w-]+)"
    r"(?=\s*(?:[.,;]|$|\b(?:other than|during|at|in|as|since|and)\b))",
    re.IGNORECASE,
)
GROWTH = re.compile(r"\s*(?:\w+ )?(?:increase|decrease|growth|higher|lower|decline|improvement)\b", re.IGNORECASE)
WHERE_AND_WHEN = re.compile(
    r"\b(?:town|city|place|state|country|where) and (?:in )?(?:what |which )?(?:year|date|month|when)\b|"
    r"\b(?:year|date|month|when) and (?:in )?(?:what |which )?(?:town|city|place|state|country|where)\b",
    re.IGNORECASE,
)
OF_A_WHOLE = re.compile(r"\b(?:account\w*|share|part of|portion|proportion|percent\w*|depend\w*)\b", re.IGNORECASE)
MEASURE_WORD = re.compile(rf"\b{MEASURE}\b", re.IGNORECASE)
WORD_AND_NEXT = re.compile(
    r"\b([A-Za-z]+)\b(?=(\s+(?:a|an|the|its|our|their|his|two|three|new|herein|hereby|by reference)\b)?)"
)
NUMBERED = re.compile(r"([A-Z][\w’'.®™-]*)\s$")
LONGEST_NAME = 60  # characters
NEARBY = 60
WORDS_TO_NOUN = 5  # '1,556,000 full-time and part-time employees'
BESIDE = 25  # characters behind a sum in which it may be said what it is: '$7.9 million in cash'


def fits_kind(kind: Kind, text: str, question: str = "") -> bool:
    """Whether a text holds the kind of thing that is asked for."""
    if WHERE_AND_WHEN.search(question) and not (PLACE.search(text) and DATE.search(text)):
        return False
    told = figures(text)
    match kind:
        case "amount":
            # "How much of the revenue" may be told as a share of it.
            if OF_A_WHOLE.search(question) and any(figure.percent for figure in told):
                return True
            return _has_amount_of(MEASURE_WORD.findall(question), text, of_change=bool(CHANGES.search(question)))
        case "share":
            return _has_share(text, of_change=bool(CHANGES.search(question)))
        case "count":
            return _has_count(text) or bool(number_words(text))
        case "figure":
            return any(not figure.looks_like_year for figure in told)
        case "date":
            return bool(DATE.search(text))
        case "person":
            return bool(FIRM.search(text) if AUDITING.search(question) else PERSON.search(NO_PERSON.sub("", text)))
        case "place":
            return bool(PLACE.search(text))
    return True


def _has_count(text: str) -> bool:
    """Whether something is counted there: the 16 of 'iPhone 16' and the 31 of 'December 31' count nothing."""
    for start, _, figure in figure_spans(text):
        named = NUMBERED.search(text[max(0, start - LONGEST_NAME) : start])
        if not (figure.currency or figure.percent or figure.looks_like_year) and not (
            named and named.group(1).casefold() not in STOP_WORDS
        ):
            return True
    return False


def _has_share(text: str, of_change: bool) -> bool:
    """Whether a percentage stands there that is a part of something; what went 'up 8%' is none."""
    for start, end, figure in figure_spans(text):
        change = GREW_BY.search(text[max(0, start - BESIDE) : start]) or GROWTH.match(text[end : end + BESIDE])
        change = change or (OR_IN_PERCENT.search(text[:start]) and GREW.search(text[:start]))
        if figure.percent and (of_change or not change):
            return True
    return False


def tells_none(counted: str, text: str) -> bool:
    """Whether there are none of them: 'The company has no employees.'"""
    if not counted:
        return False
    return any(treats(counted, {stem(match.group(1).split()[-1].casefold())}) for match in NONE_OF.finditer(text))


def counts_of(counted: str, text: str) -> list[Decimal]:
    """The numbers that stand beside what is counted: '28,000 employees'; not 'employees ... of whom 183'."""
    found = []
    for _, end, figure in figure_spans(text):
        beside = text[end : end + NEARBY].split()[:WORDS_TO_NOUN]
        if not (figure.percent or figure.currency or figure.looks_like_year) and any(
            treats(counted, {stem(word.strip(".,;:()").casefold())}) for word in beside
        ):
            found.append(Decimal(figure.value))
    return found


def _has_amount_of(measures: Sequence[str], text: str, of_change: bool) -> bool:
    """Whether a sum of money stands there; of what is asked for, if the question names it: beside a sum of that."""
    for start, end, figure in figure_spans(text):
        beside = MEASURE_WORD.findall(text[:start])[-1:] + MEASURE_WORD.findall(text[end : end + BESIDE])[:1]
        told = {stem(word.casefold()) for word in beside}
        if GREW_BY.search(text[max(0, start - BESIDE) : start]) and not of_change:
            continue  # 'increased $238 million' tells no sum of what there was
        if figure.currency and (not measures or not beside or any(treats(word.casefold(), told) for word in measures)):
            return True
    return False


def is_tied(text: str, question: str) -> bool:
    """Whether a sum stands beside the word for what was asked: 'revenues totalling $22 billion'."""
    measures = [stem(word.casefold()) for word in MEASURE_WORD.findall(question)]
    for start, end, figure in figure_spans(text):
        beside = {stem(w.casefold()) for w in MEASURE_WORD.findall(text[max(0, start - NEARBY) : end + BESIDE])}
        if figure.currency and (not measures or any(treats(word, beside) for word in measures)):
            return True
    return not measures


def was_done(verb: str, text: str) -> bool:
    """Whether a text tells that something 'was founded', not that it 'founded a joint venture'."""
    if not verb:
        return True
    found = [match for match in WORD_AND_NEXT.finditer(text) if treats(verb, {stem(match.group(1).casefold())})]
    return any(not match.group(2) for match in found)


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
        case "person":
            return bool(PERSON.search(f"{about} {text}"))
        case "date":
            return bool(DATE.search(text))
    return kind in ("figure", "statement")

"""What a question asks: which filings, which years, what kind of thing; and a follow-up as a question of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.filing import Filing
from index.folding import fold
from rag.figures import years
from rag.question import Kind, Part, Understanding
from rag.terms import MEASURE, STOP_WORDS, stem, subject_terms, words

# The first that fits names the kind; the order matters: "what share" before "what", "how many" before "how".
KINDS: tuple[tuple[Kind, str], ...] = (
    ("statement", r"\bhow much (?:of )?(?:\w+ )?(?:time|attention|experience|say|control|influence)\b"),
    ("share", r"\b(?:what|which) (?:\w+ )?(?:share|percentage|percent|proportion|portion|fraction)\b"),
    ("share", r"\b(?:what|which) part of .*\b(?:revenues?|sales|income)\b|\bhow (?:large|big) a (?:share|part)\b"),
    ("share", r"\b(?:interest|growth|tax|renewal|retention|coupon) rate\b|\bat what rate\b"),
    (
        "share",
        r"\bhow much of (?:the |its |their |total |net |annual |\w+['’]s )*"
        r"(?:revenues?|sales|income|business|turnover)\b",
    ),
    ("count", r"\bhow many\b|\bnumber of\b"),
    ("amount", r"\bhow much\b|\bhow (?:large|big|high) (?:was|is|were|are)\b|\bin dollars\b"),
    ("amount", rf"\bwhat (?:was|were|is|are) (?:[\w'’.]+ ){{0,6}}{MEASURE}\b"),
    ("amount", r"\bwhat (?:\w+ )?(?:did|does|do) .*\b(?:pay|cost|spend|charge|earn)\b"),
    ("amount", r"\bwhat (?:dividend|price|sum|amount)\b"),
    ("date", r"\bwhen\b|\b(?:what|which) (?:date|year|month|day|quarter)\b|\bhow long ago\b"),
    ("person", r"\bwho (?:is|was|leads?|heads?|runs?|founded|audits?|chairs?|signed)\b"),
    (
        "place",
        r"\bwhere (?:is|are|was|were) (?:the |its )?(?:company|headquarters|head office|offices?|plants?|factor)",
    ),
    ("place", r"\b(?:what|which) (?:city|town|state|place)\b"),
    ("figure", r"\bwhat (?:was|were) .*\bin (?:fiscal )?(?:19|20)\d\d\b"),
)
PRONOUN = re.compile(r"\b(it|its|they|them|their|this|that|these|those|he|she|him|her|his|one)\b", re.IGNORECASE)
LEADING_AND = re.compile(r"^\s*(?:and|but|so|also|ok(?:ay)?)[,\s]+", re.IGNORECASE)
YEAR_BEFORE = re.compile(
    r"\bthe (?:year before|previous year|prior year|preceding year)\b|\bbefore that\b", re.IGNORECASE
)
YEAR_AFTER = re.compile(r"\bthe (?:year after|next year|following year)\b", re.IGNORECASE)
CHANGE = re.compile(
    r"\b(?:chang|evolv|compar|differ|trend)\w*|\bover the years\b|\b(?:both|each|every) years?\b|"
    r"^how (?:did|has|have) .*\b(?:develop(?:ed)?|grow|grown|increased?|decreased?|decline[d]?|fallen|risen)\b|"
    r"\b(?:between|from) (?:fiscal )?(?:19|20)\d\d (?:and|to) (?:fiscal )?(?:19|20)\d\d\b",
    re.IGNORECASE,
)
PREDICATE = re.compile(r"^how (?:was|were|is|are|has|have)\b.*?\b(\w+(?:ed|ld|ght|id))\b[^\w]*$", re.IGNORECASE)
# 'How large is it, and in how many countries ...?'
BETWEEN_PARTS = re.compile(
    r",?\s+and\s+(?=(?:(?:in|at|on|for|from|by|to|with|against|over|across|since|of|under|through) )?"
    r"(?:how|what|which|who|whom|whose|when|where|why)\b)",
    re.IGNORECASE,
)
MOST_PARTS = 2
ASKS = frozenset(
    "how what which who whom whose when where why is are was were do does did has have had can could tell me "
    "about".split()
)


@dataclass(frozen=True)
class Concept:
    """Something that analysts call by one name and reports by another."""

    asked: re.Pattern[str]
    terms: tuple[str, ...]
    kind: Kind
    phrase: str


CONCEPTS = (
    Concept(
        re.compile(
            r"\b(?:dependen\w+|relian\w+|concentration)\b.*\bcustomers?\b|\b(?:largest|biggest|main|top) customer",
            re.IGNORECASE,
        ),
        ("revenues", "accounted"),
        "share",
        "one customer accounted for a percentage of total revenues",
    ),
)


def understand(
    question: str, history: Sequence[str], filings: Sequence[Filing], scope: Sequence[str] | None
) -> Understanding:
    """The question made whole from the questions before it, and what it asks for. `history`: oldest first."""
    whole = _standalone(question, history)
    chosen = [filing for filing in filings if scope is None or filing.id in scope]
    named = [filing for filing in chosen if _names_company(whole, filing)]
    wanted = named or chosen
    asked_years = tuple(sorted(years(whole)))
    compares = len(wanted) > 1 and (len(asked_years) > 1 or bool(CHANGE.search(whole)))
    kind = _kind(whole)
    # "Who are the largest customers?" asks for names; only where figures are asked for does the concept tell which.
    in_figures = compares or kind != "statement" or re.search(r"\b(?:dependen|relian|concentrat)", whole, re.IGNORECASE)
    concept = next((one for one in CONCEPTS if in_figures and one.asked.search(whole)), None)
    terms = concept.terms if concept else _terms(whole, chosen, compares)
    predicate = PREDICATE.search(whole)
    return Understanding(
        question=whole,
        kind=concept.kind if concept else kind,
        terms=terms,
        years=asked_years,
        filing_ids=tuple(filing.id for filing in wanted),
        compares=compares,
        year_of={filing.id: filing.fiscal_year for filing in wanted},
        predicate=predicate.group(1).casefold() if predicate else "",
        phrase=concept.phrase if concept else "",
        parts=() if concept else _parts(whole, chosen),
    )


def _parts(question: str, filings: Sequence[Filing]) -> tuple[Part, ...]:
    """The things that a question asks for, where there are several: 'What is it called, and who makes it?'"""
    pieces = [piece for piece in BETWEEN_PARTS.split(question) if piece]
    if len(pieces) < 2 or len(pieces) > MOST_PARTS:
        return ()
    return tuple(Part(piece, _kind(piece), _terms(piece, filings, compares=False)) for piece in pieces)


def _kind(question: str) -> Kind:
    return next((kind for kind, pattern in KINDS if re.search(pattern, question, re.IGNORECASE)), "statement")


def _terms(question: str, filings: Sequence[Filing], compares: bool) -> tuple[str, ...]:
    """The words of the subject; the company's own name tells nothing within its own filings, nor does 'change'."""
    company_words = {stem(word) for filing in filings for word in words(filing.company)}
    return tuple(
        term
        for term in subject_terms(question)
        if stem(term) not in company_words and not (compares and CHANGE.fullmatch(term))
    )


def _names_company(question: str, filing: Filing) -> bool:
    folded = fold(question)
    short = " ".join(word for word in words(filing.company) if word not in COMPANY_ENDINGS)
    if short and re.search(rf"\b{re.escape(short)}\b", folded):
        return True
    return bool(filing.ticker) and re.search(rf"\b{re.escape(filing.ticker)}\b", question) is not None


COMPANY_ENDINGS = frozenset(
    "inc incorporated corp corporation co company ltd limited llc plc lp nv sa software the group holdings".split()
)


# Follow-ups -----------------------------------------------------------------------------------------------------------


def _standalone(question: str, history: Sequence[str]) -> str:
    """The question with what it leans on put in: 'How was it financed?' -> 'How was the acquisition financed?'."""
    question = " ".join(question.split())
    if not history:
        return question
    before = history[-1]
    bare = LEADING_AND.sub("", question)
    moved = _moved_in_time(bare, before)
    if moved:
        return moved
    pronoun = next((match for match in PRONOUN.finditer(bare) if not _has_own_subject(bare, match)), None)
    topic = topic_of(before)
    if pronoun and topic:
        replacement = f"{topic}'s" if pronoun.group().casefold() in ("its", "their", "his", "her") else topic
        return _capital(bare[: pronoun.start()] + replacement + bare[pronoun.end() :])
    if not subject_terms(bare) and topic:
        return f"{bare.rstrip('?. ')}: {before}"
    return _capital(bare) if bare != question else question


def _moved_in_time(question: str, before: str) -> str:
    """'And in 2015?', 'And the year before?': the earlier question, of another year."""
    earlier = sorted(years(before))
    asked = sorted(years(question))
    if subject_terms(YEAR_AFTER.sub("", YEAR_BEFORE.sub("", question))):
        return ""
    if YEAR_BEFORE.search(question) and earlier:
        asked = [earlier[0] - 1]
    elif YEAR_AFTER.search(question) and earlier:
        asked = [earlier[-1] + 1]
    if not asked:
        return ""
    if earlier:
        return re.sub(rf"\b{earlier[-1]}\b", str(asked[-1]), before)
    return f"{before.rstrip('?. ')} in {asked[-1]}?"


def _has_own_subject(question: str, pronoun: re.Match[str]) -> bool:
    """'that' in 'the product that parents use' points at its own sentence."""
    word = pronoun.group().casefold()
    following = words(question[pronoun.end() :])[:1]
    if word in ("this", "that", "these", "those") and following:
        after_a_noun = word == "that" and question[: pronoun.start()].rstrip()[-1:].isalpha()
        return following[0] not in STOP_WORDS or after_a_noun
    return False


def topic_of(question: str) -> str:
    """What a question is about: its first run of words with a subject in it, 'the Family Safety acquisition'."""
    tokens = re.findall(r"[\w&'’.®™-]*[\w®™]", question)
    chunks: list[list[str]] = [[]]
    for token in tokens:
        if token.casefold() in ASKS or token.casefold() in ("by", "on", "at", "through", "with", "between"):
            chunks.append([])
        else:
            chunks[-1].append(token)
    candidates = [chunk for chunk in chunks if subject_terms(" ".join(chunk))]
    if not candidates:
        return ""
    chunk = candidates[0]
    while len(chunk) > 1 and (
        re.search(r"(?:ed|do|does|sold|bought|made)$", chunk[-1].casefold()) or chunk[-1].casefold() in STOP_WORDS
    ):
        chunk = chunk[:-1]
    while len(chunk) > 1 and chunk[0].casefold() in ("many", "much", "of"):
        chunk = chunk[1:]
    topic = " ".join(chunk)
    return topic if re.match(r"(?i)the |a |an |its |[A-Z]", topic) or topic[:1].isupper() else f"the {topic}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""What a question asks: which filings, which years, what kind of thing; and a follow-up as a question of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.filing import Filing
from index.folding import fold
from rag.conversation import standalone
from rag.figures import years
from rag.particulars import ABOVE_A_TENTH, particular
from rag.question import COUNTED, Kind, Part, Understanding
from rag.scope import name_words, names_company, strangers
from rag.standard_lines import standard_line
from rag.terms import MEASURE, stem, subject_terms

GROWS = r"\b(?:grow|grown|grew|increased?|rise|risen|decline[d]?|decreased?|fall|fallen|drop(?:ped)?|shrink|shrunk)\b"
# 'How much was paid for Contoso?' is told as its acquisition, most often without 'paid'.
PAID_FOR = re.compile(r"\b(?:pay|paid|spend|spent|cost) (?:for|on|to (?:buy|acquire|purchase)) (?=[A-Z])|\bprice of\b")
# The first that fits names the kind; the order matters: "what share" before "what", "how many" before "how".
KINDS: tuple[tuple[Kind, str], ...] = (
    ("statement", r"\bhow much (?:of )?(?:\w+ )?(?:time|attention|experience|say|control|influence)\b"),
    ("share", r"\b(?:what|which) (?:\w+ )?(?:share|percentage|percent|proportion|portion|fraction)\b"),
    ("share", r"\b(?:what|which) part of .*\b(?:revenues?|sales|income)\b|\bhow (?:large|big) a (?:share|part)\b"),
    ("share", r"\b(?:how (?:fast|quickly|strongly|rapidly)|by (?:how much|what (?:percentage|percent))) .*" + GROWS),
    ("share", r"\bhow much (?:\w+ )*?(?:did|has|have) .*" + GROWS),
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
CHANGE = re.compile(
    r"\b(?:chang|evolv|compar|differ|trend)\w*|\bover the years\b|\b(?:both|each|every) years?\b|"
    r"^how (?:did|has|have) .*\b(?:develop(?:ed)?|grow|grown|increased?|decreased?|decline[d]?|fallen|risen)\b|"
    r"\b(?:between|from) (?:fiscal )?(?:19|20)\d\d (?:and|to) (?:fiscal )?(?:19|20)\d\d\b",
    re.IGNORECASE,
)
PREDICATE = re.compile(
    r"^(?:how (?:was|were|is|are|has|have)\b.*?\b(\w+(?:ed|ld|ght|id))|when (?:did|does|will)\b.*?\b([a-z]+))\b[^\w]*$",
    re.IGNORECASE,
)
# 'Does the company own its offices?' is answered by what owns or leases them, and by nothing else that speaks of them.
OWNS = re.compile(
    r"^\W*(?:do|does|did|has|have|is|are|was|were)\b.*\b(?<!its )(?<!their )own(?:s|ed)?\b", re.IGNORECASE
)
# 'How does it make money?' is not answered by what else it makes or does: money must be spoken of.
EARNS = re.compile(r"\bmak(?:e|es|ing) (?:\w+ )?(?:money|profits?)\b", re.IGNORECASE)
# What an answer must speak to, and the words of the question that say nothing more.
MUST_SAY = ((OWNS, "own", ("own",)), (EARNS, "money", ("make", "money")))
# 'How large is it, and in how many countries ...?'
BETWEEN_PARTS = re.compile(
    r",?\s+and\s+(?=(?:(?:in|at|on|for|from|by|to|with|against|over|across|since|of|under|through) )?"
    r"(?:how|what|which|who|whom|whose|when|where|why)\b)",
    re.IGNORECASE,
)
MOST_PARTS = 2


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
    Concept(ABOVE_A_TENTH, ("customer", "accounted"), "statement", "no customer accounted for 10% or more of revenues"),
)


def understand(
    question: str, history: Sequence[str], filings: Sequence[Filing], scope: Sequence[str] | None
) -> Understanding:
    """The question made whole from the questions before it, and what it asks for. `history`: oldest first."""
    wanted_ids = {filing.id for filing in filings} if scope is None else set(scope)
    chosen = [filing for filing in filings if filing.id in wanted_ids]
    whole = standalone(question, history, chosen)
    named = [filing for filing in chosen if names_company(whole, filing)]
    elsewhere = [filing for filing in filings if filing.id not in wanted_ids and names_company(whole, filing)]
    wanted = named or chosen
    asked_years = tuple(sorted(years(whole)))
    compares = len(wanted) > 1 and (len(asked_years) > 1 or bool(CHANGE.search(whole)))
    companies = [name for filing in wanted for name in (filing.company, filing.ticker)]
    kind = _kind(whole)
    # "Who are the largest customers?" asks for names; only where figures are asked for does the concept tell which.
    in_figures = compares or kind != "statement" or re.search(r"\b(?:dependen|relian|concentrat)", whole, re.IGNORECASE)
    concept = next(
        (one for one in CONCEPTS if one.asked.search(whole) and (in_figures or one.kind == "statement")), None
    )
    line = None if concept else standard_line(whole, companies)
    if line and line.statements and kind == "statement" and not CHANGE.search(whole):
        kind = "amount"
    terms = concept.terms if concept else _terms(whole, chosen, compares)
    found = PREDICATE.search(whole)
    predicate = (found.group(1) or found.group(2)).casefold() if found else ""
    must_say = next((one for one in MUST_SAY if one[0].search(whole)), None) if not concept else None
    if must_say:
        _, predicate, said_by_it = must_say
        terms = (predicate, *(term for term in terms if term not in said_by_it))
    if PAID_FOR.search(whole) and (strange := strangers(whole, [*wanted, *elsewhere])):
        terms = (*strange, "acquire")
    return Understanding(
        question=whole,
        kind=concept.kind if concept else kind,
        terms=terms,
        years=asked_years,
        filing_ids=tuple(filing.id for filing in wanted),
        compares=compares,
        year_of={filing.id: filing.fiscal_year for filing in wanted},
        predicate=predicate,
        must_say_predicate=must_say is not None,
        phrase=concept.phrase if concept else "",
        parts=() if concept else _parts(whole, chosen, companies),
        names=strangers(whole, [*wanted, *elsewhere]),
        outside=() if named else tuple(dict.fromkeys(filing.company for filing in elsewhere)),
        line=line,
        particular=particular(whole, companies),
        wants_change=bool(CHANGE.search(whole)),
    )


def _parts(question: str, filings: Sequence[Filing], companies: Sequence[str]) -> tuple[Part, ...]:
    """The things that a question asks for, where there are several: 'What is it called, and who makes it?'"""
    pieces = [piece for piece in BETWEEN_PARTS.split(question) if piece]
    if len(pieces) < 2 or len(pieces) > MOST_PARTS:
        return ()
    return tuple(
        Part(
            piece,
            _kind(piece),
            _terms(piece, filings, compares=False),
            line=standard_line(piece, companies),
            particular=particular(piece, companies),
        )
        for piece in pieces
    )


def _kind(question: str) -> Kind:
    return next((kind for kind, pattern in KINDS if re.search(pattern, question, re.IGNORECASE)), "statement")


def _terms(question: str, filings: Sequence[Filing], compares: bool) -> tuple[str, ...]:
    """The words of the subject; the company's own name tells nothing within its own filings, nor does 'change'."""
    company_words = {stem(word) for filing in filings for word in name_words(filing.company)}
    counted = COUNTED.search(question)
    if counted:  # 'How many banks does Bank Holdings own?': what is counted is no company
        company_words -= {stem(fold(counted.group(1)).split()[-1])}
    return tuple(
        term
        for term in subject_terms(question)
        if stem(term) not in company_words and not (compares and CHANGE.fullmatch(term))
    )

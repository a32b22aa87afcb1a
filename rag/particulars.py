"""What every report says in a place of its own, and what an answer to a question for it must therefore hold.

A question for one of these has no near miss: a sentence on disclosure controls names no chief executive, however often
it says the words, and one on buying shares 'in the open market' names no exchange.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.question_cleaning import subject_of

# An office by what a question calls it, and by what reports do.
CHAIR = r"chair(?:man|woman|person)?(?: of the board(?: of directors)?)?"
OFFICES = {
    r"chief executive(?: officer)?|ceo|principal executive officer": r"chief\s+executive(?:\s+officer)?|"
    r"principal\s+executive\s+officer",
    r"chief financial officer|cfo|finance chief|principal financial officer": r"chief\s+financial\s+officer|"
    r"principal\s+financial\s+(?:and\s+accounting\s+)?officer",
    r"chief operating officer|coo": r"chief\s+operating\s+officer",
    r"chief accounting officer|controller|principal accounting officer": r"chief\s+accounting\s+officer|"
    r"principal\s+accounting\s+officer|controller",
    r"general counsel|chief legal officer|top lawyer": r"general\s+counsel|chief\s+legal\s+officer",
    r"chief technology officer|cto": r"chief\s+technology\s+officer",
    r"chief information officer|cio": r"chief\s+information\s+officer",
    r"chief marketing officer|cmo": r"chief\s+marketing\s+officer",
    r"chief (?:human resources|people) officer|head of (?:hr|human resources)": r"chief\s+"
    r"(?:human\s+resources|people)\s+officer",
    r"(?:corporate )?secretary": r"secretary",
    r"treasurer": r"treasurer",
    CHAIR: r"(?<!vice )(?<!vice-)"
    r"chair(?:man|woman|person)?\b(?!\s+of\s+the\s+(?!board))(?!\s*\))",
    r"president": r"(?<!vice )(?<!vice-)president\b(?!\s+of\s)(?!,\s+\w+\s+(?:division|group))",
}
BEFORE_OFFICE = r"(?:the |its |their |this |company['’]?s? |firm['’]?s? |current |acting |present |new |['’]s )*"
AFTER_OFFICE = r"(?: (?:of|at|for|in) (?:the |this )?(?:company|firm|group|business|corporation|board)?)?"
WHO = r"^\W*who(?: is|'s|’s| are| was| serves? as| acts? as| holds the office of)"
CHAIRS = re.compile(r"^\W*who (?:chairs|presides over) (?:the |its )?board(?: of directors)?\W*$", re.IGNORECASE)
LEADS = re.compile(
    r"^\W*who (?:leads?|runs?|heads?|manages) (?:the |this )?(?:company|firm|business|group|corporation)?\W*$", re.I
)
SHARES_OUT = re.compile(
    r"^\W*(?:how many (?:common |ordinary )?shares(?: of (?:common |class \w |the company['’]s )*stock)? "
    r"(?:are|were|does|did)\b.*\boutstanding|"
    r"what (?:is|was|were|are) the (?:number of )?(?:common )?shares outstanding|"
    r"number of (?:common )?shares(?: of common stock)? outstanding)\b"
    r"(?!.*\b(?:weighted|average|diluted|basic|options?|warrants?|treasury|(?:19|20)\d\d)\b)",
    re.IGNORECASE,
)
EXCHANGE = re.compile(
    r"\b(?:nasdaq|nyse|new york stock exchange|(?-i:(?:[A-Z]\w+ ){1,9}Exchanges?\b)(?! (?:act|commission|rate))|"
    r"OTC\w*|over[- ]the[- ]counter|pink sheets|bulletin board|no (?:established )?(?:public )?(?:trading )?market)",
    re.IGNORECASE,
)
ON_EXCHANGE = re.compile(
    r"\b(?:which|what) (?:stock )?(?:exchange|market)s?\b.*\b(?:trade[ds]?|list(?:ed|s)?|quoted)\b|"
    r"\bwhere (?:is|are|does|do) .*\b(?:stock|shares)\b.*\b(?:trade[ds]?|listed|quoted)\b|"
    r"\b(?:stock|shares)\b.*\b(?:listed|traded) on (?:which|what)\b",
    re.IGNORECASE,
)
TRADED = re.compile(
    r"\b(?:trad(?:e[ds]?|ing)|list(?:ed|s)|quoted|registered|principal market|symbols?)\b", re.IGNORECASE
)
TENTH = r"(?:(?:10|ten)\s?(?:%|percent|per cent)|a tenth)"
# Whether there is one: 'Which customer ...' asks for its name instead.
ABOVE_A_TENTH = re.compile(
    rf"^(?!\W*(?:which|who|what)\b)(?:.*\b(?:customers?|clients?|buyers?)\b.*\b{TENTH}|"
    rf".*\b{TENTH}.*\b(?:customers?|clients?|buyers?)\b)",
    re.IGNORECASE,
)
MADE_UP = (
    r"(?:generat\w*|account\w*|represent\w*|compris\w*|contribut\w*|constitut\w*|exceed\w*|excess|more than|over|"
    r"greater than)"
)
SHARE_OF_SALES = re.compile(
    rf"\bno (?:\w+ ){{0,5}}(?:customers?|clients?|buyers?|advertisers?|retailers?)\b.*\b(?:\d|ten\b)|"
    rf"\b(?:not|none)\b.*\b(?:customers?|clients?)\b.*\b{TENTH}|"
    r"\b(?:customers?|clients?|distributors?|wholesalers?|retailers?|partners?|affiliates)\b"
    rf"(?! (?:outside|in|located|based|from|within)\b).*?\b{MADE_UP}\b[^.]*?"
    r"\d\s?(?:%|percent)[^.]*\b(?:sales|revenues?|receivables?|business)\b",
    re.IGNORECASE,
)
MAIN_RISK = re.compile(
    r"\b(?:main|biggest|greatest|largest|key|principal|primary|major|most (?:important|significant|serious)|top|chief) "
    r"risks?\b(?! (?:factors?|officer|management))",
    re.IGNORECASE,
)
TELLS_RISK = re.compile(
    r"\b(?:principal|main|primary|biggest|greatest|largest|key|major|most (?:significant|important|serious)) "
    r"(?:\w+ ){0,2}(?:risks?|exposures?|threats?)\b(?! factors?)",
    re.IGNORECASE,
)
# What is said of an office, whoever holds it.
OF_NOBODY = re.compile(
    r"\b(?:disclosure controls|internal controls?|certif(?:y|ied|ication)s?|code of (?:ethics|conduct)|CODM|"
    r"decision maker)\b",
    re.IGNORECASE,
)
AUDITED_BY = re.compile(
    r"^\W*(?:who (?:audits?|audited|is the (?:independent )?auditor|are the (?:independent )?auditors)|"
    r"(?:which|what) (?:accounting |audit |auditing )?firm audit|(?:who|which firm) is the independent)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Particular:
    """Something that a report tells in a place of its own."""

    kind: str  # office, auditor, shares, exchange, customers or risk
    told: re.Pattern[str] | None = None  # what an answer must say
    also: re.Pattern[str] | None = None  # and this too

    def is_said(self, text: str) -> bool:
        """Whether a sentence can be an answer at all."""
        if self.kind == "office" and OF_NOBODY.search(text):
            return False
        return all(one.search(text) for one in (self.told, self.also) if one)


def particular(question: str, companies: Sequence[str] = ()) -> Particular | None:
    """What the question asks for, if it is one of these."""
    if office := _office(question, companies):
        return Particular("office", re.compile(rf"\b(?:{office})", re.IGNORECASE))
    if AUDITED_BY.search(question):
        return Particular("auditor")
    if SHARES_OUT.search(question):
        return Particular("shares", re.compile(r"\boutstanding\b", re.IGNORECASE))
    if ON_EXCHANGE.search(question):
        return Particular("exchange", EXCHANGE, TRADED)
    if ABOVE_A_TENTH.search(question):
        return Particular("customers", SHARE_OF_SALES)
    if MAIN_RISK.search(question):
        return Particular("risk", TELLS_RISK)
    return None


def _office(question: str, companies: Sequence[str]) -> str:
    subject = subject_of(question, companies)
    if LEADS.search(subject):
        return next(iter(OFFICES.values()))
    if CHAIRS.search(subject):
        return OFFICES[CHAIR]
    for asked, told in OFFICES.items():
        if re.search(rf"{WHO} {BEFORE_OFFICE}(?:{asked}){AFTER_OFFICE}\W*$", subject, re.IGNORECASE):
            return told
    return ""

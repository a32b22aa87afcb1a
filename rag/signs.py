"""What can be seen of a statement that may tell whether it is vital: where it stands, what it counts, how it speaks.

Signs of any report's English only: no company's words are among them. rag/vital.py weighs them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.filing import Vectors
from rag.statements import Statement

Matrix = NDArray[np.float64]

MONEY = re.compile(r"(?:US)?\$\s?\d")
PERCENT = re.compile(r"\d\s?(?:%|percent\b)")
NUMBER = re.compile(r"(?<![\w.,$])\d[\d,.]*(?![\w%])")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][\w®™’'&-]*(?: [A-Z][\w®™’'&-]*)*")
# A sign by its name: in a statement's words, once is enough.
SPOKEN = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "boilerplate": r"\b(?:no assurance|adverse(?:ly)?|may not be able|there can be no|cannot (?:assure|guarantee|predict)|"
        r"risks?|uncertaint\w+|forward-looking|harm|successful(?:ly)?)\b",
        "reference": r"\b(?:see|refer to) (?:the |our )?[“\"]?(?:note|item|part|section|page)|\bincorporated (?:herein )?by reference\b|"
        r"\bincluded in (?:item|note|part)|\bset forth (?:in|under)\b|\bunder the (?:heading|caption)",
        "registry": r"\b(?:executive offices|(?:re)?incorporated (?:in|under)|telephone|under the symbol|internet address|web ?site at|"
        r"investor relations|references (?:in this [\w ]+ )?to|as used (?:herein|in this)|free of charge|annual reports?|"
        r"fiscal year ends?)\b",
        "employees": r"\b(?:employees|associates|workforce|headcount|unions?|collective bargaining)\b",
        "rivals": r"\bcompet(?:e|es|ed|ing|ition|itors?|itive)\b",
        "rights": r"\b(?:patents?|trademarks?|intellectual property|copyrights?|trade secrets?)\b",
        "rules": r"\b(?:regulat(?:ions?|ed|ory|ors?)|laws?|act of|environmental|complian\w+|FDA|SEC|legislation)\b",
        "research": r"\b(?:research and development|technolog\w+|innovat\w+|clinical|engineers?)\b",
        "supply": r"\b(?:suppliers?|raw materials?|manufacturing|components|contract manufacturers?|inventor(?:y|ies))\b",
        "modal": r"\b(?:may|might|could|would|should|can)\b",
        "future": r"\b(?:will|expects?|plans? to|intends?|anticipates?|in the future|continue to)\b",
        "belief": r"\b(?:believes?|we feel|strives?|seeks?|aims?|goal|mission|vision|committed|strategy|opportunit\w+)\b",
        "praise": r"\b(?:high-quality|superior|innovative|unique(?:ly)?|best|exceptional|world-class|seamless|powerful|value-added)\b",
        "largest": r"\b(?:largest|leading|principal|primary|main|major|majority|significant|most of|substantially all)\b",
        "chiefly": r"\b(?:primarily|principally|mainly|mostly|generally|typically)\b",
        "includes": r"\b(?:including|includes?|such as|consists? of|comprised? of|comprises?)\b",
        "accounted": r"\b(?:account(?:s|ed|ing) for|represent(?:s|ed|ing)|made up|contributed|derived? from|generated? from|% of)\b",
        "segment": r"\b(?:reportable |operating |business )?segments?\b",
        "sells": r"\b(?:sells?|sold|offers?|markets? and|markets its|provides?|designs?|manufactures?|distributes?|licenses?|operates?)\b",
        "earns": r"\b(?:revenues?|net sales|fees?|subscriptions?|royalt\w+|premiums?|commissions?|interest income|pricing)\b",
        "buyers": r"\b(?:customers?|clients?|consumers?|members?|subscribers?|users?|households|businesses|individuals)\b",
        "serves": r"\b(?:serves?|sells? (?:\w+ )?to|sold (?:\w+ )?to|customers (?:are|include)|end[- ]users?|target(?:s|ed)?)\b",
        "ways": r"\b(?:through|distribut\w+|retail\w*|stores?|dealers?|wholesal\w+|resellers?|website|online|sales force|channels?)\b",
        "places": r"\b(?:countries|states|worldwide|international(?:ly)?|regions?|united states|locations)\b",
        "funds": r"\b(?:financ(?:e|ed|ing)|debt|loans?|credit facilit\w+|notes|offering|proceeds|dividends?|repurchas\w+|equity|stock|capital)\b",
        "deals": r"\b(?:acqui(?:red|sition|sitions)|purchase price|merger|divest\w+|joint venture|sold (?:its|our|the|all))\b",
        "seasons": r"\b(?:seasonal\w*|fourth quarter|first quarter|holiday)\b",
        "denies": r"\b(?:not|no|never|none|nor|without|neither)\b",
        "persons": r"\b(?:Mr|Ms|Mrs|Dr|director|officer|president|he|she|his|her)\b\.?",
        "history": r"\b(?:founded|since \d{4}|began|formerly|was (?:formed|organized)|in (?:19|20)\d\d, we)\b",
        "itself": r"^(?:we|our|the company|it)\b",
        "example": r"^(?:for example|for instance|in addition|also|additionally|further)",
        "condition": r"\b(?:if|unless|subject to|depend(?:s|ing|ent)?|in the event)\b",
        "defines": r"[“\"][A-Za-z][^”\"]{1,40}[”\"]",
        "marked": r"[®™]",
    }.items()
}


def signs(
    found: Sequence[Statement],
    told: Sequence[str],
    tokens: Sequence[int],
    vectors: Vectors,
    facets: Sequence[Matrix],
    year: int | None,
) -> Matrix:
    """A row a statement; `facets` are the probabilities by meaning, of none, by heading and by words."""
    rows = [_of_one(one, text, count, len(found), year) for one, text, count in zip(found, told, tokens, strict=True)]
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, 0)
    earlier = np.tril(likeness, -1)
    beside = np.column_stack(
        [likeness.mean(axis=1), likeness.max(axis=1), earlier.max(axis=1), (likeness > 0.6).sum(axis=1)]
    )
    meaning, none, by_heading, by_words = facets
    top = np.sort(meaning, axis=1)[:, ::-1]
    rank = np.argsort(np.argsort(-meaning.max(axis=1))) / len(found)
    spread = np.column_stack([top[:, :2], top[:, 0] - top[:, 1], rank])
    paragraphs = np.array([one.paragraph for one in found])
    around = np.stack([meaning[paragraphs == paragraph].mean(axis=0) for paragraph in paragraphs])
    heading_free = np.array([[not one.heading] for one in found], float)
    return np.hstack(
        [np.array(rows), beside, spread, meaning, none, by_heading, by_words, around, heading_free,
         meaning * by_heading, meaning * by_words]
    )  # fmt: skip


def _of_one(one: Statement, told: str, tokens: int, among: int, year: int | None) -> list[float]:
    years = [int(match) for match in YEAR.findall(told)]
    names = NAME.findall(told)
    money, percent = len(MONEY.findall(told)), len(PERCENT.findall(told))
    numbers = len(NUMBER.findall(told)) - len(years)
    return [
        one.place / among,
        np.log1p(one.place),
        float(one.place < 3),
        float(one.place < 10),
        np.log1p(one.in_section),
        float(one.in_section == 0),
        float(one.in_section == 1),
        np.log1p(one.in_paragraph),
        float(one.in_paragraph == 0),
        float(one.leans_on is not None),
        float(one.bulleted),
        float(one.kind == "list"),
        float(one.kind == "table"),
        float(one.kind == "names"),
        np.log(max(4, tokens)),
        float(tokens > 50),
        float(tokens < 15),
        float(money > 0),
        np.log1p(money),
        float(percent > 0),
        np.log1p(percent),
        float(numbers > 0),
        np.log1p(max(0, numbers)),
        float(bool(year and years and max(years) >= year - 1)),
        float(bool(year and years and max(years) < year - 2)),
        np.log1p(len(names)),
        float(len(names) >= 4),
        np.log1p(told.count(",")),
        float(";" in told),
        float(one.path.count(" > ")),
        np.log1p(len(one.heading.split())),
        float(one.heading.isupper()),
        *(float(bool(pattern.search(one.text))) for pattern in SPOKEN.values()),
        *(float(bool(SPOKEN[name].search(one.path))) for name in HEADED),
    ]


HEADED = ("boilerplate", "employees", "rivals", "rights", "rules", "research", "supply", "persons", "segment", "earns",
          "buyers", "ways", "funds", "deals", "history", "belief")  # fmt: skip

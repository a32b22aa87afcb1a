"""The words of a question that tell its subject, and whether a text treats it."""

from __future__ import annotations

import re
from functools import cache

from index.folding import fold
from rag.alike import EVERYDAY, GROUPS

STOP_WORDS = frozenset(
    "a about above after again all also am an and any are as at be because been before being between both but by can "
    "company company's could did do does doing done during each filing for from further get give had has have having "
    "he her here hers him his how i if in into is it its just like made many me more most much my name named near "
    "need no nor not of off on once only or other our out over own per please report reported reports said same say "
    "says she should show so some such tell than that the their them then there these they this those through to too "
    "under until up upon we us was were what when where which while who whom whose why will with would year years you "
    "your end ended fiscal annual kind kinds type types firm corporation business held hold holds total number amount "
    "share percentage percent come came comes describe explain list briefly exactly date typically usual usually tend "
    "tends often far back around large big high long currently today approximately roughly count counting counted run "
    "runs ran bring brings brought belong belongs include includes included including go goes went gone taken take "
    "takes took put puts gives given keep keeps kept want wants find finds look looks part parts portion one ones "
    "thing things way ways someone anyone anybody somebody overall altogether combined across along among within "
    "toward towards via apart besides except another chose choose chosen draw draws use used uses using very".split()
)
# One word for an office, however long its title.
OFFICES = {
    f"chief {kind} officer": f"c{kind[0]}o"
    for kind in ("executive", "financial", "operating", "technology", "marketing")
}
# 'U.S.' would fall into two letters, and be found everywhere.
COUNTRY = re.compile(r"(?<!non-)\bu\.s\.(?:a\.)?(?!\w)|\bunited states(?: of america)?\b")
# What is 'incorporated herein by reference' was not incorporated as a company is.
BY_REFERENCE = re.compile(r"\bincorporated(?: herein| hereby)*(?: by reference)")
WORD = re.compile(r"[a-z0-9][a-z0-9&'-]*")
SUFFIXES = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ions",
    "ion",
    "ies",
    "ers",
    "ors",
    "er",
    "or",
    "ed",
    "es",
    "s",
    "y",
    "e",
)
# What a report counts in money.
MEASURE = (
    r"(?:income|revenues?|sales|profits?|loss(?:es)?|assets|liabilities|debt|cash|earnings|margin|expenses?|expenditures?|"
    r"costs?|price|dividends?|fees?|salary|wages?|budget|proceeds|charges?)"
)


@cache
def stem(word: str) -> str:
    """A word without its ending, roughly: 'acquisitions' and 'acquired' meet in 'acqui...'-like stumps of their own."""
    word = word.removesuffix("'s").strip("'-")
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word[:-1] if word.endswith("s") and len(word) > 3 else word


@cache
def _kin() -> dict[str, frozenset[str]]:
    kin: dict[str, set[str]] = {}
    for group in GROUPS:
        stems = {stem(word) for word in group}
        for one in stems:
            kin.setdefault(one, set()).update(stems)
    for asked, told in EVERYDAY.items():
        kin.setdefault(stem(asked), set()).update(stem(word) for word in told)
    return {one: frozenset(group) for one, group in kin.items()}


def has_kin(word: str) -> bool:
    """Whether other words may stand for it."""
    return stem(word) in _kin()


def words(text: str) -> list[str]:
    folded = BY_REFERENCE.sub("referenced", COUNTRY.sub("usa", fold(text)))
    for office, short in OFFICES.items():
        folded = folded.replace(office, short)
    return WORD.findall(folded)


def subject_terms(question: str) -> list[str]:
    """The words that say what is asked about, in order, each once; years and question words are left out."""
    kept = [
        word
        for word in words(question)
        if word not in STOP_WORDS and not re.fullmatch(r"(?:fy)?(?:19|20)?\d\d(?:\d\d)?", word)
    ]
    return list(dict.fromkeys(kept))


def stems(text: str) -> set[str]:
    """The stems of a text; of 'T-Mobile' those of its parts too."""
    found = set()
    for word in words(text):
        found.add(stem(word))
        if "-" in word:
            found |= {stem(part) for part in word.split("-")}
    return found


def treats(term: str, text_stems: set[str]) -> float:
    """1 where the text has the word, 0.8 where it has one that stands for it, else 0."""
    own = stem(term)
    if own in text_stems or ("-" in term and all(stem(part) in text_stems for part in term.split("-"))):
        return 1.0
    return 0.8 if _kin().get(own, frozenset()) & text_stems else 0.0

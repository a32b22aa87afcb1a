"""A question as the searches want it: its subject, its words with what reports call them, the statements to look in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.folding import fold
from rag.figure_spellings import figure_spellings
from rag.question_cleaning import subject_of
from rag.terms import STOP_WORDS
from rag.vocabulary import Concept, concepts_in

STATEMENTS = {
    "cash": r"cash[- ]flows? statements?|statements? of cash flows?",
    "balance": r"(?<!off )(?<!off-)balance[- ]sheets?|statements? of financial (?:position|condition)",
    "income": r"income statements?|statements? of (?:net )?(?:income|operations|earnings)|p ?& ?l\b|profit and loss",
    "equity": r"statements? of (?:changes in )?(?:stock|share)holders'? equity",
    "comprehensive": r"statements? of comprehensive (?:income|loss)",
}
# A question after causes, plans or parts is answered in prose and in notes, whatever figure it names.
ASKS_FOR_MORE = re.compile(
    r"""\b(?:
        why|drove|driv(?:e|es|er|ers|en|ing)|reasons?|caused?|causes|explain(?:s|ed)?|because|due\ to|attribut\w+
        |segments?|region\w*|geograph\w+|countr\w+|products?|categor\w+|customers?|who|where|when|acquisitions?\ that
        |expects?|expected|forecast\w*|guidance|outlook|polic(?:y|ies)|nature|purpose|adjusted|non-gaap
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
# Beside the stop words of answering: how analysts put their questions, and nothing that a passage would say.
QUESTION_WORDS = frozenset(
    "approximately roughly respectively based following data information shown details primarily using relevant "
    "useful metric reasonable reasonably public equities analyst analysts provide response question answer base "
    "judgments among which consider considered currently overall compared versus vs fy q1 q2 q3 q4 basis key main "
    "major usd year-end period periods time times close still yes sort".split()
)
YEAR = re.compile(r"\b(?:fy|fiscal(?: year)?)?[ -]?(?P<year>(?:19|20)\d\d)\b|\bfy ?'?(?P<short>\d\d)\b", re.IGNORECASE)
HOW = re.compile(r"\bhow (?:large|big|high|long|far|often|old)\b")
WORD = re.compile(r"[a-z][a-z0-9&']*(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class SearchQuery:
    """What is looked for, ready for the searches."""

    meaning: str  # to be embedded
    words: tuple[str, ...]  # of the question, in order
    pairs: tuple[str, ...]  # of its neighbouring words
    years: tuple[str, ...]  # whatever their writing: FY2020, FY20, fiscal 2020
    figures: tuple[str, ...]  # in every writing
    lines: tuple[str, ...]  # what reports call what it asks for
    named: tuple[str, ...]  # the statements that it names,
    implied: tuple[str, ...]  # and those that what it asks for stands in


def search_query(question: str, companies: Sequence[str] = ()) -> SearchQuery:
    """What the searches look for; `companies` are whose filings are searched."""
    subject = subject_of(question, companies)
    # A year stands in a thousand passages of its report, most often beside another one.
    tokens = WORD.findall(HOW.sub(" ", YEAR.sub(" ", fold(subject).replace("'s ", " "))))
    kept = [word for word in tokens if word not in STOP_WORDS and word not in QUESTION_WORDS]
    concepts = concepts_in(subject)
    return SearchQuery(
        meaning=subject,
        words=tuple(dict.fromkeys(kept)),
        pairs=tuple(dict.fromkeys(f"{a} {b}" for a, b in pairwise(tokens) if {a, b} <= set(kept))),
        years=tuple(dict.fromkeys(year["year"] or f"20{year['short']}" for year in YEAR.finditer(subject))),
        figures=tuple(figure_spellings(subject)),
        lines=tuple(dict.fromkeys(line for concept in concepts for line in concept.lines)),
        named=tuple(kind for kind, pattern in STATEMENTS.items() if re.search(pattern, question, re.IGNORECASE)),
        implied=_implied(subject, concepts),
    )


def _implied(subject: str, concepts: Sequence[Concept]) -> tuple[str, ...]:
    if ASKS_FOR_MORE.search(subject):
        return ()
    return tuple(dict.fromkeys(kind for concept in concepts for kind in concept.statements))

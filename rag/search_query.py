"""A question as the two searches want it: its subject alone, its words with what reports call them, its statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.folding import fold
from rag.figure_spellings import figure_spellings
from rag.terms import STOP_WORDS
from rag.vocabulary import Concept, concepts_in

# How an answer is wanted, and who is thought to ask: no passage treats of that.
INSTRUCTION = re.compile(
    r"^(?:please |kindly )?(?:answer|respond|give (?:a |an |your |me )?(?:response|answer|reply|short)|"
    r"provide (?:a |an |your )?(?:response|answer|reply)|round|state (?:the |your )?answer|express|report (?:the |your )?answer|"
    r"base your|use only|rely|assume|imagine|suppose|pretend|you are|act as|calculate (?:it|this)|show your|think|let'?s)\b",
    re.IGNORECASE,
)
NOT_A_METRIC = re.compile(
    r"\bif\b[^.?]*\b(?:not|n't|isn't|aren't)\b[^.?]*\b(?:useful|relevant|meaningful|metric|applicable|measure|ask about)\b",
    re.IGNORECASE,
)
# "In agreement with the information outlined in the income statement, what is ...": where to look, not what for.
WHERE_TO_LOOK = re.compile(
    r"\b(?:(?:based|relying|drawing|focusing|looking|going) (?:primarily |mainly |only |solely |exclusively )?(?:on|upon|at|by)|"
    r"by (?:primarily |mainly |only )?(?:using|relying on|utili[sz]ing|referring to)|"
    r"(?:primarily |mainly |only )?(?:using|utili[sz]ing)|according to|in agreement with|in accordance with|considering|"
    r"taking into account|with reference to|referring to|as (?:shown|stated|outlined|presented|listed|provided) (?:in|by|on))"
    r"(?P<what>[^,.?:;]*\b(?:information|details?|data|figures?|statements?|line items|numbers|sheet)\b[^,.?:;]*)[,:]?",
    re.IGNORECASE,
)
IN_UNITS = re.compile(
    r"\(?\b(?:in|as) (?:usd|us dollars|u\.s\. dollars|dollars|units of|millions?|thousands?|billions?|percents?|a %)\b[^,.?;)]*\)?|"
    r"\(\s*(?:as a |in )?%\s*\)|\(in [^)]{0,30}\)",
    re.IGNORECASE,
)
STATEMENTS = {
    "cash": r"cash[- ]flows? statements?|statements? of cash flows?|cash flows statements?",
    "balance": r"(?<!off )(?<!off-)balance[- ]sheets?|statements? of financial (?:position|condition)",
    "income": r"income statements?|statements? of (?:net )?(?:income|operations|earnings)|p ?& ?l\b|profit and loss",
    "equity": r"statements? of (?:changes in )?(?:stock|share)holders'? equity",
    "comprehensive": r"statements? of comprehensive (?:income|loss)",
}
# A question after causes, plans or parts is answered in prose and in notes, whatever figure it names.
ASKS_FOR_MORE = re.compile(
    r"\b(?:why|drove|driv(?:e|es|er|ers|en|ing)|reasons?|causes?d?|explain(?:s|ed)?|because|due to|attribut\w+|segments?|"
    r"expects?|expected|forecast\w*|guidance|outlook|policy|policies|nature|purpose|region\w*|geograph\w+|countr\w+|"
    r"products?|categor\w+|customers?|adjusted|non-gaap|acquisitions? that|who|where|when)\b",
    re.IGNORECASE,
)
QUESTION_WORDS = frozenset(
    "approximately roughly respectively based following data information shown details primarily using relevant "
    "useful metric reasonable reasonably public equities analyst analysts provide response question answer base "
    "judgments among which consider considered currently overall compared versus vs fy q1 q2 q3 q4 basis key main "
    "major usd year-end fiscal period periods time times close still yes please kind sort".split()
)
YEAR = re.compile(r"\b(?:fy|fiscal(?: year)?)?[ -]?((?:19|20)\d\d)\b|\bfy ?'?(\d\d)\b", re.IGNORECASE)
WORD = re.compile(r"[a-z][a-z0-9&']*(?:-[a-z0-9]+)*")


ENDINGS = frozenset(
    "inc incorporated corp corporation co company companies ltd limited llc plc lp nv sa ag se group holdings holding "
    "the & and international".split()
)
COMMON_FIRST_WORDS = frozenset(
    "the american general first national united international global new standard public consolidated advanced "
    "applied best target open one great western eastern southern northern central federal home energy health "
    "capital credit bank data digital industrial universal allied associated southwest".split()
)


@dataclass(frozen=True)
class SearchQuery:
    """What is looked for, ready for the searches."""

    meaning: str  # to be embedded
    words: tuple[str, ...]  # of the question, in order
    pairs: tuple[str, ...]  # of its neighbouring words
    years: tuple[str, ...]
    figures: tuple[str, ...]  # in every writing
    lines: tuple[str, ...]  # what reports call what it asks for
    named: tuple[str, ...]  # the statements that it names,
    implied: tuple[str, ...]  # and those that what it asks for stands in


def search_query(question: str, names: Sequence[str] = ()) -> SearchQuery:
    """The question without who asks it, how it is to be answered and whose filing it is."""
    subject = without_names(without_instructions(question), names)
    tokens = WORD.findall(YEAR.sub(" ", fold(subject).replace("'s ", " ")))
    kept = [word for word in tokens if word not in STOP_WORDS and word not in QUESTION_WORDS]
    concepts = concepts_in(subject)
    return SearchQuery(
        meaning=subject,
        words=tuple(dict.fromkeys(kept)),
        pairs=tuple(dict.fromkeys(f"{a} {b}" for a, b in pairwise(tokens) if {a, b} <= set(kept))),
        years=tuple(dict.fromkeys(full or f"20{short}" for full, short in YEAR.findall(subject))),
        figures=tuple(figure_spellings(subject)),
        lines=tuple(dict.fromkeys(line for concept in concepts for line in concept.lines)),
        named=statements_named(question),
        implied=_implied(subject, concepts),
    )


def without_instructions(question: str) -> str:
    """The sentences that ask something, without where to look and in which units to answer."""
    kept = []
    for sentence in re.split(r"(?<=[.?!:;])\s+", question.strip()):
        if INSTRUCTION.match(sentence) or NOT_A_METRIC.search(sentence):
            continue
        kept.append(sentence)
    # A question that is nothing but an instruction ("Explain ...") is taken as it is.
    bare = IN_UNITS.sub(" ", WHERE_TO_LOOK.sub(" ", " ".join(kept))) if kept else question
    bare = re.sub(r"\s+([?.,;:])", r"\1", " ".join(bare.split())).strip(" ,:;")
    return bare or question


def without_names(question: str, names: Sequence[str]) -> str:
    """The question without the company's name, which every passage of its filing would fit."""
    for name in sorted({short for name in names for short in _called(name)}, key=lambda name: (-len(name), name)):
        question = re.sub(rf"(?<!\w){re.escape(name)}(?:['’]s)?(?!\w)", " ", question, flags=re.IGNORECASE)
    bare = re.sub(r"\s+([?.,;:])", r"\1", " ".join(question.split()))
    return re.sub(r" (?:for|of|by|at|in)(?=[?.]?$)", "", bare)


def _called(company: str) -> list[str]:
    """How people call a company: with its whole name, without 'Inc.', and by its first words."""
    words = company.replace(",", " ").split()
    while len(words) > 1 and words[-1].strip(".()").casefold() in ENDINGS:
        words.pop()
    # A first word that is a word of its own right ("American", "General") names nobody alone.
    alone = 1 if words and words[0].casefold() not in COMMON_FIRST_WORDS else 2
    return [company, *(" ".join(words[:length]) for length in range(alone, len(words) + 1))]


def statements_named(question: str) -> tuple[str, ...]:
    return tuple(kind for kind, pattern in STATEMENTS.items() if re.search(pattern, question, re.IGNORECASE))


def _implied(subject: str, concepts: Sequence[Concept]) -> tuple[str, ...]:
    if ASKS_FOR_MORE.search(subject):
        return ()
    return tuple(dict.fromkeys(kind for concept in concepts for kind in concept.statements))

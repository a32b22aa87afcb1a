"""A question's subject alone: not how to answer it, where to look, in which units, and whose filing it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.scope import COMMON_FIRST

# How an answer is wanted, and who is thought to ask: no passage treats of that.
INSTRUCTION = re.compile(
    r"""^(?:please\ |kindly\ )?(?:
        answer|respond|round|express|rely|assume|imagine|suppose|pretend|think|let'?s
        |(?:give|provide)\ (?:(?:a|an|the|your|me)\ )*(?:short\ |brief\ )?(?:response|answer|reply)
        |(?:state|report)\ (?:the\ |your\ )?answer|base\ your
        |use\ only|you\ are|act\ as|show\ your|calculate\ (?:it|this)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
NOT_A_METRIC = re.compile(
    r"\bif\b[^.?]*(?:\bnot\b|n't\b)[^.?]*\b(?:useful|relevant|meaningful|metric|applicable|measure|ask about)\b",
    re.IGNORECASE,
)
STATEMENT = r"(?:balance\ sheet|(?:income|cash[- ]flows?|financial|operating)\ statements?|statements?\ of\ [a-z]+)"
# "In agreement with the information outlined in the income statement, what is ...": where to look, not what for.
WHERE_TO_LOOK = re.compile(
    rf"""\b(?:
        (?:(?:based|relying|drawing|focusing|looking)\ )(?:[a-z]+ly\ |only\ )?(?:up)?on
        |(?:by\ )?(?:[a-z]+ly\ |only\ )?(?:using|utili[sz]ing|relying\ on|referring\ to)
        |according\ to|in\ (?:agreement|accordance|line)\ with|taking\ into\ account|with\ reference\ to
        |as\ (?:shown|stated|outlined|presented|listed|provided)\ (?:in|by|on)
    )\ [^,.?:;]*?\b(?:
        (?:information|details?|data|figures?|numbers|line\ items)\ (?:that\ (?:is|are)\ )?
            (?:shown|provided|outlined|given|stated|presented|reported|listed|available|found|from|in|of)\b[^,.?:;]*
        |(?:fy\ ?|fiscal\ )?(?:year\ )?\d{{4}}\ (?:data|information|figures)\b
        |{STATEMENT}
    )[,:]?""",
    re.IGNORECASE | re.VERBOSE,
)
IN_UNITS = re.compile(
    r"""\(\s*(?:(?:in|as)\ [^)]{1,30}|(?:as\ a\ |in\ )?%)\s*\)
        |\b(?:in|as)\ (?:usd|us\ dollars|dollars|units\ of|millions?|thousands?|billions?|percents?)\b[^,.?;)]*""",
    re.IGNORECASE | re.VERBOSE,
)
ENDINGS = frozenset(
    "inc incorporated corp corporation co company companies ltd limited llc plc lp nv sa ag se group holdings holding "
    "the & and international".split()
)


def subject_of(question: str, companies: Sequence[str] = ()) -> str:
    """What is asked, in the question's own words: 'What is the FY2018 capital expenditure amount?'."""
    return without_names(without_instructions(question), companies)


def without_instructions(question: str) -> str:
    """The sentences that ask something; a question that is nothing but an instruction stays as it is."""
    sentences = re.split(r"(?<=[.?!:;])\s+", question.strip())
    asking = [one for one in sentences if not INSTRUCTION.match(one) and not NOT_A_METRIC.search(one)]
    bare = _tidy(IN_UNITS.sub(" ", WHERE_TO_LOOK.sub(" ", " ".join(asking))))
    return bare if re.search(r"\w{3}", bare) else question


def without_names(question: str, companies: Sequence[str]) -> str:
    """The question without the company's name, which every passage of its filing would fit."""
    small = question.casefold()
    names = {name for company in companies for name in _called(company) if name.casefold() in small}
    bare = question
    for name in sorted(names, key=lambda name: (-len(name), name)):
        bare = re.sub(rf"(?<!\w){re.escape(name)}(?:['’]s)?(?!\w)", " ", bare, flags=re.IGNORECASE)
    if bare == question:
        return question
    bare = re.sub(r" (?:for|of|by|at|in)(?=\W*$)", "", _tidy(bare))
    return bare if re.search(r"\w{3}", bare) else question


@lru_cache(maxsize=8192)
def _called(company: str) -> tuple[str, ...]:
    """How people call a company: by its whole name, without 'Inc.', and by its first words."""
    words = company.replace(",", " ").split()
    while len(words) > 1 and words[-1].strip(".()").casefold() in ENDINGS:
        words.pop()
    fewest = 2 if words and words[0].casefold() in COMMON_FIRST else 1
    return (company, *(" ".join(words[:length]) for length in range(fewest, len(words) + 1))) if words else ()


def _tidy(text: str) -> str:
    return re.sub(r"\s+([?.,;:])", r"\1", " ".join(text.split())).strip(" ,:;")

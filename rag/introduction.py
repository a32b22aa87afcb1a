"""'What does the company do?' is answered by the sentence with which its report introduces it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice

from index.filing import Passage
from rag.answer import Draft
from rag.statements import statements
from rag.third_person import speaks_for_itself

ASKED = re.compile(
    r"what (?:exactly )?does the company do|(?:what is|describe|explain) (?:its|the|the company.s) business(?: model)?",
    re.IGNORECASE,
)
LOOKED_AT = 40  # statements; who has not said it by then will not
MOST_TOLD = 2
SHORTEST_NAME = 4  # letters of the first word of a name that may stand for it
ENDING = (
    r"(?:,? (?:Inc|Corp|Corporation|Company|Co|Ltd|plc|LLC|L\.P)\.?)*"
    r"(?: \([^()]{1,60}\))?(?:,? together with [^,]{1,40},)?"
)
INTRODUCES = (
    r"(?:is|are) (?:now |primarily |principally |also )?(?:an?|one of|the|engaged)\b"
    r"(?! (?:holding|parent|principal operating))"
    r"(?!.{0,40}\b(?:incorporated|organized|formed|founded|corporation|subsidiary|successor|merger)\b)|"
    r"(?:primarily |principally )?(?:designs|develops|manufactures|makes|produces|provides|operates|offers|sells|"
    r"markets|distributes|acquires|leases|connects|(?:plans|intends) to \w+)\b"
    r"(?! (?:as|in) (?:one|an?|two|three|four|five)\b)(?! available\b)|"
    r"[’']s? (?:principal|primary|main) (?:business|activity|business activity) (?:is|consists)\b"
)


def asks_for_it(question: str) -> bool:
    """'the company' stands for its name in the question."""
    return bool(ASKED.fullmatch(question.strip(" ?.!")))


def introduction(passages: Sequence[Passage], name: str, tell: Callable[[str], str]) -> list[Draft]:
    """What the company is or does, as its report first says it; nothing where it never says so."""
    called = "|".join(re.escape(one) for one in (name, name.split()[0]) if len(one) >= SHORTEST_NAME)
    says_it = re.compile(
        rf"(?:(?:The )?(?:{called or re.escape(name)}){ENDING}|The Company)(?: |(?=[’']))(?:{INTRODUCES})"
    )
    read = ((one, tell(one.text)) for one in statements(passages)[:LOOKED_AT] if one.kind == "sentence")
    said = (
        Draft(text, tuple(passage_id for passage_id, _ in one.parts), quotes=tuple(quote for _, quote in one.parts))
        for one, text in read
        if one.leans_on is None and says_it.match(text) and not speaks_for_itself(text)
    )
    return list(islice(said, MOST_TOLD))

"""What the instruction at the head of a prompt document asks of a summary: how long it may be, and what it is to tell.

'Answer ... with fivehundredtwelve tokens at max. Set your focus on sources of revenue, ... and details of financing.'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.facets import Facet

LEAST, MOST = 64, 4096
UNITS = {word: number for number, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split())}  # fmt: skip
TENS = {word: 10 * number for number, word in enumerate(
    "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}  # fmt: skip
SCALES = {"hundred": 100, "thousand": 1000}
PART_OF_A_NUMBER = re.compile("|".join(sorted([*UNITS, *TENS, *SCALES, "and"], key=len, reverse=True)))
LIMIT = re.compile(
    r"(?<!\d)(?<!\d[,.])(?P<digits>\d[\d,.]*)\s+tokens?\b|(?<![a-z-])(?P<words>(?:[a-z-]+\s+){1,6})tokens?\b",
    re.IGNORECASE,
)
FOCUS = re.compile(r"\bfocus(?:\s+(?:on|upon))?\b(?P<subjects>[^.;\n]*)", re.IGNORECASE)
SMALL_WORDS = frozenset("a an and of on the to its their details intended".split())


@dataclass(frozen=True)
class Instruction:
    """None and () where the instruction does not say."""

    max_tokens: int | None
    facets: tuple[str, ...]


def understand_instruction(text: str, facets: Sequence[Facet]) -> Instruction:
    """The limit and the facets that an instruction names."""
    return Instruction(_limit(text), _facets(text, facets))


def _limit(text: str) -> int | None:
    for match in LIMIT.finditer(text):
        number = (
            int(re.sub(r"[,.]", "", match["digits"]))
            if match["digits"]
            else _number_at_the_end(match["words"].casefold())
        )
        if number and LEAST <= number <= MOST:
            return number
    return None


def _number_at_the_end(words: str) -> int:
    """512 of 'with five hundred and twelve' and of 'fivehundredtwelve'."""
    parts: list[str] = []
    for word in reversed(re.split(r"[\s-]+", words.strip())):
        pieces = PART_OF_A_NUMBER.findall(word)
        if not pieces or "".join(pieces) != word:
            break
        parts = pieces + parts
    total = current = 0
    for part in parts:
        if part in SCALES:
            current = max(1, current) * SCALES[part]
            if SCALES[part] == 1000:
                total, current = total + current, 0
        else:
            current += UNITS.get(part, TENS.get(part, 0))
    return total + current


def _facets(text: str, facets: Sequence[Facet]) -> tuple[str, ...]:
    """The facets whose name, or half of whose title's words, stand where the instruction says what to look at."""
    focus = FOCUS.search(text)
    if not focus:
        return ()
    named = {_stump(word) for word in re.findall(r"[a-z]+", focus["subjects"].casefold())}
    asked = []
    for facet in facets:
        title = {_stump(word) for word in re.findall(r"[a-z]+", facet.title.casefold()) if word not in SMALL_WORDS}
        if _stump(facet.name) in named or (title and len(title & named) >= len(title) / 2):
            asked.append(facet.name)
    return tuple(asked)


def _stump(word: str) -> str:
    return word.removesuffix("s")

"""What a question calls a figure, and what reports call it: the finance vocabulary of vocabulary.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.folding import fold

VOCABULARY_FILE = Path(__file__).with_name("vocabulary.toml")
WORD = re.compile(r"[a-z0-9&%]+")


@dataclass(frozen=True)
class Concept:
    """Something that analysts ask for, the lines of a report that tell it, and the statements that these stand in."""

    names: tuple[str, ...]
    lines: tuple[str, ...]
    statements: tuple[str, ...]


def concepts_in(question: str) -> list[Concept]:
    """What a question asks for by name, in its order; of names within one another only the longest counts."""
    words = _words(question)
    found: list[Concept] = []
    place = 0
    while place < len(words):
        for length in range(min(_longest_name(), len(words) - place), 0, -1):
            concept = _by_name().get(" ".join(words[place : place + length]))
            if concept:
                if concept not in found:
                    found.append(concept)
                place += length
                break
        else:
            place += 1
    return found


def _words(text: str) -> list[str]:
    return ["and" if word == "&" else one_form(word) for word in WORD.findall(fold(text))]


def one_form(word: str) -> str:
    """'liabilities' and 'liability', 'margins' and 'margin': a plural as its singular."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


@cache
def _by_name() -> dict[str, Concept]:
    rows = tomllib.loads(VOCABULARY_FILE.read_text(encoding="utf-8"))["concept"]
    found = {}
    for row in rows:
        concept = Concept(tuple(row["names"]), tuple(row["lines"]), tuple(row.get("statements", ())))
        for name in concept.names:
            found[" ".join(_words(name))] = concept
    return found


@cache
def _longest_name() -> int:
    return max(len(name.split()) for name in _by_name())

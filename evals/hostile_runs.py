"""What a text could be made of that holds a regular expression up: units to be repeated thousands of times."""

from __future__ import annotations

import random
import re
from typing import Any

SINGLE = " \t\n\xa0aAzZ0159.,;:-–—_'\"’“”()[]{}<>/\\|&$%#*+=?!@~^•§"
UNITS = tuple(
    "a |A |a. |A. |a, |1 |1,|1.|1, |$1 |(a|(1) |a-|a\n|A\n| \n|\n\n |Aa |Aa-|A&|Inc. |Item 1. |and |the |of the |not |"
    "$1 million |2021 |\t- |- |\"a|\"a |<a |&a|'s |a's |a/|a:|1%|12/31/2021 |million and |A, A and ".split("|")
)


def units_of(pattern: re.Pattern[str]) -> list[str]:
    """What is repeated: the same for all, and some of what the pattern itself would take."""
    parsed = re._parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)  # type: ignore[attr-defined]
    chance = random.Random(1)  # noqa: S311  nothing secret
    own = {text for _ in range(12) if 0 < len(text := _example(parsed, chance, most=2)) <= 200}
    parts = {text for item in parsed for _ in range(3) if 0 < len(text := _example([item], chance, most=2)) <= 80}
    return [*SINGLE, *UNITS, *sorted(own), *sorted(parts), *(f"{text} " for text in sorted(own))]


def _example(parsed: Any, chance: random.Random, most: int) -> str:
    """A text that the parsed expression takes, or nearly."""
    text = ""
    for kind, value in parsed:
        match str(kind):
            case "LITERAL":
                text += chr(value)
            case "NOT_LITERAL":
                text += "b" if value == ord("a") else "a"
            case "ANY":
                text += "a"
            case "IN":
                text += _one_of(value, chance)
            case "BRANCH":
                text += _example(chance.choice(value[1]), chance, most)
            case "SUBPATTERN":
                text += _example(value[3], chance, most)
            case "ATOMIC_GROUP":
                text += _example(value, chance, most)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                least, top, inner = value
                for _ in range(chance.randint(least, max(least, min(int(top), most)))):
                    text += _example(inner, chance, most)
    return text


def _one_of(items: Any, chance: random.Random) -> str:
    options = []
    for kind, value in items:
        match str(kind):
            case "LITERAL":
                options.append(chr(value))
            case "RANGE":
                options.append(chr(chance.randint(value[0], min(value[1], value[0] + 30))))
            case "CATEGORY":
                options.append(
                    {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a"}.get(str(value), "-")
                )
            case "NEGATE":
                return "a" if all(str(k) != "LITERAL" or v != ord("a") for k, v in items) else "b"
    return chance.choice(options) if options else ""

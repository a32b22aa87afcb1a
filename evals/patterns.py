"""Every regular expression of Footnote, timed alone on long runs that could hold it up: `python -m evals.patterns`.

Found are the compiled patterns in the names of every module, whatever they lie in, and literal ones in calls of `re`.
Each searches runs of single characters, of short units, and of what would begin to match it, closed by something that
does not; the lengths double as long as it is quick. What grows with the square of the run, or faster, is told, and how
long the longest run would take.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import math
import pkgutil
import random
import re
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

ROOMS = ("index", "rag", "ui")
SHORT, MIDDLE, LONG = 1_000, 4_000, 64_000  # characters
NOTHING = 0.001  # seconds for the middle one: were it to grow with the square, the longest took a quarter of a second
ENOUGH = 0.1  # seconds of one search; longer runs are worked out from there
LIMIT = 5.0  # seconds, then a search is stopped
STEEP = 1.6  # the exponent from which the growth is called more than linear
SINGLE = " \t\n\xa0aAzZ0159.,;:-–—_'\"’“”()[]{}<>/\\|&$%#*+=?!@~^•§"
UNITS = tuple(
    "a |A |a. |A. |a, |1 |1,|1.|1, |$1 |(a|(1) |a-|a\n|A\n| \n|\n\n |Aa |Aa-|A&|Inc. |Item 1. |and |the |of the |not |"
    "$1 million |2021 |\t- |- |\"a|\"a |<a |&a|'s |a's |a/|a:|1%|12/31/2021 |million and |A, A and ".split("|")
)
TAILS = ("", "\0", "\n", "!", "a", "1", " ")


class TooLong(Exception):
    """A search was stopped."""


@dataclass(frozen=True)
class Found:
    """A pattern, and where it was found."""

    place: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Slow:
    """How a pattern grows with a run."""

    found: Found
    run: str
    length: int
    seconds: float
    exponent: float

    @property
    def at_longest(self) -> float:
        """The seconds that the longest run would take, by its growth."""
        return float(self.seconds * (LONG / self.length) ** self.exponent)


# Finding them ---------------------------------------------------------------------------------------------------------


def all_patterns() -> list[Found]:
    """Those in the names of modules, and those that stand in calls of re."""
    found: dict[tuple[str, int], Found] = {}
    for module in _modules():
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        for name, value in vars(module).items():
            for pattern in _within(value, 0):
                found.setdefault((pattern.pattern, pattern.flags), Found(f"{module.__name__}.{name}", pattern))
        for node in ast.walk(ast.parse(source)):
            if text := _literal(node):
                pattern = re.compile(text)
                found.setdefault(
                    (pattern.pattern, pattern.flags),
                    Found(f"{module.__name__}, line {getattr(node, 'lineno', 0)}", pattern),
                )
    return list(found.values())


def _modules() -> Iterator[ModuleType]:
    for room in ROOMS:
        package = importlib.import_module(room)
        for each in pkgutil.walk_packages(package.__path__, f"{room}."):
            if each.name not in ("ui.app", "ui.server", "ui.__main__"):  # these begin to serve
                yield importlib.import_module(each.name)


def _within(value: Any, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < 4 and isinstance(value, dict):
        for pair in value.items():
            yield from _within(pair, depth + 1)
    elif depth < 4 and isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from _within(one, depth + 1)
    elif depth < 4 and type(value).__module__.partition(".")[0] in ROOMS and hasattr(value, "__dict__"):
        yield from _within(vars(value), depth + 1)


def _literal(node: ast.AST) -> str:
    """The pattern of re.sub("...", ...) and its like."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="re"), attr=called), args=[ast.Constant(value=str(text)), *_]
        ) if called != "escape":
            return text
    return ""


# Runs that could hold one up ------------------------------------------------------------------------------------------


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


# Timing ---------------------------------------------------------------------------------------------------------------


def _stopped(_number: int, _frame: FrameType | None) -> None:
    raise TooLong


def seconds_of(pattern: re.Pattern[str], text: str) -> float:
    """One walk over the text, as finditer does it: the processor's seconds."""
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    begun = time.process_time()
    try:
        for _ in pattern.finditer(text):
            pass
    except TooLong:
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - begun


def slowest(found: Found, enough: float) -> Slow | None:
    """A run that this pattern grows too fast with, or the worst one; none where all are taken in their stride."""
    worst: Slow | None = None
    for unit in units_of(found.pattern):
        for tail in TAILS:
            length, before = SHORT, 0.0
            while True:
                took = seconds_of(found.pattern, (unit * (length // len(unit) + 1))[:length] + tail)
                if took >= ENOUGH or length >= LONG or (length == MIDDLE and took < NOTHING):
                    break
                before, length = took, length * 2
            # Already there with the first: how it grows cannot be told, but that it does.
            exponent = math.log2(max(took, 1e-6) / max(before, 1e-6)) if before else math.inf
            if took >= ENOUGH / 2 and exponent >= STEEP and (worst is None or _worse(took, length, worst)):
                worst = Slow(found, repr(unit) + (f" and {tail!r}" if tail else ""), length, took, exponent)
                if worst.at_longest > enough:  # which run is the very worst does not matter any more
                    return worst
    return worst


def _worse(took: float, length: int, than: Slow) -> bool:
    return took / length > than.seconds / than.length


def main() -> int:
    """Time them all; 1 where the longest run would take one of them longer than it may."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--most", type=float, default=10.0, help="seconds that a run of 64,000 characters may take")
    reader.add_argument("--only", default="", help="patterns whose place holds these letters")
    options = reader.parse_args()
    signal.signal(signal.SIGVTALRM, _stopped)
    patterns = [found for found in all_patterns() if options.only in found.place]
    print(f"{len(patterns)} patterns", flush=True)
    slow = []
    for found in patterns:
        if (one := slowest(found, options.most)) is not None:
            slow.append(one)
            print(
                f"{found.place}: {one.seconds:.2f} s for {one.length:,} characters of {one.run}, growing with power "
                f"{one.exponent:.1f}: {one.at_longest:.0f} s for {LONG:,}\n    {found.pattern.pattern[:200]!r}",
                flush=True,
            )
    print(f"{len(slow)} of {len(patterns)} grow faster than the run")
    return 1 if any(one.at_longest > options.most for one in slow) else 0


if __name__ == "__main__":
    sys.exit(main())

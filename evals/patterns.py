"""Every regular expression of Footnote, timed alone on long runs that could hold it up: `python -m evals.patterns`.

Found are the compiled patterns in the names of every module, whatever they lie in, and literal ones in calls of `re`.
Each searches runs of single characters, of short units, and of what would begin to match it, closed by something that
does not. What takes no time for a run of 4,000 characters, or grows like the run from 1,000 to 4,000, is let go; the
others get runs that double up to the longest that their room can be given. What grows with the square of the run, or
faster, is told, and how long the longest run would take.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import signal
import sys
import time
from dataclasses import dataclass
from types import FrameType

from evals.found_patterns import Found, all_patterns
from evals.hostile_runs import units_of

SHORT, MIDDLE = 1_000, 4_000  # characters
NOTHING = 0.001  # seconds for the middle one: were it to grow with the square, 64,000 characters took a quarter of one
ENOUGH = 0.1  # seconds of one search; longer runs are worked out from there
LIMIT = 2.0  # seconds, then a search is stopped
A_PATTERN = 30.0  # seconds for all runs of one pattern, then what is left is told to be untried
WORTH_TELLING = 0.025  # seconds: the clock of a processor's seconds ticks every four thousandths
STEEP = 1.6  # the exponent from which the growth is called more than linear
TAILS = ("", "\0", "\n", "a1")


class TooLong(Exception):
    """A search was stopped."""


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
        """The seconds that the longest run of its room would take, by its growth."""
        return float(self.seconds * (self.found.bounds.longest / self.length) ** self.exponent)

    @property
    def is_too_slow(self) -> bool:
        return self.at_longest > self.found.bounds.most


def _stopped(_number: int, _frame: FrameType | None) -> None:
    raise TooLong


def seconds_of(found: Found, text: str) -> float:
    """One walk over the text, as finditer does it, or one look at its start: the processor's seconds."""
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    begun = time.process_time()
    try:
        if found.at_start:
            found.pattern.match(text)
            found.pattern.fullmatch(text)
        else:
            for _ in found.pattern.finditer(text):
                pass
    except TooLong:
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - begun


def slowest(found: Found) -> tuple[Slow | None, bool]:
    """The run that this pattern is worst with, of those it grows too fast with; and whether all runs were tried."""
    worst: Slow | None = None
    until = time.process_time() + A_PATTERN
    for unit in units_of(found.pattern):
        for tail in TAILS:
            if time.process_time() > until:
                return worst, False
            slow = _growth(found, unit, tail)
            if slow and (worst is None or slow.at_longest > worst.at_longest):
                worst = slow
                if worst.is_too_slow or found.bounds.most == math.inf:  # which is the very worst does not matter then
                    return worst, True
    return worst, True


def _growth(found: Found, unit: str, tail: str) -> Slow | None:
    """How it grows with this run, where that is faster than the run."""

    def took(length: int) -> float:
        return seconds_of(found, found.run(unit, length, tail))

    if found.bounds.longest < SHORT:
        now = took(found.bounds.longest)
        return Slow(found, repr(unit), found.bounds.longest, now, 1.0) if now > found.bounds.most else None
    length, now = MIDDLE, took(MIDDLE)
    if now < NOTHING:
        return None
    before, step = took(SHORT), MIDDLE // SHORT
    while True:
        exponent = math.log(max(now, 1e-6) / max(before, 1e-6), step)
        if exponent < STEEP or (now < WORTH_TELLING and length >= found.bounds.longest):
            return None
        if now >= ENOUGH or length >= found.bounds.longest:
            run = repr(unit) + (f" and {tail!r}" if tail else "")
            return Slow(found, run, length, now, exponent)
        length, before, step = length * 2, now, 2
        now = took(length)


def _tried(number: int) -> tuple[int, Slow | None, bool]:
    return number, *slowest(_all[number])


_all: list[Found] = []  # filled before the processes are forked


def main() -> int:
    """Time them all; 1 where one of them takes longer than it may for the longest text of its room."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--only", default="", help="patterns whose place holds these letters")
    options = reader.parse_args()
    begun = time.monotonic()
    signal.signal(signal.SIGVTALRM, _stopped)
    _all.extend(found for found in all_patterns() if options.only in found.place)
    slow: list[Slow] = []
    untried = 0
    with multiprocessing.get_context("fork").Pool() as pool:
        for number, one, is_whole in pool.imap_unordered(_tried, range(len(_all))):
            if not is_whole:
                untried += 1
                print(f"{_all[number].place}: not all runs were tried within {A_PATTERN:.0f} s", flush=True)
            if one is not None:
                slow.append(one)
                print(_told(one), flush=True)
    too_slow = sum(one.is_too_slow for one in slow)
    print(
        f"{len(_all)} patterns in {time.monotonic() - begun:.0f} s, load average {os.getloadavg()[0]:.0f}: {len(slow)} "
        f"grow faster than the run, {too_slow} too slow for the longest text of their room, {untried} not tried whole"
    )
    return 1 if too_slow or untried else 0


def _told(one: Slow) -> str:
    return (
        f"{one.found.place}: {one.seconds:.2f} s for {one.length:,} characters of {one.run}, growing with power "
        f"{one.exponent:.1f}: {one.at_longest:.2f} s for {one.found.bounds.longest:,}"
        f"{' TOO SLOW' if one.is_too_slow else ''}\n    {one.found.pattern.pattern[:200]!r}"
    )


if __name__ == "__main__":
    sys.exit(main())

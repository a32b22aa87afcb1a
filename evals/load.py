"""Many visitors at once, against a real server on this machine: `python -m evals.load`.

Two parts, on a library of the seeds: all sessions ask different questions at one moment; many questions one after the
other, with the server weighed as they go. Questions while filings are taken in are a measure of their own:
`python -m evals.fair_share`.
Every answer is held against what the same question was answered in peace.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from itertools import cycle, islice
from pathlib import Path

from evals.known_answers import Known, known_answers, seeded
from evals.page_visitor import Visitor
from evals.served import Served
from evals.visits import PATIENCE, Part, anew, asked, wrong

CONVERSATION = 5  # questions, then the visitor goes and another one comes
ARRIVING = 10  # visitors at once
FIRST_ONES = 0.2  # of the questions, that are left out of the slope of memory: caches fill


async def all_at_once(served: Served, known: Sequence[Known], rounds: int, part: Part) -> None:
    """Every visitor chooses a filing; then all of them ask at one moment, each a question of their own."""
    begun = time.monotonic()
    may_arrive = asyncio.Semaphore(ARRIVING)
    async with AsyncExitStack() as leaving:

        async def arrive(one: Known) -> Visitor:
            async with may_arrive:
                visitor = await Visitor.arrive(served.address, seconds=PATIENCE)
                leaving.push_async_callback(visitor.leave)
                await visitor.choose(one.chip)
                return visitor

        visitors = await asyncio.gather(*map(arrive, known))
        part.notes.append(f"{len(visitors)} visitors had the page after {time.monotonic() - begun:.1f} s")
        for number in range(rounds):
            if number:
                await asyncio.gather(*(anew(visitor) for visitor in visitors))
            worked = served.processor_seconds()
            answers = await asyncio.gather(
                *(asked(visitor, one, known) for visitor, one in zip(visitors, known, strict=True))
            )
            worked = (served.processor_seconds() - worked) / len(answers)
            part.asked += answers
            longest = max(one.seconds for one in answers)
            part.notes.append(
                f"round {number + 1}: all answered after {longest:.1f} s; {worked:.2f} processor seconds an answer"
            )


async def one_after_another(
    served: Served, known: Sequence[Known], questions: int, at_once: int, part: Part, seconds: float
) -> list[tuple[int, float]]:
    """So many questions by some visitors at a time, who come and go; (questions so far, megabytes held)."""
    weighed = [(0, served.resident_megabytes())]
    due = islice(cycle(known), questions)
    deadline = time.monotonic() + seconds

    async def visit() -> None:
        while time.monotonic() < deadline and (conversation := list(islice(due, CONVERSATION))):
            async with await Visitor.arrive(served.address, seconds=PATIENCE) as visitor:
                for one in conversation:
                    await visitor.choose(one.chip)
                    part.asked.append(await asked(visitor, one, known))
                    await anew(visitor)
                    weighed.append((len(part.asked), served.resident_megabytes()))

    await asyncio.gather(*(visit() for _ in range(at_once)))
    return weighed


def slope(weighed: Sequence[tuple[int, float]], questions: int) -> float:
    """Megabytes more for a hundred questions, once the first ones have filled the caches."""
    later = [row for row in weighed if row[0] >= questions * FIRST_ONES]
    if len(later) < 3:
        return float("nan")
    return 100 * statistics.linear_regression(*zip(*later, strict=True)).slope


def measured(options: argparse.Namespace) -> tuple[list[Part], list[tuple[int, float]]]:
    """All parts that are wanted, on a server of their own."""
    parts: list[Part] = []
    weighed: list[tuple[int, float]] = []
    with tempfile.TemporaryDirectory(prefix="footnote-load-") as name:
        folder = Path(name)
        if options.library:
            shutil.copytree(options.library, folder / "data")
        else:
            seeded(folder / "data")
        known = known_answers(folder / "data", options.sessions)
        with Served(folder / "data", folder / "server.log") as served:
            parts.append(part := Part(f"{options.sessions} sessions at once"))
            begun = time.monotonic()
            part.notes.append(f"ready {served.start_until_ready():.1f} s after its start")
            asyncio.run(all_at_once(served, known, options.rounds, part))
            part.end(begun)
            if options.questions:
                parts.append(part := Part(f"{options.at_once} sessions at a time"))
                begun = time.monotonic()
                weighed = asyncio.run(
                    one_after_another(served, known, options.questions, options.at_once, part, options.seconds)
                )
                part.notes.append(
                    f"memory: {weighed[0][1]:.0f} MB before, {weighed[-1][1]:.0f} MB after {weighed[-1][0]} questions, "
                    f"{max(held for _, held in weighed):.0f} MB at most; "
                    f"{slope(weighed, len(part.asked)):+.1f} MB a hundred questions after the first {FIRST_ONES:.0%}"
                )
                part.end(begun)
            complaints = served.log.read_text(errors="replace").count("Traceback")
            parts[-1].notes.append(f"{complaints} tracebacks in the server's log")
            print(f"  {parts[-1].notes[-1]}", flush=True)
            if complaints and options.keep_log:
                shutil.copy(served.log, options.keep_log)
    return parts, weighed


def main() -> int:
    """Measure and print; 1 where an answer failed or was mixed up."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--sessions", type=int, default=50, help="that ask at one moment")
    reader.add_argument("--rounds", type=int, default=3, help="so often they all ask at once")
    reader.add_argument(
        "--questions", type=int, default=1000, help="one after the other, with the server weighed; 0: none"
    )
    reader.add_argument("--at-once", type=int, default=8, help="sessions at a time, in the second part")
    reader.add_argument("--seconds", type=float, default=900, help="the second part begins no conversation after these")
    reader.add_argument(
        "--library", type=Path, help="a data folder with the seeds, copied; else they are taken in anew"
    )
    reader.add_argument("--json", type=Path, help="write the figures there too")
    reader.add_argument("--keep-log", type=Path, help="copy the server's log there where it holds a traceback")
    options = reader.parse_args()
    parts, weighed = measured(options)
    if options.json:
        figures = {"cores": os.cpu_count(), "parts": [asdict(part) for part in parts], "megabytes": weighed}
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 1 if wrong(parts) else 0


if __name__ == "__main__":
    sys.exit(main())

"""Many visitors at once, against a real server on this machine: `python -m evals.load`.

Three parts, on a library of the seeds: all sessions ask different questions at one moment; many questions one after the
other, with the server weighed as they go; questions while filings are taken in, by the page and by another program.
Every answer is held against what the same question was answered in peace.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path

from evals.browsing import PageLost
from evals.known_answers import Known, MadeUp, known_answers, made_up, seeded
from evals.page_visitor import Card, Visitor
from evals.served import ROOT, Served

CONVERSATION = 5  # questions, then the visitor goes and another one comes
PATIENCE = 300.0  # seconds for one answer; whoever waits longer counts as failed
READING = 2.0  # seconds between two questions of a visitor, while filings are taken in
ARRIVING = 10  # visitors at once
FIRST_ONES = 0.2  # of the questions, that are left out of the slope of memory: caches fill


@dataclass(frozen=True)
class Asked:
    """What became of one question."""

    seconds: float
    outcome: str  # right: the words given in peace; other words, but its own; mixed up; refused; failed
    detail: str = ""


@dataclass
class Part:
    """One part of the measurement, and the load of the machine around it."""

    name: str
    asked: list[Asked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    load_before: float = field(default_factory=lambda: os.getloadavg()[0])
    load_after: float = 0.0
    seconds: float = 0.0

    @property
    def outcomes(self) -> Counter[str]:
        return Counter(one.outcome for one in self.asked)

    def percentile(self, share: float) -> float:
        times = sorted(one.seconds for one in self.asked if one.outcome != "failed")
        return times[min(len(times) - 1, int(share * len(times)))] if times else float("nan")

    def lines(self) -> Iterator[str]:
        told = ", ".join(f"{number} {outcome}" for outcome, number in self.outcomes.most_common())
        yield f"{self.name}: {len(self.asked)} questions in {self.seconds:.0f} s: {told}"
        yield (
            f"  answered in: p50 {self.percentile(0.5):.2f} s, p95 {self.percentile(0.95):.2f} s, "
            f"longest {self.percentile(1):.2f} s; load average {self.load_before:.1f} to {self.load_after:.1f}"
        )
        yield from (f"  {note}" for note in self.notes)
        yield from (f"  {one.outcome}: {one.detail}" for one in self.asked if one.outcome in ("mixed up", "failed"))


def judged(known: Known, card: Card, others: Sequence[Known]) -> tuple[str, str]:
    """Whose answer this is: (outcome, what is wrong)."""
    shown = f"{known.question!r} was shown {card.title!r}: {card.text[:200]!r} {card.problem}"
    if card.title != known.question or card.data["question"] != known.question:
        return "mixed up", shown
    if card.problem:
        return "failed", shown
    if card.text == known.text:
        return "right", ""
    if any(card.text == other.text for other in others if other != known):
        return "mixed up", shown
    if known.sign in card.text:
        return "other words", shown
    return "refused" if not card.data["paragraphs"] else "without its sign", shown


async def asked(visitor: Visitor, known: Known, others: Sequence[Known]) -> Asked:
    """Ask, and see what comes."""
    begun = time.monotonic()
    try:
        card = await visitor.ask(known.question, PATIENCE)
    except PageLost as problem:
        return Asked(time.monotonic() - begun, "failed", str(problem))
    seconds = time.monotonic() - begun
    outcome, detail = judged(known, card, others)
    if visitor.errors:
        outcome, detail = "failed", f"{known.question!r}: {visitor.errors}"
    return Asked(seconds, outcome, detail)


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


async def anew(visitor: Visitor) -> None:
    """A new conversation: what was asked before must not colour the next answer."""
    await visitor.press("New")
    await visitor.until(lambda it: not it.cards, "a new conversation", PATIENCE)


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


async def while_taking_in(
    served: Served, known: Sequence[Known], at_once: int, filings: Sequence[MadeUp], folder: Path, part: Part
) -> None:
    """Visitors ask on and on while one uploads filings, and another program takes some in too."""
    over = asyncio.Event()

    async def visit(mine: Sequence[Known]) -> None:
        async with await Visitor.arrive(served.address, seconds=PATIENCE) as visitor:
            for one in cycle(mine):
                if over.is_set():
                    return
                await visitor.choose(one.chip)
                part.asked.append(await asked(visitor, one, known))
                await anew(visitor)
                await asyncio.sleep(READING)

    async def upload() -> None:
        async with await Visitor.arrive(served.address, seconds=PATIENCE) as visitor:
            for filing in filings[::2]:
                begun = time.monotonic()
                await visitor.upload(filing.name, filing.content)
                line = await visitor.until(_outcome(filing.name), f"word of {filing.name}", PATIENCE)
                part.notes.append(f"uploaded, {line!r} after {time.monotonic() - begun:.1f} s")
                card = await visitor.ask(filing.question, PATIENCE)
                found = "finds" if filing.sign in card.text else f"does not find (it says {card.text[:200]!r})"
                part.notes.append(f"a question about it {found} what only it says")

    visits = [asyncio.create_task(visit(known[number::at_once])) for number in range(at_once)]
    try:
        outcomes = await asyncio.gather(upload(), asyncio.to_thread(_ingest, served, filings[1::2], folder))
        part.notes.append(outcomes[1])
    except PageLost as problem:
        part.asked.append(Asked(PATIENCE, "failed", str(problem)))
    finally:
        over.set()
        await asyncio.gather(*visits)


def _outcome(name: str) -> Callable[[Visitor], str]:
    return lambda visitor: visitor.outcome_of(name)


def _ingest(served: Served, filings: Sequence[MadeUp], folder: Path) -> str:
    """`footnote ingest` on the same library."""
    paths = []
    for filing in filings:
        (path := folder / filing.name).write_bytes(filing.content)
        paths.append(str(path))
    begun = time.monotonic()
    command = [sys.executable, "-m", "ui.terminal", "ingest", "--json", "--data-dir", str(served.data_dir), *paths]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    return f"another program took in {len(paths)} within {time.monotonic() - begun:.1f} s, exit code {done.returncode}"


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
            _end(part, begun)
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
                _end(part, begun)
            if options.filings:
                parts.append(part := Part(f"{options.at_once} sessions while filings are taken in"))
                begun = time.monotonic()
                filings = [made_up(seed, options.sentences) for seed in range(options.filings)]
                asyncio.run(while_taking_in(served, known, options.at_once, filings, folder, part))
                _end(part, begun)
            complaints = served.log.read_text(errors="replace").count("Traceback")
            parts[-1].notes.append(f"{complaints} tracebacks in the server's log")
            print(f"  {parts[-1].notes[-1]}", flush=True)
            if complaints and options.keep_log:
                shutil.copy(served.log, options.keep_log)
    return parts, weighed


def _end(part: Part, begun: float) -> None:
    part.seconds, part.load_after = time.monotonic() - begun, os.getloadavg()[0]
    print("\n".join(part.lines()), flush=True)


def main() -> int:
    """Measure and print; 1 where an answer failed or was mixed up."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--sessions", type=int, default=50, help="that ask at one moment")
    reader.add_argument("--rounds", type=int, default=3, help="so often they all ask at once")
    reader.add_argument(
        "--questions", type=int, default=1000, help="one after the other, with the server weighed; 0: none"
    )
    reader.add_argument("--at-once", type=int, default=8, help="sessions at a time, in the parts after the first")
    reader.add_argument("--filings", type=int, default=4, help="taken in while others ask, half by the page; 0: none")
    reader.add_argument("--sentences", type=int, default=120, help="of each of these filings")
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
    wrong = sum(part.outcomes[outcome] for part in parts for outcome in ("mixed up", "failed"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

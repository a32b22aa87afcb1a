"""Do questions and an upload leave one another room? `python -m evals.fair_share`.

The same questions by the same visitors, and the same kind of filing uploaded, each alone and then both at once, against
a real server on this machine: how much longer do answers take while a filing is taken in, and it while many ask?
And, on the same library, how long another program takes that takes filings in while they ask.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

from evals.known_answers import Known, MadeUp, known_answers, made_up, seeded
from evals.page_visitor import Visitor
from evals.served import ROOT, Served
from evals.visits import PATIENCE, Part, anew, asked, wrong

ALONE = 30.0  # seconds of questions alone
VISITORS = 8


async def asking(served: Served, known: Sequence[Known], part: Part, over: asyncio.Event, reading: float) -> None:
    """Visitors ask on and on until it is over, with so many seconds to read each answer."""

    async def visit(mine: Sequence[Known]) -> None:
        async with await Visitor.arrive(served.address, seconds=PATIENCE) as visitor:
            for one in cycle(mine):
                if over.is_set():
                    return
                await visitor.choose(one.chip)
                part.asked.append(await asked(visitor, one, known))
                await anew(visitor)
                await asyncio.sleep(reading)

    await asyncio.gather(*(visit(known[number::VISITORS]) for number in range(VISITORS)))


async def uploading(served: Served, filing: MadeUp, part: Part) -> float:
    """The seconds until a filing that a visitor uploads is wholly taken in; then it is asked about."""
    async with await Visitor.arrive(served.address, seconds=PATIENCE) as visitor:
        begun = time.monotonic()
        await visitor.upload(filing.name, filing.content)
        line = await visitor.until(lambda it: it.outcome_of(filing.name), f"word of {filing.name}", PATIENCE)
        took = time.monotonic() - begun
        card = await visitor.ask(filing.question, PATIENCE)
        found = "answers" if filing.sign in card.text else f"does not answer ({card.text[:100]!r})"
        part.notes.append(f"uploaded, {line!r} after {took:.1f} s; it {found} what only it says")
        return took


async def both(served: Served, known: Sequence[Known], filing: MadeUp, part: Part, reading: float) -> float:
    over = asyncio.Event()
    asks = asyncio.create_task(asking(served, known, part, over, reading))
    try:
        return await uploading(served, filing, part)
    finally:
        over.set()
        await asks


async def questions_alone(served: Served, known: Sequence[Known], part: Part, reading: float) -> None:
    over = asyncio.Event()
    asyncio.get_running_loop().call_later(ALONE, over.set)
    await asking(served, known, part, over, reading)


async def beside_another_program(
    served: Served, known: Sequence[Known], filing: MadeUp, folder: Path, part: Part, reading: float
) -> None:
    """`footnote ingest` into the same library, while visitors ask."""
    over = asyncio.Event()
    asks = asyncio.create_task(asking(served, known, part, over, reading))
    try:
        part.notes.append(await asyncio.to_thread(_ingest, served, filing, folder))
    finally:
        over.set()
        await asks


def _ingest(served: Served, filing: MadeUp, folder: Path) -> str:
    (path := folder / filing.name).write_bytes(filing.content)
    begun = time.monotonic()
    command = [sys.executable, "-m", "ui.terminal", "ingest", "--json", "--data-dir", str(served.data_dir), str(path)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    return f"another program took it in within {time.monotonic() - begun:.1f} s, exit code {done.returncode}"


def measured(folder: Path, sentences: int, reading: float) -> list[Part]:
    """Each alone, both, and beside another program."""
    seeded(folder / "data")
    known = known_answers(folder / "data", 24)
    filings = [made_up(seed, sentences) for seed in range(4)]
    parts: list[Part] = []

    def begin(name: str) -> tuple[Part, float]:
        parts.append(Part(name))
        return parts[-1], time.monotonic()

    with Served(folder / "data", folder / "server.log") as served:
        served.start_until_ready()
        part, begun = begin("a filing that loads the model for many texts")  # so that the next ones compare
        asyncio.run(uploading(served, filings[0], part))
        part.end(begun)
        part, begun = begin("an upload alone")
        asyncio.run(uploading(served, filings[1], part))
        part.end(begun)
        part, begun = begin("questions alone")
        asyncio.run(questions_alone(served, known, part, reading))
        part.end(begun)
        part, begun = begin("both at once")
        asyncio.run(both(served, known, filings[2], part, reading))
        part.end(begun)
        part, begun = begin("questions beside another program that takes in")
        asyncio.run(beside_another_program(served, known, filings[3], folder, part, reading))
        part.end(begun)
        print(f"{served.log.read_text(errors='replace').count('Traceback')} tracebacks in the server's log")
    return parts


def main() -> int:
    """Measure and print; 1 where an answer failed or was mixed up."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--sentences", type=int, default=400, help="of each filing")
    reader.add_argument("--reading", type=float, default=0.0, help="seconds between two questions of a visitor")
    options = reader.parse_args()
    with tempfile.TemporaryDirectory(prefix="footnote-fair-share-") as folder:
        parts = measured(Path(folder), options.sentences, options.reading)
    return 1 if wrong(parts) else 0


if __name__ == "__main__":
    sys.exit(main())

"""What happens when something breaks under a real server: `python -m evals.faults`.

kill -9 at random moments of taking in and of answering, a full disk, a clock that jumps, a folder that cannot be read,
a Chroma server and a database that go and come back.
After each: is everything there that a visitor was told was kept, does the store open, and how long until it is ready?
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from evals.backends import ChromaServer, PostgresServer
from evals.cases import SEEDS
from evals.kills import Kills
from evals.known_answers import made_up, seeded
from evals.page_visitor import Visitor
from evals.served import ROOT, Served

TMPFS_MEGABYTES = 24
OWNER = "ab" * 24  # what a browser would have made up for itself
QUESTION = "How many employees did the company have at the end of 2021?"
EXPECTED = "373"
OTHER_QUESTION = "On which exchange and under which symbol does the stock trade?"


@dataclass
class Row:
    """One fault: what was done, and what came out."""

    fault: str
    done: str = ""
    came: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    load: float = field(default_factory=lambda: os.getloadavg()[0])

    def must(self, is_so: object, said: str) -> None:
        """Something that a user relies upon."""
        (self.came if is_so else self.wrong).append(said if is_so else f"NOT: {said}")

    def lines(self) -> Iterator[str]:
        yield f"{self.fault} ({self.done}; load average {self.load:.1f})"
        yield from (f"  {line}" for line in self.came + self.wrong)


@dataclass(frozen=True)
class Place:
    """Where a fault is tried: a folder of its own, with a library of the seeds in it."""

    folder: Path

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    def served(self, **environment: str) -> Served:
        return Served(self.data_dir, self.folder / "server.log", **environment)


async def answer_of(served: Served, question: str = QUESTION) -> str:
    """What a new visitor is answered, or the problem that they are shown."""
    async with await Visitor.arrive(served.address, seconds=120) as visitor:
        card = await visitor.ask(question, 120)
        return card.text or card.problem


async def outcome_of_upload(served: Served, name: str, content: bytes) -> str:
    """The line about a file that a new visitor uploads."""
    async with await Visitor.arrive(served.address, seconds=120) as visitor:
        await visitor.upload(name, content)
        return await visitor.until(lambda it: it.outcome_of(name), f"word of {name}", 120)


def kills(place: Place, row: Row, options: argparse.Namespace) -> None:
    """kill -9 in mid-ingest and in mid-answer, by turns."""
    row.done = f"{options.kills} times, by turns while a filing is taken in and while an answer is made"
    trial = Kills(place.served(), options.seed)
    try:
        for number in range(options.kills):
            trial.one(is_ingest=number % 2 == 0)
            print(f"  kill {number + 1} of {options.kills}; {len(trial.wrong)} wrong", file=sys.stderr, flush=True)
        trial.last()
    finally:
        trial.served.stop()
    row.came += trial.told()
    row.wrong += trial.wrong


def full_disk(place: Place, row: Row, _options: argparse.Namespace) -> None:
    """The library on a small file system of its own, which something else then fills."""
    disk = place.folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={TMPFS_MEGABYTES}m", "tmpfs", str(disk)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        row.done = f"not run: {mounted.stderr.strip()}; it takes root"
        return
    row.done = f"the library on a tmpfs of {TMPFS_MEGABYTES} MB, filled to the last byte under the running server"
    try:
        data_dir = disk / "data"
        shutil.copytree(place.data_dir, data_dir)
        with Served(data_dir, place.folder / "server.log", FOOTNOTE_LEAST_FREE_BYTES="1000000") as served:
            served.start_until_ready()
            asyncio.run(_on_a_full_disk(served, disk / "filler", row))
    finally:
        subprocess.run(["umount", str(disk)], check=False)  # noqa: S607


async def _on_a_full_disk(served: Served, filler: Path, row: Row) -> None:
    filing = made_up(1)
    async with await Visitor.arrive(served.address, owner=OWNER, seconds=120) as visitor:
        kept = await visitor.ask(QUESTION, 120)
        await visitor.deed(kept, kind="share")
        shared = await visitor.until(lambda it: it.cards[0].data["share"], "a link")
        fill(filler)
        row.must("NASDAQ" in (await visitor.ask(OTHER_QUESTION, 120)).text, "a new question is answered")
        await visitor.deed(visitor.cards[-1], kind="share")
        told = await visitor.until(lambda it: it.toasts or it.cards[-1].data["share"], "a word about sharing")
        row.must(visitor.toasts and "full" in visitor.toasts[-1], f"a share is refused: {told!r}")
        row.must(not visitor.errors, f"the page shows no error {visitor.errors}")
    line = await outcome_of_upload(served, filing.name, filing.content)
    row.must("free" in line or "full" in line, f"an upload is refused: {line!r}")
    row.must(served.readiness()[0] == 503 and "full" in served.readiness()[1], f"/readyz: {served.readiness()}")
    filler.unlink()
    line = await outcome_of_upload(served, filing.name, filing.content)
    row.must(line == f"{filing.name}: added.", f"with room again, without a hand: {line!r}")
    row.must(served.readiness()[0] == 200, "it is ready again")
    async with await Visitor.arrive(served.address, query=f"share={shared}", seconds=120) as visitor:
        await visitor.until(lambda it: it.cards, "the share")
        row.must(visitor.cards[0].title == QUESTION, "what was shared before opens")


def fill(path: Path) -> None:
    """Take all the room that there is."""
    with path.open("wb", buffering=0) as file:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue


def clock_jump(place: Place, row: Row, _options: argparse.Namespace) -> None:
    """The clock of a running server goes 400 days ahead and back again, under the same visitor."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
    if not library:
        row.done = "not run: there is no libfaketime (Debian: apt install libfaketime)"
        return
    row.done = (
        "libfaketime moves the wall clock of a running server 400 days ahead and back; demo mode, 3 questions a day"
    )
    clock = place.folder / "clock"
    clock.write_text("+0", encoding="ascii")
    preload = {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # no machine's does that
        "DONT_FAKE_MONOTONIC": "1",
    }
    with place.served(FOOTNOTE_DEMO="1", FOOTNOTE_DEMO_QUESTIONS="3", **preload) as served:
        served.start_until_ready()
        share = asyncio.run(_while_the_clock_jumps(served, clock, row))
    with place.served() as served:
        served.start_until_ready()
        asyncio.run(_after_the_clock_jumped(served, share, row))


async def _while_the_clock_jumps(served: Served, clock: Path, row: Row) -> str:
    async with await Visitor.arrive(served.address, owner=OWNER, seconds=120) as visitor:

        async def asks(times: int, when: str) -> None:
            for _ in range(times):
                row.must(EXPECTED in (await visitor.ask(QUESTION, 120)).text, f"{when}: a question is answered")

        await asks(2, "before")
        clock.write_text("+400d", encoding="ascii")
        await asks(3, "400 days ahead")
        over = (await visitor.ask(QUESTION, 120)).problem
        row.must("Come back tomorrow" in over, f"400 days ahead: the day's fourth question is refused: {over!r}")
        await visitor.deed(visitor.cards[0], kind="share")
        share = await visitor.until(lambda it: it.cards[0].data["share"], "a link", 30)
        clock.write_text("+0", encoding="ascii")
        await asks(1, "back")
        over = (await visitor.ask(QUESTION, 120)).problem
        row.must("Come back tomorrow" in over, "back: that day's count went on where it was")
        row.must(not visitor.errors, f"the page shows no error {visitor.errors}")
    return str(share)


async def _after_the_clock_jumped(served: Served, share: str, row: Row) -> None:
    async with await Visitor.arrive(served.address, owner=OWNER, seconds=120) as visitor:
        await visitor.until(lambda it: QUESTION in it.buttons, "the earlier conversation", 30)
        row.must(EXPECTED in (await visitor.ask(QUESTION, 120)).text, "after a restart: a question is answered")
    async with await Visitor.arrive(served.address, query=f"share={share}", seconds=120) as visitor:
        cards = await visitor.until(lambda it: it.cards, "the share", 30)
        row.must(cards[0].title == QUESTION, "what was shared ahead of time opens, the conversation is listed")


def unreadable_folder(place: Place, row: Row, _options: argparse.Namespace) -> None:
    """The folder taken away under the running server, and put back; then one where a file stands in its place."""
    row.done = (
        "the data folder moved away under the running server and back; then a server on a file instead of a folder"
    )
    away = place.data_dir.with_name("away")
    with place.served() as served:
        served.start_until_ready()
        row.must(EXPECTED in asyncio.run(answer_of(served)), "before: a question is answered")
        shutil.move(place.data_dir, away)
        status, told = served.readiness()
        row.must(status == 503, f"away: /readyz says {status} {told}")
        shutil.move(away, place.data_dir)
        served.wait_until(lambda: served.readiness()[0] == 200, 30)
        row.must(EXPECTED in asyncio.run(answer_of(served)), "back: a question is answered, without a restart")
    shutil.move(place.data_dir, away)
    place.data_dir.write_text("no folder", encoding="utf-8")
    with place.served() as served:
        served.start()
        served.wait_until(lambda: "could not be opened" in served.readiness()[1])
        words = asyncio.run(_words_of_the_page(served))
        row.must("is not a folder" in words, f"a file in its place: the page says {words!r}")


async def _words_of_the_page(served: Served) -> str:
    async with await Visitor.arrive(served.address, seconds=120) as visitor:
        said = await visitor.until(
            lambda it: next((line for line in it.words if "could not be opened" in line), ""), "a word about it", 60
        )
        return said.replace(str(served.data_dir), "DATA_DIR").removeprefix(":gray[:small[").removesuffix("]]")


def chroma_gone(place: Place, row: Row, _options: argparse.Namespace) -> None:
    """A Chroma server that is killed under the running page, and started again."""
    row.done = "`chroma run` killed with -9 under the running server, a filing uploaded meanwhile, then started again"
    chroma = ChromaServer(place.folder / "chroma")
    filing = made_up(1)
    chroma.start()
    try:
        with place.served(**chroma.settings) as served:
            served.start_until_ready()
            row.must(EXPECTED in asyncio.run(answer_of(served)), "before: a question is answered")
            chroma.stop()
            row.must("NASDAQ" in asyncio.run(answer_of(served, OTHER_QUESTION)), "gone: a new question is answered")
            row.came.append(f"gone: /readyz says {served.readiness()}")
            line = asyncio.run(outcome_of_upload(served, filing.name, filing.content))
            row.came.append(f"gone: a filing that is uploaded: {line!r}")
            chroma.start()
            served.wait_until(lambda: served.readiness()[0] == 200, 60)
            line = asyncio.run(outcome_of_upload(served, filing.name, filing.content))
            row.must(line.startswith(f"{filing.name}: "), f"back: the same filing again: {line!r}")
            row.must(EXPECTED in asyncio.run(answer_of(served)), "back: a question is answered, without a restart")
    finally:
        chroma.stop()


def database_gone(place: Place, row: Row, _options: argparse.Namespace) -> None:
    """A PostgreSQL that stops as in a crash under the running page, and is started again."""
    row.done = "PostgreSQL stopped at once (pg_ctl -m immediate) under the running server, then started again"
    postgres = PostgresServer(Path(tempfile.mkdtemp(prefix="footnote-postgres-")) / "cluster")
    os.chmod(postgres.folder.parent, 0o755)  # noqa: S103, PTH101  PostgreSQL's own account must reach its folder
    try:
        postgres.make()
        postgres.start()
        command = [sys.executable, "-m", "ui.terminal", "ingest", "--data-dir", str(place.data_dir), str(SEEDS)]
        subprocess.run(command, cwd=ROOT, env=os.environ | postgres.settings, check=True, capture_output=True)
        with place.served(**postgres.settings) as served:
            served.start_until_ready()
            asyncio.run(_while_the_database_goes(served, postgres, row))
    finally:
        postgres.stop()
        shutil.rmtree(postgres.folder.parent, ignore_errors=True)


async def _while_the_database_goes(served: Served, postgres: PostgresServer, row: Row) -> None:
    async with await Visitor.arrive(served.address, owner=OWNER, seconds=120) as visitor:
        row.must(EXPECTED in (await visitor.ask(QUESTION, 120)).text, "before: a question is answered")
        await visitor.deed(visitor.cards[0], kind="share")
        share = await visitor.until(lambda it: it.cards[0].data["share"], "a link", 30)
        postgres.stop()
        row.must(served.readiness()[0] == 503, f"gone: /readyz says {served.readiness()}")
        await visitor.type_question(OTHER_QUESTION)
        said = await visitor.until(
            lambda it: it.errors or [line for line in it.words if "cannot be read" in line], "a word about it", 60
        )
        row.must(not visitor.errors, f"gone: whoever is there and asks is told {said}")
        postgres.start()
        card = await visitor.answer(OTHER_QUESTION, 60)
        row.must("NASDAQ" in card.text or card.problem, f"back: their question is answered by itself: {card.problem}")
        served.wait_until(lambda: served.readiness()[0] == 200, 60)
    async with await Visitor.arrive(served.address, owner=OWNER, seconds=120) as visitor:
        row.must("NASDAQ" in (await visitor.ask(OTHER_QUESTION, 120)).text, "back: answered, without a restart")
        await visitor.until(lambda it: QUESTION in it.buttons, "the earlier conversation", 30)
    async with await Visitor.arrive(served.address, query=f"share={share}", seconds=120) as visitor:
        cards = await visitor.until(lambda it: it.cards, "the share", 30)
        row.must(cards[0].title == QUESTION, "back: the share opens, the conversation is listed")


FAULTS: dict[str, Callable[[Place, Row, argparse.Namespace], None]] = {
    "kill": kills,
    "disk": full_disk,
    "clock": clock_jump,
    "folder": unreadable_folder,
    "chroma": chroma_gone,
    "database": database_gone,
}


def main() -> int:
    """Try the faults and print what came of each; 1 where a promise was broken."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("faults", nargs="*", metavar="FAULT", help=f"{', '.join(FAULTS)}; all where none is named")
    reader.add_argument("--kills", type=int, default=30, help="in all")
    reader.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000, help="the moments are drawn from it")
    reader.add_argument(
        "--library", type=Path, help="a data folder with the seeds, copied; else they are taken in anew"
    )
    reader.add_argument("--json", type=Path, help="write what came out there too")
    options = reader.parse_args()
    if unknown := [name for name in options.faults if name not in FAULTS]:
        reader.error(f"there is no fault {unknown[0]!r}")
    rows = [tried(name, options) for name in options.faults or FAULTS]
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")
    return 1 if any(row.wrong for row in rows) else 0


def tried(name: str, options: argparse.Namespace) -> Row:
    """One fault in a fresh place, printed."""
    row = Row(name)
    with tempfile.TemporaryDirectory(prefix="footnote-faults-") as folder:
        place = Place(Path(folder))
        if options.library:
            shutil.copytree(options.library, place.data_dir)
        else:
            seeded(place.data_dir)
        try:
            FAULTS[name](place, row, options)
        except Exception as problem:  # the other faults are still to be tried
            row.wrong.append(f"NOT: the trial ends ({type(problem).__name__}: {problem})")
    print("\n".join(row.lines()), flush=True)
    return row


if __name__ == "__main__":
    sys.exit(main())

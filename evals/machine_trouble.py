"""The machine under a page gives trouble: its disk is full, its clock jumps, its folder is gone."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path

from evals.known_answers import made_up
from evals.page_visitor import Visitor
from evals.served import Served
from evals.trial import EXPECTED, OTHER_QUESTION, OWNER, QUESTION, Place, Row, answer_of, outcome_of_upload

TMPFS_MEGABYTES = 24


def full_disk(place: Place, row: Row) -> None:
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


def clock_jump(place: Place, row: Row) -> None:
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


def unreadable_folder(place: Place, row: Row) -> None:
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

"""Two pages over one PostgreSQL and one Chroma server, behind a proxy of deploy/: `python -m evals.two_pages caddy`.

A demonstration, with visitors who each come from an address of their own. Does each stay with the page that holds their
session and their upload, also after a broken connection? Are a day's allowances counted over both pages? And what do
visitors see when one of the pages is killed?
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from websockets.exceptions import WebSocketException

from evals import proxies
from evals.backends import ChromaServer, PostgresServer
from evals.browsing import Browser, PageLost
from evals.cases import SEEDS
from evals.known_answers import made_up
from evals.page_visitor import Visitor
from evals.served import ROOT, Served
from evals.trial import EXPECTED, QUESTION, Row

VISITORS = 6
UPLOADING = 3  # of them
PATIENCE = 300.0
MINE, OF_ALL = 4, 20  # questions a day
COUNTED = re.compile(r'^footnote_answers_total\{.*outcome="(?:answered|refused)".*\} (\d+)', re.MULTILINE)
USED_UP = "yours are used up"
ALL_USED_UP = "from all visitors"
AGAIN = "How many people does it employ?"


@dataclass(frozen=True)
class Site:
    """What a visitor reaches, and the pages behind it."""

    address: str
    tls: object
    pages: tuple[Served, Served]

    def browser(self, number: int) -> Browser:
        """Of somebody who comes from an address of their own; the same number twice is one person, two browsers."""
        return Browser(f"127.0.0.{10 + number}", self.tls)  # type: ignore[arg-type]

    async def arrive(self, browser: Browser, **more: str) -> Visitor:
        return await Visitor.arrive(self.address, seconds=PATIENCE, browser=browser, **more)

    def answers(self) -> list[int]:
        """How many each page has given since its start."""
        return [sum(map(int, COUNTED.findall(_metrics(page)))) for page in self.pages]


def _metrics(page: Served) -> str:
    with urllib.request.urlopen(f"{page.address}/metrics", timeout=30) as answer:  # noqa: S310
        return re.sub(r"\.0$", "", answer.read().decode(), flags=re.MULTILINE)


@contextmanager
def site(kind: str, folder: Path) -> Iterator[Site]:
    """Everything on loopback, with a library of the seeds."""
    postgres = PostgresServer(Path(tempfile.mkdtemp(prefix="footnote-postgres-")) / "cluster")
    os.chmod(postgres.folder.parent, 0o755)  # noqa: S103, PTH101  PostgreSQL's own account must reach its folder
    chroma = ChromaServer(folder / "chroma")
    try:
        with ExitStack() as running:
            postgres.make()
            postgres.start()
            running.callback(postgres.stop)
            chroma.start()
            running.callback(chroma.stop)
            settings = postgres.settings | chroma.settings
            command = [sys.executable, "-m", "ui.terminal", "ingest", "--data-dir", str(folder / "filled"), str(SEEDS)]
            subprocess.run(command, cwd=ROOT, env=os.environ | settings, check=True, capture_output=True)
            settings |= {
                "FOOTNOTE_DEMO": "1",
                "FOOTNOTE_DEMO_QUESTIONS": str(MINE),
                "FOOTNOTE_DEMO_ALL_QUESTIONS": str(OF_ALL),
                "STREAMLIT_SERVER_COOKIE_SECRET": "the same for both",
            }
            one, two = (
                running.enter_context(Served(folder / name, folder / f"{name}.log", **settings)) for name in ("a", "b")
            )
            for page in (one, two):  # one after the other: each loads the model
                page.start_until_ready(PATIENCE)
            ports = (one.port, two.port)
            if kind == "nginx":
                _, port, tls = running.enter_context(proxies.nginx(folder, ports))
                yield Site(f"https://127.0.0.1:{port}", tls, (one, two))
            else:
                port = running.enter_context(proxies.caddy(folder, ports, "127.0.0.1"))
                yield Site(f"http://127.0.0.1:{port}", None, (one, two))
    finally:
        shutil.rmtree(postgres.folder.parent, ignore_errors=True)


async def visit(there: Site, row: Row) -> None:
    """All that is tried, one thing after the other."""
    async with AsyncExitStack() as leaving:

        async def arrive(number: int, **more: str) -> Visitor:
            visitor = await there.arrive(there.browser(number), **more)
            leaving.push_async_callback(visitor.leave)
            return visitor

        visitors = [await arrive(number) for number in range(VISITORS)]
        await _stay(there, visitors, row)
        await _count(there, arrive, row)
        await _lose_a_page(there, visitors, arrive, row)


async def _stay(there: Site, visitors: list[Visitor], row: Row) -> None:
    answers = await asyncio.gather(*(visitor.ask(QUESTION, PATIENCE) for visitor in visitors))
    row.must(all(EXPECTED in card.text for card in answers), f"{len(answers)} visitors are answered rightly")
    given = there.answers()
    row.must(min(given) > 0 and sum(given) == VISITORS, f"the pages gave {given[0]} and {given[1]} answers")
    filings = [made_up(number) for number in range(UPLOADING)]
    for visitor, filing in zip(visitors, filings, strict=False):
        await visitor.upload(filing.name, filing.content)
    for visitor, filing in zip(visitors, filings, strict=False):
        line = await visitor.until(_outcome(filing.name), "what became of it", PATIENCE)
        card = await visitor.ask(filing.question, PATIENCE)
        row.must(filing.sign in card.text, f"an upload reaches its visitor's page ({line!r}) and is asked about")
    there_still = [await visitor.come_back(PATIENCE) for visitor in visitors]
    row.must(all(there_still), f"{len(there_still)} broken connections find their sessions again")
    row.must(
        all(len(visitor.cards) >= 1 for visitor in visitors) and filings[0].sign in visitors[0].cards[-1].text,
        "with the conversations that were in them",
    )


def _outcome(name: str) -> Callable[[Visitor], str]:
    return lambda visitor: visitor.outcome_of(name)


async def _count(there: Site, arrive: object, row: Row) -> None:
    """One person with four browsers; then everybody, until the day is used up."""
    person = VISITORS
    before, told = sum(there.answers()), []
    browsers = [await arrive(person) for _ in range(4)]  # type: ignore[operator]
    first = there.answers()
    for turn in range(2):
        for visitor in browsers:
            told.append((await visitor.ask(QUESTION if turn else AGAIN, PATIENCE)).problem)
    after = there.answers()
    by_page = [now - then for now, then in zip(after, first, strict=True)]
    refused = sum(USED_UP in problem for problem in told)
    row.must(
        sum(after) - before == MINE and refused == len(told) - MINE,
        f"of one person's {len(told)} questions in four browsers {sum(by_page)} are answered, {by_page[0]} and "
        f"{by_page[1]} by the pages, and {refused} told that the day's {MINE} are used up",
    )
    told, before = [], sum(after)
    for number in range(person + 1, person + 2 + (OF_ALL - before) // MINE + 1):
        visitor = await arrive(number)  # type: ignore[operator]
        told += [(await visitor.ask(QUESTION, PATIENCE)).problem for _ in range(MINE)]
    given = sum(there.answers())
    row.must(
        given == OF_ALL and sum(ALL_USED_UP in problem for problem in told) > 0,
        f"all visitors together get {given} answers on both pages; {OF_ALL} are the day's, and the next ones are told",
    )


async def _lose_a_page(there: Site, visitors: list[Visitor], arrive: object, row: Row) -> None:
    """The page that some of them have is killed."""
    there.pages[0].kill()
    begun = time.monotonic()
    await asyncio.sleep(1)
    lost = [visitor for visitor in visitors if visitor.is_lost]
    row.must(0 < len(lost) < len(visitors), f"a page is killed: {len(lost)} of {len(visitors)} lose their connection")
    for visitor in lost:
        while True:
            try:
                await visitor.come_back(30)
                break
            except (PageLost, OSError, WebSocketException) as problem:
                if time.monotonic() - begun > PATIENCE:
                    raise PageLost(f"nobody answers ({problem})") from problem
                await asyncio.sleep(0.5)
    row.came.append(f"they have the other page after {time.monotonic() - begun:.1f} s, in a new session")
    newcomers = [await arrive(number) for number in range(101, 107)]  # type: ignore[operator]
    row.must(all(newcomer.runs for newcomer in newcomers), f"{len(newcomers)} who come now are served by it, too")
    kept = [visitor for visitor in visitors if not visitor.is_lost and visitor not in lost]
    row.must(all(visitor.cards for visitor in kept), f"the {len(kept)} others keep what they had")
    there.pages[0].start_until_ready(PATIENCE)
    row.came.append("started again, it is ready under the same address")


def main() -> int:
    """Try it and print what came of it; 1 where a promise was broken."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("proxy", choices=("caddy", "nginx"))
    options = reader.parse_args()
    row = Row("two pages", f"behind {options.proxy}, over PostgreSQL and a Chroma server")
    with tempfile.TemporaryDirectory(prefix="footnote-two-pages-") as folder:
        try:
            with site(options.proxy, Path(folder)) as there:
                asyncio.run(visit(there, row))
        except Exception as problem:  # what came out before is worth telling
            row.wrong.append(f"NOT: the trial ends ({type(problem).__name__}: {problem})")
        for log in Path(folder).glob("*.log"):
            row.must("Traceback" not in (said := log.read_text(errors="replace")), f"no traceback in {log.name}")
            if "Traceback" in said:
                print(said[said.index("Traceback") - 500 :][:3000], file=sys.stderr)
    print("\n".join(row.lines()))
    return 1 if row.wrong else 0


if __name__ == "__main__":
    sys.exit(main())

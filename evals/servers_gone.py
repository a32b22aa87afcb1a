"""The servers that a page rests on, gone under it and back: Chroma, and PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from evals.backends import ChromaServer, PostgresServer
from evals.cases import SEEDS
from evals.known_answers import made_up
from evals.page_visitor import Visitor
from evals.served import ROOT, Served
from evals.trial import EXPECTED, OTHER_QUESTION, OWNER, QUESTION, Place, Row, answer_of, outcome_of_upload


def chroma_gone(place: Place, row: Row) -> None:
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


def database_gone(place: Place, row: Row) -> None:
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

"""kill -9 of a real server at random moments, and a look at what is left, each time anew.

Acknowledged is what a visitor was told: a file's line says "added", a card has its link, a thumb is shown, an answer is
whole and its conversation belongs to somebody.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
import statistics
import time
from collections.abc import Iterator

from evals.browsing import PageLost
from evals.known_answers import MadeUp, made_up
from evals.page_visitor import Visitor
from evals.served import Served
from rag.assistant import Assistant

QUESTIONS = (
    "How many employees did the company have at the end of 2021?",
    "On which exchange and under which symbol does the stock trade?",
    "Who distributes the products to end users?",
    "What did Smith Micro pay for the Family Safety Mobile Business?",
)
SENTENCES = 200  # of a filing that is killed on its way in: some seconds of embedding
LONGEST_ANSWER = 0.4


class Kills:
    """A trial over many kills; what was acknowledged in any round must be there in every later one."""

    def __init__(self, served: Served, seed: int) -> None:
        self.served = served
        self.wrong: list[str] = []
        self._seed = seed
        self._chance = random.Random(seed)  # noqa: S311  nothing secret
        self._owner = secrets.token_hex(24)
        self._filings: dict[str, MadeUp] = {}  # acknowledged, by name
        self._shares: dict[str, str] = {}  # id: the title of its first turn
        self._thumbs: list[str] = []  # reasons
        self._titles: list[str] = []  # of conversations
        self._ready: list[float] = []
        self._caught = {"ingest": 0, "answer": 0}  # kills that came before the end of what they were to break
        self._rounds = 0
        self._ingest_takes = (
            0.0  # seconds from the upload; the first one is let through, to know when to kill the others
        )

    def one(self, is_ingest: bool) -> None:
        """Start, look at what the last kill left, use, and kill."""
        self._ready.append(self.served.start_until_ready())
        try:
            if self._rounds:
                self.look()
            self._rounds += 1
            asyncio.run(self._use(is_ingest))
        finally:
            self.served.kill()

    def last(self) -> None:
        """Start once more after the last kill, and look."""
        self._ready.append(self.served.start_until_ready())
        self.look()

    def look(self) -> None:
        asyncio.run(self._look())
        self._look_into_the_library()

    def told(self) -> Iterator[str]:
        caught = self._caught
        yield (
            f"{self._rounds} kills (seed {self._seed}): {caught['ingest']} came before the filing was whole, "
            f"{caught['answer']} before the answer was"
        )
        yield (
            f"acknowledged: {len(self._filings)} filings, {len(self._shares)} shares, {len(self._thumbs)} thumbs, "
            f"{len(self._titles)} conversations; {len(self.wrong)} times something was missing"
        )
        yield (
            f"the store opened {len(self._ready)} times of {self._rounds + 1}, ready after "
            f"{statistics.median(self._ready):.1f} s (median), {max(self._ready):.1f} s at most"
        )

    async def _use(self, is_ingest: bool) -> None:
        """Share and judge, so that there is something to lose; then begin something, and be killed in it."""
        number = self._rounds
        async with await Visitor.arrive(self.served.address, self._owner, seconds=120) as visitor:
            question = f"{self._chance.choice(QUESTIONS)} ({number})"
            card = await visitor.ask(question, 120)
            self._titles.append(question)
            await visitor.deed(card, kind="share")
            self._shares[str(await visitor.until(lambda it: it.cards[0].data["share"], "a link"))] = question
            await visitor.deed(visitor.cards[0], kind="thumb", up=True, reason=f"reason {number}")
            await visitor.until(lambda it: it.cards[0].data["thumb"], "the thumb")
            if not visitor.toasts:
                self._thumbs.append(f"reason {number}")
            with contextlib.suppress(PageLost):
                await (self._taking_in(visitor, number) if is_ingest else self._answering(visitor))
            if visitor.errors:
                self.wrong.append(f"NOT: round {number} without an error on the page: {visitor.errors}")

    async def _taking_in(self, visitor: Visitor, number: int) -> None:
        filing = made_up(1000 + number, SENTENCES)
        begun = time.monotonic()
        killing = asyncio.create_task(self._kill_after(self._chance.uniform(0, self._ingest_takes or 600)))
        try:
            await visitor.upload(filing.name, filing.content)
            await visitor.until(lambda it: f"{filing.name}: added." in it.words, "the filing", 300)
            self._filings[filing.name] = filing
            self._ingest_takes = self._ingest_takes or time.monotonic() - begun
        except PageLost:
            self._caught["ingest"] += 1
            raise
        finally:
            killing.cancel()
            self.served.kill()

    async def _answering(self, visitor: Visitor) -> None:
        killing = asyncio.create_task(self._kill_after(self._chance.uniform(0, LONGEST_ANSWER)))
        try:
            await visitor.ask(self._chance.choice(QUESTIONS))
        except PageLost:
            self._caught["answer"] += 1
            raise
        finally:
            killing.cancel()
            self.served.kill()

    async def _kill_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.served.kill()

    async def _look(self) -> None:
        """As visitors see it, after the restart."""
        share_id, title = self._chance.choice(list(self._shares.items()))
        async with await Visitor.arrive(self.served.address, query=f"share={share_id}", seconds=120) as visitor:
            try:
                await visitor.until(lambda it: it.cards and it.cards[0].title == title, "the share", 30)
            except PageLost as problem:
                self.wrong.append(f"NOT: round {self._rounds}, the link of {title!r} opens: {problem}")
        async with await Visitor.arrive(self.served.address, seconds=120) as visitor:
            if self._filings:
                filing = self._chance.choice(list(self._filings.values()))
                chip = next((one for one in visitor.chips if str(filing.name.split("-")[2][:-4]) in one), "")
                await visitor.choose(chip)
                card = await visitor.ask(filing.question, 120)
                if filing.sign not in card.text:
                    self.wrong.append(f"NOT: round {self._rounds}, {filing.name} answers: {card.text[:200]!r}")
            else:
                await visitor.ask(QUESTIONS[0], 120)

    def _look_into_the_library(self) -> None:
        """All of what was acknowledged, and the database itself, as another program reads them."""
        assistant = Assistant.open(self.served.data_dir)
        try:
            listed = {filing.source: filing.id for filing in assistant.filings()}
            for name, made in self._filings.items():
                filing_id = next((one for source, one in listed.items() if source.endswith(name)), None)
                if filing_id is None or made.sign not in assistant.text(filing_id):
                    self.wrong.append(f"NOT: round {self._rounds}, {name} is there, with its text")
            for filing_id in listed.values():
                joined = "".join(passage.text for passage in assistant.passages(filing_id))
                if joined != assistant.text(filing_id):
                    self.wrong.append(f"NOT: round {self._rounds}, the passages of {filing_id} give its text")
            for share_id, title in self._shares.items():
                shared = assistant.records.shared(share_id)
                if shared is None or shared.turns[0].title != title:
                    self.wrong.append(f"NOT: round {self._rounds}, the share of {title!r} is kept")
            reasons = {one.reason for one in assistant.records.feedback()}
            titles = {one.title for one in assistant.records.conversations(self._owner)}
            missing = [one for one in self._thumbs if one not in reasons] + [
                one for one in self._titles if one not in titles
            ]
            self.wrong += [f"NOT: round {self._rounds}, {one!r} is kept" for one in missing]
            with assistant.index.library.engine.connect() as connection:
                if connection.exec_driver_sql("PRAGMA integrity_check").scalar() != "ok":
                    self.wrong.append(f"NOT: round {self._rounds}, the database is whole")
        finally:
            assistant.close()

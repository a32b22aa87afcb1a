"""What the trials of breaking things share: a place, a visitor's question, and a row of what came out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from evals.page_visitor import Visitor
from evals.served import Served

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

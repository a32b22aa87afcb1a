"""Visitors who ask what has a known answer: whose answer each was shown, and after how many seconds."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from evals.browsing import PageLost
from evals.known_answers import Known
from evals.page_visitor import Card, Visitor

PATIENCE = 300.0  # seconds for one answer; whoever waits longer counts as failed


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

    def end(self, begun: float) -> None:
        """It is over: how long it took, and the load now; told at once."""
        self.seconds, self.load_after = time.monotonic() - begun, os.getloadavg()[0]
        print("\n".join(self.lines()), flush=True)

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


async def anew(visitor: Visitor) -> None:
    """A new conversation: what was asked before must not colour the next answer."""
    runs = visitor.runs
    await visitor.press("New")
    # Once a run is over: while the page is drawn anew a card may be gone and come again.
    await visitor.until(lambda it: it.runs > runs and not it.cards, "a new conversation", PATIENCE)


def wrong(parts: Sequence[Part]) -> int:
    """The answers that were nobody's, or another's."""
    return sum(part.outcomes[outcome] for part in parts for outcome in ("mixed up", "failed"))

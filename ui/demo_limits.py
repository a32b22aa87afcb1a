"""What each visitor of a demonstration may do, and all of them together, in a day."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rag.allowances import Allowances


class Spent(ValueError):
    """The day's allowance is used up; its message is for the visitor."""


@dataclass(frozen=True)
class DemoLimits:
    """Numbers; each is set by its name in capitals behind FOOTNOTE_DEMO_."""

    questions: int = 200  # of one visitor in a day
    all_questions: int = 5_000
    uploads: int = 5  # files
    all_uploads: int = 100
    upload_bytes: int = 20_000_000  # of one file
    uploaded_kilobytes: int = 40_000  # of all files of one visitor in a day
    all_uploaded_kilobytes: int = 500_000
    kept: int = 30  # links that are made and thumbs that are given: these outlive a visitor
    all_kept: int = 1_000
    tokens: int = 100_000  # of the server's language model, where FOOTNOTE_SESSION_TOKENS and _DAILY_TOKENS say nothing
    all_tokens: int = 1_000_000
    at_once: int = 1  # answers that are made for one visitor at the same time
    waiting: int = 10  # questions of one visitor in the queue, of 200 that it has room for
    kept_days: int = 30  # until a conversation, a link or a thumb is forgotten
    all_conversations: int = 10_000  # kept; then the oldest ones are forgotten, and so are links
    all_links: int = 2_000
    all_thumbs: int = 10_000
    guests: int = 20  # visitors whose uploads are kept at the same time
    idle_minutes: int = 30  # without a sign of a visitor, until what they uploaded is forgotten

    @classmethod
    def read(cls, environment: Mapping[str, str] | None = None) -> Self:
        """From the environment; ValueError says which variable is wrong."""
        given = os.environ if environment is None else environment
        values = {}
        for each in fields(cls):
            name = f"FOOTNOTE_DEMO_{each.name.upper()}"
            said = given.get(name, "").strip()
            if said and not said.isdecimal():
                raise ValueError(f"{name} is a whole number, not {said!r}.")
            if said:
                values[each.name] = int(said)
        return cls(**values)


CALLED = {"uploads": "files", "uploaded_kilobytes": "kB of files", "kept": "links and thumbs"}


def must_be_allowed(allowances: Allowances, limits: DemoLimits, what: str, visitor: str, amount: int = 1) -> None:
    """Count what a visitor wants, or raise Spent."""
    mine, of_all = getattr(limits, what), getattr(limits, f"all_{what}")
    name = CALLED.get(what, what)
    if not allowances.take(f"{what} of {key_of(visitor)}", amount, mine):
        raise Spent(
            f"Each visitor has {mine:,} {name} a day here, and yours are used up. Come back tomorrow."
            if amount == 1
            else f"Each visitor has {mine:,} {name} a day here, and this would be more. Take in less, or come back "
            "tomorrow."
        )
    if not allowances.take(f"{what} of all", amount, of_all):
        raise Spent(f"All visitors together have {of_all:,} {name} a day here, and have had them. Come back tomorrow.")


def key_of(visitor: str) -> str:
    """A visitor as the database knows them: no address of anybody is kept."""
    return hashlib.sha256(visitor.encode("utf-8", "replace")).hexdigest()[:24]

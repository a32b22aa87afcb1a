"""The items that each form asks for (forms.toml), and how a form finds its own."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

FORMS_FILE = Path(__file__).with_name("forms.toml")
OPENING = 8  # so many letters tell one title from another, and forgive most slips of the pen that come later
# What may stand in the place of any item's own title.
EMPTY_TITLES = ("reserved", "removedandreserved", "intentionallyomitted", "omitted", "notapplicable", "deleted")
SQUASHED = re.compile(r"[^a-z0-9]+")
LONG_TAIL = 60


@dataclass(frozen=True)
class FormItem:
    """An item that a form asks for."""

    key: str  # how Footnote calls it: "1A", and "II.1A" where each part of the form counts anew
    number: str  # how its heading calls it
    part: int
    titles: tuple[str, ...]  # the first is today's
    since: str  # it must be there in reports on periods that end on this day or later,
    until: str  # and before this one
    before: tuple[str, str]  # in reports on periods that end before this day it was called so

    def must_be_there(self, period_end: str) -> bool:
        return self.since <= (period_end or "0000") < self.until

    def title_in(self, period_end: str) -> str:
        """What the form calls it in a report on that period."""
        changed, former = self.before
        return former if period_end and period_end < changed else self.titles[0]

    def is_called(self, words: str) -> bool:
        """Whether the words open like one of the item's titles."""
        return squash(words[:80]).startswith(self.openings)

    @cached_property
    def squashed_titles(self) -> tuple[str, ...]:
        return tuple(squash(title) for title in self.titles)

    @cached_property
    def openings(self) -> tuple[str, ...]:
        return tuple(title[:OPENING] for title in self.squashed_titles) + EMPTY_TITLES


@dataclass(frozen=True)
class FormItems:
    """The items of one form, in its order."""

    all: tuple[FormItem, ...] = ()

    @cached_property
    def by_number(self) -> dict[str, tuple[FormItem, ...]]:
        """The items with a number: two where both parts of a form have it."""
        numbers = dict.fromkeys(item.number for item in self.all)
        return {number: tuple(item for item in self.all if item.number == number) for number in numbers}


def squash(words: str) -> str:
    """The letters and figures alone: the same for 'B u s i n e s s', 'BUSINESS.' and 'Business'."""
    return SQUASHED.sub("", words.casefold())


def is_empty_title(words: str) -> bool:
    """Whether it says that the form has nothing to ask here: '[Reserved]'."""
    return squash(words).startswith(EMPTY_TITLES)


def items_of(form: str) -> FormItems:
    """The items of a form or its amendment; of an annual report when the form isn't known, of none when it has none."""
    stem = form.upper().removesuffix("/A")
    return _forms().get(stem, FormItems()) if stem else _forms()["10-K"]


def is_annual_report(form: str) -> bool:
    """Whether it is a 10-K or one of its kinds, and whole: an amendment holds only what it amends."""
    return bool(form) and items_of(form) is items_of("10-K") and not form.endswith("/A")


@cache
def _forms() -> dict[str, FormItems]:
    with FORMS_FILE.open("rb") as file:
        kinds = tomllib.load(file)
    forms: dict[str, FormItems] = {}
    for kind in kinds.values():
        items = FormItems(tuple(_items(kind)))
        forms |= dict.fromkeys(kind["forms"], items)
    return forms


def _items(kind: dict[str, Any]) -> Iterator[FormItem]:
    since, until, before = (kind.get(name, {}) for name in ("since", "until", "before"))
    for part, items in kind["parts"].items():
        for number, titles in items.items():
            key = f"{'I' * int(part)}.{number}" if kind.get("anew") else number
            first = since.get(number, "") if isinstance(since, dict) else str(since)
            yield FormItem(
                key, number, int(part), tuple(titles), first, until.get(number, "9999"), before.get(number, ("", ""))
            )


# Titles that lost the line break after them --------------------------------------------------------------------------

ITEM_HEADING = re.compile(r"^[ \t]*item[ \t]+(\d{1,2}[ABC]?)\b[ \t]*[.:–—-]*[ \t]*(\S[^\n|]*)$", re.IGNORECASE | re.M)


def split_glued_titles(text: str) -> str:
    """'Item 1. BusinessCompany Background' and 'ITEM 1. BUSINESS Industry' get the line break that a tool lost."""

    def divide(match: re.Match[str]) -> str:
        rest = match.group(2)
        titles = [
            title
            for item in items_of("10-K").by_number.get(match.group(1).upper(), ())
            for title in item.titles
            if rest[: len(title)].casefold() == title.casefold()
        ]
        title = rest[: max(map(len, titles), default=0)]
        tail = rest[len(title) :]
        # "Item 2. Properties Owned" may be all title; where capitals end or the line goes on for long, the title ended.
        glued = re.match(r"[A-Z]", tail) or (
            re.match(r" [A-Z]", tail) and ((title.isupper() and not tail.isupper()) or len(tail) > LONG_TAIL)
        )
        return f"{match.group()[: -len(tail)]}\n{tail.strip()}" if title and glued else match.group()

    return ITEM_HEADING.sub(divide, text)

"""Which of the lines that name an item head it: not a table of contents, not a running header, not a mention."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from index.item_headings import ItemLine
from index.items import FormItem, FormItems

LEAST_PAGED = 3  # so many lines that end in page numbers are a table of contents
LEAST_CONTENTS = 4
LONG_SENTENCE = 80  # characters; no title is as long and ends in a full stop
LOOKED_AT = 3000  # characters under a line in which its text must begin
PAGE_ALONE = re.compile(r"(?:.{0,60}[\s|.])?(?:page\s)?[\dFS.,–-]{1,12}", re.IGNORECASE)
ENDS_SENTENCE = re.compile(r"[.!?:;][\"”’')\]]*$")
SAYS_NOTHING = re.compile(r"\W*(?:none|not applicable|n/?a|reserved|omitted|no\b|see\b|not required)", re.IGNORECASE)
SMALL_WORDS = frozenset("a an and as at by for from in into of on or our per the to vs with".split())


@dataclass(frozen=True)
class ItemHeading:
    """A line that was chosen, and the items of the form that it heads."""

    line: ItemLine
    items: tuple[FormItem, ...]


@dataclass(frozen=True)
class Choice:
    headings: tuple[ItemHeading, ...]  # in the order of the text
    contents: tuple[ItemLine, ...]  # lines of a table of contents or of an index
    astray: tuple[str, ...]  # items that stand out of the form's order
    with_text: int  # so many of the headings have sentences under them


def choose_headings(text: str, lines: Sequence[ItemLine], items: FormItems) -> Choice:
    """The lines that, taken together, best follow the order of the form and have text under them."""
    paged = [line for line in lines if line.paged]
    contents = set(paged if len(paged) >= LEAST_PAGED else [])
    under = {line: _has_text(text, line, after) for line, after in _with_next(text, lines)}
    contents |= _contents(lines, under, contents)
    left = _without_repeats([line for line in lines if line not in contents])
    chosen = _best_in_order(left, under, items)
    taken = {item.key for heading in chosen for item in heading.items}
    lines_taken = {heading.line for heading in chosen}
    once: dict[str, ItemHeading] = {}
    for heading in _headings_alone([line for line in left if line not in lines_taken], items):
        called = heading.line.likeness > 1.5 and heading.items[0].is_called(heading.line.title)
        if called and under[heading.line] and not taken & {item.key for item in heading.items}:
            once.setdefault(heading.items[0].key, heading)
    headings = sorted([*chosen, *once.values()], key=lambda heading: heading.line.start)
    with_text = sum(under[heading.line] for heading in headings)
    return Choice(tuple(headings), tuple(sorted(contents, key=lambda line: line.start)), tuple(once), with_text)


def _with_next(text: str, lines: Sequence[ItemLine]) -> Iterable[tuple[ItemLine, int]]:
    for line, following in pairwise(lines):
        yield line, following.start
    if lines:
        yield lines[-1], len(text)


def _has_text(text: str, line: ItemLine, end: int) -> bool:
    """Whether sentences stand under the line, and not only titles and page numbers."""
    for words in text[line.end : min(end, line.end + LOOKED_AT)].split("\n"):
        words = words.strip(" |")
        if SAYS_NOTHING.match(words) and len(words) < 80 and not words[-1:].isdigit():
            return True
        if len(words) < 3 or PAGE_ALONE.fullmatch(words):
            continue
        parts = [part for part in words.split() if part[0].isalpha() and part.casefold() not in SMALL_WORDS]
        lower = sum(part[0].islower() for part in parts)
        # "Statements of Earnings for the three months ended July 29, 2023, and July 30, 2022" is a title all the same.
        share = 0.4 if len(words) < LONG_SENTENCE else 0.2  # "Refer to Note 13 (Accrued Expenses) and Note 21 (...)."
        ends = len(parts) >= 3 and lower >= share * len(parts) and ENDS_SENTENCE.search(words)
        if ends or (len(parts) >= 8 and lower > 0.55 * len(parts)):
            return True
    return False


def _contents(lines: Sequence[ItemLine], under: dict[ItemLine, bool], known: set[ItemLine]) -> set[ItemLine]:
    """Runs of items, one after another without text, that stand elsewhere with text: contents without page numbers."""
    places: dict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        if under[line] and line not in known:
            for number in line.numbers:
                places[number].append(at)
    found: set[ItemLine] = set()
    run: list[int] = []
    for at, line in enumerate(lines):
        goes_on = bool(run) and not under[lines[run[-1]]] and _order(line) > _order(lines[run[-1]])
        if not goes_on:
            found |= _if_contents(run, lines, places)
            run = []
        run.append(at)
    return found | _if_contents(run, lines, places)


def _if_contents(run: list[int], lines: Sequence[ItemLine], places: dict[str, list[int]]) -> set[ItemLine]:
    if len(run) < LEAST_CONTENTS:
        return set()
    elsewhere = sum(
        any(place < run[0] or place > run[-1] for place in (*places[number][:1], *places[number][-1:]))
        for at in run
        for number in lines[at].numbers[:1]
    )
    return {lines[at] for at in run} if elsewhere >= 0.5 * len(run) else set()


def _order(line: ItemLine) -> tuple[int, str]:
    number, _, decimals = line.numbers[0].partition(".")
    digits = "".join(filter(str.isdigit, number))
    return int(digits), number[len(digits) :] + decimals


def _without_repeats(lines: Sequence[ItemLine]) -> list[ItemLine]:
    """Of lines in a row that name the same item the first that looks like a heading: the others are running headers."""
    kept: list[ItemLine] = []
    for line in lines:
        if kept and kept[-1].numbers == line.numbers:
            if line.likeness > kept[-1].likeness + 0.4:
                kept[-1] = line
            continue
        kept.append(line)
    return kept


def _headings_alone(lines: Iterable[ItemLine], items: FormItems) -> Iterable[ItemHeading]:
    """Each line as the heading of every item that its number may mean."""
    for line in lines:
        for part in {item.part for item in items.by_number[line.numbers[0]]}:
            named = [item for number in line.numbers for item in items.by_number[number]]
            of_part = tuple(item for item in named if len(items.by_number[item.number]) == 1 or item.part == part)
            yield ItemHeading(line, of_part)


def _best_in_order(lines: Sequence[ItemLine], under: dict[ItemLine, bool], items: FormItems) -> list[ItemHeading]:
    """The heaviest chain of headings whose items follow the form's order."""
    places = {item.key: place for place, item in enumerate(items.all)}
    # For each place of the form, the weight of the best chain that ends there, and its last link.
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(places) + 1)
    links: list[tuple[ItemHeading, int]] = []
    for line in lines:
        reached = []
        for heading in _headings_alone([line], items):
            first, last = places[heading.items[0].key], places[heading.items[-1].key]
            weight, previous = max(best[: first + 1], key=lambda end: end[0])
            called = any(item.is_called(line.title) for item in heading.items)
            weight += line.likeness + 0.5 * under[line] - 0.3 * line.continued + 0.3 * called
            links.append((heading, previous))
            reached.append((last + 1, weight, len(links) - 1))
        for place, weight, link in reached:
            if weight > best[place][0] + 1e-9 and line.likeness > 0:
                best[place] = (weight, link)
    _, link = max(best, key=lambda end: end[0])
    chain = []
    while link >= 0:
        heading, link = links[link]
        chain.append(heading)
    return chain[::-1]

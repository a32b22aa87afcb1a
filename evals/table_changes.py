"""What a table says, made false as a careless or a lying composer would: another column, row, year or scale.

The quotations are changed with the text, so that each is verbatim: only who reads the table anew can tell.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from index.filing import Passage
from rag.answer import Draft
from rag.rows import BAR, Row, rows_of
from rag.statements import Statement, tables_told
from rag.verify import verify

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
SCALE = re.compile(r"\b(thousand|million|billion)(s?)\b", re.IGNORECASE)
TRUE = "true"
SCALES = ("thousand", "million", "billion")


@dataclass(frozen=True)
class TableCase:
    """What is offered to verification, and the words of the filing that it claims."""

    kind: str
    text: str
    parts: tuple[tuple[str, str], ...]
    passages: Mapping[str, Passage]

    @cached_property
    def passed(self) -> bool:
        draft = Draft(
            self.text,
            tuple(passage_id for passage_id, _ in self.parts),
            quotes=tuple(words for _, words in self.parts),
        )
        return verify([draft], self.passages)[0].verdict == "supported"


def table_cases(passages: Sequence[Passage], chance: random.Random) -> Iterator[TableCase]:
    """The sentences that these tables are told in, as they are ('true') and made false."""
    named = {passage.id: passage for passage in passages}
    for told in tables_told(passages):
        yield TableCase(TRUE, told.text, told.parts, named)
        for kind, text, parts in _of_statement(told, named, chance):
            yield TableCase(kind, text, parts, named)
    rows = rows_of(passages)
    true = {row.tell([column]) for row in rows for column in range(len(row.columns))}
    for row in chance.sample(rows, min(len(rows), 12)):
        columns = [number for number in range(len(row.columns)) if row.is_distinct([number])]
        if columns:
            parts = tuple((line.passage.id, line.text) for line in row.lines)
            column = chance.choice(columns)
            yield TableCase(TRUE, row.tell([column]), parts, named)
            false = (pair for pair in _of_row(row, column, rows, chance) if pair[1] not in true)
            yield from (TableCase(kind, text, parts, named) for kind, text in false)


def _of_statement(
    told: Statement, named: Mapping[str, Passage], chance: random.Random
) -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """'Sales (2010): Grocery 51%; Apparel 10%.' with a value, a year or a scale that is not its own."""
    at = chance.randrange(len(told.parts))
    passage_id, words = told.parts[at]
    row = next((line for line in named[passage_id].text.split("\n") if words in line and BAR in line), "")
    cells = [cell.strip() for cell in row.strip(" |").split(BAR)]
    label, _, value = words.rpartition(" | ")
    others = [cell for cell in cells[1:] if re.search(r"\d", cell) and cell not in (value, words)]
    if others and re.search(r"\d", value or words):
        other = chance.choice(others)
        old, new = (f"{label} {value}", f"{label} {other}") if label else (words, other)
        if told.text.count(old) == 1 and not YEAR.fullmatch(words):
            changed = ((passage_id, label), (passage_id, other)) if label else ((passage_id, other),)
            yield (
                "value of another column",
                told.text.replace(old, new),
                (*told.parts[:at], *changed, *told.parts[at + 1 :]),
            )
    values = re.findall(r"(?<=\s)\(?\$?\d[\d,.]*%?\)?(?=;|\.$)", told.text)
    for one, other in pairwise(values):
        if one != other and told.text.count(f" {one};") == 1:
            swapped = told.text.replace(f" {one};", f" {other};", 1)
            yield "value of another row", swapped, told.parts
            yield "value of another row, quoted", swapped, tuple((p, w.replace(one, other)) for p, w in told.parts)
            break
    yield from ((kind, text, told.parts) for kind, text in _of_text(told.text, cells))


def _of_row(row: Row, column: int, rows: Sequence[Row], chance: random.Random) -> Iterator[tuple[str, str]]:
    text, value = row.tell([column]), row.values[column]
    mark = f"{value} ("
    others = [one for one in row.values if one != value and re.search(r"\d", one)]
    if others and text.count(mark) == 1:
        yield "value of another column", text.replace(mark, f"{chance.choice(others)} (")
    beside = [
        one.values[column]
        for one in rows
        if one.head == row.head and one.line != row.line and len(one.values) > column and one.values[column] != value
    ]
    if beside and text.count(mark) == 1:
        yield "value of another row", text.replace(mark, f"{chance.choice(beside)} (")
    yield from _of_text(text, row.columns)


def _of_text(text: str, heads: Sequence[str]) -> Iterator[tuple[str, str]]:
    year = list(YEAR.finditer(text))
    if year:
        known = [found.group() for head in heads for found in YEAR.finditer(head) if found.group() != year[-1].group()]
        other = known[0] if known else str(int(year[-1].group()) - 1)
        yield "another year", text[: year[-1].start()] + other + text[year[-1].end() :]
    scale = SCALE.search(text)
    if scale:
        other = next(one for one in SCALES if one != scale.group(1).casefold())
        yield "another scale", text[: scale.start()] + other + scale.group(2) + text[scale.end() :]
        yield "scale dropped", re.sub(r"\s{2,}", " ", text[: scale.start()] + text[scale.end() :])

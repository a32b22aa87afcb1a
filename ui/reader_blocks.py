"""A filing's text as the blocks that a reader sees: headings, paragraphs, entries, tables, and cited words marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Literal

from index.filing import Passage, Section
from index.statements import without_units

BlockKind = Literal["item", "heading", "entry", "text"]
Part = tuple[str, bool]  # words, and whether they are the cited ones
LONGEST = 300_000  # characters at once; of a longer text, the stretch around the cited words


def headings_of(text: str, passages: Sequence[Passage], sections: Sequence[Section]) -> dict[int, BlockKind]:
    """Where lines start that are headings, by what the index knows of items and passages."""
    found: dict[int, BlockKind] = {}
    for passage in passages:
        names = {without_units(name.strip()) for name in passage.heading.split(">")}
        at = passage.start
        for line in passage.text.split("\n"):
            if line.strip() in names:
                found[at] = "heading"
            elif line.strip() and at not in {section.start for section in sections}:
                break
            at += len(line) + 1
    return found | {section.start: "item" for section in sections if section.status == "extracted"}


def blocks_around(text: str, headings: dict[int, BlockKind], cited: tuple[int, int]) -> list[dict[str, Any]]:
    """The blocks of the text, or of the stretch around the cited words; neighbouring table rows form one table."""
    start, end = stretch_around(text, cited)
    blocks: list[dict[str, Any]] = []
    for is_table, lines in groupby(_lines(text, start, end), key=lambda line: " | " in line[1]):
        if is_table:
            blocks.append({"kind": "table", "rows": [_cells(at, line, cited) for at, line in lines]})
            continue
        for at, line in lines:
            kind = headings.get(at, "entry" if line.lstrip().startswith(("- ", "• ")) else "text")
            blocks.append({"kind": kind, "parts": parts_of(line, at, cited)})
    return blocks


def stretch_around(text: str, cited: tuple[int, int]) -> tuple[int, int]:
    """Where the shown part of the text starts and ends: on line borders, with the cited words in its middle."""
    if len(text) <= LONGEST:
        return 0, len(text)
    start = max(0, min((cited[0] + cited[1] - LONGEST) // 2, len(text) - LONGEST))
    end = min(len(text), start + LONGEST)
    if start:
        start = text.rfind("\n", 0, start) + 1
    if end < len(text):
        border = text.find("\n", end)
        end = border if border >= 0 else len(text)
    return start, end


def parts_of(line: str, at: int, cited: tuple[int, int]) -> list[Part]:
    """The line, which stands at this place in the text, cut where the cited words begin and end."""
    first = min(max(cited[0] - at, 0), len(line))
    last = min(max(cited[1] - at, first), len(line))
    parts = [(line[:first], False), (line[first:last], True), (line[last:], False)]
    return [(words, marked) for words, marked in parts if words]


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    at = start
    for line in text[start:end].split("\n"):
        if line.strip():
            yield at, line
        at += len(line) + 1


def _cells(at: int, line: str, cited: tuple[int, int]) -> list[list[Part]]:
    cells = []
    for cell in line.split(" | "):
        cells.append(parts_of(cell, at, cited))
        at += len(cell) + len(" | ")
    return cells

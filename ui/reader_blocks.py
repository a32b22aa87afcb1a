"""A filing's text as the blocks that a reader sees: headings, paragraphs, entries and tables, and its outline.

A block keeps its place in the text and its words as they are there, so that the page can mark any stretch by its
offsets without asking again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, Literal

from index.filing import Passage, Section
from index.statements import without_units

BlockKind = Literal["item", "heading", "entry", "text"]
LONGEST = 3_000_000  # characters: some 900 pages; what is longer is shown around the place that is open
LONGEST_HEADING = 120


def headings_of(passages: Sequence[Passage], sections: Sequence[Section]) -> dict[int, BlockKind]:
    """Where lines start that are headings, by what the index knows of items and passages."""
    items: dict[int, BlockKind] = {section.start: "item" for section in sections if section.status == "extracted"}
    found: dict[int, BlockKind] = {}
    for passage in passages:
        names = {without_units(name.strip()) for name in passage.heading.split(">")}
        at = passage.start
        for line in passage.text.split("\n"):
            if line.strip() in names:
                found[at] = "heading"
            elif line.strip() and at not in items:
                break
            at += len(line) + 1
    return found | items


def blocks_of(
    text: str, headings: dict[int, BlockKind], start: int = 0, end: int | None = None
) -> list[dict[str, Any]]:
    """The blocks of the text, or of a stretch that starts with a line; neighbouring table rows form one table."""
    blocks: list[dict[str, Any]] = []
    for is_table, lines in groupby(_lines(text, start, end), key=lambda line: " | " in line[1]):
        if is_table:
            blocks.append({"kind": "table", "rows": [[at, line] for at, line in lines]})
            continue
        for at, line in lines:
            kind = headings.get(at, "entry" if line.lstrip().startswith(("- ", "• ")) else "text")
            blocks.append({"kind": kind, "at": at, "words": line})
    return blocks


def outline_of(text: str, headings: dict[int, BlockKind]) -> list[dict[str, Any]]:
    """The items and the headings below them, in the order of the text, for those who look for a place."""
    entries: list[dict[str, Any]] = []
    for at, kind in sorted(headings.items()):
        words = text[at : text.find("\n", at)] if "\n" in text[at:] else text[at:]
        words = " ".join(words.replace(" | ", " ").split())
        if words and (kind == "item" or not entries or words != entries[-1]["words"]):
            entries.append({"at": at, "kind": kind, "words": words[:LONGEST_HEADING]})
    return entries


def stretch_around(text: str, place: int) -> tuple[int, int]:
    """Where the shown part of the text starts and ends: on line borders, with the place in its middle."""
    if len(text) <= LONGEST:
        return 0, len(text)
    start = max(0, min(place - LONGEST // 2, len(text) - LONGEST))
    end = min(len(text), start + LONGEST)
    if start:
        start = text.rfind("\n", 0, start) + 1
    if end < len(text):
        border = text.find("\n", end)
        end = border if border >= 0 else len(text)
    return start, end


def _lines(text: str, start: int, end: int | None) -> Iterator[tuple[int, str]]:
    at = start
    for line in text[start:end].split("\n"):
        if line.strip():
            yield at, line
        at += len(line) + 1

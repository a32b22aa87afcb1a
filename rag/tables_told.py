"""A small table as one sentence: 'Sales by category (2010): Grocery 51%; Hardlines 11%.'

Only tables whose meaning is plain are told: one column of values, or one for each year, of which the newest is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MOST_ROWS, MOST_WORDS = 12, 12
VALUE = re.compile(r"(?:\(?\$?\s?\d[\d,]*(?:\.\d+)?\s?%?\)?)(?: (?:million|billion|thousand))?")
YEAR = re.compile(r"(?:(?:FY|Fiscal|fiscal year)\s?)?((?:19|20)\d\d)")
ANNOUNCEMENT = re.compile(
    r",?\s*(?:(?:were|was|are|is) )?"
    r"(?:set forth|shown|summarized|presented|listed|as follows|the following|below)\b.*$",
    re.IGNORECASE,
)
UNITS = re.compile(r"\((?:dollars |\$ |amounts )?in (?:thousands|millions|billions)[^)]*\)", re.IGNORECASE)
PERSONS = re.compile(r"\b(?:age|name|officer|director|position)\b", re.IGNORECASE)
FOOTNOTE_MARK = re.compile(r"\s*\(?\(\d\)\)?$|(?<=[a-z])\s?\d$")

Row = tuple[str, str]  # (passage id, line)


def table_statement(lines: Sequence[Row]) -> tuple[str, list[Row]] | None:
    """The table as a sentence and the words that it rests on; nothing where it is not plain what its values mean."""
    first = next(number for number, (_, line) in enumerate(lines) if " | " in line)
    rows = lines[first:]
    cells = [[cell.strip() for cell in line.strip(" |").split(" | ")] for _, line in rows]
    head = _head(cells)
    column, year_at = _column(cells[:head])
    if column is None or PERSONS.search(" ".join(cells[0])):
        return None
    told: list[str] = []
    parts: list[Row] = []
    width = max(len(row) for row in cells[head:]) if cells[head:] else 0
    if year_at and width != len(cells[year_at[0]]) + all(YEAR.fullmatch(cell) for cell in cells[year_at[0]]):
        return None  # which value is that of the year can't be told
    for (passage_id, line), row in zip(rows[head:], cells[head:], strict=True):
        if len(row) != width or not VALUE.fullmatch(row[column]) or YEAR.fullmatch(row[column]):
            continue
        label = FOOTNOTE_MARK.sub("", row[0])
        if not re.search(r"[A-Za-z]{3}", label) or len(label.split()) > MOST_WORDS:
            return None
        if row[column] in ("100%", "100.0%", "100.0", "100"):
            continue  # that the parts make up the whole goes without saying
        told.append(f"{label.lower() if label.isupper() and len(label) > 4 else label} {row[column]}")
        start = line.find(row[0])
        if column == 1 and label == row[0]:
            parts.append((passage_id, line[start : line.index(row[1], start + len(row[0])) + len(row[1])]))
        else:
            parts += [(passage_id, label), (passage_id, row[column])]
    caption, caption_parts = _caption(lines, first, cells[0])
    if not 2 <= len(told) <= MOST_ROWS or not caption:
        return None
    if not year_at or (year := cells[year_at[0]][year_at[1]]) in caption:
        return f"{caption}: {'; '.join(told)}.", [*caption_parts, *parts]
    dated = f"{caption[:-1]}, {year})" if caption.endswith(")") else f"{caption} ({year})"
    return f"{dated}: {'; '.join(told)}.", [*caption_parts, (rows[year_at[0]][0], year), *parts]


def _head(cells: list[list[str]]) -> int:
    """How many rows come before the first one with a value."""
    for number, row in enumerate(cells):
        values = row[1:] if len(row) > 1 else row
        if any(VALUE.fullmatch(cell) and not YEAR.fullmatch(cell) for cell in values):
            return number
    return len(cells)


def _column(head: list[list[str]]) -> tuple[int | None, tuple[int, int] | None]:
    """(the column whose values are told, where its year stands)."""
    for number, row in enumerate(head):
        years = [(int(match.group(1)), place) for place, cell in enumerate(row) if (match := YEAR.fullmatch(cell))]
        if years and len(years) >= len(row) - 1 and len({year for year, _ in years}) == len(years):
            _, place = max(years)
            # The corner above the labels is often empty and then not there at all.
            return place + (len(years) == len(row)), (number, place)
    if head and len(head[-1]) == 2:
        return 1, None
    return None, None


def _caption(lines: Sequence[Row], first: int, head: list[str]) -> tuple[str, list[Row]]:
    """What the values are, in words of the filing: of the line before the table, or of its corner."""
    corner = head[0]
    if len(head) == 2 and len(corner.split()) >= 2 and not VALUE.fullmatch(corner) and not YEAR.fullmatch(head[1]):
        return (corner.title() if corner.isupper() else corner), [(lines[first][0], corner)]
    if first:
        passage_id, line = lines[0]
        words = ANNOUNCEMENT.sub("", line).strip(" :.,")
        units = UNITS.search(line)
        if len(words.split()) >= 3:
            if units and units.group() not in words:
                return f"{words} {units.group()}", [(passage_id, words), (passage_id, units.group())]
            return words, [(passage_id, words)]
    return "", []

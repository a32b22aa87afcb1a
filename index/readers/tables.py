"""The rows of an HTML table as lines: figures with signs and labels, and layout tables as the text they lay out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

BULLET_CELL = re.compile(r"[•·●▪◦■□○§‣⁃∙◆◊➢❖♦✓\uf0b7\uf0a7\uf06e]|[*o–—-]")
BOX_CELL = re.compile(r"[☐☒☑✔✘◻⌧]|\[[ xX]?\]")
NUMBER_CELL = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.)]\)?|\*{1,3}|[†‡]", re.IGNORECASE)
ITEM_CELL = re.compile(
    r"items?\.?(?:\s+\d{1,2}(?:\s?\(?[a-c]\)?)?\s*[.:–—-]*)?|part\s+[ivx]+\s*[.:–—-]*", re.IGNORECASE
)
ITEM_NUMBER_CELL = re.compile(r"\d{1,2}\s?[a-c]?\s*[.:–—-]*", re.IGNORECASE)
OPENS_FIGURE = re.compile(r"(?:US|C|A|HK|NT|RMB)?[$€£¥]\s*\(?|\(\s*[$€£¥]?|[$€£¥]?\s*[-–—]\s*[$€£¥]")
CLOSES_FIGURE = re.compile(r"\)?\s*%?\)?")
# "(6 | )": the bracket that opened with the figure is still to be closed.
OPEN_BRACKET = re.compile(r"\([^()]*$")
ENDS_IN_FIGURE = re.compile(r"[\d)–—-]$")
LONG_CELL = 600  # characters of several paragraphs: a cell that lays out a page, not one that holds a figure


@dataclass
class Cell:
    """What stands in a cell, line by line; 'laid_out' when the lines come of a table inside it."""

    lines: list[str] = field(default_factory=list)
    laid_out: bool = False

    @property
    def text(self) -> str:
        return " ".join(filter(None, self.lines))


def table_lines(rows: list[list[Cell]]) -> list[str]:
    """The table's lines in reading order; blank lines only where a cell laid out paragraphs."""
    lines: list[str] = []
    for row in rows:
        lines.extend(_row_lines([cell for cell in row if any(cell.lines)]))
    return lines


def _row_lines(cells: list[Cell]) -> list[str]:
    if not cells:
        return []
    bullets = 0
    while bullets + 1 < len(cells) and BULLET_CELL.fullmatch(cells[bullets].text):
        bullets += 1
    if bullets:
        lines = _worded_lines(cells[bullets:])
        return [f"- {lines[0]}", *lines[1:]]
    return _worded_lines(cells)


def _worded_lines(cells: list[Cell]) -> list[str]:
    texts = [cell.text for cell in cells]
    if BOX_CELL.fullmatch(texts[0]) and len(cells) == 2:
        return [" ".join(texts)]
    if len(cells) == 1:
        return _joined_lines(cells[0].lines)
    if any(cell.laid_out or _is_page_of_text(cell) for cell in cells):
        return [line for cell in cells for line in (*cell.lines, "")][:-1]
    if len(cells) == 2 and (NUMBER_CELL.fullmatch(texts[0]) or ITEM_CELL.fullmatch(texts[0])) and texts[1][0] != "$":
        return [" ".join(texts)]
    if len(cells) == 3 and ITEM_CELL.fullmatch(texts[0]) and ITEM_NUMBER_CELL.fullmatch(texts[1]):
        return [" ".join(texts)]
    return [" | ".join(join_figures(texts))]


def _joined_lines(lines: list[str]) -> list[str]:
    """The cell's own lines; one that begins in lower case goes on from the one before."""
    joined: list[str] = []
    for line in lines:
        if joined and line[:1].islower() and 0 < len(joined[-1]) < LONG_CELL:
            joined[-1] += " " + line
        else:
            joined.append(line)
    return joined


def _is_page_of_text(cell: Cell) -> bool:
    return "\f" in cell.lines or ("" in cell.lines and len(cell.text) > LONG_CELL)


def join_figures(cells: list[str]) -> list[str]:
    """'$' and '5,000', '(6' and ')', '5' and '%' stand in cells of their own to be aligned; one figure each."""
    joined: list[str] = []
    opened = False  # the last cell is only the beginning of a figure
    for cell in cells:
        if joined and (opened or _closes(joined[-1], cell)):
            joined[-1] += cell
        else:
            joined.append(cell)
        opened = bool(OPENS_FIGURE.fullmatch(joined[-1]))
    return joined


def _closes(figure: str, cell: str) -> bool:
    if not CLOSES_FIGURE.fullmatch(cell):
        return False
    return bool(OPEN_BRACKET.search(figure)) if cell.startswith(")") else bool(ENDS_IN_FIGURE.search(figure))

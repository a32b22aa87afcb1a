"""The lines of a page as its elements open and close: paragraphs, rows of tables, page breaks."""

from __future__ import annotations

import re

from index.readers.tables import Cell, table_lines
from index.readers.visibility import Look
from index.readers.wrapping import unwrap

LONE_BULLET = re.compile(r"[•·●▪◦■□○§‣⁃∙◆◊➢❖♦✓\uf0b7\uf0a7\uf06e]|\(\d{1,2}\)")
LONE_PAGE_NUMBER = re.compile(r"[-–—]?\s*(?:page\s+)?(?:\d{1,3}|[ivx]{1,5}|[A-Z]{1,2}-\d{1,3})\s*[-–—]?", re.IGNORECASE)
WINGDINGS = str.maketrans(dict.fromkeys("þxýQRS", "☒") | dict.fromkeys("¨oq", "☐") | dict.fromkeys("nlw§·Ø", "•"))


class Layout:
    """The lines that have been read, and the tables and cells that are still open."""

    def __init__(self) -> None:
        self.boxes = [Cell()]  # the page itself, then each open cell
        self.tables: list[list[list[Cell]]] = []
        self.words: list[str] = []
        self.preformatted = 0
        self.raised = False
        self.hidden_letters = 0
        self.facts: dict[str, str] = {}

    def add_text(self, text: str, look: Look) -> None:
        if look.hidden:
            self.hidden_letters += sum(map(str.isalnum, text))
        else:
            if self.raised and text[:1].isdigit() and self.words and self.words[-1][-1:].isalnum():
                self.words.append(" ")  # the number of a note is no part of the figure or the word before it
            self.raised = False
            self.words.append(text.translate(WINGDINGS) if look.wingdings else text)

    def end_line(self, blank: bool = False, keep_bullet: bool = False) -> None:
        """What was collected becomes a line, and a blank one comes after it; a lone bullet waits for its text."""
        lines = self.boxes[-1].lines
        if self.words:
            text = "".join(self.words)
            self.words.clear()
            if self.preformatted:
                lines.extend(unwrap(text))
            elif keep_bullet and LONE_BULLET.fullmatch(text.strip()):
                self.words.append(text.strip() + " ")
                return
            elif line := " ".join(text.split()):
                lines.append(line)
        if blank and lines and lines[-1] not in ("", "\f"):
            lines.append("")

    def break_line(self) -> None:
        if self.preformatted:
            self.words.append("\n")
        else:
            self.end_line(keep_bullet=True)

    def break_page(self) -> None:
        self.end_line(blank=True)
        lines = self.boxes[-1].lines
        if lines and lines[-1] != "\f":
            lines[-1] = "\f"

    def ends_in_page_number(self) -> bool:
        return any(LONE_PAGE_NUMBER.fullmatch(line) for line in self.boxes[-1].lines[-2:])

    def open_table(self) -> None:
        self.end_line(blank=True)
        self.tables.append([])

    def close_table(self) -> None:
        lines = table_lines(self.tables.pop())
        box = self.boxes[-1]
        box.lines.extend(lines)
        box.laid_out = bool(self.tables)
        if lines and lines[-1] not in ("", "\f"):
            box.lines.append("")

    def open_cell(self) -> None:
        self.end_line()
        self.boxes.append(Cell())
        if not self.tables[-1]:
            self.tables[-1].append([])
        self.tables[-1][-1].append(self.boxes[-1])

    def close_cell(self) -> None:
        self.end_line()
        lines = self.boxes.pop().lines
        while lines and not lines[-1]:
            lines.pop()

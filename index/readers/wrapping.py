"""Text that was wrapped to the width of a page: the lines of a paragraph are joined, rows and headings stay lines.

The sign of a wrapped line is that the first word of the next one would not have fitted on it. Where the words
of a table were taken out of a page cell by cell, the figures go back to the label that stands above them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.readers.columns import MARKER, cells_of, figures_only
from index.readers.tables import join_figures

RULER_MARKS = frozenset("-=_.*~ \t")
LONE_BULLET = re.compile(r"[•·●▪■□◦§‣∙\uf0b7\uf0a7]|--?|\(\d{1,2}\)|\*{1,3}")
OPENS_POINT = re.compile(
    r"\s*(?:[•·●▪■□◦§‣∙\uf0b7\uf0a7*]\s?\S|(?:--?|o)\s{1,}\S|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})\)\s|\[.?\]\s|[☐☒])"
)
ITEM_LINE = re.compile(r"\s*(?:items?\s+\d{1,2}[a-c]?\b|part\s+[ivx]+\s*$|signatures?\s*$)", re.IGNORECASE)
ENDS_SENTENCE = re.compile(r"[.!?:;][\"”’')\]]*$")
ENDS_OPEN = re.compile(
    r"(?:,|\b(?:a|an|and|as|at|by|for|from|in|is|its|of|on|or|our|that|the|their|to|we|were|which|with))$",
    re.IGNORECASE,
)
FIGURE_FIRST = re.compile(r"[$(]?\d")  # "for the past" and then "90 days"
NOTE_MARK = re.compile(r"\s*(\([1-9]\))\s*")
LEAST_WORDS = 4  # of prose; a heading may be shorter
LONGEST_HEAD = 30  # characters of the words over a column
LEAST_HEAD = 3  # columns
LONGEST_LABEL = 150
FULL = 0.82  # of the page's width: the next word would not have fitted
VERY_FULL = 0.94
SHORT = 0.6
CENTRED = 14  # columns of white space before a heading
USUAL_WIDTH = 80


@dataclass
class _Line:
    """A line as it grows: its words, the lines that were joined to it and the figures that belong to it."""

    words: str
    indent: int = 0
    hang: int = -1  # the column in which the text of a marked point starts
    end: int = 0
    is_row: bool = False
    more: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)

    @property
    def last_words(self) -> str:
        return self.more[-1] if self.more else self.words

    @property
    def text(self) -> str:
        return " | ".join(filter(None, ["".join([self.words, *self.more]), *join_figures(self.figures)]))

    def join(self, new: _Line) -> None:
        # "year-" and "over-year" are one word; what the hyphen of a parted word was is not for us to tell.
        parted = re.search(r"\w-$", self.last_words[-2:]) and new.words[:1].islower()
        self.more.append(new.words if parted else " " + new.words)
        self.indent, self.end = new.indent, new.end


def is_ruler(line: str) -> bool:
    """A line of dashes, underscores or dots, or of several such for the columns of a table."""
    marks = line.strip()
    return marks[:1] in RULER_MARKS and len(marks) >= 3 and set(marks) <= RULER_MARKS and not set(marks) <= {".", " "}


def text_width(text: str) -> int:
    """The width that most full lines of the text have."""
    lengths = sorted(len(line.rstrip()) for line in text.split("\n") if len(line.strip()) > 30)
    return lengths[int(len(lengths) * 0.9)] if lengths else USUAL_WIDTH


def unwrap(text: str, width: int = 0) -> list[str]:
    """The paragraphs, headings and rows of the text, each a line; blank lines stay where paragraphs end."""
    width = width or text_width(text)
    done: list[_Line] = []
    blank = False
    lines = [line.expandtabs(8).rstrip() for line in text.split("\n")]
    for place, line in enumerate(lines):
        if not line or line.isspace() or is_ruler(line):
            blank = True
            continue
        last = done[-1] if done else _Line("")
        opens_note = False
        if mark := NOTE_MARK.fullmatch(line):
            after, then = _next_words(lines, place)
            if not last.is_row and _takes_figures(last) and figures_only(after):
                last.more.append(" " + mark.group(1))  # the mark of a note on the label, and its figures come next
                continue
            opens_note = not figures_only(after) and not figures_only(then)
        if figures_only(line) and _takes_figures(last) and not opens_note:
            last.figures.extend(line.split())
            last.is_row = True
            continue
        new = _read(line)
        if opens_note:
            new.is_row = False
        waits = LONE_BULLET.fullmatch(last.words) and not last.more and not last.is_row and not new.is_row
        if waits or (not blank and _goes_on(last, new, width)):
            last.join(new)
        else:
            if blank and done:
                done.append(_Line(""))
            done.append(new)
        blank = False
    return _with_heads_of_tables(done)


def _next_words(lines: list[str], place: int) -> tuple[str, str]:
    """The next two lines that are not blank, or that near."""
    following = [line for line in lines[place + 1 : place + 8] if line and not line.isspace()]
    first, second, *_ = (*following, "", "")
    return first, second


def _with_heads_of_tables(lines: list[_Line]) -> list[str]:
    """The rows of a table stand together, and the words over its columns, one to a line till now, are a row too."""
    kept: list[str] = []
    head: list[str] = []  # short lines of which it is not known yet whether a row follows
    row_before = False
    for line in lines:
        if line.is_row:
            if sum(map(bool, head)) >= LEAST_HEAD:
                kept.append(" | ".join(filter(None, head)))
            else:
                kept.extend(head)
            head = []
            while row_before and kept and not kept[-1]:
                kept.pop()
            kept.append(line.text)
            row_before = True
        elif not line.words:
            (head if head else kept).append("")
        elif (
            len(line.words) <= LONGEST_HEAD
            and not line.more
            and not ENDS_SENTENCE.search(line.words)
            and not _opens(line.words)
        ):
            head.append(line.words)
        else:
            kept.extend(head)
            head = []
            kept.append(line.text)
            row_before = False
    return kept + head


def _read(line: str) -> _Line:
    indent = len(line) - len(line.lstrip())
    marker = MARKER.match(line)
    cells = line.strip().split(" | ") if " | " in line else cells_of(line)
    return _Line(
        " | ".join(cells),
        indent,
        marker.end() if marker else -1,
        len(line),
        len(cells) > 1 or figures_only(line),
    )


def _takes_figures(line: _Line) -> bool:
    """A label, or a row that has begun; figures after a sentence are no part of it."""
    if not line.words or len(line.words) > LONGEST_LABEL or len(line.more) > 2:
        return False
    return line.is_row or not ENDS_SENTENCE.search(line.last_words) or line.last_words.endswith(":")


def _goes_on(line: _Line, new: _Line, width: int) -> bool:
    """Whether the new line continues the paragraph."""
    if line.is_row or new.is_row or not line.words or _opens(new.words):
        return False
    hangs = line.hang >= 0 and abs(new.indent - line.hang) <= 1
    in_line = abs(new.indent - line.indent) <= 1
    if not hangs and not in_line and (new.indent > line.indent or max(new.indent, line.indent) >= CENTRED):
        return False
    if line.last_words.endswith(("☐", "☒")):
        return False
    first = new.words.split(maxsplit=1)[0]
    full = line.end + 1 + len(first) >= FULL * width
    before = line.last_words[-40:]
    if not ENDS_SENTENCE.search(before):
        in_prose = before[-1:].islower() and len(before.split()) >= LEAST_WORDS
        goes_on = ENDS_OPEN.search(before) or (in_prose and FIGURE_FIRST.match(first))
        return full or first[:1].islower() or bool(goes_on)
    # Whether the paragraph ends with the sentence: a short line that is no sentence is the heading of the next one.
    is_heading = new.end < SHORT * width and not ENDS_SENTENCE.search(new.words)
    return (
        full and not is_heading and (line.end + 1 + len(first) > VERY_FULL * width or not first[:1].isupper() or hangs)
    )


def _opens(words: str) -> bool:
    """Whether the words open a point of a list, an item or a part."""
    return bool(LONE_BULLET.fullmatch(words) or OPENS_POINT.match(words) or ITEM_LINE.match(words))

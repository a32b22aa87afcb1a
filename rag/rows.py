"""The rows of a filing's tables, each with the lines that say what it means: title, unit, column heads, group.

A row is told in one way only (`tell`), made of its own lines and nothing else. So 'Grocery: 51% (2010)' can be
checked: it is what that row says under that head, or it is withheld.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from index.filing import Passage
from index.statements import statement_title
from rag.figures import years

MOST_COLUMNS = 8
LONGEST_TITLE = 40  # words
LONGEST_LABEL = 25
BAR = " | "
# What was taken is never given back (*+): else there are more ways to part a line of 40 digits than anybody can try.
PERIOD = re.compile(
    r"(?:(?:fiscal|fy|december|january|february|march|april|may|june|july|august|september|october|november|"
    r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b|"
    r"years?|end(?:ed|ing)?|as|of|at|weeks?|months?|\d{1,2}(?!\d)|(?:19|20)\d\d(?=.{0,60}(?:19|20)\d\d)|[,.'’()*])\s*+)*+"
    r"(?:19|20)\d\d\s*(?:\(\w{1,2}\)|\*)?",
    re.IGNORECASE,
)
# '51%', '$(1,200)', '4.6x', '—': what stands in a column of figures.
VALUE = re.compile(
    r"[-–—(]?\s*(?:US)?[$€£]?\s*[-–—(]?\s*\d[\d,]*(?:\.\d+)?\s*[)%x]*\s*(?:\(\w{1,2}\))?|\.\d+|[$€£]?\s?[-–—]"
)
UNIT = re.compile(
    r"\b(?:in|amounts?|dollars?|except)\b.*\b(?:thousands|millions|billions)\b|^\W*(?:thousands|millions|billions)\b|"
    r"\([^()]*\b(?:thousands|millions|billions)\b[^()]*\)",
    re.IGNORECASE,
)
# In the sentence that leads to a table: 'Our members were (in thousands):'.
UNIT_BESIDE = re.compile(r"\([^()]*\b(?:thousands|millions|billions)\b[^()]*\)(?=[^()]*:\s*$)", re.IGNORECASE)
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_DATE = rf"(?:{_MONTH} \d{{1,2}}, ?)?(?:19|20)\d\d"
# Columns that a PDF writes without a line between them: 'Years Ended January 28, 2023 January 29, 2022'.
DATES_ALONE = re.compile(rf"(?:(?:for|the|fiscal|years?|ended|as|of|at)\s+)*({_DATE}(?:\s+{_DATE})+)", re.IGNORECASE)
DATE = re.compile(_DATE, re.IGNORECASE)
# Or one below the other: 'December 2, | 2022' above 'December 3, | 2021'.
DAY = re.compile(rf"{_MONTH} \d{{1,2}},?", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\d")
# 'As of/Year ended December 31,' above '2024 | 2023': a line of nothing but these opens the heads below it.
PERIOD_WORDS = frozenset(
    "for the as of at on and or then trailing fiscal year years quarter quarters week weeks month months ended "
    "ending three six nine twelve january february march april may june july august september october november "
    "december".split()
)
GENERIC = re.compile(
    r"^\W*(?:sub-?)?(?:grand )?(?:totals?|others?|all other|net|balance|average|number)\W*$", re.IGNORECASE
)
ENDS_GROUP = re.compile(r"^\W*(?:sub-?|grand )?total\b|^net cash\b", re.IGNORECASE)
# What accounts come to is of no group, though it stands below the last one's lines.
RESULT = re.compile(
    r"^\W*(?:net|gross|operating|income|earnings|loss|profit|provision|comprehensive|basic|diluted|weighted|cash,? and|"
    r"cash at|total (?:assets|liabilities))\b",
    re.IGNORECASE,
)
# But 'Diluted' says nothing without 'Earnings per share:' above it.
OF_SHARES = re.compile(r"\bper (?:\w+ )*share|\bshares\b", re.IGNORECASE)
TWO_WAYS = re.compile(r"(?:basic|diluted)(?: and diluted)?", re.IGNORECASE)
LONGEST_VALUE = 12
NOTES = re.compile(r"\W*(?:see |the )?(?:accompanying )?notes?\b", re.IGNORECASE)
WORD = re.compile(r"[a-z]+|\d+")
FIRST_PERSON = re.compile(r"\b(?:we|our|ours|us)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """A line of a passage and where it stands in the passage's text."""

    passage: Passage
    start: int
    text: str


@dataclass(frozen=True)
class Row:
    """A row of figures, with the lines that it hangs on; each of these is an empty text where the table has none."""

    title: Line | None
    unit: Line | None
    period: Line | None
    head: Line
    group: Line | None
    line: Line
    stub: str  # what stands above the labels
    columns: tuple[str, ...]
    label: str
    values: tuple[str, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All that it is told from, in the order in which it stands."""
        return tuple(line for line in (self.title, self.unit, self.period, self.head, self.group, self.line) if line)

    @property
    def about(self) -> str:
        """What it is about, without its figures."""
        parts = (self.title.text if self.title else "", self.stub, self.group.text if self.group else "", self.label)
        return " – ".join(part.strip(" :") for part in parts if part)

    def tell(self, columns: Sequence[int]) -> str:
        """The row's figures of these columns as a sentence: 'Net income: $6,747 (2024), $6,379 (2023); in millions.'"""
        group = self.group.text if self.group else ""
        stub = "" if UNIT.search(self.stub) else self.stub
        what = " – ".join(part.strip(" :") for part in (stub, group, self.label) if part.strip(" :"))
        period = f"{self.period.text.rstrip(' :')} " if self.period else ""
        told = ", ".join(f"{self.values[number]} ({period}{self.columns[number]})" for number in columns)
        unit = self.unit.text if self.unit else self.stub if UNIT.search(self.stub) else ""
        unit = f"; {_bare(unit)}" if unit else ""
        title = f"{self.title.text.rstrip(' :')}: " if self.title else ""
        return f"{title}{what}: {told}{unit}."

    def column_of(self, year: int) -> int | None:
        """The one column of that year."""
        of_year = [number for number, column in enumerate(self.columns) if year in years(column)]
        return of_year[0] if len(of_year) == 1 else None

    def is_distinct(self, columns: Sequence[int]) -> bool:
        """Whether the heads of these columns tell them from all others."""
        return all(self.columns.count(self.columns[number]) == 1 for number in columns)

    @property
    def is_scaled(self) -> bool:
        """Whether it is said that its figures are thousands, millions or billions."""
        scales = (self.unit, self.title)
        return bool(UNIT.search(self.stub)) or any(UNIT.search(line.text) for line in scales if line)

    @property
    def is_by_year(self) -> bool:
        return any(PERIOD.fullmatch(column.strip()) for column in self.columns)


def rows_of(passages: Sequence[Passage]) -> list[Row]:
    """The rows of these passages that can be told for sure; `passages` are in reading order, gaps end a table."""
    found: list[Row] = []
    table = _Table()
    before: Passage | None = None
    for passage in passages:
        if not before or (passage.filing_id, passage.order) != (before.filing_id, before.order + 1):
            table = _Table()
        for line in _lines(passage):
            row = table.read(line)
            if row:
                found.append(row)
        before = passage
    return found


def begun_before(passages: Sequence[Passage]) -> list[str]:
    """The ids of the passages before those that open in the middle of a table: its head may stand there."""
    known = {passage.id for passage in passages}
    wanted = {
        f"{passage.filing_id}:{passage.order - back}"
        for passage in passages
        if BAR in passage.text.lstrip().partition("\n")[0]
        for back in (1, 2)
    }
    return sorted(wanted - known)


def told_by(text: str, row: Row) -> bool:
    """Whether a text is what the row says: of some of its columns, in their order, to the letter."""
    numbers = range(len(row.columns))
    chosen = (columns for size in numbers for columns in combinations(numbers, size + 1))
    return any(row.is_distinct(columns) and text == row.tell(columns) for columns in chosen)


def _bare(unit: str) -> str:
    unit = unit.strip(" :,")
    return unit[1:-1] if unit.startswith("(") and unit.find(")") == len(unit) - 1 else unit


def _opens_period(line: str) -> bool:
    words = re.findall(r"[a-z]+|\d+", line.casefold())
    telling = re.search(r"ended|ending|\d|as of", line, re.IGNORECASE) is not None
    return telling and all(word in PERIOD_WORDS or (word.isdigit() and len(word) < 3) for word in words)


def _lines(passage: Passage) -> Iterator[Line]:
    offset = 0
    for raw in passage.text.splitlines(keepends=True):
        yield Line(passage, offset + len(raw) - len(raw.lstrip()), raw.strip())
        offset += len(raw)


class _Table:
    """What has been read of the table that a line stands in."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self.title: Line | None = None
        self.unit: Line | None = None
        self.period: Line | None = None
        self.head: Line | None = None
        self.dates: tuple[str, ...] = ()  # the columns of a head that has no cells
        self.group: Line | None = None
        self.has_rows = self.holds_money = False

    def read(self, line: Line) -> Row | None:
        if not line.text:
            # An empty line ends the table, and leaves what may be the title of the next; accounts have them inside.
            if self.head and not self._is_statement():
                self._forget()
            return None
        if BAR not in line.text:
            self._read_words(line)
            return None
        cells = [cell.strip() for cell in line.text.split(BAR)]
        if len(cells) == 2 and DAY.fullmatch(cells[0]) and YEAR.fullmatch(cells[1]):
            self._read_day(line, " ".join(cells))
            return None
        if _is_head(cells, self.has_rows):
            self.head, self.dates, self.group, self.has_rows = line, (), None, False
            return None
        self.has_rows = True
        row = self._row(line, cells)
        if ENDS_GROUP.search(cells[0]):
            self.group = None  # what follows a total is no longer of its group
        return row

    def _read_day(self, line: Line, day: str) -> None:
        """One of the columns, which stand one below the other."""
        head, gap = self.head, ""
        if head and self.dates and not self.has_rows and head.passage == line.passage:
            gap = line.passage.text[head.start + len(head.text) : line.start]
        if head and gap and not gap.strip():
            self.head = Line(line.passage, head.start, f"{head.text}{gap}{line.text}")
            self.dates = (*self.dates, day)
        else:
            self.head, self.dates, self.group, self.has_rows = line, (day,), None, False

    def _read_words(self, line: Line) -> None:
        if self.head and self._is_statement() and (statement_title(line.text) or NOTES.match(line.text)):
            self._forget()
        dates = DATES_ALONE.fullmatch(line.text)
        if dates:
            self.head, self.dates = line, tuple(DATE.findall(dates.group(1)))
            self.group, self.has_rows = None, False
            return
        length, ends = len(line.text.split()), line.text.endswith(".")
        if (ends and length > LONGEST_VALUE) or length > LONGEST_TITLE:
            self._forget()  # prose
            self._read_unit_beside(line)
        elif UNIT.search(line.text) and length <= LONGEST_LABEL and not ends and not line.text.endswith(":"):
            self.unit = line
        elif _opens_period(line.text):
            self.period = line
        elif self.head:
            self.group = line
        elif self._is_statement() and all(w in PERIOD_WORDS or w.isdigit() for w in WORD.findall(line.text.casefold())):
            pass  # 'For the years ended December 31, 2021 and 2020' below 'Balance Sheets' is no better title
        elif not PERIOD.fullmatch(line.text) and re.search(r"[A-Za-z]{3}", line.text):
            self.title = None if FIRST_PERSON.search(line.text) else line
            if not self.title:
                self._read_unit_beside(line)

    def _read_unit_beside(self, line: Line) -> None:
        """What leads to the table is not told with its rows; that its figures are thousands must be."""
        if beside := UNIT_BESIDE.search(line.text):
            self.unit = Line(line.passage, line.start + beside.start(), beside.group())

    def _row(self, line: Line, cells: list[str]) -> Row | None:
        if not self.head or not re.search(r"[A-Za-z]{2}", cells[0]) or len(cells[0].split()) > LONGEST_LABEL:
            return None
        heads = [cell.strip() for cell in self.head.text.split(BAR)]
        has_stub = not PERIOD.fullmatch(heads[0]) and len(heads) == len(cells)
        columns, stub = (heads[1:], heads[0]) if has_stub else (heads, "")
        if self.dates:
            columns, stub = list(self.dates), ""
        values = cells[1:]
        self.holds_money |= any(sign in value for value in values for sign in "$€£")
        fits = len(columns) == len(values) <= MOST_COLUMNS
        fits = fits and all(len(value.split()) <= LONGEST_VALUE for value in values)
        if not fits or not any(VALUE.fullmatch(value) and re.search(r"\d", value) for value in values):
            return None
        scales = (self.unit.text if self.unit else "", stub, self.title.text if self.title else "")
        if self.holds_money and not any(map(UNIT.search, scales)) and not self._is_statement():
            return None  # $222,730 of what?
        if GENERIC.match(cells[0]) and not (stub or self.title or self.group):
            return None
        by_year = all(PERIOD.fullmatch(column) for column in columns)
        same = self.group and self.group.text.strip(" :").casefold() == cells[0].strip(" :").casefold()
        of_shares = self.group and OF_SHARES.search(self.group.text) and TWO_WAYS.fullmatch(cells[0].strip(" :"))
        group = None if same or (RESULT.match(cells[0]) and not of_shares) else self.group
        return Row(
            self.title,
            self.unit,
            self.period if by_year else None,
            self.head,
            group,
            line,
            stub,
            tuple(columns),
            cells[0],
            tuple(values),
        )

    def _is_statement(self) -> bool:
        """Whether it is one of the accounts: these say what they are counted in; where they don't, it is dollars."""
        return bool(self.title and statement_title(self.title.text))


def _is_head(cells: Sequence[str], has_rows: bool) -> bool:
    """'| 2010 | 2009' anywhere; words above the columns only where the table begins."""
    periods = [bool(PERIOD.fullmatch(cell)) for cell in cells[1:]]
    if all(periods) and (PERIOD.fullmatch(cells[0]) or not VALUE.fullmatch(cells[0])):
        return True
    worded = [not re.search(r"\d", cell) or period for cell, period in zip(cells[1:], periods, strict=True)]
    if any(periods) and all(worded):
        return True
    return not has_rows and all(worded) and not any(VALUE.fullmatch(cell) for cell in cells[1:])

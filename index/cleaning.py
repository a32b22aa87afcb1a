"""From the text that a tool or a copy left behind to the text that is shown, stored and counted in.

Cleaning drops marks of typesetting (rulers, page numbers, cell pipes round bullets) and joins what a page break tore
apart. It never changes a word, a figure or a quotation mark: what is shown is what the filing says.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field

from index.items import split_glued_titles

BULLET_CHARACTERS = (
    "•·●▪◦■□○§‣⁃∙\uf0b7\uf0a7\u2023"  # § is what is left of a Wingdings bullet, but "§ 229.405" is a law
)
BULLET = re.compile(rf"^\s*(?!§\s*\d)(?:[{BULLET_CHARACTERS}]\s*\|?|[*–—-]\s*\|)\s*(?=\S)")
LONE_BULLET = re.compile(rf"^\s*[{BULLET_CHARACTERS}]\s*\|?\s*$")
LETTER_BULLET = re.compile(r"^\s*o\s+(?=[A-Z])")
RULER = re.compile(r"^\s*(?:-+(?:\+-+)+-*|[-=_─]{3,})\s*$")
PAGE_NUMBER = re.compile(r"^\s*[-–—]?\s*(?:page\s+)?(\d{1,3}|[ivx]{1,5}|F-\d{1,3})\s*[-–—]?\s*$", re.IGNORECASE)
GLUED_PAGE_NUMBER = re.compile(r"^\s*(\d{1,3})(?=[A-Z][a-z®™]|[a-z]{2})")  # not "10 employees", whatever page it is
RUNNING_FOOTER = re.compile(r"^.{0,40}\bform 10-k\b\s*\|?\s*\d{0,3}\s*$", re.IGNORECASE)
NAVIGATION = frozenset({"table of contents", "back to contents", "index to financial statements", "quicklinks"})
ITEM_CELL = re.compile(r"^\s*(item\s+\d+[a-c]?\.?)\s*\|\s*", re.IGNORECASE)
NOTE_CELL = re.compile(r"^\s*(\(\d{1,2}\)|\*+)\s*\|\s*")
EMPTY_CELLS = re.compile(r"\s*\|\s*(?:\|\s*)+")
EDGE_CELL = re.compile(r"^\s*\|\s*|\s*\|\s*$")
SPLIT_NEGATIVE = re.compile(r"(\(\s*[\d.,]+)\s*\|\s*\)")
SPLIT_DOLLAR = re.compile(r"\$\s*\|\s*(?=[\d(])")
SPLIT_PERCENT = re.compile(r"(?<=[\d)])\s*\|\s*%")
# Up to about 2001 filings came as SGML: a header of the filer's, then text with tags for pages and columns of tables.
SGML_HEADER = re.compile(r"\A\s*(?:-----BEGIN PRIVACY|<SEC-DOCUMENT>|<SEC-HEADER>|<IMS-HEADER>)")
SGML_HEADER_ENDS = re.compile(r"</(?:SEC|IMS)-HEADER>[ ]*\n?")
SGML_PAGE = re.compile(r"^[ ]*<PAGE>(?:[ ]*\d{1,3}[ ]*$)?", re.MULTILINE)
SGML_LINE = re.compile(
    r"^[ ]*<(?:TYPE|SEQUENCE|FILENAME|DESCRIPTION)>[^\n]*\n?|</?(?:SEC-DOCUMENT|DOCUMENT|TEXT|CAPTION|FN|S|C)>", re.M
)
TAG_LEFT = re.compile(
    r"##TABLE_(?:START|END)|</?(?:table|tr|td|br|p|div|span|font|b|i|u)\b[^<>]{0,200}>", re.IGNORECASE
)
ENTITY = re.compile(r"&(?:#\d{2,5}|#x[0-9a-f]{2,4}|[a-z]{2,8});", re.IGNORECASE)
INVISIBLE = dict.fromkeys([0, 0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)])
LINE_BREAKS = dict.fromkeys(map(ord, "\r\v\u2028\u2029"), "\n")
SPACES = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
LONG_ENOUGH_TO_BE_PROSE = 60
ENDS_PROSE = re.compile(r"[.!?:;|][\"”’')\]]*\s*$")


@dataclass
class CleanedText:
    """The text that is kept, where its pages start, and how much of each kind was dropped."""

    text: str
    pages: tuple[int, ...]
    page_numbers: int = 0
    rulers: int = 0


@dataclass
class _Page:
    footers: frozenset[str]  # that run through the whole text
    lines: list[str] = field(default_factory=list)
    joins_next: bool = False  # a page number was just dropped in the middle of a sentence
    last_number: int | None = None
    page_numbers: int = 0
    rulers: int = 0


def clean_text(raw: str) -> CleanedText:
    """The text without what typesetting left in it; form feeds become page starts."""
    raw = _plain_characters(raw)
    footers = Counter(_footer(line) for line in re.split("[\n\f]", raw) if RUNNING_FOOTER.match(line))
    running = frozenset(footer for footer, times in footers.items() if times > 1)
    pieces = raw.split("\f")
    starts: list[int] = []
    text, numbers, rulers = "", 0, 0
    last_number = None
    for piece in pieces:
        page = _Page(running, last_number=last_number)
        for line in piece.split("\n"):
            _take_line(page, line)
        last_number = page.last_number
        body = split_glued_titles(re.sub(r"\n{3,}", "\n\n", "\n".join(page.lines)).strip("\n"))
        starts.append(len(text))
        text += body + "\n\n"
        numbers += page.page_numbers
        rulers += page.rulers
    text = text.rstrip("\n") + "\n" if text.strip() else ""
    pages = tuple(min(start, len(text)) for start in starts) if len(pieces) > 1 else ()
    return CleanedText(text, pages, numbers, rulers)


def _plain_characters(raw: str) -> str:
    # First of all, for what an entity stands for may be a space, an invisible mark or a line break itself.
    raw = ENTITY.sub(lambda match: html.unescape(match.group()), raw)
    raw = raw.replace("\r\n", "\n").replace("\x85", "…").translate(LINE_BREAKS)
    raw = raw.translate(INVISIBLE).translate(SPACES)
    # C1 controls are Windows-1252 letters that were decoded as Latin-1.
    raw = re.sub(r"[\x80-\x9f]", lambda match: match.group().encode("latin-1").decode("cp1252", "ignore"), raw)
    raw = re.sub(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]", "", raw)
    if SGML_HEADER.match(raw) and (header := SGML_HEADER_ENDS.search(raw)):
        raw = raw[header.end() :]
    raw = SGML_LINE.sub("", SGML_PAGE.sub("\f", raw))
    # Runs of spaces go here, once: patterns that look for spaces would take their time over a long one.
    return re.sub(r"[ \t]+", " ", TAG_LEFT.sub(" ", raw))


def _take_line(page: _Page, line: str) -> None:
    """Keep, mend, join or drop one line."""
    if RULER.match(line):
        page.rulers += 1
        return
    if line.strip().casefold() in NAVIGATION or _is_running_footer(page, line):
        _page_break(page)
        return
    number = PAGE_NUMBER.match(line)
    if number and not _in_table(page):
        page.page_numbers += 1
        page.last_number = int(number.group(1)) if number.group(1).isdigit() else page.last_number
        _page_break(page)
        return
    line = _without_glued_number(page, line)
    line = _mend_cells(line)
    if not line:
        if page.lines and page.lines[-1] and not page.joins_next:
            page.lines.append("")
        return
    _append(page, line)


def _is_running_footer(page: _Page, line: str) -> bool:
    """'6 MASTERCARD 2024 FORM 10-K'; the cover's own 'FORM 10-K', which has no page number and stands once, is none."""
    words = line.strip()
    return bool(RUNNING_FOOTER.match(line)) and (
        words[0].isdigit() or words[-1].isdigit() or _footer(line) in page.footers
    )


def _footer(line: str) -> str:
    return re.sub(r"[\d\s|]+", " ", line).strip().casefold()


def _page_break(page: _Page) -> None:
    """What stood before a page number goes on after it when it is prose that has not ended."""
    while page.lines and not page.lines[-1]:
        page.lines.pop()
    last = page.lines[-1] if page.lines else ""
    page.joins_next = len(last) > LONG_ENOUGH_TO_BE_PROSE and not ENDS_PROSE.search(last) and " | " not in last
    if page.lines and not page.joins_next:
        page.lines.append("")


def _append(page: _Page, line: str) -> None:
    lines = page.lines
    if page.joins_next and not line.startswith("- "):
        lines[-1] = f"{lines[-1]} {line}"
    elif lines and lines[-1] == "-":
        lines[-1] = f"- {line}"
    else:
        same_list = line.startswith("- ") and len(lines) > 1 and not lines[-1] and lines[-2].startswith("- ")
        if same_list:
            lines.pop()  # bullets of one list stand together
        lines.append(line)
    page.joins_next = False


def _in_table(page: _Page) -> bool:
    return bool(page.lines) and " | " in page.lines[-1]


def _without_glued_number(page: _Page, line: str) -> str:
    """'9Many of our customers' where page 8 came before: the number is the page's."""
    glued = GLUED_PAGE_NUMBER.match(line)
    if glued and page.last_number is not None and int(glued.group(1)) == page.last_number + 1:
        page.page_numbers += 1
        page.last_number += 1
        _page_break(page)
        return line[glued.end() :]
    return line


def _mend_cells(line: str) -> str:
    if LONE_BULLET.match(line):
        return "-"
    line = BULLET.sub("- ", line)
    line = LETTER_BULLET.sub("- ", line)
    line = ITEM_CELL.sub(r"\1 ", line)
    line = NOTE_CELL.sub(r"\1 ", line)
    if "|" in line:
        line = SPLIT_NEGATIVE.sub(r"\1)", line)
        line = SPLIT_DOLLAR.sub("$", line)
        line = SPLIT_PERCENT.sub("%", line)
        line = EMPTY_CELLS.sub(" | ", line)
        line = EDGE_CELL.sub("", line)
        line = re.sub(r"\s*\|\s*", " | ", line)
    return re.sub(r"[ \t]+", " ", line).strip()

"""Headings inside an item: on lines of their own ("Key Revenue Contributors") or run in ("Expand our Base. In ...")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.statements import LINES_BELOW, LONGEST_ROW, opens_figures, statement_title, units_of

MOST_WORDS = 13
MOST_CHARACTERS = 110
SMALL_WORDS = frozenset("a an and as at by for from in into of on or our per the to vs with".split())
ENDS_LIKE_PROSE = re.compile(r"[.;,:!?…][\"”’')\]]*$")
# "NOTE 7. Supplemental Balance Sheet Information": what follows is under it until the next note.
NOTE = re.compile(r"note +\d{1,2}[a-z]?\b[ .:–—-]*(?P<title>[^|]*)", re.IGNORECASE)
NOTES_BEGIN = re.compile(r"notes? to (?:the )?(?:\w+ ){0,3}financial statements?[^|]{0,80}", re.IGNORECASE)
NUMBERED_NOTE = re.compile(r"\(?\d{1,2}[.:)][ –—-]*[A-Z][^|]*")  # and no "52 Weeks Ended"
HOLDS_NOTES = frozenset({"8", "15", "I.1"})  # items
# "Leverage Operator Relationships. We ..." and "SafePath® – The ...": a title of capitalised words, then a sentence.
RUN_IN = re.compile(
    r"(?P<title>[A-Z0-9][^.:;|\n–—]{2,70}?)(?:\.|:|\s[–—-]|[–—])\s+(?=[“\"A-Z])",
)


@dataclass(frozen=True)
class Heading:
    start: int
    end: int
    title: str
    level: int  # 0 a statement or a note, 1 capitals, 2 an ordinary line, 3 run into its paragraph


def find_headings(text: str, start: int, end: int, item: str = "") -> list[Heading]:
    """The headings between two offsets, in reading order; one without a title closes a statement."""
    lines = list(_lines(text, start, end))
    found = []
    in_statement = False
    for number, (begin, line) in enumerate(lines):
        below = [line for _, line in lines[number + 1 : number + 1 + LINES_BELOW]]
        before = lines[number - 1][1] if number else ""
        if title := _statement(line, below):
            in_statement = True
            found.append(Heading(begin, begin + len(line), title, 0))
        elif title := note_title(line, item):
            in_statement = False
            found.append(Heading(begin, begin + len(line), title, 0))
        elif in_statement and len(line) > LONGEST_ROW and " | " not in line:
            in_statement = False
            found.append(Heading(begin, begin, "", 0))
        elif _is_heading_line(line, before, below[0] if below else ""):
            found.append(Heading(begin, begin + len(line), line, 1 if line.isupper() else 2))
        elif run_in := run_in_title(line):
            found.append(Heading(begin, begin + len(run_in), run_in, 3))
    return found


def _statement(line: str, below: list[str]) -> str:
    """'Consolidated Balance Sheets (in millions)' where a line is the title of a statement."""
    title = statement_title(line)
    if not title or not opens_figures(below):
        return ""
    units = units_of([line, *below])
    return f"{title} ({units})" if units and not units_of([title]) else title


def note_title(line: str, item: str) -> str:
    """The line when it opens a note to the statements, or all of them; or nothing."""
    if len(line) > MOST_CHARACTERS or ENDS_LIKE_PROSE.search(line):
        return ""
    patterns = (NOTES_BEGIN, NOTE, NUMBERED_NOTE) if item in HOLDS_NOTES else (NOTES_BEGIN, NOTE)
    is_one = any(pattern.fullmatch(line) for pattern in patterns)
    return line if is_one and _capitalised(line.split(), share=0.6) else ""


def run_in_title(line: str) -> str:
    """The title that opens a paragraph on its own line, or nothing."""
    match = RUN_IN.match(line)
    if not match or len(line) < len(match.group()) + 25:
        return ""
    words = match.group("title").split()
    if len(words) > 9 or len(words[-1]) == 1 or not _capitalised(words, share=0.99):
        return ""
    return match.group("title").strip()


def heading_path(open_headings: list[Heading]) -> str:
    return " > ".join(heading.title for heading in open_headings if heading.title)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    offset = start
    for line in text[start:end].splitlines(keepends=True):
        if line.strip():
            yield offset, line.rstrip()
        offset += len(line)


def _is_heading_line(line: str, before: str, after: str) -> bool:
    words = line.split()
    if not after or len(words) > MOST_WORDS or len(line) > MOST_CHARACTERS or line.startswith("- "):
        return False
    if " | " in line or ENDS_LIKE_PROSE.search(line) or not re.match(r"[\"“(]?[A-Z0-9]", line):
        return False
    if sum(character.isalpha() for character in line) < max(3, 0.6 * len(line.replace(" ", ""))):
        return False
    if line.isupper() or _capitalised(words, share=0.6):
        return True
    # "How we sell": in sentence case only between prose, where nothing else could be meant.
    return len(words) <= 7 and len(after) > 80 and (not before or bool(ENDS_LIKE_PROSE.search(before)))


def _capitalised(words: list[str], share: float) -> bool:
    weighty = [word for word in words if word.casefold().strip("“”\"'(),") not in SMALL_WORDS]
    capitals = sum(not word.lstrip("“\"'(")[:1].islower() for word in weighty)
    return bool(weighty) and capitals >= share * len(weighty)

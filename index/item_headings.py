"""One line at a time: does it head an item, which items does it name, and what does it call them?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.item_titles import (
    LONG_ENOUGH_TO_BE_PROSE,
    LONGEST_TITLE,
    PAGE_AT_END,
    are_called,
    continued_below,
    is_whole_title,
    matched_title,
    title_at_start,
    title_below,
    unseparated,
)
from index.items import FormItems

LOOKED_AT = 4 * LONGEST_TITLE  # characters of a line; a paragraph may be megabytes long
# "Item 1.", "PART I, ITEM 1", "I t e m 1 .", "Items 1 and 2", "Item | 1.", "ITEM NO. 1", and "ltem" as scanners read it
LABEL = re.compile(
    r"^[^\w\n]{0,8}(?:P ?A ?R ?T {1,2}(?:I ?V|I ?I ?I|I ?I|I|[1-4])[^\w\n]{1,6})?[IL] ?T ?E ?M(?: ?S)?"
    r"[ |]{0,4}(?:NO\.?|#)?[ |]{0,3}(?=\d)",
    re.IGNORECASE | re.MULTILINE,
)
NUMBER = re.compile(r"(\d{1,2})(\.\d\d)?(?!\d)")
# "I t e m  1 0 .", where the figures of a number stand apart as well
SPACED_LABEL = re.compile(r"[^\n]{0,30}I T E M", re.IGNORECASE)
SPACED_NUMBER = re.compile(r"(\d(?: ?\d)?)(\.\d\d)?(?!\d)")
LETTER = re.compile(r" ?([A-Ka-k])(?![A-Za-z])")
LETTER_IN_BRACKETS = re.compile(r" ?\(([A-Ka-k])\)")
TEMPORARY = re.compile(r" ?\([TI]\)", re.IGNORECASE)  # Item 9A(T) of 2007 to 2010, and its misprint
ANOTHER = re.compile(
    r"[.:;]? ?(?:(?P<range>through|thru|to|[-–—])|, ?(?:and|&)?|and|&|/) ?(?:items? )?(?=\d{1,2}(?!\d))", re.IGNORECASE
)
SEPARATOR = re.compile(r"[ .:;|–—_-]*")
# "Item 7 of this report", "Item 1A, Risk Factors", "Item 3(b)": talk of an item, not its heading
TALK = re.compile(r" ?[,()/&'’”\"\]]|[ ;:-]*[a-z]")
TALK_AFTER_TITLE = re.compile(
    r"[\s\"”’',;]*(?:(?:sections?|above|below|hereof|herein|hereto|is|are|was|were|which|that|included|contained|appearing|"
    r"beginning|set forth|elsewhere|for (?:a|more|further|additional)|and (?:item|elsewhere|in)|(?:of|in|to|on) "
    r"(?i:this|our|the|its|such|part)(?: \w+)? (?i:annual|report|form|10-k|filing|document|i|ii|iii|iv))\b)"
)
# "Item 4. Not applicable." has no title, and says at once what there is to say.
BODY_AT_ONCE = re.compile(
    r"[\[(]?(?:(?:intentionally )?omitted|not (?:applicable|required)|none\b|n/a\b|incorporated|"
    r"(?:the )?(?:information|response)s? (?:required|called|to this))",
    re.IGNORECASE,
)
CONTINUED = re.compile(r"[\s(\[,–—-]*\bcont(?:inued|['’]?d|\.)", re.IGNORECASE)
ENDS_PROSE = re.compile(r"[.!?:;|][\"”’')\]]*$")


@dataclass(frozen=True)
class ItemLine:
    """A line that may head one item, or several ("Items 1 and 2")."""

    numbers: tuple[str, ...]
    title: str  # empty when the line is a number alone
    start: int
    end: int  # where the item's own text begins
    paged: bool  # it ends in a page number, as a line of a table of contents does
    continued: bool
    likeness: float  # to a heading: above 1.5 it says both number and title as one does


def find_item_lines(text: str, items: FormItems) -> Iterator[ItemLine]:
    """The lines that start like the heading of an item, in reading order, with what speaks for and against each."""
    for label in LABEL.finditer(text):
        stop = text.find("\n", label.end())
        line_end = len(text) if stop < 0 else stop
        line = text[label.start() : min(line_end, label.end() + LOOKED_AT)].rstrip()
        if found := _read_line(text, line, label, line_end, items):
            yield found


def _read_line(text: str, line: str, label: re.Match[str], line_end: int, items: FormItems) -> ItemLine | None:
    numbers, at = _read_numbers(line, label.end() - label.start(), items)
    if not numbers:
        return None
    called = [item for number in numbers for item in items.by_number[number]]
    rest = line[at:]
    if TALK.match(rest) and not (rest[:1].islower() and are_called(called, rest)):
        return None
    separator = SEPARATOR.match(rest)
    body = at + (separator.end() if separator else 0)
    words = line[body:]
    start, end = label.start(), line_end
    if not words:
        title, end = title_below(text, line_end, called)
        likeness = 1.8 if title else 1.0
        return ItemLine(numbers, title, start, end, False, False, likeness - _unfinished_before(text, start))
    if BODY_AT_ONCE.match(words):
        return ItemLine(numbers, "", start, start + body, False, False, 1.5 - _unfinished_before(text, start))
    page = PAGE_AT_END.search(words[-60:])
    if page:
        words = words[: len(words) - len(words[-60:]) + page.start()].rstrip()
    if not words:
        return ItemLine(numbers, "", start, end, True, False, 1.0)
    named = title_at_start(words, called)
    if named is None:
        return None
    title = named
    tail = words[len(title) :]
    marked = page is not None and bool(page["mark"].strip())
    paged = page is not None and not tail and (marked or is_whole_title(called, title))
    likeness = 1.0
    if are_called(called, title):
        likeness += 0.8
        if TALK_AFTER_TITLE.match(words[matched_title(title, called) :]):
            return None
    elif title.lower().startswith(("continued", "(continued")):
        title = ""
    else:
        likeness -= 0.5
    if words[0] in "“\"‘'":
        likeness -= 0.5
    if tail:  # the item's text goes on in the heading's line
        end = start + body + len(title)
    elif line_end - label.end() > LOOKED_AT:
        return None  # a heading without an end
    else:
        title, end = continued_below(text, title, line_end, called)
    continued = bool(CONTINUED.search(words[len(title) - 14 if len(title) > 14 else 0 :][:60]))
    return ItemLine(
        numbers,
        title.strip(" .:–—-|"),
        start,
        end,
        paged,
        continued,
        likeness - _unfinished_before(text, start),
    )


def _read_numbers(line: str, at: int, items: FormItems) -> tuple[tuple[str, ...], int]:
    """('1', '1A') of '1 and 1A. Business', and where the title may begin; nothing when it is no item of this form."""
    numbers: list[str] = []
    through = False
    number_pattern = SPACED_NUMBER if SPACED_LABEL.match(line) else NUMBER
    while match := number_pattern.match(line, at):
        number, at = match.group(1).replace(" ", "").lstrip("0"), match.end(1)
        if match.group() in items.by_number:
            number, at = match.group(), match.end()
        letter = LETTER.match(line, at) or LETTER_IN_BRACKETS.match(line, at)
        if letter and (number + letter.group(1).upper()) in items.by_number:
            lettered = number + letter.group(1).upper()
            after = line[letter.end() :]
            plain = letter.end() - at == 1 or after.lstrip()[:1] in (".", ":", "|", "–", "—", "-", ",")
            if (plain and ")" not in letter.group()) or are_called(items.by_number[lettered], unseparated(after)):
                number, at = lettered, letter.end()
        elif line[at : at + 1].isalpha() and not are_called(items.by_number.get(number, ()), line[at:]):
            glued = number + line[at].upper()  # "ITEM 1ARISK FACTORS", which is not 1 and "Arisk factors"
            if are_called(items.by_number.get(glued, ()), line[at + 1 :]):
                number, at = glued, at + 1
        if number not in items.by_number:
            return (), at
        if temporary := TEMPORARY.match(line, at):
            at = temporary.end()
        numbers += _between(numbers[-1], number, items) if through and numbers else [number]
        another = ANOTHER.match(line, at)
        if not another:
            return tuple(dict.fromkeys(numbers)), at
        through, at = bool(another["range"]), another.end()
    return (), at


def _between(first: str, last: str, items: FormItems) -> list[str]:
    """What 'Items 10 through 14' leaves unsaid, and the last."""
    order = list(items.by_number)
    return order[order.index(first) + 1 : order.index(last) + 1] or [last]


def _unfinished_before(text: str, start: int) -> float:
    """How much it speaks against a heading that the line above it is prose that has not ended: 'as described in'."""
    before = text[max(0, start - 400) : start]
    if not before.endswith("\n"):
        return 0.0
    line = before[:-1].rsplit("\n", 1)[-1].rstrip()
    unfinished = len(line) > LONG_ENOUGH_TO_BE_PROSE and not ENDS_PROSE.search(line) and not line.isupper()
    return 1.2 if unfinished and " | " not in line else 0.0

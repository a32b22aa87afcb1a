"""Who holds an office, as signature pages and tables of officers tell it: a name, and the title beside or below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.filing import Passage

SIGNED = re.compile(r"\bpursuant to the requirements? of (?:the )?(?:section|securities)", re.IGNORECASE)
SEPARATOR = re.compile(r"\s*\|\s*|\n+")
# Where a title begins, and a name ends: 'Robert A. Michael Chief Executive Officer'.
TITLE = re.compile(
    r"\b(?:(?:co-)?(?:chief|chair\w*|president|founder)|director|executive|senior|vice|principal|general|corporate|"
    r"secretary|treasurer|controller|partner|managing|interim|acting|head|member|officer|manager|trustee)\b",
    re.IGNORECASE,
)
# Words with capitals that are no part of a person's name.
NO_NAME = frozenset(
    "date dated by name title titles signature signatures capacity position age its the company corporation inc "
    "incorporated llc lp plc board registrant item part form exhibit certification pursuant section act rule annual "
    "report january february march april may june july august september october november december group holdings "
    "bank trust fund partners united states new york and of our officer since attorney-in-fact attorney".split()
)
PARTICLES = frozenset("de da del di la le van von der den el bin al st jr sr".split())
NAME_WORD = re.compile(r"[A-Z][\w.'’-]*,?|\(?[A-Z][\w.'’-]*\)?,?")
NO_LONGER = re.compile(r"\b(?:assistant|deputy|to the|office of the)\W+$", re.IGNORECASE)
FURNITURE = re.compile(
    r"^(?:by|name|title|its|date[d]?|/s/)\s*:?$|^\d{1,3}$|^[-_*\s]*$|^(?:by|name)\s*:\s*", re.IGNORECASE
)
MARK = re.compile(r"^(?:by\s*:?\s*|name\s*:?\s*)?(?:/s/\s*|\*\s*)?", re.IGNORECASE)
FORMER = re.compile(r"\b(?:former|retired|past|previous)\b", re.IGNORECASE)
LABEL = re.compile(r"\b(?:title|its|by|name)\s*:", re.IGNORECASE)
JOINTLY = re.compile(r"\bco-", re.IGNORECASE)
LINES_ABOVE = 4
MOST_BETWEEN = 12  # words between a name and the office
LONGEST_TITLE = 32  # words


@dataclass(frozen=True)
class Holder:
    """A person beside a title: where both stand, to the letter."""

    passage: Passage
    quote: str
    name: str
    signed: bool  # the report, and so holds the office on its day

    @property
    def told(self) -> str:
        """The quotation in one line: 'Ann Smith, Chief Executive Officer and Director, March 1, 2024.'"""
        line = re.sub(r"(?:,\s*)+,", ",", SEPARATOR.sub(", ", self.quote.strip()))
        return " ".join(re.sub(r"^\(([^()]*)\)", r"\1", line).split()).strip(" ,;.") + "."


def office_holders(office: re.Pattern[str], passages: Sequence[Passage]) -> list[Holder]:
    """Who is named with this office; more than one only where they hold it together."""
    signed = next((number for number, one in enumerate(passages) if SIGNED.search(one.text)), len(passages))
    found = [holder for one in passages[signed:] for holder in _holders(office, one, signed=True)]
    found += [
        holder for one in passages[:signed] if " | " in one.text for holder in _holders(office, one, signed=False)
    ]
    found = [one for one in found if one.signed] or found[:1]  # a table of officers names the heads of divisions too
    first: dict[str, Holder] = {}
    for holder in sorted(found, key=lambda one: LABEL.search(one.quote) is not None):
        first.setdefault(re.findall(r"\w+", holder.name.casefold().removesuffix("jr."))[-1], holder)
    holders = list(first.values())
    return holders if all(JOINTLY.search(one.quote) for one in holders) else holders[:1]


def _holders(office: re.Pattern[str], passage: Passage, signed: bool) -> Iterator[Holder]:
    text = passage.text
    for match in office.finditer(text):
        start, end = _cell(text, match.start(), match.end())
        announces = text[match.end() : end].lstrip().startswith(":")  # 'PRINCIPAL FINANCIAL OFFICER:' above a name
        if announces or NO_LONGER.search(text[start : match.start()]) or FORMER.search(text[start : match.start()]):
            continue
        title = TITLE.search(text, start, end)
        begin = title.start() if title else match.start()
        end = _end(text, match.end(), end)
        name_at = _named(text, start, begin) or _before_in_line(text, start)
        if not name_at and signed and not text[start:begin].strip(" (*:"):
            name_at = _above(text, start)
        if name_at:
            between = text[name_at[1] : match.start()]
            if len(between.split()) <= MOST_BETWEEN and not re.search(r"\.\s", between):
                yield Holder(passage, text[name_at[0] : end], text[name_at[0] : name_at[1]], signed)


def _cell(text: str, start: int, end: int) -> tuple[int, int]:
    """The cell of a row, or the line, that a match stands in; one may break off in the middle of a title."""
    left = max(text.rfind("\n", 0, start) + 1, text.rfind(" | ", 0, start) + 3 if " | " in text[:start] else 0)
    borders = [place for place in (text.find("\n", end), text.find(" | ", end)) if place >= 0]
    right = min(borders, default=len(text))
    return left, right


def _end(text: str, told: int, end: int) -> int:
    """Where the title ends: with its cell, or before the sentences that go on from it."""
    stop = re.search(r"\.\s|;", text[told:end])
    end = told + stop.start() if stop else end
    words = list(re.finditer(r"\S+", text[told:end]))
    return told + words[LONGEST_TITLE].start() if len(words) > LONGEST_TITLE else end


def _named(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where a person's name stands, if there is nothing else."""
    piece = text[start:end]
    mark = MARK.match(piece)
    begin = start + (mark.end() if mark else 0)
    bare = text[begin:end].strip(" \t,;:*–—-")
    begin += text[begin:end].find(bare) if bare else 0
    tokens = bare.split()
    like_names = all(
        (NAME_WORD.fullmatch(token) or token.casefold() in PARTICLES)
        and re.sub(r"[^\w-]", "", token).casefold() not in NO_NAME
        for token in tokens
    )
    half = len(tokens) // 2
    if tokens[:half] and [t.casefold() for t in tokens[:half]] == [t.casefold() for t in tokens[half:]]:
        return begin + bare.rfind(tokens[half], len(" ".join(tokens[:half]))), begin + len(bare)  # signed, and typed
    lettered = [token for token in tokens if len(re.findall(r"[A-Za-z]", token)) > 1]
    if (
        2 <= len(tokens) <= 9
        and like_names
        and len(lettered) >= 2
        and not re.search(r"\d", bare)
        and not TITLE.search(bare)
    ):
        return begin, begin + len(bare)
    return None


def _before_in_line(text: str, start: int) -> tuple[int, int] | None:
    """The name in a cell before this one, with nothing but an age or a mark between them."""
    line = text.rfind("\n", 0, start) + 1
    end = start
    while end > line:
        end = text.rfind(" | ", line, end)
        if end < 0:
            return None
        begin = max(text.rfind(" | ", line, end) + 3, line) if " | " in text[line:end] else line
        if named := _named(text, begin, end):
            return named
        if not FURNITURE.match(text[begin:end].strip()):
            return None
    return None


def _above(text: str, start: int) -> tuple[int, int] | None:
    """The name on a line above, below which nothing but signs stands."""
    end = text.rfind("\n", 0, start)
    for _ in range(LINES_ABOVE):
        if end <= 0:
            return None
        begin = text.rfind("\n", 0, end) + 1
        cells = [(cell.start() + begin, cell.end() + begin) for cell in re.finditer(r"[^|]+", text[begin:end])]
        for left, right in reversed(cells):
            if named := _named(text, left, right):
                return named
        if text[begin:end].strip() and not all(FURNITURE.match(text[a:b].strip()) for a, b in cells):
            return None
        end = begin - 1
    return None

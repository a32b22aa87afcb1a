"""What a summary could say: a filing's sentences, its lists and tables drawn together, the names of its products.

Every statement keeps the verbatim words that it rests on, for they become its footnotes, and where it stands, for that
tells much about its weight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.filing import Passage
from index.headings import run_in_title
from rag.candidates import DANGLING, ENDS_SENTENCE, ORDER
from rag.lines import Line, lines_of
from rag.tables_told import table_statement

FEWEST_WORDS = 4
MOST_BULLETS = 12
LONGEST_OPENING = 22  # words of a bullet that are told
ANNOUNCES = re.compile(
    r":$|\b(?:below|as follows|the following(?: [a-z-]+){0,5}|these (?:are|include))[.:]?$", re.IGNORECASE
)
FOLLOWS = re.compile(
    r"(?:,?\s*(?:as follows|(?:as )?(?:listed|shown|described|set forth) below)|\s+the following)?\s*[:.]$",
    re.IGNORECASE,
)
# 'In 2024, this group generated ...', 'Of these, ...': what is meant stands in the sentence before.
POINTS_BACK = re.compile(
    r"(?:[A-Z][\w-]*,?(?: [\w-]+,?){0,2} )?(?:[Tt]his|[Tt]hese|[Tt]hose|such)\b(?! (?:report|annual|year)\b)"
)
# 'To fund the acquisition, ...': which one stands some sentences before, where it is called 'an acquisition' or told.
OF_A_DEAL = re.compile(
    r"(?:[A-Z][a-z]+ (?:[a-z]+ ){0,3})?[Tt]he (?P<deal>acqui|merg|offering|private placement)\w*\b(?! of\b)"
)
FURTHEST_BACK = 8
# What is noted below a table, and above it.
SOURCE = re.compile(
    r"(?:Sources?|Notes?):|\(\w{1,2}\)\s|\*|.{0,60}\b(?:reported|stated|presented) in (?:thousands|millions)\b"
)
# 'Merchandise and Other Offerings.' is a title, though it ends like a sentence.
FEW_WORDS = 7
FINITE = re.compile(r"\b(?:we|it|they|is|are|was|were|has|have|had|does|do|did|can|may|will)\b", re.IGNORECASE)
# The life of an officer or a founder is nothing that the company does.
BIOGRAPHY = re.compile(
    r"\b(?:Mr|Ms|Mrs)\.|\b(?:he|she|his|her|hers|him)\b|\bage[sd]?:? \d\d\b|\bserved as\b", re.IGNORECASE
)
ENDS_ITEM = re.compile(r"(?<=[\w)])[.;:](?:\s|$)|\s[–—]\s")
# Where the name of a thing ends and what is said of it begins: all that a long list has room for is the names.
ENDS_NAME = re.compile(
    r",|\s[–—-]\s|—|:|\s\(|\s(?:consists?|comprises?|includ(?:es?|ing)|contains?|provides?|offers?|enables?|accepts?|is|are|"
    r"which|that|such as)\b"
)
SAYS_MORE = re.compile(r",\s(?:which|who|that|including|such as|an?|the)\b|[^,]")
LONG_LIST = 60  # words


@dataclass(frozen=True)
class Statement:
    """Something that a summary could say, and the filing's words for it."""

    text: str  # as the filing has it
    parts: tuple[tuple[str, str], ...]  # (passage id, verbatim words)
    kind: str  # sentence, list, table or names
    heading: str  # the nearest one
    path: str  # all open headings
    place: int  # in reading order
    in_section: int = 0  # how many statements of the section come before
    in_paragraph: int = 0  # and how many of the paragraph
    paragraph: int = 0
    bulleted: bool = False
    leans_on: int | None = None  # the place of the sentence before, without which this one dangles
    sources: tuple[str, ...] = ()  # the lines and sentences that it comes from, as they were embedded


def statements(passages: Sequence[Passage]) -> list[Statement]:
    """All statements of these passages in reading order; headings and stumps are left out."""
    found: list[Statement] = []
    path, in_section = "", 0
    for number, lines in enumerate(_blocks(list(lines_of(passages)))):
        of_block = list(_of_block(lines))
        if lines[-1].passage.heading != path:
            path, in_section = lines[-1].passage.heading, 0
        for place_in_block, one in enumerate(of_block):
            found.append(
                replace(
                    one,
                    place=len(found),
                    in_section=in_section,
                    in_paragraph=place_in_block,
                    paragraph=number,
                    leans_on=_support(one, found),
                )
            )
            in_section += 1
    return found


def _support(one: Statement, before: Sequence[Statement]) -> int | None:
    """The place of the sentence that says what 'this', 'it' or 'the acquisition' is."""
    if one.kind != "sentence":
        return None
    deal = OF_A_DEAL.match(one.text)
    if deal:
        told = (other for other in reversed(before[-FURTHEST_BACK:]) if other.kind == "sentence")
        return next((o.place for o in told if deal["deal"] in o.text.casefold() and not OF_A_DEAL.match(o.text)), None)
    leans = DANGLING.match(one.text) or POINTS_BACK.match(one.text)
    return len(before) - 1 if leans and before and before[-1].kind == "sentence" else None


def tables_told(passages: Sequence[Passage]) -> list[Statement]:
    """Only those that are told from a table."""
    return [one for one in statements(passages) if one.kind == "table"]


def _blocks(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines one by one, but rows of a table, and an introduction ("we sell:") with what it announces, together."""
    number = 0
    while number < len(lines):
        end = number + 1
        first = lines[number]
        if first.tabular or (not first.bulleted and _announces(first, lines[number + 1 : number + 3])):
            while end < len(lines) and lines[end].bulleted and not first.tabular and end - number <= MOST_BULLETS:
                end += 1
            if end == number + 1:
                end = _end_of_table(lines, number)
        yield lines[number:end]
        number = end


def _announces(line: Line, following: Sequence[Line]) -> bool:
    if ANNOUNCES.search(line.text):
        return True
    listed = len(following) == 2 and all(one.bulleted for one in following)
    return listed and bool(re.search(r"\b(?:following|below)\b", line.sentences[-1] if line.sentences else ""))


def _end_of_table(lines: list[Line], start: int) -> int:
    """Where the table ends that begins at this line or, with a line of dates or units between, after it."""
    first = next((n for n in range(start, min(start + 4, len(lines))) if lines[n].tabular), None)
    if first is None or any(len(line.text.split()) > 8 for line in lines[start + 1 : first]):
        return start + 1
    end = first
    while end < len(lines) and lines[end].tabular:
        end += 1
    return end


def _of_block(lines: list[Line]) -> Iterator[Statement]:
    introduced = len(lines) > 1  # by the last sentence of the first line
    if any(line.tabular for line in lines):
        if not lines[0].tabular:
            yield from _sentences(lines[0], lines[0].sentences[:-1])
        rows = [(line.passage.id, line.text) for line in lines[1:]]
        intro = (lines[0].passage.id, lines[0].text if lines[0].tabular else lines[0].sentences[-1])
        told = table_statement([intro, *rows])
        if told:
            yield _composed("table", told[0], told[1], lines)
        return
    if introduced:
        yield from _sentences(lines[0], lines[0].sentences[:-1])
        if len(lines) > 2:
            yield _list(lines)
    for line in lines[1:] if introduced else lines:
        for one in _sentences(line, line.sentences):
            yield replace(one, bulleted=line.bulleted)


def _sentences(line: Line, sentences: Sequence[str]) -> Iterator[Statement]:
    """Those of a line that say something by themselves: no title that opens it, nothing that only announces."""
    title = run_in_title(line.text)
    for number, text in enumerate(sentences):
        opens = line.bulleted or (number == 0 and len(line.sentences) > 1)
        if text.rstrip(".:") == title or (opens and _is_title(text)) or ANNOUNCES.search(text):
            continue
        if _is_prose(text):
            yield _sentence(line, text)


def _sentence(line: Line, text: str) -> Statement:
    bare = text.removeprefix("- ")
    path = line.passage.heading
    return Statement(
        bare, ((line.passage.id, bare),), "sentence", path.rpartition(" > ")[2], path, place=0, sources=(text,)
    )


def _composed(kind: str, text: str, parts: Sequence[tuple[str, str]], lines: Sequence[Line]) -> Statement:
    path = lines[0].passage.heading
    sources = tuple(sentence for line in lines for sentence in line.sentences)
    return Statement(text, tuple(parts), kind, path.rpartition(" > ")[2], path, place=0, sources=sources)


def _list(lines: list[Line]) -> Statement:
    """The introduction and its bullets as one sentence: 'We help our customers: provide ...; manage ...'."""
    intro = FOLLOWS.sub("", lines[0].sentences[-1])
    openings = [_opening(line.text.removeprefix("- ")) for line in lines[1:]]
    if sum(len(opening.split()) for opening in openings) > LONG_LIST:
        openings = [_name(opening) for opening in openings]
    parts = [(lines[0].passage.id, intro)]
    parts += [(line.passage.id, opening) for line, opening in zip(lines[1:], openings, strict=True)]
    return _composed("list", f"{intro}: {'; '.join(openings)}.", parts, lines)


def _opening(bullet: str) -> str:
    """The first clause of a bullet, word for word."""
    end = next((m.start() for m in ENDS_ITEM.finditer(bullet) if _closed(bullet[: m.start()])), len(bullet))
    first = re.sub(r"\s+(?:includes?|consists? of|comprises?|contains?)$", "", bullet[:end])
    first = re.sub(r"[;,]?\s+(?:and|or)$", "", first.strip(" ;.,"))
    if len(first.split()) > LONGEST_OPENING and ", " in first:
        shorter = first[: first.index(", ")]
        first = shorter if len(shorter.split()) > 4 else first
    return first if _closed(first) or " (" not in first else first[: first.rindex(" (")]


def _name(opening: str) -> str:
    """What a bullet is about, without what it says of it; all of it where its first words are no name."""
    end = ENDS_NAME.search(opening)
    if not end:
        return opening
    name = opening[: end.start()].strip()
    # 'Strategic, consistent experiences' begins with no name.
    return name if " " in name or SAYS_MORE.match(opening, end.start()) else opening


def _closed(text: str) -> bool:
    return text.count("(") == text.count(")")


def _is_title(text: str) -> bool:
    return len(text.split()) < FEW_WORDS and not FINITE.search(text)


def _is_prose(text: str) -> bool:
    return (
        " | " not in text
        and len(text.split()) >= FEWEST_WORDS
        and bool(ENDS_SENTENCE.search(text))
        and not ORDER.search(text)
        and not SOURCE.match(text)
        and not BIOGRAPHY.search(text)
        and not _is_half_a_quotation(text)
    )


def _is_half_a_quotation(text: str) -> bool:
    """“One mark may be curly and the other straight"; but each has its other half."""
    straight, opened, closed = (text.count(mark) for mark in '"“”')
    return (straight + opened + closed) % 2 == 1 or (not straight and opened != closed)

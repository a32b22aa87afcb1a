"""The items of a filing, found by their own headings and not by the table of contents, each with its status."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from index.filing import Section, SectionStatus
from index.item_choice import Choice, ItemHeading, choose_headings
from index.item_headings import find_item_lines
from index.item_status import says_by_reference, status_of
from index.items import FormItem, FormItems, is_annual_report, is_empty_title, items_of, squash
from index.unnumbered import find_title_lines

MOST_LINES = 20_000  # that name items; a report with a running header on each of its pages has some hundred
FEWEST_NUMBERED = 4  # with fewer numbered headings than this, those without numbers count too
EXCERPT = 2  # items; a text with so few is a part of a report
PART = re.compile(
    r"^[^\w\n]{0,6}(?:P ?A ?R ?T|Part) {1,3}(IV|III|II|I|[1-4])(?![A-Za-z0-9])[ .:|–—-]*(?:$|(?=[A-Z(][^\n]{0,60}$))",
    re.MULTILINE,
)
PART_NUMBERS = {"I": 1, "II": 2, "III": 3, "IV": 4, "1": 1, "2": 2, "3": 3, "4": 4}
JUST_ABOVE = 300  # characters
SIGNATURES = re.compile(r"^[^\w\n]{0,6}S ?I ?G ?N ?A ?T ?U ?R ?E(?: ?S)?[^\w\n]{0,6}$", re.IGNORECASE | re.MULTILINE)
# Between Items 4 and 5 may stand a list that belongs to neither.
EXECUTIVE_OFFICERS = re.compile(
    r"^[^\w\n]{0,6}(?:(?:supplement(?:al|ary)|unnumbered|additional) item[^\w\n]{0,4})?(?:information about )?(?:our )?"
    r"executive officers(?: (?:of|and) [^\n.]{3,90})?[.:]?[ ]*$",
    re.IGNORECASE | re.MULTILINE,
)
SPACED_LETTERS = re.compile(r"(?:\b\w ){4}")
CONTINUED = re.compile(r"(?<![\s(\[–—-])[\s(\[–—-]*\bcontinued\b.*$", re.IGNORECASE)
PARAGRAPHS = 1500  # characters under the heading of a part in which it may send its reader elsewhere


@dataclass(frozen=True)
class Sections:
    """What was found, in the order of the text, and what a reader should know about how."""

    sections: tuple[Section, ...]
    notes: tuple[str, ...]


def split_sections(text: str, form: str = "", period_end: str = "") -> Sections:
    """Each item of the form with its stretch of text and its status; what is missing has an empty stretch."""
    items = items_of(form)
    choice = choose_headings(text, list(islice(find_item_lines(text, items), MOST_LINES)), items)
    notes = []
    if choice.with_text < FEWEST_NUMBERED and items is items_of("10-K"):
        titled = choose_headings(text, list(islice(find_title_lines(text, items), MOST_LINES)), items)
        if titled.with_text >= max(FEWEST_NUMBERED, choice.with_text):
            names = _named(item.key for heading in titled.headings for item in heading.items)
            notes.append(f"{names}: the headings have no numbers and were found by their titles.")
            if choice.contents or choice.headings:
                notes.append("The numbers of the items stand only in an index of the report.")
            choice = titled
    if choice.astray:
        notes.append(f"{_named(choice.astray)}: out of the order of the form.")
    sections = _with_bounds(text, choice, period_end)
    if is_annual_report(form):
        others, more = _without_heading(text, sections, items, period_end)
        notes += more
        places = {item.key: place for place, item in enumerate(items.all)}
        sections = sorted([*sections, *others], key=lambda section: (section.start, places[section.item]))
    return Sections(tuple(sections), tuple(notes))


def _with_bounds(text: str, choice: Choice, period_end: str) -> list[Section]:
    parts = [(match.start(), PART_NUMBERS[match.group(1)]) for match in PART.finditer(text)]
    sections: list[Section] = []
    following: SectionStatus = "extracted"
    end_of_text = len(text)
    for heading in reversed(choice.headings):
        line, last = heading.line, heading is choice.headings[-1]
        end = _end_at_part(heading, end_of_text, parts)
        if last and (signatures := SIGNATURES.search(text, line.end, end)):
            end = signatures.start()
        if heading.items[-1].key == "4" and (officers := EXECUTIVE_OFFICERS.search(text, line.end, end)):
            end = officers.start()
        status = status_of(line.title, text[line.end : end])
        if not squash(text[line.end : end]) and end == end_of_text and not is_empty_title(line.title):
            status = following  # "Item 10. ... Item 11. ..." stand together over one text
        following = status
        for item in reversed(heading.items):
            title = _shown(line.title) if len(heading.items) == 1 else ""
            sections.append(Section(item.key, title or item.title_in(period_end), line.start, end, status))
        end_of_text = line.start
    return sections[::-1]


def _end_at_part(heading: ItemHeading, end: int, parts: Sequence[tuple[int, int]]) -> int:
    """Where a later part of the form begins, or the end; a running header names the part that the item is in."""
    in_force = heading.items[-1].part
    after = bisect_left(parts, (heading.line.end, 0))
    if after and parts[after - 1][0] > heading.line.start - JUST_ABOVE:
        in_force = max(in_force, parts[after - 1][1])
    for start, number in parts[after:]:
        if start >= end:
            break
        if number > in_force:
            return start
    return end


def _without_heading(
    text: str, sections: Sequence[Section], items: FormItems, period_end: str
) -> tuple[list[Section], list[str]]:
    """The items that the form asks for and that have no heading here: pointed to by their part, or missing."""
    found = {section.item: section for section in sections}
    if not found:
        return [], ["No headings of items were found: the text has no sections."]
    if len(found) <= EXCERPT:
        return [], [f"{_named(found)} alone: an excerpt, or a report whose other headings are lost."]
    others: list[Section] = []
    missing = [item for item in items.all if item.key not in found and item.must_be_there(period_end)]
    pointed = _pointed_to_by_part(text, sections, missing, {item.part for item in items.all if item.key in found})
    at = sections[0].start
    for item in items.all:
        at = found[item.key].end if item.key in found else at
        if item in missing and item.part in pointed:
            start, end = pointed[item.part]
            others.append(Section(item.key, item.title_in(period_end), start, end, "incorporated_by_reference"))
        elif item in missing:
            others.append(Section(item.key, item.title_in(period_end), at, at, "missing"))
    notes = []
    if absent := [section.item for section in others if section.status == "missing"]:
        notes.append(f"{_named(absent)}: no heading was found.")
        if titled := _titles_between(text, sections, items, absent):
            notes.append(f"{_named(titled)}: the title stands in the text without the number and was not relied on.")
    if elsewhere := [section.item for section in others if section.status != "missing"]:
        notes.append(f"{_named(elsewhere)}: no headings of their own; their part refers to another document.")
    return others, notes


def _titles_between(text: str, sections: Sequence[Section], items: FormItems, absent: Sequence[str]) -> tuple[str, ...]:
    """Absent items whose titles stand between the others; within one, "Legal Proceedings" may head a note."""
    ends = [section.end for section in sections]
    found: dict[str, None] = {}
    for line in islice(find_title_lines(text, items), MOST_LINES):
        following = bisect_right(ends, line.start)
        between = 0 < following < len(sections) and line.start < sections[following].start
        if between and not line.paged and line.numbers[0] in absent:
            found.setdefault(line.numbers[0])
    return tuple(found)


def _pointed_to_by_part(
    text: str, sections: Sequence[Section], missing: Sequence[FormItem], parts_found: set[int]
) -> dict[int, tuple[int, int]]:
    """'PART III. Incorporated by reference to the proxy statement', where the part has no items of its own."""
    starts = [section.start for section in sections]
    pointed: dict[int, tuple[int, int]] = {}
    headings = [match for match in PART.finditer(text) if match.start() > sections[0].start]
    for number, match in enumerate(headings):
        part = PART_NUMBERS[match.group(1)]
        if part in parts_found or all(item.part != part for item in missing):
            continue
        borders = [*starts[bisect_left(starts, match.end()) :][:1], match.start() + PARAGRAPHS, len(text)]
        borders += [following.start() for following in headings[number + 1 : number + 2]]
        if says_by_reference(text[match.end() : min(borders)]):
            pointed.setdefault(part, (match.start(), min(borders)))
    return pointed


def _shown(title: str) -> str:
    """A title as it was printed, unless its letters are set apart."""
    return "" if SPACED_LETTERS.match(title) else CONTINUED.sub("", title)


def _named(keys: Iterable[str]) -> str:
    """'Items 1, 1A and 2'."""
    names = list(keys)
    if len(names) < 2:
        return f"Item {''.join(names)}"
    return f"Items {', '.join(names[:-1])} and {names[-1]}"

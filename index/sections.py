"""The items of a report, found by their own headings and not by the table of contents."""

from __future__ import annotations

import re

from index.filing import Section
from index.items import ITEM_HEADING, ITEM_TITLES

CONTENTS_LINE = re.compile(r"(?:\.{3,}|\s)\d{1,3}\s*$")
LONGEST_TITLE = 140


def split_sections(text: str) -> tuple[Section, ...]:
    """Each item with its stretch of text; of several headings of one item, the one with the most text under it."""
    marks = [
        (match.group(1).upper(), match.group(2).strip(), match.start())
        for match in ITEM_HEADING.finditer(text)
        if match.group(1).upper() in ITEM_TITLES and len(match.group(2)) <= LONGEST_TITLE
    ]
    best: dict[str, Section] = {}
    for number, (item, title, start) in enumerate(marks):
        end = marks[number + 1][2] if number + 1 < len(marks) else len(text)
        title = ITEM_TITLES[item] if not title or CONTENTS_LINE.search(title) else title.strip(" .")
        section = Section(item, title, start, end, "extracted")
        if item not in best or end - start > best[item].end - best[item].start:
            best[item] = section
    return tuple(sorted(best.values(), key=lambda section: section.start))

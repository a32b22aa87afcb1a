"""Headings of items that leave the number out: 'Risk Factors' alone in its line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.item_headings import ItemLine
from index.item_titles import PAGE_AT_END
from index.items import FormItems, squash

LONG_TITLE = 24  # letters; so long a title is known by its beginning
LINE = re.compile(r"^[^\w\n]{0,4}[A-Z][^\n]{3,160}$", re.MULTILINE)


def find_title_lines(text: str, items: FormItems) -> Iterator[ItemLine]:
    """The lines that say an item's title and nothing else, in reading order."""
    titles = {squash(title): item.number for item in reversed(items.all) for title in reversed(item.titles)}
    long_titles = {title[:LONG_TITLE]: number for title, number in titles.items() if len(title) > LONG_TITLE}
    for match in LINE.finditer(text):
        line = match.group().strip(" |*")
        page = PAGE_AT_END.search(line)
        words = line[: page.start()] if page else line
        squashed = squash(words)
        number = titles.get(squashed) or long_titles.get(squashed[:LONG_TITLE])
        if number and not words.endswith((",", ";")):
            yield ItemLine((number,), words.strip(" .:"), match.start(), match.end(), page is not None, False, 1.8)

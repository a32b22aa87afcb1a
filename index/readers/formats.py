"""Which reader a text goes to: a file's first characters say more than its suffix."""

from __future__ import annotations

import re
from collections.abc import Callable

from index.readers.document import Document
from index.readers.markup import read_markup

HTML_TAG = re.compile(
    r"<!doctype\s+html|<(?:html|xbrl)\b|</(?:html|body|div|span|td|tr|p|font|a|ix:\w+)>", re.IGNORECASE
)
MOST_TAGS = 5  # a text may have kept a few
SNIFFED = 200_000  # characters


def looks_like_markup(raw: str) -> bool:
    return len(HTML_TAG.findall(raw, 0, SNIFFED)) > MOST_TAGS or HTML_TAG.match(raw[:1000].lstrip()) is not None


def read_as_it_is(raw: str) -> Document:
    return Document(raw)


# The first whose sign is there reads the text.
READERS: tuple[tuple[Callable[[str], bool], Callable[[str], Document]], ...] = (
    (looks_like_markup, read_markup),
    (lambda raw: True, read_as_it_is),
)


def read_text(raw: str) -> Document:
    """The document in a text, whichever of the formats it is written in."""
    return next(read for looks_like_it, read in READERS if looks_like_it(raw))(raw)

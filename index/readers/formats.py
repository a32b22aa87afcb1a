"""Which reader a text goes to: its first characters say more than the suffix of its file."""

from __future__ import annotations

from collections.abc import Callable

from index.readers.document import Document
from index.readers.markup import looks_like_markup, read_markup
from index.readers.pages import is_wrapped, read_pages
from index.readers.submission import looks_like_submission, read_submission


def is_paged(raw: str) -> bool:
    return "\f" in raw.strip() or is_wrapped(raw)


def read_as_it_is(raw: str) -> Document:
    """Text whose lines are paragraphs, as tools leave it; cleaning knows its marks."""
    return Document(raw)


# The first whose sign is there reads the text.
READERS: tuple[tuple[Callable[[str], bool], Callable[[str], Document]], ...] = (
    (looks_like_submission, read_submission),
    (looks_like_markup, read_markup),
    (is_paged, read_pages),
    (lambda raw: True, read_as_it_is),
)


def read_text(raw: str) -> Document:
    """The document in a text, whichever of the formats it is written in."""
    return next(read for looks_like_it, read in READERS if looks_like_it(raw))(raw)

"""Which reader a text goes to: its first characters say more than the suffix of its file."""

from __future__ import annotations

from collections.abc import Callable

from index.readers.confined import in_child
from index.readers.document import Document
from index.readers.markup import looks_like_markup, read_markup
from index.readers.pages import is_wrapped, read_pages
from index.readers.submission import looks_like_submission, looks_tagged, read_submission, read_tagged_text


def is_paged(raw: str) -> bool:
    return "\f" in raw.strip() or is_wrapped(raw)


def read_as_it_is(raw: str) -> Document:
    """Text whose lines are paragraphs, as tools leave it; cleaning knows its marks."""
    return Document(raw)


SMALL = 10_000  # characters; in so few there is no room for what takes long
# The first whose sign is there reads the text.
READERS: tuple[tuple[Callable[[str], bool], Callable[[str], Document]], ...] = (
    (looks_like_submission, read_submission),
    (looks_like_markup, read_markup),
    (looks_tagged, read_tagged_text),
    (is_paged, read_pages),
    (lambda raw: True, read_as_it_is),
)


def read_text(raw: str) -> Document:
    """The document in a text; markup, which can be made to take for ever, is read in a child of ours."""
    if len(raw) <= SMALL or not (looks_like_submission(raw) or looks_like_markup(raw)):
        return read_here(raw)
    answer = in_child("text", raw.encode("utf-8", "replace"))
    return Document(answer["text"], answer["facts"], tuple(answer["notes"]))


def read_here(raw: str) -> Document:
    """The same in this process, whichever format the text is written in."""
    return next(read for looks_like_it, read in READERS if looks_like_it(raw))(raw)

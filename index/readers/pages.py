"""Plain text that was set in pages: form feeds, hard wraps, columns of figures."""

from __future__ import annotations

from itertools import pairwise

from index.readers.document import Document
from index.readers.pagination import drop_running_lines, mend_torn_sentences
from index.readers.wrapping import text_width, unwrap

LONGEST_WRAPPED_LINE = 200
LEAST_WIDTH = 0.7  # of the width of the whole text: on a page of tables no line need be full
LEAST_WRAPPED = 0.3  # of the lines: they end within a sentence and the next begins in lower case


def read_pages(raw: str) -> Document:
    """The text with its paragraphs whole; page n is the n-th piece between form feeds."""
    text, notes = text_of_pages(raw.split("\f"))
    return Document(text, {}, notes)


def text_of_pages(raw_pages: list[str]) -> tuple[str, tuple[str, ...]]:
    """The pages as text, a form feed between two, and a note on what was dropped."""
    pages, dropped = drop_running_lines([page.split("\n") for page in raw_pages])
    width = text_width("\n".join(raw_pages))
    texts = ["\n".join(page) for page in pages]
    widths = [max(text_width(text), int(LEAST_WIDTH * width)) for text in texts]
    mended = mend_torn_sentences([unwrap(text, wide) for text, wide in zip(texts, widths, strict=True)])
    return _joined(mended), _note(dropped)


def mend_pages(lines: list[str]) -> tuple[str, tuple[str, ...]]:
    """The same for lines that are whole paragraphs, with a line of a form feed between two pages."""
    raw_pages: list[list[str]] = [[]]
    for line in lines:
        if line == "\f":
            raw_pages.append([])
        else:
            raw_pages[-1].append(line)
    if len(raw_pages) == 1:
        return "\n".join(lines), ()
    pages, dropped = drop_running_lines(raw_pages)
    return _joined(mend_torn_sentences(pages)), _note(dropped)


def _joined(pages: list[list[str]]) -> str:
    return "\f".join("\n".join(page) for page in pages)


def _note(dropped: int) -> tuple[str, ...]:
    return (f"{dropped} page numbers and running lines were taken out of the text.",) if dropped else ()


def is_wrapped(raw: str) -> bool:
    """Whether the lines of the text end where the page ended and not where the paragraph does."""
    lines = [line.strip() for line in raw[:200_000].split("\n") if line.strip()]
    long = sum(len(line) > LONGEST_WRAPPED_LINE for line in lines)
    torn = sum(
        (line[-1] == "," or line[-1].islower()) and following[:1].islower() for line, following in pairwise(lines)
    )
    return len(lines) > 20 and long < len(lines) // 50 and torn > LEAST_WRAPPED * len(lines)

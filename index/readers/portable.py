"""PDF: the text of each page, read by children of ours that share the pages, for pypdf takes its time over them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

from index.readers.confined import in_child
from index.readers.document import Document, Unreadable
from index.readers.pages import text_of_pages

MAGIC = b"%PDF-"
MOST_CHILDREN = 4
LEAST_LETTERS_A_PAGE = 20  # on average; scans have none


def is_portable(data: bytes) -> bool:
    return MAGIC in data[:1024]


def read_portable(data: bytes) -> Document:
    """The text of the PDF, a form feed between two pages."""
    if b"%%EOF" not in data[-4096:]:
        raise Unreadable("is a PDF that was cut short; download it again.")
    children = min(MOST_CHILDREN, os.cpu_count() or 1)
    with ThreadPoolExecutor(children) as pool:
        parts = list(pool.map(lambda first: in_child("pdf", data, first, children)["pages"], range(children)))
    count = sum(map(len, parts))
    raw_pages = [parts[number % children][number // children] for number in range(count)]
    if all(page is None for page in raw_pages):
        raise Unreadable("is a PDF whose pages are all damaged; download it again.")
    pages = [page or "" for page in raw_pages]
    letters = sum(sum(map(str.isalpha, page)) for page in pages)
    if letters < LEAST_LETTERS_A_PAGE * count:
        raise Unreadable("is a PDF of images without text; have its text recognised first, or name the HTML filing.")
    text, notes = text_of_pages(pages)
    lost = [str(number) for number, page in enumerate(raw_pages, 1) if page is None]
    note = f"{len(lost)} of its pages are damaged and have no text here: {', '.join(lost[:20])}." if lost else ""
    return Document(text, {}, tuple(filter(None, [*notes, note])))

"""The text of a PDF's pages, as pypdf gives it; runs in a child of ours, see index.readers.confined."""

from __future__ import annotations

import io
from collections.abc import Callable

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

from index.readers.confined import CPU_SECONDS, MOST_TEXT
from index.readers.document import Unreadable

MOST_PAGES = 600
PAGES_IN_USUAL_TIME = 100
SECONDS_A_PAGE = 0.2  # more for each page beyond these
ENCRYPTED = "is an encrypted PDF; open it and print it to a new PDF, or name the HTML filing instead."
DAMAGED = "is damaged or no PDF at all; download it again."


def pages_here(data: bytes, first: int, step: int, allow_seconds: Callable[[float], None]) -> list[str | None]:
    """The text of every step-th page from the first on; None for a damaged one."""
    try:
        reader = PdfReader(io.BytesIO(data))
        count = len(reader.pages)
    except (DependencyError, FileNotDecryptedError, WrongPasswordError) as error:
        raise Unreadable(ENCRYPTED) from error
    except MemoryError:
        raise
    except Exception as error:  # a damaged file makes pypdf fail in any way there is
        raise Unreadable(DAMAGED) from error
    if count > MOST_PAGES:
        raise Unreadable(f"has {count} pages, and Footnote reads PDFs of at most {MOST_PAGES}; save the report alone.")
    if not count:
        raise Unreadable(DAMAGED)
    if count > PAGES_IN_USUAL_TIME:
        allow_seconds(CPU_SECONDS + SECONDS_A_PAGE * (count - PAGES_IN_USUAL_TIME))
    pages: list[str | None] = []
    room = MOST_TEXT // step
    for number in range(first, count, step):
        try:
            page = reader.pages[number].extract_text()
        except MemoryError:
            raise
        except Exception:  # one damaged page does not cost the others
            pages.append(None)
            continue
        room -= len(page)
        if room < 0:
            raise Unreadable("has more text than any filing; check that it is the right file.")
        pages.append(page)
    return pages

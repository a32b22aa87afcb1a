"""Whether a download broke off: half a report would be answered from as if the other half did not exist."""

from __future__ import annotations

import re

from index.readers.document import Unreadable

CUT_OFF = "is cut off before its end; download it again."
START = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
IN_A_TAG = re.compile(r"<[!/a-z][^<>]{0,2000}\Z", re.IGNORECASE)


def must_be_whole_markup(raw: str) -> None:
    """Refuse a page that was begun and never ended, and a part of one that ends within a tag."""
    if not END.search(raw) and (START.search(raw) or IN_A_TAG.search(raw[-2000:].rstrip())):
        raise Unreadable(CUT_OFF)


def must_be_whole_submission(raw: str) -> None:
    """Refuse a submission in which a document was begun and never ended."""
    last = raw.rfind("<DOCUMENT>")
    if last >= 0 and "</DOCUMENT>" not in raw[last:] and not END.search(raw, last):
        raise Unreadable(CUT_OFF)

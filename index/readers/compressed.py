"""A gzip file is read for what is in it, as long as that is no larger than a report can be."""

from __future__ import annotations

import gzip
import io
import zlib

from index.readers.document import Unreadable

MAGIC = b"\x1f\x8b"
MOST_BYTES = 30_000_000


def inflate(data: bytes) -> bytes:
    """What the archive holds, or the data as it is when it is none."""
    if not data.startswith(MAGIC):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as archive:
            inflated = archive.read(MOST_BYTES + 1)  # a bomb is never inflated further than this
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable("is a gzip archive that is damaged or cut short; download it again.") from error
    if len(inflated) > MOST_BYTES:
        raise Unreadable(
            f"unpacks to more than {MOST_BYTES / 1e6:.0f} MB, and the text of a filing is smaller than that; "
            "check that it is the right file."
        )
    if inflated.startswith(MAGIC):
        raise Unreadable("is a gzip archive inside another; unpack it once and offer what is in it.")
    if not inflated.strip():
        raise Unreadable("is an empty gzip archive; download it again.")
    return inflated

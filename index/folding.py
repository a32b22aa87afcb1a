"""One spelling for matching: the same words whatever quotation marks, dashes and spaces they are written with."""

from __future__ import annotations

import re
import unicodedata

MARKS = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "‚": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "®": " ",
        "™": " ",
        "©": " ",
    }
)


def fold(text: str) -> str:
    """Lower case, plain marks, single spaces. For comparing, never for showing: offsets do not survive it."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text.translate(MARKS))).strip().casefold()

"""Text that was wrapped to the width of a page: lines of a paragraph are joined, rows of a table are kept apart."""

from __future__ import annotations

import re

COLUMNS = re.compile(r"\s{2,}|\t")


def unwrap_text(text: str) -> list[str]:
    """The paragraphs, headings and rows of the text, each a line."""
    lines: list[str] = []
    for line in text.split("\n"):
        words = " ".join(line.split())
        if not words:
            if lines and lines[-1]:
                lines.append("")
        elif lines and lines[-1] and not line[:1].isspace():
            lines[-1] += " " + words
        else:
            lines.append(words)
    return lines

"""Chapters as Markdown: prose with footnote marks, and the filings' own words below, to the letter."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ui.exports import Chapter

# Whatever begins emphasis, code, links, images, tables, maths, HTML, entities, or one of the dialects' own marks.
MARKS = re.compile(r"([\\`*_\[\]<>{}#|~$&^=+@%!])")
# What begins a list, a heading or a rule where it opens a line; a line is never broken within a paragraph.
OPENS_A_LINE = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-:]))")
# Addresses become links by themselves, and ':smile:' a picture.
BECOMES_A_LINK = re.compile(r":(?=\w|//)|(?<=[wW]{3})\.")


def as_markdown(chapters: Sequence[Chapter]) -> str:
    """One document; its footnotes are named '2-1' where there are several chapters."""
    lines: list[str] = []
    for place, chapter in enumerate(chapters, start=1):
        names = {
            note.number: f"{place}-{note.number}" if len(chapters) > 1 else str(note.number) for note in chapter.notes
        }
        lines += [f"# {escaped(chapter.title)}", ""]
        for paragraph in chapter.paragraphs:
            said = [
                escaped(text) + "".join(f"[^{names[number]}]" for number in numbers)
                for text, numbers in paragraph.sentences
            ]
            label = f"**{escaped(paragraph.label)}.** " if paragraph.label else ""
            lines += [label + " ".join(said), ""]
        lines += [line for remark in chapter.remarks for line in (f"*{escaped(remark)}*", "")]
        for note in chapter.notes:
            lines += [f"[^{names[note.number]}]: “{escaped(note.quote)}” ({escaped(note.place)})", ""]
    return "\n".join(lines).rstrip() + "\n"


def escaped(text: str) -> str:
    """The words as every dialect of Markdown shows them letter by letter."""
    text = MARKS.sub(r"\\\1", text)
    text = BECOMES_A_LINK.sub(r"\\\g<0>", text)
    return OPENS_A_LINE.sub(r"\1\\", text)

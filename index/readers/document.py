"""What every reader hands over, whatever the format was."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Document:
    """Raw text, what the format itself declares about it, and what a reader of it should know.

    A line of the text is a paragraph, a heading or a row of a table ("label | cell | cell"); a form feed ends a page.
    """

    text: str
    facts: dict[str, str] = field(default_factory=dict)  # "dei:EntityRegistrantName", "CENTRAL INDEX KEY"
    notes: tuple[str, ...] = ()


class Unreadable(Exception):
    """Why a file cannot be read: a sentence that goes on after its name, "is damaged; download it again"."""

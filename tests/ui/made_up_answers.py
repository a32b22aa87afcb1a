"""Answers made up for the tests of what is shown, some of them hostile."""

from __future__ import annotations

from typing import Any

from index.filing import Filing
from rag.answer import Answer, Citation, Sentence

HOSTILE = "<b>$5_x_$</b> [bold]*9*[/bold] :red[hi] \x1b[31mred\x9b2J \u202egnirts"


def filing(filing_id: str = "acme-fy2020", company: str = "Acme, Inc.", fiscal_year: int = 2020) -> Filing:
    return Filing(
        filing_id, company, "", "", "10-K", fiscal_year, f"{fiscal_year}-12-31", "", "acme.txt", "0", "", (), ()
    )


def citation(number: int, quote: str = "We sell anvils.", start: int = 0) -> Citation:
    return Citation(number, "acme-fy2020:0", "acme-fy2020", quote, start, start + len(quote), "1", 3)


def sentence(text: str, *numbers: int, facet: str = "") -> Sentence:
    return Sentence(text, tuple(citation(number, text) for number in numbers), facet, "supported")


def answer(*sentences: Sentence, **changes: Any) -> Answer:
    values: dict[str, Any] = {
        "question": "What is sold?",
        "understood_as": "What is sold?",
        "sentences": sentences,
        "silent": (),
        "answered": bool(sentences),
        "searched": ("acme-fy2020",),
        "followups": (),
        "composed_by": "hand",
        "tokens": 0,
        "created_at": "2026-01-01T00:00:00+00:00",
    }
    return Answer(**values | changes)

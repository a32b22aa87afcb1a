"""Answers about filings that are really there, verified like any other, for the tests of what is kept of them."""

from __future__ import annotations

from typing import Any

from rag.answer import Answer, Draft
from rag.assistant import Assistant
from rag.kept import SharedTurn
from rag.verify import verify


def answer_about(assistant: Assistant, filing_id: str, question: str = "What is sold?", **changes: Any) -> Answer:
    """Three of the filing's own sentences, and one that goes beyond them."""
    whole = assistant.whole(filing_id)
    lines = [(one, line) for one in whole.passages for line in one.text.split("\n") if line.endswith(".")][:3]
    drafts = [Draft(line, (passage.id,), "products", (line,)) for passage, line in lines]
    drafts.append(Draft("It sold $999 million of anvils.", drafts[0].passage_ids, "products", drafts[0].quotes))
    checked = verify(drafts, whole.by_id, [whole.filing.company])
    values: dict[str, Any] = {
        "question": question,
        "understood_as": question,
        "sentences": tuple(one for one in checked if one.verdict == "supported"),
        "silent": ("financing",),
        "answered": True,
        "searched": (filing_id,),
        "followups": ("Who buys it?",),
        "composed_by": "offline composer",
        "tokens": 40,
        "created_at": "2026-01-01T00:00:00+00:00",
        "withheld": tuple(one for one in checked if one.verdict == "withheld"),
    }
    assert (len(values["sentences"]), len(values["withheld"])) == (3, 1)
    return Answer(**values | changes)


def turn_about(assistant: Assistant, filing_id: str, title: str = "What is sold?") -> SharedTurn:
    return SharedTurn(title, answer_about(assistant, filing_id, title), ("Understood as: what is sold",), "")

"""Sentences that stand one after the other as one text: where two have the same subject, the second says 'it'.

'Intel sells ... Intel also uses distributors.' becomes 'Intel sells ... It also uses distributors.' Only where the
company is the subject of both, and never three times running, so that nobody has to look back who 'it' is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.answer import Draft

MOST_RUNNING = 2


class Flow:
    """Joins the sentences of one company's summary."""

    def __init__(self, company: str) -> None:
        name = rf"(?:{re.escape(company)}|[Tt]he Company)"
        # 'Walmart U.S. operates ...' and 'Intel Architecture is ...' have another subject than the company.
        self._is_subject = re.compile(rf"{name} (?=[a-z])")
        self._owns_subject = re.compile(rf"{name}[’']s? (?=\w)")

    def __call__(self, drafts: Sequence[Draft]) -> list[Draft]:
        """The same drafts in the same order, told as one text."""
        told: list[Draft] = []
        running, facet, goes_on = 0, "", False
        for draft in drafts:
            running, goes_on = (running, goes_on) if draft.facet == facet else (0, False)
            facet = draft.facet
            text = self._joined(draft.text) if goes_on and running < MOST_RUNNING else draft.text
            running = running + 1 if text != draft.text else 0
            # 'Its fee is $60. It ...': after what belongs to the company, 'it' would be that.
            goes_on = bool(self._is_subject.match(draft.text))
            told.append(replace(draft, text=text))
        return told

    def _joined(self, text: str) -> str:
        match = self._is_subject.match(text)
        if match:
            return f"It {text[match.end() :]}"
        match = self._owns_subject.match(text)
        return f"Its {text[match.end() :]}" if match else text

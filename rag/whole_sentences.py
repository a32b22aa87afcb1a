"""What a language model rests a sentence on, made into whole sentences of the filing before it is verified.

A model may quote half of "We are not subject to any agreement"; verified against that half, it could say the opposite.
So each of its quotations is widened to the sentences, or the list, that the words stand in: the very things that the
offline composer chooses from, without table rows, headings and orders that somebody planted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from index.filing import Passage
from rag.answer import Draft
from rag.candidates import Candidate, candidates

# Letters, figures and the punctuation of a plain sentence. Verification compares words of these; any other sign, a
# letter of another script as well, must stand in the words that are cited.
PLAIN = re.compile(r"[A-Za-z0-9 .,;:'’()–—-]")
MARKS = frozenset("“”\"‘’'")
ALIKE = ("'‘’", '"“”', "-–—")
SPELLINGS = {sign: f"[{signs}]" for signs in ALIKE for sign in signs}


class WholeSentences:
    """The sentences of some passages, by where they stand."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = {passage.id: passage for passage in passages}
        ordered = sorted(passages, key=lambda passage: (passage.filing_id, passage.order))
        self._candidates = [
            candidate
            for _, group in groupby(ordered, key=lambda passage: passage.filing_id)
            for candidate in candidates(list(group))
        ]

    def filings_of(self, draft: Draft) -> set[str]:
        return {self._passages[one].filing_id for one in draft.passage_ids if one in self._passages}

    def widened(self, draft: Draft) -> Draft | None:
        """The draft on whole sentences; None when what it quotes is part of no sentence."""
        if len(draft.quotes) != len(draft.passage_ids) or not all(one in self._passages for one in draft.passage_ids):
            return draft  # verification knows what to say of it
        found: list[Candidate] = []
        for passage_id, words in zip(draft.passage_ids, draft.quotes, strict=True):
            place = spelt_alike(words, self._passages[passage_id].text)
            if place is None:
                return draft  # not verbatim, which verification says
            verbatim = (passage_id, self._passages[passage_id].text[slice(*place)])
            # Words that are all of a sentence, or of a bullet, are that one, though they may stand elsewhere as well.
            touched = [one for one in self._candidates if verbatim in one.parts] or [
                one for one in self._candidates if self._touches(one, passage_id, *place)
            ]
            if not touched:
                return None
            found.extend(one for one in touched if one not in found)
        parts = list(dict.fromkeys(part for one in found for part in one.parts))
        return replace(draft, passage_ids=tuple(p for p, _ in parts), quotes=tuple(words for _, words in parts))

    def _touches(self, candidate: Candidate, passage_id: str, start: int, end: int) -> bool:
        for part_id, words in candidate.parts:
            if part_id == passage_id:
                begins = self._passages[passage_id].text.find(words)
                if begins < end and start < begins + len(words):
                    return True
        return False


def spelt_alike(words: str, text: str) -> tuple[int, int] | None:
    """Where a text has these words; line breaks, and the shape of quotation marks and dashes, make no difference."""
    if not words.strip():
        return None
    pattern = r"\s+".join("".join(SPELLINGS.get(sign, re.escape(sign)) for sign in word) for word in words.split())
    match = re.search(pattern, text)
    return match.span() if match else None


def strange_sign(text: str, quoted: str) -> str:
    """The first sign of the text that is not of a plain sentence, nor in the quoted words; empty when there is none."""
    held = set(quoted) | (MARKS if MARKS & set(quoted) else set())
    return next((sign for sign in text if not PLAIN.match(sign) and sign not in held), "")

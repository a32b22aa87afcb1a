"""A question put on its own feet and taken apart by a language model, and whether what it wrote may be used.

The model only proposes. A proposal may name nothing that neither the conversation nor the filings name: no figure, no
name, no other word of substance. Where it does, or where none comes in time, the question is understood without it.
"""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.filing import Filing
from rag.figures import number_words
from rag.model_exchange import Exchange, Model, Purse
from rag.model_failures import ModelFailed
from rag.prompts import Message
from rag.scope import names_company
from rag.terms import stem, stems, subject_terms
from rag.whole_sentences import strange_sign

SECONDS = 5.0  # a reader waits for it before anything is looked for
MOST_CHARACTERS = 2000  # of the model's
LONGEST, MOST_PARTS = 300, 4
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LINE = re.compile(r"^\W*(QUESTION|PART)\b[\s:*]*(.+)$")
SIGNS_OF_A_QUESTION = "?%$&/"


@dataclass(frozen=True)
class Proposal:
    """What the model made of a question: the same on its own feet, and its parts."""

    question: str = ""
    parts: tuple[str, ...] = ()


def propose(model: Model, messages: Sequence[Message], stop: threading.Event, purse: Purse) -> Proposal:
    """One short request; a model that fails or is slow proposes nothing."""
    with contextlib.suppress(Exception):  # its seconds of imports are none of the model's; what is broken shows below
        model.client()
    said = ""
    coming = Exchange(model, list(messages), stop, purse).pieces(time.monotonic() + SECONDS)
    with contextlib.closing(coming), contextlib.suppress(ModelFailed):
        for piece in coming:
            said += piece.text
            if len(said) > MOST_CHARACTERS:
                return Proposal()
        return _read(said)
    return Proposal()


def may_be_asked(
    proposed: str,
    said: Sequence[str],
    filings: Sequence[Filing],
    may_name: Sequence[Filing],
    knows: Callable[[str], bool],
) -> bool:
    """Whether a question of a model's names only what was said or what the filings name.

    `may_name` are the filings whose companies it may name though nobody did; `knows` tells whether the filings have a
    word.
    """
    text = " ".join(said)
    if not 0 < len(proposed) <= LONGEST or strange_sign(proposed, text + SIGNS_OF_A_QUESTION):
        return False
    years = {str(filing.fiscal_year) for filing in filings if filing.fiscal_year}
    if not set(NUMBER.findall(proposed)) <= set(NUMBER.findall(text)) | years:
        return False
    if not number_words(proposed) <= number_words(text) | {"1"}:
        return False
    for filing in filings:
        if names_company(proposed, filing) and not names_company(text, filing) and filing not in may_name:
            return False
    known = stems(text) | stems(" ".join(f"{filing.company} {filing.ticker}" for filing in filings))
    return all(stem(term) in known or knows(term) for term in subject_terms(proposed))


def keeps_the_figures(proposed: str, question: str) -> bool:
    """A rewording that drops a figure or a year of the question asks for something else."""
    return set(NUMBER.findall(question)) <= set(NUMBER.findall(proposed))


def _read(said: str) -> Proposal:
    found: dict[str, list[str]] = {"QUESTION": [], "PART": []}
    for line in said.splitlines():
        if match := LINE.match(line):
            found[match.group(1)].append(" ".join(match.group(2).split()))
    return Proposal(next(iter(found["QUESTION"]), ""), tuple(found["PART"][:MOST_PARTS]))

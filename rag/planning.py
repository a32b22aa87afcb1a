"""The conductor's part that understands a question, with the help of a language model where there is one.

Without one, or where its proposal may not be used, rag/understand.py's own rules make the question whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.companies import are_of_one_company
from index.filing import Filing
from rag.answer import Answer
from rag.model_at_hand import Writer
from rag.prompts import reword_request
from rag.question import Understanding
from rag.rewording import keeps_the_figures, may_be_asked, propose
from rag.understand import understand
from rag.with_model import Reader

MOST_REMEMBERED = 3  # answers that a follow-up may lean on


@dataclass(frozen=True)
class Plan:
    """A question that stands on its own, and its parts, for which is looked as well."""

    asked: Understanding
    parts: tuple[Understanding, ...] = ()


def plan(
    question: str,
    history: Sequence[Answer],
    filings: Sequence[Filing],
    scope: Sequence[str],
    writer: Writer,
    reader: Reader,
    knows: Callable[[str], bool],
) -> Plan:
    """The model is asked only where a question may lean on those before it, or is about several filings."""
    asked = understand(question, [answer.understood_as for answer in history], filings, scope)
    is_over_several = len(asked.filing_ids) > 1 and (asked.compares or len(asked.years) > 1 or bool(asked.parts))
    if not writer.model.settings.is_set or not (history or is_over_several):
        return Plan(asked)
    chosen = [filing for filing in filings if filing.id in scope]
    before = history[-MOST_REMEMBERED:]
    told = [(answer.understood_as, answer.text if answer.answered else "") for answer in before]
    reader.tell(f"{writer.model.settings.model} is reading the question.")
    proposal = propose(writer.model, reword_request(question, told, chosen), reader.stop, writer.purse)
    said = [question, *(text for turn in told for text in turn)]
    # A company that nobody named would turn the question to other filings, unless there is but the one.
    only = chosen if are_of_one_company(chosen) else []
    if (
        history
        and keeps_the_figures(proposal.question, question)
        and may_be_asked(proposal.question, said, filings, only, knows)
    ):
        asked = understand(proposal.question, (), filings, scope)
    parts = [part for part in proposal.parts if may_be_asked(part, [*said, asked.question], filings, chosen, knows)]
    understood = [understand(part, (), filings, scope) for part in parts if is_over_several]
    return Plan(asked, tuple(part for part in understood if set(part.filing_ids) <= set(asked.filing_ids)))

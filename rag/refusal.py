"""What is said where nothing can be told: where it was looked for, and what the library does not have."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.filing import Filing, Section
from rag.question import Understanding
from rag.terms import MEASURE

MOST_NAMED = 4


# Where a form has its answers: by the words of a question, and by what was understood of it.
ITEM_OF = (
    ("3", r"\b(?:legal proceedings?|lawsuits?|litigation|sued?)\b"),
    ("2", r"\b(?:properties|headquarter\w*|square feet|plants|offices)\b"),
    ("11", r"\b(?:salary|salaries|compensation of|paid to (?:the )?(?:ceo|directors?|officers?)|bonus)\b"),
    ("12", r"\b(?:beneficial\w*|owns? more than|largest shareholders?|who owns)\b"),
    ("14", r"\b(?:audit fees?|auditors?|audits?)\b"),
    ("10", r"\b(?:directors?|officers?|board|chair\w*|ceo|cfo|executives?|president)\b"),
    ("5", r"\b(?:exchange|holders of record|dividends?|stock price|share price)\b"),
    ("7", r"\b(?:liquidity|outlook|results of operations|why did)\b"),
    ("8", rf"\b{MEASURE}\b|\b(?:equity|shares|auditors?|leases?|tax(?:es)?)\b"),
)
SOMEWHERE_ELSE = "incorporated_by_reference"


def refusal(
    filings: Sequence[Filing],
    asked: Understanding | None = None,
    unknown: Sequence[str] = (),
    sections: Sequence[Section] = (),
) -> str:
    """Why there is no answer, in a plain sentence or two; `unknown` are names that none of the filings has.

    `sections` are those of the one filing that was searched: what an item leaves to another paper, this one cannot say.
    """
    if not filings:
        return "There is no filing to search yet."
    names = ", ".join(filing.label for filing in filings[:MOST_NAMED])
    more = f" and {len(filings) - MOST_NAMED} more" if len(filings) > MOST_NAMED else ""
    said = [f"The {'filing does' if len(filings) == 1 else 'filings do'} not say. Searched: {names}{more}."]
    if asked and asked.outside:
        said.append(f"The filings of {' and '.join(asked.outside)} are in the library, but not among these.")
    elif unknown:
        said.append(f"The name {' and '.join(name.capitalize() for name in unknown)} is not in them.")
    elif asked and (left := _left_to_another(asked, sections)):
        said.append(f"{left} refers to another document or place for it.")
    if missing := _years_without_a_report(filings, asked):
        said.append(f"There is no report for {' and '.join(map(str, missing))} among them.")
    return " ".join(said)


def _left_to_another(asked: Understanding, sections: Sequence[Section]) -> str:
    """The item in which such a thing is told, if this filing only says there where to look."""
    items = ["8", "7"] if asked.line else [item for item, words in ITEM_OF if re.search(words, asked.question, re.I)]
    elsewhere = {section.item: section for section in sections if section.status == SOMEWHERE_ELSE}
    found = next((elsewhere[item] for item in items if item in elsewhere), None)
    if not found:
        return ""
    title = " ".join(found.title.split()).strip(" .:—–-")
    return f"Item {found.item} ({title})" if title else f"Item {found.item}"


def _years_without_a_report(filings: Sequence[Filing], asked: Understanding | None) -> list[int]:
    known = {filing.fiscal_year for filing in filings}
    return [year for year in asked.years if year not in known] if asked and None not in known else []

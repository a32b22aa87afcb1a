"""What is said where nothing can be told: where it was looked for, and what the library does not have."""

from __future__ import annotations

from collections.abc import Sequence

from index.filing import Filing
from rag.question import Understanding

MOST_NAMED = 4


def refusal(filings: Sequence[Filing], asked: Understanding | None = None, unknown: Sequence[str] = ()) -> str:
    """Why there is no answer, in a plain sentence or two; `unknown` are names that none of the filings has."""
    if not filings:
        return "There is no filing to search yet."
    names = ", ".join(filing.label for filing in filings[:MOST_NAMED])
    more = f" and {len(filings) - MOST_NAMED} more" if len(filings) > MOST_NAMED else ""
    said = [f"The {'filing does' if len(filings) == 1 else 'filings do'} not say. Searched: {names}{more}."]
    if asked and asked.outside:
        said.append(f"The filings of {' and '.join(asked.outside)} are in the library, but not among these.")
    elif unknown:
        said.append(f"The name {' and '.join(name.capitalize() for name in unknown)} is not in them.")
    if missing := _years_without_a_report(filings, asked):
        said.append(f"There is no report for {' and '.join(map(str, missing))} among them.")
    return " ".join(said)


def _years_without_a_report(filings: Sequence[Filing], asked: Understanding | None) -> list[int]:
    known = {filing.fiscal_year for filing in filings}
    return [year for year in asked.years if year not in known] if asked and None not in known else []

"""Which filings are of one company: those of one name, and those of one CIK, which outlives names.

A filing without a CIK (older ones carry none, unless they came from EDGAR) goes by its name alone: WAL-MART STORES and
WALMART are alike, but so are the names of companies that have nothing to do with each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.filing import Filing

Mark = tuple[str, str]  # what is looked at, and its value


def by_company(filings: Sequence[Filing]) -> dict[str, list[Filing]]:
    """The filings of each company in their order, under the name that its latest report has."""
    groups: dict[Mark, list[Filing]] = {}
    first_mark = _first_marks(filings)
    for filing in filings:
        groups.setdefault(first_mark[("name", filing.company)], []).append(filing)
    return {max(group, key=_when).company: group for group in groups.values()}


def company_of(filings: Sequence[Filing]) -> dict[str, str]:
    """By the id of each filing, the name of its company: the same for all filings of one company."""
    return {filing.id: company for company, group in by_company(filings).items() for filing in group}


def are_of_one_company(filings: Sequence[Filing]) -> bool:
    """Whether they are; where there is none, nothing needs a company's name."""
    return len({filing.company for filing in filings}) <= 1 or len(by_company(filings)) == 1


def _first_marks(filings: Sequence[Filing]) -> dict[Mark, Mark]:
    """Each name and number, and one of its company that stands for it: a report joins its name and its number."""
    leads_to: dict[Mark, Mark] = {}

    def end_of(mark: Mark) -> Mark:
        while leads_to.setdefault(mark, mark) != mark:
            mark = leads_to[mark]
        return mark

    for filing in filings:
        name = end_of(("name", filing.company))
        if filing.cik:
            leads_to[end_of(("CIK", filing.cik))] = name
    return {mark: end_of(mark) for mark in tuple(leads_to)}


def _when(filing: Filing) -> tuple[int, str]:
    return filing.fiscal_year or 0, filing.period_end

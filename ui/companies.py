"""Which filings are of one company: those of one name, and those of one CIK, which outlives names.

A filing without a CIK (older ones carry none, unless they came from EDGAR) goes by its name alone: WAL-MART STORES and
WALMART are alike, but so are the names of companies that have nothing to do with each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.filing import Filing


def by_company(filings: Sequence[Filing]) -> dict[str, list[Filing]]:
    """The filings of each company in their order, under the name that its latest report has."""
    group_of_name: dict[str, list[Filing]] = {}
    group_of_cik: dict[str, list[Filing]] = {}
    for filing in filings:
        same = group_of_name.setdefault(filing.company, [])
        same.append(filing)
        if filing.cik and (others := group_of_cik.setdefault(filing.cik, same)) is not same:
            others += same
            for each in same:
                group_of_name[each.company] = others
                if each.cik:
                    group_of_cik[each.cik] = others
    groups = {id(group): group for group in group_of_name.values()}
    place = {filing.id: number for number, filing in enumerate(filings)}
    found = (sorted(group, key=lambda filing: place[filing.id]) for group in groups.values())
    return {max(group, key=_when).company: group for group in found}


def are_of_one_company(filings: Sequence[Filing]) -> bool:
    """Whether they are; where there is none, nothing needs a company's name."""
    return len({filing.company for filing in filings}) <= 1 or len(by_company(filings)) == 1


def _when(filing: Filing) -> tuple[int, str]:
    return filing.fiscal_year or 0, filing.period_end

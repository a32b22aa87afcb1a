"""EDGAR's list of what a company filed: which of these reports somebody means by a form and years."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

COLUMNS = ("accessionNumber", "form", "filingDate", "reportDate", "primaryDocument")
ACCESSION = re.compile(r"\d{10}-\d\d-\d{6}")
ANNUAL = re.compile(r"10-K|20-F|40-F")
FIRST_DAYS = "01-07"  # a year of 52 weeks that ends until then belongs to the year before
USUAL_DELAY = timedelta(days=100)  # from the end of the period to the filing, where the list names no period
LATEST_FILED = 2  # years after its period that a late report may come
ENDINGS = (".htm", ".html", ".xhtml", ".txt", ".pdf")
MOST_TOLD = 6  # years of a form


@dataclass(frozen=True)
class Listed:
    """One filing in the list."""

    accession: str
    form: str
    filed_on: str  # ISO date
    period_end: str  # ISO date; empty where the list has none
    document: str  # the report among the files of the filing; empty in the 1990s, when all was one file

    @property
    def year(self) -> int:
        """The year that it reports on."""
        if not self.period_end:
            return (date.fromisoformat(self.filed_on) - USUAL_DELAY).year
        year = int(self.period_end[:4])
        return year - 1 if self.period_end[5:] <= FIRST_DAYS else year

    def path(self, cik: int) -> str:
        """Where it lies in the archive, below Archives/edgar."""
        bare = self.accession.replace("-", "")
        return f"data/{cik}/{bare}/{self.document}" if self.document else f"data/{cik}/{self.accession}.txt"

    def name(self, company: str) -> str:
        """What its file is called here: 'smsi-10-k-2021-12-31.htm'."""
        stem = re.sub(r"[^a-z0-9]+", "-", f"{company} {self.form} {self.period_end or self.filed_on}".lower())
        ending = next((ending for ending in ENDINGS if self.document.lower().endswith(ending)), ".txt")
        return stem.strip("-") + ending


def read_listing(columns: Mapping[str, Any]) -> list[Listed]:
    """The filings of one page of the list, in its order; ValueError where it is no such page."""
    try:
        cells = zip(*(columns[name] for name in COLUMNS), strict=True)
        rows = [Listed(*(str(cell or "") for cell in row)) for row in cells]
        for row in rows:
            date.fromisoformat(row.filed_on)
            if row.period_end:
                date.fromisoformat(row.period_end)
            if not ACCESSION.fullmatch(row.accession):
                raise ValueError(row.accession)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("its list of filings is not as EDGAR writes it") from error
    return rows


def may_hold(page: Mapping[str, Any], first: int, last: int) -> bool:
    """Whether an older page of the list can have reports on these years; its head tells what dates it covers."""
    return str(page["filingTo"]) >= f"{first}-01-01" and str(page["filingFrom"]) <= f"{last + LATEST_FILED}-12-31"


def wanted(rows: Iterable[Listed], form: str, first: int | None, last: int | None) -> list[Listed]:
    """Those of the form on these years, oldest first; without years the latest. 10-K does not mean 10-K/A."""
    of_form = sorted((row for row in rows if row.form.upper() == form), key=lambda row: (row.filed_on, row.accession))
    if first is None or last is None:
        return of_form[-1:]
    return [row for row in of_form if first <= row.year <= last]


def others_told(rows: Iterable[Listed], form: str) -> str:
    """What there is instead: '10-K for 2019, 2020; 10-K405 for 2001'."""
    years: dict[str, set[int]] = {}
    for row in rows:
        if row.form.upper() == form or ANNUAL.match(row.form):
            years.setdefault(row.form, set()).add(row.year)
    return "; ".join(f"{name} for {', '.join(map(str, sorted(found)[-MOST_TOLD:]))}" for name, found in years.items())

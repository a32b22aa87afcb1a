"""Annual reports made up for the journeys: a small one, a long one, and one whose words try to be markup."""

from __future__ import annotations

import json
from pathlib import Path

COMPANY = "A*b_c $x$ <b>d</b> `e` [f](g)"
HOSTILE = "The tracking device costs $5 to $9_000 and *two* `kilograms` :red[today] in <script>alert(1)</script>."
HOSTILE_HEADING = "Products *of* $the$ _year_"

COVER = """UNITED STATES SECURITIES AND EXCHANGE COMMISSION
FORM 10-K
ANNUAL REPORT PURSUANT TO SECTION 13 OF THE SECURITIES EXCHANGE ACT OF 1934
For the fiscal year ended December 31, {year}
Anvil Works, Inc.
(Exact name of registrant as specified in its charter)
"""
BUSINESS = """Item 1. Business
General
Anvil Works, Inc. makes cast-iron anvils and the hammers that go with them. We sell our anvils to blacksmiths, farriers
and sculptors. Our products are sold through three hundred independent hardware stores and through our own website.
Customers
Our largest customer, Forge Supply, accounted for 41% of our revenues in {year}. We have no long-term contracts.
Employees
As of December 31, {year}, we had 214 employees, of whom 180 worked in our foundry.
Financing
In {year} we borrowed $12.5 million from First Foundry Bank under a term loan that matures in 2029.
"""
ADDED = "The report has a part for each of our {count} sites, and this is the part for site {number}. "
SITE = (
    "At site {number} we cast {tons} tons of iron during the year and shipped it to customers within the region. "
    "The furnace of site {number} was relined, and its crew of {crew} worked without an accident that had to be told."
)


def small_report(folder: Path, year: int = 2022) -> Path:
    """A page of a company that makes anvils."""
    path = folder / f"anvil-works-{year}.txt"
    path.write_text(COVER.format(year=year) + BUSINESS.format(year=year))
    return path


def long_report(folder: Path, sites: int = 1500) -> Path:
    """So much that it takes some time to read for meaning."""
    path = folder / "anvil-works-sites.txt"
    parts = [
        ADDED.format(count=sites, number=n) + SITE.format(number=n, tons=100 + 7 * n, crew=10 + n % 30)
        for n in range(sites)
    ]
    path.write_text(COVER.format(year=2023) + BUSINESS.format(year=2023) + "\nSites\n" + "\n".join(parts) + "\n")
    return path


def prompt_document() -> str:
    """An instruction with the text behind it, as people paste it into chats."""
    return (
        "Prompt: Summarize the business model from the following text. Use only information from the following the "
        "text:\n\n" + BUSINESS.format(year=2024)
    )


def hostile_report(folder: Path, filing_id: str = "hostile", year: int = 2022) -> Path:
    """A small report whose words, headings and company try to be markup, told what it is by a filings.toml."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{filing_id}.txt"
    path.write_text(
        f"Item 1. Business\n{HOSTILE_HEADING}\n{HOSTILE}\nDistribution\n"
        "The Company sells its products to customers through retail stores and distributors in North America. "
        f"Our competitors offer similar products. As of December 31, {year}, the Company had {year - 2010} employees. "
        "Revenues of the fiscal year came from sales of devices to two customers.\n"
    )
    known = {"id": filing_id, "company": COMPANY, "form": "10-K", "fiscal_year": year}
    rows = [f"{name} = {json.dumps(value)}" for name, value in known.items()]
    (folder / "filings.toml").write_text("\n".join([f"['{path.name}']", *rows]))
    return path

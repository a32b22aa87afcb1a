"""Small reports of companies that do not exist, any number of them, for measures that need many quickly."""

from __future__ import annotations

import random
from pathlib import Path

FIRST = "Ash Birch Cedar Elm Fir Hazel Larch Maple Oak Pine Rowan Willow Yew Alder Beech".split()
SECOND = "brook dale field ford gate hill mere moor stone wood".split()


def company_of(number: int) -> str:
    """A name without a figure: a figure in a name would be one that the quoted words must hold."""
    first, second = divmod(number, len(SECOND))
    return f"{FIRST[first % len(FIRST)]}{SECOND[second]} Valves"


def report_of(number: int) -> str:
    """A small report of a company that no other number makes."""
    chance = random.Random(number)  # noqa: S311
    town, other = chance.sample(["Leeds", "Lyon", "Oslo", "Dayton", "Braga", "Austin"], 2)
    staff, share, dealers = chance.randint(100, 999), chance.randint(11, 89), chance.randint(12, 99)
    return f"""Item 1. BUSINESS
General
{company_of(number)} develops and builds gate valves for water works. The company has its factory in {town}.
Products
Our main product is the Granite valve, a gate valve for water works. We also sell spare parts for it.
Customers
We sell our valves to water works, shipyards and breweries. Our largest customer, {company_of(number + 1)} Waterworks, \
accounted for {share}% and {share - 7}% of our revenues in fiscal years 2022 and 2021, respectively.
Sales and Distribution
Our valves are sold through {dealers} independent dealers, who also install them. Dealers abroad are served from our \
warehouse in {other}.
Competition
We compete with several larger builders of valves on price, quality and service.
Employees
As of December 31, 2022, we had {staff} employees. We are not subject to any collective bargaining agreement.
"""


def write_reports(folder: Path, number: int) -> list[Path]:
    """Reports with a name each, so that every library knows them by the same ids."""
    names = []
    for one in range(number):
        path = folder / f"report-{one}.txt"
        path.write_text(report_of(one), encoding="utf-8")
        names.append(f'["{path.name}"]\nid = "report-{one}"\ncompany = "{company_of(one)}, Inc."\nfiscal_year = 2022\n')
    (folder / "filings.toml").write_text("\n".join(names), encoding="utf-8")
    return [folder / f"report-{one}.txt" for one in range(number)]

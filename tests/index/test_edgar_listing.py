"""Which filings of EDGAR's list are meant, and what of them is kept."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from index.edgar_cache import keep, kept, tidy
from index.edgar_listing import Listed, may_hold, others_told, read_listing, wanted

NUMBER = "0000910001-22-000007"


def listed(
    form: str = "10-K", filed_on: str = "2022-03-01", period_end: str = "2021-12-31", name: str = "a.htm"
) -> Listed:
    return Listed(NUMBER, form, filed_on, period_end, name)


def columns(**changed: Any) -> dict[str, list[Any]]:
    row = {
        "accessionNumber": NUMBER,
        "form": "10-K",
        "filingDate": "2022-03-01",
        "reportDate": "2021-12-31",
        "primaryDocument": "a.htm",
        "size": 3,
    }
    return {name: [value] for name, value in (row | changed).items()}


@pytest.mark.parametrize(
    ("filed_on", "period_end", "year"),
    [
        ("2022-03-01", "2021-12-31", 2021),
        ("2022-03-01", "2022-01-02", 2021),  # a year of 52 weeks
        ("2022-03-28", "2022-01-31", 2022),
        ("1996-03-29", "", 1995),
        ("1996-09-27", "", 1996),
    ],
)
def test_the_year_is_the_one_in_which_the_period_ends(filed_on: str, period_end: str, year: int) -> None:
    assert listed(filed_on=filed_on, period_end=period_end).year == year


def test_a_form_means_itself_and_neither_its_amendments_nor_its_variants() -> None:
    rows = [listed(form) for form in ("10-K", "10-K/A", "10-K405", "10-KT", "10-Q", "8-K")]
    assert [row.form for row in wanted(rows, "10-K", 2021, 2021)] == ["10-K"]
    assert [row.form for row in wanted(rows, "10-K/A", None, None)] == ["10-K/A"]
    assert wanted(rows, "10-K", 2022, 2030) == []
    assert others_told(rows[2:], "10-K") == "10-K405 for 2021; 10-KT for 2021"


def test_an_older_page_is_read_only_where_it_may_hold_the_years() -> None:
    page = {"filingFrom": "2001-05-01", "filingTo": "2012-08-01"}
    assert may_hold(page, 2012, 2020)  # filed in 2012
    assert may_hold(page, 2000, 2000)  # filed late
    assert not may_hold(page, 2013, 2020)
    assert not may_hold(page, 1993, 1997)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        columns() | {"form": []},
        columns(accessionNumber="../../etc/passwd"),
        columns(filingDate="yesterday"),
        columns(reportDate="2021-02-30"),
        {"accessionNumber": 3},
    ],
)
def test_what_is_no_list_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not as EDGAR writes it"):
        read_listing(broken)


def test_a_file_is_named_for_what_it_is_and_never_for_a_path() -> None:
    (row,) = read_listing(columns(primaryDocument="../../evil.htm", reportDate=None))
    assert row.name("BRK-B") == "brk-b-10-k-2022-03-01.htm"
    assert listed("10-K/A", name="").name("../x") == "x-10-k-a-2021-12-31.txt"


def test_of_two_processes_that_download_the_same_filing_one_is_kept(tmp_path: Path) -> None:
    assert kept(tmp_path, NUMBER) is None
    first = keep(tmp_path, listed(), "anvl.htm", b"one", "ANVL", 910001)
    second = keep(tmp_path, listed(), "other.htm", b"two", "ANVL", 910001)
    assert first == second == kept(tmp_path, NUMBER)
    assert first.read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == [NUMBER]


def test_what_a_killed_process_began_is_removed_when_it_is_old(tmp_path: Path) -> None:
    fresh, old = tmp_path / ".part-new", tmp_path / ".part-old"
    for folder in (fresh, old):
        folder.mkdir()
        (folder / "half.htm").touch()
    two_hours_ago = time.time() - 7200
    os.utime(old, (two_hours_ago, two_hours_ago))
    tidy(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".part-new"]

"""Filings from EDGAR: edgartools itself, against a server on this machine that speaks the addresses that are used."""

from __future__ import annotations

import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.build import FilingIndex
from index.fetching import CannotFetch, EdgarFetcher, Wanted
from index.filing import IngestReport, Progress
from index.sec_hosts import Addresses
from tests.index.processes import forked, opened
from tests.index.small_edgar import CIK, IDENTITY, SmallEdgar, serving

Fetch = Callable[..., IngestReport]


@pytest.fixture
def edgar() -> Iterator[SmallEdgar]:
    with serving(SmallEdgar()) as running:
        yield running


@pytest.fixture
def index(open_index: Callable[..., FilingIndex]) -> FilingIndex:
    return open_index()


@pytest.fixture
def fetch(edgar: SmallEdgar, index: FilingIndex, tmp_path: Path) -> Fetch:
    fetcher = EdgarFetcher(tmp_path / "data" / "edgar", IDENTITY, edgar.addresses)

    def fetch_it(company: str = "ANVL", years: str = "", form: str = "10-K") -> IngestReport:
        return fetcher.fetch(Wanted.read(company, form, years), "", index, lambda progress: None)

    return fetch_it


def fetch_into(data_dir: Path, addresses: Addresses, years: str) -> None:
    """What another process does."""
    index = opened(data_dir)
    fetcher = EdgarFetcher(data_dir / "edgar", IDENTITY, addresses)
    fetcher.fetch(Wanted.read("ANVL", "10-K", years), "", index, lambda progress: None)
    index.close()


def statuses(report: IngestReport) -> list[str]:
    return [outcome.status for outcome in report.outcomes]


def names(report: IngestReport) -> list[str]:
    return [outcome.path.name for outcome in report.outcomes]


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# What comes ----------------------------------------------------------------------------------------------------------


def test_the_reports_on_some_years_are_taken_in_and_never_downloaded_again(
    edgar: SmallEdgar, index: FilingIndex, fetch: Fetch
) -> None:
    for year in (1996, 2014, 2015, 2016, 2017, 2018):
        edgar.add(year)
    edgar.add(2016, "10-K/A")
    edgar.add(2016, "10-Q", period="2016-09-30")
    edgar.list_filings(older_than=2010)
    report = fetch("anvl", "2015-2017")
    assert names(report) == [f"anvl-10-k-{year}-12-31.htm" for year in (2015, 2016, 2017)]
    assert statuses(report) == ["added"] * 3
    assert {request.agent for request in edgar.requests} == {IDENTITY}
    assert not any("submissions-001" in request.path for request in edgar.requests)  # an older page, of other years

    edgar.requests.clear()
    again = fetch(f"CIK{CIK:010d}", "1996-2017")  # by its CIK, and with a submission of the 1990s from the older page
    assert names(again)[0] == "anvl-10-k-1996-12-31.txt"
    assert statuses(again) == ["added", "added", "unchanged", "unchanged", "unchanged"]
    assert len(edgar.downloads) == 2

    filing = next(filing for filing in index.library.filings() if filing.fiscal_year == 1996)
    assert (filing.company, filing.ticker, filing.cik, filing.form) == ("ANVIL WORKS, INC.", "ANVL", str(CIK), "10-K")
    assert (filing.period_end, filing.filed_on) == ("1996-12-31", "1997-03-01")
    assert filing.notes[0].startswith("Declared by EDGAR in filings.toml: ticker, cik, form")


def test_without_years_the_latest_comes_from_edgar_and_nowhere_else(
    edgar: SmallEdgar, fetch: Fetch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for year in (2016, 2017):
        edgar.add(year, "10-K/A")
    edgar.add(2018)
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    with serving(SmallEdgar()) as stranger:
        for name in ("EDGAR_BASE_URL", "EDGAR_DATA_URL", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, stranger.addresses.archive)  # edgartools would follow these
        assert names(fetch(form="10-k/a")) == ["anvl-10-k-a-2017-12-31.htm"]
        assert stranger.requests == []
    assert files_below(home) == []


# What does not -------------------------------------------------------------------------------------------------------


def test_each_filing_that_does_not_come_is_told_and_the_next_run_brings_it(
    edgar: SmallEdgar, index: FilingIndex, fetch: Fetch
) -> None:
    not_there = edgar.add(2010, body=404)
    out_of_order = edgar.add(2011, body=503)
    cut_short = edgar.add(2012)
    no_report = edgar.add(2013, body=b"<html><body>Our offices are closed for the holidays.</body></html>")
    moved = edgar.add(2014)
    edgar.add(2015)
    edgar.cut_short.add(cut_short)
    with serving(SmallEdgar(), "127.0.0.2") as stranger:
        edgar.elsewhere[moved] = f"http://127.0.0.2:{stranger.port}{moved}"
        report = fetch(years="2010-2015")
        assert stranger.requests == []
    assert statuses(report) == ["refused"] * 5 + ["added"]
    problems = [outcome.problem for outcome in report.outcomes]
    for problem, words in zip(
        problems, ("(404)", "out of order (503)", "broke off", "does not read like", "points elsewhere"), strict=False
    ):
        assert words in problem
        assert problem.startswith("anvl-10-k-20")
        assert "\n" not in problem
    assert Counter(edgar.downloads)[out_of_order] == 3
    assert Counter(edgar.downloads)[cut_short] == 3

    edgar.elsewhere.clear()
    edgar.cut_short.clear()
    whole = SmallEdgar()
    for year, path in zip((2010, 2011, 2013), (not_there, out_of_order, no_report), strict=True):
        edgar.files[path] = whole.files[whole.add(year)]
    assert statuses(fetch(years="2010-2015")) == ["added"] * 5 + ["unchanged"]
    assert len(index.library.filings()) == 6


@pytest.mark.parametrize(("status", "words"), [(403, "identity"), (429, "10 minutes")])
def test_where_the_sec_shuts_the_door_nobody_knocks_again(
    edgar: SmallEdgar, fetch: Fetch, status: int, words: str
) -> None:
    edgar.add(2014)
    edgar.add(2015, body=status)
    edgar.add(2016)
    report = fetch(years="2014-2016")
    assert statuses(report) == ["added", "refused", "refused"]
    assert all(f"({status})" in outcome.problem and words in outcome.problem for outcome in report.outcomes[1:])
    assert len(edgar.downloads) == 2


@pytest.mark.parametrize(
    ("company", "years", "form", "words"),
    [
        ("XYZQ", "", "10-K", "no company under the ticker XYZQ"),
        ("424242", "", "10-K", "no filer with the CIK 424242"),
        ("ANVL", "2030-2031", "10-K", "no 10-K of ANVIL WORKS INC for 2030-2031; it has 10-K for 2016. Choose"),
    ],
)
def test_what_edgar_does_not_have_is_said(
    edgar: SmallEdgar, fetch: Fetch, company: str, years: str, form: str, words: str
) -> None:
    edgar.add(2016)
    with pytest.raises(CannotFetch, match=words):
        fetch(company, years, form)


def test_without_a_network_nothing_is_fetched_and_the_sentence_says_so(index: FilingIndex, tmp_path: Path) -> None:
    nobody = Addresses("http://127.0.0.1:9", "http://127.0.0.1:9")
    fetcher = EdgarFetcher(tmp_path / "data" / "edgar", "", nobody)
    with pytest.raises(CannotFetch, match="cannot be reached; check the network"):
        fetcher.fetch(Wanted.read("ANVL", "10-K", ""), IDENTITY, index, lambda progress: None)
    assert fetcher.identity == ""  # nobody has accepted it


def test_an_answer_that_is_no_list_is_told(edgar: SmallEdgar, fetch: Fetch) -> None:
    edgar.files["/files/company_tickers.json"] = b"<html>maintenance</html>"
    with pytest.raises(CannotFetch, match="the list of tickers is broken; try again later"):
        fetch()


# Who asks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("identity", ["", "Ann", "ann@", "a@b.example\r\nX-Evil: 1", "x" * 200 + "@example.com"])
def test_without_a_proper_identity_nobody_is_asked(
    edgar: SmallEdgar, index: FilingIndex, tmp_path: Path, identity: str
) -> None:
    fetcher = EdgarFetcher(tmp_path / "data" / "edgar", "", edgar.addresses)
    with pytest.raises(CannotFetch, match="your name and e-mail address"):
        fetcher.fetch(Wanted.read("ANVL", "10-K", ""), identity, index, lambda progress: None)
    assert edgar.requests == []


def test_an_identity_is_given_once(edgar: SmallEdgar, index: FilingIndex, tmp_path: Path) -> None:
    edgar.add(2016)
    folder, wanted = tmp_path / "data" / "edgar", Wanted.read("ANVL", "10-K", "")
    told: list[Progress] = []
    EdgarFetcher(folder, "", edgar.addresses).fetch(wanted, " José Núñez jose@example.com ", index, told.append)
    assert [progress.stage for progress in told if progress.source == wanted.label] == [
        "fetch",
        "fetch",
        "fetch",
        "done",
    ]
    assert EdgarFetcher(folder, "", edgar.addresses).identity == "Jose Nunez jose@example.com"
    assert (folder / "identity.txt").stat().st_mode & 0o077 == 0
    assert {request.agent for request in edgar.requests} == {"Jose Nunez jose@example.com"}
    assert EdgarFetcher(folder, IDENTITY, edgar.addresses).identity == IDENTITY  # the setting comes first


def test_without_the_extra_it_is_said_how_to_get_it(
    edgar: SmallEdgar, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "edgar", None)  # as if it were not there
    with pytest.raises(CannotFetch, match=r"pip install .*\[edgar\]"):
        fetch()


@pytest.mark.parametrize(
    ("company", "form", "years"),
    [
        ("", "10-K", ""),
        ("../../etc", "10-K", ""),
        ("SMSI/evil", "10-K", ""),
        ("ANVL", "", ""),
        ("ANVL", "10-K\n", "2021-2017"),
        ("ANVL", "10-K", "last year"),
        ("ANVL", "10-K", "0017"),
        ("ANVL", "<b>", ""),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anybody_is_asked(company: str, form: str, years: str) -> None:
    with pytest.raises(CannotFetch, match="like"):
        Wanted.read(company, form, years)


# Killed, and side by side --------------------------------------------------------------------------------------------


def test_after_a_kill_the_next_run_goes_on_where_it_stopped(edgar: SmallEdgar, fetch: Fetch, tmp_path: Path) -> None:
    paths = [edgar.add(year) for year in (2014, 2015, 2016, 2017)]
    edgar.held[paths[2]] = threading.Event()
    process = forked.Process(target=fetch_into, args=(tmp_path / "data", edgar.addresses, "2014-2017"))
    process.start()
    arrived = threading.Event()
    while not arrived.wait(0.05):
        if paths[2] in edgar.downloads:
            arrived.set()
    process.kill()
    process.join()
    edgar.held.pop(paths[2]).set()
    report = fetch(years="2014-2017")
    assert [outcome.filing_id is not None for outcome in report.outcomes] == [True] * 4
    downloaded = Counter(edgar.downloads)
    assert (downloaded[paths[0]], downloaded[paths[1]]) == (1, 1)
    assert downloaded[paths[2]] >= 1
    assert list((tmp_path / "data" / "edgar").glob(".part-*")) == []


def test_two_processes_together_keep_the_pace(edgar: SmallEdgar, tmp_path: Path) -> None:
    for year in range(2001, 2013):
        edgar.add(year)
    both = [
        forked.Process(target=fetch_into, args=(tmp_path / "data", edgar.addresses, years))
        for years in ("2001-2006", "2007-2012")
    ]
    for process in both:
        process.start()
    for process in both:
        process.join()
        assert process.exitcode == 0
    times = sorted(request.at for request in edgar.requests)
    assert len(times) == 12 + 4
    # The SEC allows 10; one of the other process may arrive late on a busy machine. Without the pace there were 15.
    assert max(sum(start <= time < start + 1 for time in times) for start in times) <= 11

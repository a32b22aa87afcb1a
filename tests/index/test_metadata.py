"""What a filing is: from the surest source that says so, each with where it was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.company_name import company_in_text
from index.cover_page import form_in_text, form_on_cover, iso_date, registrant_on_cover, spelled_form, symbol_on_cover
from index.filing import UnreadableFiling
from index.metadata import Metadata, find_metadata, identifier

COVER = """UNITED STATES
SECURITIES AND EXCHANGE COMMISSION
FORM 10-K
ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934

For the fiscal year ended December 31, 2015

Commission File Number: 1-2345

THE NAIL & HAMMER COMPANY

(Exact name of registrant as specified in its charter)

Delaware | 12-3456789

Title of each class | Trading Symbol(s) | Name of each exchange on which registered

Common Stock, $.01 par value | NAIL | New York Stock Exchange
"""


def metadata_of(text: str, facts: dict[str, str] | None = None) -> Metadata:
    return find_metadata(Path("/nowhere/some_file.txt"), text, facts)


def test_a_cover_page_says_what_a_filing_is_and_the_notes_say_that_it_did() -> None:
    found = metadata_of(COVER)
    assert (found.company, found.ticker, found.form) == ("THE NAIL & HAMMER COMPANY", "NAIL", "10-K")
    assert (found.fiscal_year, found.period_end) == (2015, "2015-12-31")
    assert "Company read from the cover page: THE NAIL & HAMMER COMPANY." in found.notes
    assert "Fiscal year read from the end of the period: 2015." in found.notes


def test_facts_of_inline_xbrl_come_before_the_cover_but_not_for_the_name() -> None:
    facts = {
        "dei:EntityRegistrantName": "NAIL & HAMMER CO /DE/",
        "dei:DocumentType": "10-K/A",
        "dei:DocumentFiscalYearFocus": "2014",
        "dei:EntityCentralIndexKey": "0000012345",
        "dei:TradingSymbol": "N/A",
    }
    found = metadata_of(COVER, facts)
    assert (found.company, found.form, found.fiscal_year) == ("THE NAIL & HAMMER COMPANY", "10-K/A", 2014)
    assert (found.cik, found.ticker) == ("12345", "NAIL")


def test_the_header_of_a_submission_is_a_source_too() -> None:
    facts = {"CONFORMED PERIOD OF REPORT": "19971231", "FILED AS OF DATE": "19980330", "TYPE": "10-K405"}
    found = metadata_of("Item 1. Business", facts)
    assert (found.period_end, found.filed_on, found.form, found.fiscal_year) == (
        "1997-12-31",
        "1998-03-30",
        "10-K405",
        1997,
    )


def test_what_is_declared_beside_the_file_comes_first(tmp_path: Path) -> None:
    (tmp_path / "filings.toml").write_text('["a.txt"]\nid = "nails"\ncompany = "Nails"\nfiscal_year = 2013\n')
    found = find_metadata(tmp_path / "a.txt", COVER)
    assert (found.id, found.company, found.fiscal_year, found.form) == ("nails", "Nails", 2013, "10-K")
    assert "Declared in filings.toml: id, company, fiscal year." in found.notes


def test_a_declaration_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "filings.toml").write_text('["a.txt"]\nperiod_end = "soon"\n')
    with pytest.raises(UnreadableFiling, match=r"a\.txt: its filings\.toml cannot be read"):
        find_metadata(tmp_path / "a.txt", COVER)


@pytest.mark.parametrize(
    ("cover", "name"),
    [
        ("ACME INC.\n(Exact name of registrant as specified in its charter)", "ACME INC."),
        ("ACME INC. (Exact name of Registrant as specified in charter)", "ACME INC."),
        ("ACME\n\nCORPORATION\n\n(Exact name of registrant as specified in its charter)", "ACME CORPORATION"),
        ("SAND CORPORATION\n\n(Name of small business issuer in its charter)", "SAND CORPORATION"),
        ("ACME INC.\n\n1-234\n\n(Exact name of registrant as specified in its charter)", "ACME INC."),
        ("Commission file number 1-3285\n\n3M COMPANY\nState of Incorporation: Delaware", "3M COMPANY"),
        (
            "M R ESORTS I NTERNATIONAL\n(Exact name of registrant as specified in its charter)",
            "M RESORTS INTERNATIONAL",
        ),
        ("Parts Into Which Incorporated\n\nPortions of the Proxy Statement", ""),
    ],
)
def test_the_name_on_a_cover_is_taken_as_printed(cover: str, name: str) -> None:
    assert registrant_on_cover(cover) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('Netflix, Inc. ("Netflix", the "Company", "we") is a service.', "Netflix, Inc."),
        (
            "Costco Wholesale Corporation and its subsidiaries (Costco or the Company) began in 1983.",
            "Costco Wholesale Corporation",
        ),
        ("Fund V (the “Partnership”) was formed in 2003. " * 5, "Fund V"),
        ("NIKE, Inc. was incorporated in 1967 under the laws of Oregon.", "NIKE, Inc."),
        ("Wells Fargo & Company is a corporation organized under the laws of Delaware.", "Wells Fargo & Company"),
        ("In this report, references to the company refer to AbbVie Inc.", "AbbVie Inc."),
        ("Las Vegas, Nevada – MGM Resorts International (NYSE: MGM) reported results.", ""),
        ("It is registered under the Bank Holding Company Act. We were incorporated in 1990.", ""),
        ("Headquartered in Santa Clara, California, Acme Inc. was incorporated in 1993.", "Acme Inc."),
    ],
)
def test_a_text_without_a_cover_tells_whose_it_is_or_nothing(text: str, name: str) -> None:
    assert company_in_text(text) == name


def test_where_nothing_tells_the_company_the_files_name_does() -> None:
    found = metadata_of("We were incorporated in 1990.")
    assert found.company == "some file"
    assert "Company read from the file's name: some file." in found.notes


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("FORM 10-K\n", "10-K"),
        ("Form 10 – K\n", "10-K"),
        ("F O R M 10-K405\n", "10-K405"),
        ("FORM 10-K/A\n", "10-K/A"),
        ("FORM 10-K\n\nAmendment No. 1\n", "10-K/A"),
        ("FORM 10-KSB\n", "10-KSB"),
        ("FORM 10-Q\n", "10-Q"),
        ("QUARTERLY REPORT PURSUANT TO SECTION 13 OR 15(d)", "10-Q"),
        ("CURRENT REPORT PURSUANT TO SECTION 13 OR 15(d)", "8-K"),
        ("See our annual report on Form 10-K for the year ended 2020.", ""),
    ],
)
def test_the_form_on_a_cover(text: str, form: str) -> None:
    assert form_on_cover(text) == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("As used in this Annual Report on Form 10-K, we are Nails Inc.", "10-K"),
        ("Acme reports fourth quarter and full year 2022 results\n\nSee our Form 10-K.", "Earnings release"),
        ("FOR IMMEDIATE RELEASE\n\nSee our Form 10-K.", "Earnings release"),
        ("Dear fellow shareholders,\n\nSee our Form 10-K.", "Shareholder letter"),
        ("See our annual report on Form 10-K for the year ended 2020.", ""),
    ],
)
def test_no_other_paper_passes_for_an_annual_report(text: str, form: str) -> None:
    assert form_in_text(text) == form


@pytest.mark.parametrize(
    ("period_end", "text", "year"),
    [
        ("2010-01-31", "fiscal 2010 and fiscal 2010 and fiscal 2009", 2010),
        ("2003-02-01", "fiscal 2002, and what we expect of fiscal 2003, and fiscal 2002", 2002),
        ("2019-02-02", "fiscal 2019 ended on February 2, 2019. Fiscal 2018, fiscal 2018", 2019),
        ("2022-01-02", "", 2021),
        ("2022-01-31", "", 2022),
        ("2022-06-30", "fiscal 2023", 2022),
    ],
)
def test_a_fiscal_year_is_called_what_the_company_calls_it(period_end: str, text: str, year: int) -> None:
    assert metadata_of(text, {"dei:DocumentPeriodEndDate": period_end}).fiscal_year == year


def test_a_quarter_may_belong_to_a_year_that_is_named_for_the_next_one() -> None:
    facts = {"dei:DocumentPeriodEndDate": "July 29, 2023", "dei:DocumentType": "10-Q"}
    assert metadata_of("the second quarter of fiscal 2024", facts).fiscal_year == 2024


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("DECEMBER 31, 2015", "2015-12-31"),
        ("September 28 , 2024", "2024-09-28"),
        ("Sept. 28, 2024", "2024-09-28"),
        ("31 March 2019", "2019-03-31"),
        ("19971231", "1997-12-31"),
        ("2024-01-31", "2024-01-31"),
        ("February 30, 2001", ""),
        ("--12-31", ""),
    ],
)
def test_dates_are_read_in_the_spellings_of_filings(words: str, day: str) -> None:
    assert iso_date(words) == day


def test_forms_and_symbols_are_spelled_one_way() -> None:
    assert [spelled_form(words) for words in ("10–K", "10 - q", "10K405", "8-k")] == ["10-K", "10-Q", "10-K405", "8-K"]
    assert symbol_on_cover(COVER) == "NAIL"


def test_an_id_says_company_form_and_year() -> None:
    found = metadata_of(COVER)
    assert identifier(found) == "the-nail-hammer-company-10-k-fy2015"
    assert identifier(Metadata()) == "filing"

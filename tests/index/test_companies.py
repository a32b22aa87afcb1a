"""Which filings count as one company's."""

from __future__ import annotations

from index.companies import are_of_one_company, by_company, company_of
from index.filing import Filing
from ui.wording import label_among


def filing(company: str, year: int, cik: str = "") -> Filing:
    return Filing(
        id=f"{company}-{year}",
        company=company,
        ticker="",
        cik=cik,
        form="10-K",
        fiscal_year=year,
        period_end="",
        filed_on="",
        source="",
        sha256="",
        text="",
        pages=(),
        notes=(),
    )


OLD, NEW = filing("WAL-MART STORES, INC.", 2010, "104169"), filing("WALMART INC.", 2025, "104169")
UNNUMBERED = filing("WAL-MART STORES, INC.", 2009)
OTHER = filing("TARGET CORP", 2024, "27419")


def test_a_company_that_changed_its_name_is_one_company() -> None:
    assert by_company([OLD, OTHER, NEW]) == {"WALMART INC.": [OLD, NEW], "TARGET CORP": [OTHER]}
    assert are_of_one_company([OLD, NEW])
    assert not are_of_one_company([OLD, NEW, OTHER])
    assert label_among(OLD, [OLD, NEW]) == "10-K FY2010"


def test_a_report_without_a_number_goes_with_those_of_its_name() -> None:
    for filings in ([UNNUMBERED, OLD, NEW], [NEW, UNNUMBERED, OLD], [OLD, NEW, UNNUMBERED]):
        assert by_company(filings) == {"WALMART INC.": filings}


def test_names_that_are_only_alike_are_two_companies() -> None:
    assert len(by_company([UNNUMBERED, NEW])) == 2


def test_nothing_has_no_company() -> None:
    assert by_company([]) == {}
    assert are_of_one_company([])


def test_each_filing_is_told_its_company_under_one_name() -> None:
    assert company_of([OLD, OTHER, NEW, UNNUMBERED]) == {
        OLD.id: "WALMART INC.",
        NEW.id: "WALMART INC.",
        UNNUMBERED.id: "WALMART INC.",
        OTHER.id: "TARGET CORP",
    }

"""One figure, one date and one year, however they are written; and what only looks like one is none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.figures import dates, figures, years


@pytest.mark.parametrize(
    "written",
    [
        "$65.2 million",
        "$65,200,000",
        "$65200000",
        "$65.2M",
        "$ 65.2 million",
        "US$65.2 million",
        "65.2 million dollars",
    ],
)
def test_one_amount_in_many_spellings(written: str) -> None:
    assert figures(f"The price was {written} in cash.") == figures("It cost $65.2 million.")


@pytest.mark.parametrize("written", ["61%", "61 %", "61 percent", "61 per cent", "61.0%"])
def test_one_share_in_many_spellings(written: str) -> None:
    assert figures(f"It made up {written} of revenues.") == figures("61% of revenues")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("61%", "61"),
        ("$61", "61"),
        ("$61", "€61"),
        ("$61", "61%"),
        ("$65.2 million", "$65.2 billion"),
        ("$65.2 million", "$65.2"),
        ("$65.2 million", "$65.3 million"),
        ("1,250", "1.250"),
        ("0.5%", "5%"),
        ("-3%", "3%"),
        ("−3%", "3%"),
    ],
)
def test_different_figures_stay_different(one: str, other: str) -> None:
    assert figures(f"It was {one}.") != figures(f"It was {other}.")


@pytest.mark.parametrize(
    "text",
    [
        "2D graphics and 3D gaming",
        "4G networks",
        "mobile apps (B2C)",
        "the annual report on Form 10-K",
        "the COVID19 pandemic",
        "the COVID-19 pandemic",
        "version v2.1",
        "the 21st century",
        "no figure at all",
        "",
    ],
)
def test_what_is_part_of_a_name_is_no_figure(text: str) -> None:
    assert figures(text) == []


def test_both_ends_of_a_range_are_figures() -> None:
    assert set(figures("between 5% and 10% of sales")) >= set(figures("5%, 10%"))
    assert set(figures("$3 million to $5 million")) == set(figures("$3 million, $5 million"))


def test_all_figures_are_found_in_order() -> None:
    found = figures("We had 373 employees: 281 in engineering, 60 in sales, and 32 in management.")
    assert [figure.value for figure in found] == ["373", "281", "60", "32"]


@given(st.integers(min_value=1, max_value=10**12))
def test_an_amount_is_one_figure_in_digits_and_with_commas(dollars: int) -> None:
    written = [f"${dollars}", f"${dollars:,}", f"US${dollars:,}", f"$ {dollars:,}", f"{dollars:,} dollars"]
    assert len({tuple(figures(f"We paid {one} for it.")) for one in written}) == 1


@given(st.integers(min_value=1, max_value=10**9), st.integers(min_value=0, max_value=3))
def test_an_amount_is_one_figure_in_every_scale(number: int, zeros: int) -> None:
    dollars = number * 10**zeros
    for power, scales in ((3, ["thousand"]), (6, ["million", "M"]), (9, ["billion", "B"])):
        short = format((Decimal(dollars) / Decimal(10) ** power).normalize(), "f")
        for scale in scales:
            assert figures(f"It cost ${short} {scale} at the time.") == figures(f"${dollars:,}")


@given(st.decimals(min_value=0, max_value=1000, places=1))
def test_a_share_is_one_figure_however_the_sign_is_written(share: Decimal) -> None:
    assert figures(f"{share}%") == figures(f"{share} percent") == figures(f"{share} %")


@pytest.mark.parametrize("written", ["2020", "fiscal 2020", "fiscal year 2020", "FY2020", "FY 2020", "FY20"])
def test_one_year_in_many_spellings(written: str) -> None:
    assert years(f"In {written} sales grew.") == {2020}


@pytest.mark.parametrize("text", ["$2,020", "2020%", "2,020 stores", "$2020", "12020", "20201", "2020.5"])
def test_what_only_looks_like_a_year_is_none(text: str) -> None:
    assert years(f"It came to {text} at last") == set()


def test_years_of_a_series_are_all_found() -> None:
    assert years("for fiscal years 2017, 2016, and 2015, respectively") == {2015, 2016, 2017}


def test_a_day_is_another_than_its_neighbours() -> None:
    day = dates("on March 15, 2021")
    assert day
    assert day == dates("MARCH 15, 2021") == dates("March 15 2021")
    assert all(day != dates(f"on {other}") for other in ("March 16, 2021", "May 15, 2021", "March 15, 2020"))


@pytest.mark.parametrize("written", ["15 March 2021", "Mar. 15, 2021", "15th of March 2021"])
def test_one_day_in_many_spellings(written: str) -> None:
    assert dates(f"It closed on {written}.") == dates("It closed on March 15, 2021.")


def test_a_day_tells_its_month_but_a_month_no_day() -> None:
    assert dates("in March 2021") <= dates("on March 15, 2021")
    assert not dates("on March 15, 2021") <= dates("in March 2021")


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    for found in (figures(text), dates(text), years(text)):
        assert found is not None

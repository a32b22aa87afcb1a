"""Tables: each figure in one piece, with its label, under the title and the units of its table."""

from __future__ import annotations

import pytest

from index.readers.columns import cells_of
from index.readers.formats import read_here
from index.readers.tables import join_figures


def lines(table: str) -> list[str]:
    text = read_here(f"<html><body>{table}</body></html>").text
    return [line for line in text.split("\n") if line]


@pytest.mark.parametrize(
    ("cells", "figures"),
    [
        (["$", "5,000"], ["$5,000"]),
        (["Net loss", "(6", ")", "$", "(7", ")"], ["Net loss", "(6)", "$(7)"]),
        (["5", "%", "(6.1", ")%"], ["5%", "(6.1)%"]),
        (["Margin", "(5", "%)"], ["Margin", "(5%)"]),
        (["—", "%", "$", "—"], ["—%", "$—"]),
        (["Total (note 5)", ")"], ["Total (note 5)", ")"]),
    ],
)
def test_split_figures_are_joined(cells: list[str], figures: list[str]) -> None:
    assert join_figures(cells) == figures


def test_title_units_and_periods_stand_right_above_the_rows() -> None:
    table = """<p>Sales by segment follow.</p><table>
      <tr><td colspan=7><b>Net sales</b><br>(in millions)</td></tr>
      <tr><td></td><td></td><td colspan=2>2024</td><td></td><td colspan=2>2023</td></tr>
      <tr><td>Anvils</td><td></td><td>$</td><td>5,000</td><td></td><td>$</td><td>(4,800</td><td>)</td></tr>
      <tr><td>Springs</td><td></td><td></td><td>12.5</td><td>%</td><td></td><td>—</td></tr></table>"""
    assert lines(table) == [
        "Sales by segment follow.",
        "Net sales",
        "(in millions)",
        "2024 | 2023",
        "Anvils | $5,000 | $(4,800)",
        "Springs | 12.5% | —",
    ]


@pytest.mark.parametrize(
    ("row", "line"),
    [
        ("<td>ITEM 1.</td><td>BUSINESS</td>", "ITEM 1. BUSINESS"),
        ("<td>Item&nbsp;7A.</td><td>Market <b>risk</b></td>", "Item 7A. Market risk"),
        ("<td>PART II</td><td>Other</td>", "PART II Other"),
        ("<td>Item</td><td>1A.</td><td>Risk Factors</td>", "Item 1A. Risk Factors"),
        ("<td>Item 1.</td><td>Business</td><td>3</td>", "Item 1. | Business | 3"),
        ("<td>(1)</td><td>Includes rockets.</td>", "(1) Includes rockets."),
        ("<td>1.</td><td>Accounting policies</td>", "1. Accounting policies"),
        ("<td></td><td>·</td><td>springs and rockets</td>", "- springs and rockets"),
        ("<td>☒</td><td>Annual report</td>", "☒ Annual report"),
        ("<td>Only one</td><td> </td>", "Only one"),
    ],
)
def test_layout_tables_are_the_text_that_they_lay_out(row: str, line: str) -> None:
    assert lines(f"<table><tr>{row}</tr></table>") == [line]


def test_a_cell_that_lays_out_a_page_is_read_as_the_page() -> None:
    prose = "Acme makes anvils for roads. " * 30
    table = f"<table><tr><td>Left</td><td><p>{prose}</p><p>Second paragraph.</p></td></tr></table>"
    assert lines(table) == ["Left", prose.strip(), "Second paragraph."]


def test_a_table_inside_a_cell_keeps_its_rows() -> None:
    inner = "<table><tr><td>Anvils</td><td>5</td></tr><tr><td>Springs</td><td>6</td></tr></table>"
    assert lines(f"<table><tr><td>{inner}</td><td></td></tr></table>") == ["Anvils | 5", "Springs | 6"]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("Net sales         $ 5,000     $ 4,800", ["Net sales", "$5,000", "$4,800"]),
        ("Subscription $ 16,388 $ 14,573 $ 11,626", ["Subscription", "$16,388", "$14,573", "$11,626"]),
        ("Net loss  (6)  5 %", ["Net loss", "(6)", "5%"]),
        ("Years ended December 31,  2024   2023", ["Years ended December 31,", "2024", "2023"]),
        ("Louis Gerstner, Chairman.......    56    1993", ["Louis Gerstner, Chairman", "56", "1993"]),
        ("Delaware             05-0315468", ["Delaware", "05-0315468"]),
        ("ITEM 1.   BUSINESS", ["ITEM 1. BUSINESS"]),
        ("10.5C    Amendment to the plan", ["10.5C Amendment to the plan"]),
        ("compared with the years ended in 2022 and 2021", ["compared with the years ended in 2022 and 2021"]),
        ("It  was   a   line  of   justified  prose  all  along", ["It was a line of justified prose all along"]),
        ("in the plant.  We lease it.", ["in the plant. We lease it."]),
    ],
)
def test_a_line_set_in_columns_is_a_row(line: str, cells: list[str]) -> None:
    assert cells_of(line) == cells

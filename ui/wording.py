"""The words that the terminal and the page share: where a footnote stands, how things are counted, what is unsafe."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.companies import are_of_one_company

if TYPE_CHECKING:
    from pathlib import Path

    from index.filing import Filing

# Escape sequences can move the cursor and rewrite what stands on a terminal; marks of direction reorder what is read.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&=^])")
SHORTCODE = re.compile(r":(?=\w)")


def without_controls(text: str) -> str:
    """The text without the characters that steer a terminal or turn the direction of reading."""
    return CONTROLS.sub("", text)


def sentence_of(problem: Exception) -> str:
    """What an exception says; a KeyError's own str() would put it in quotation marks."""
    if isinstance(problem, KeyError) and problem.args:
        return str(problem.args[0])
    first_line = next((line for line in str(problem).splitlines() if line.strip()), "it does not say why")
    expected = isinstance(problem, (ValueError, OSError, RuntimeError))  # the rooms raise these with a plain sentence
    return first_line if expected else f"Footnote failed: {first_line} ({type(problem).__name__})."


def without_folder(words: str, folder: Path) -> str:
    """The words without the place of the library on the server, which is no visitor's business."""
    return words.replace(str(folder), "the library's folder")


def for_markdown(text: str) -> str:
    """The text as Streamlit's markdown shows it letter by letter: no maths, emphasis, HTML, links or :shortcodes:."""
    plain = " ".join(without_controls(text).split())
    # The shortcodes of icons, colours and emoji outlive a backslash: a joiner that nobody sees breaks them.
    return SHORTCODE.sub(":\u2060", MARKDOWN.sub(r"\\\1", plain))


def taken_of_the_model(tokens: int, cost: float) -> str:
    """What an answer took of a language model; '' where none was asked. The currency is that of the price set."""
    money = f", cost {cost:.4f}" if cost else ""
    return f"{tokens:,} tokens of the language model{money}" if tokens else ""


def counted(number: int, noun: str) -> str:
    """'1 sentence', '2 sentences', '1,204 passages'."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def short_label(filing: Filing) -> str:
    """How a filing is called among those of its company: '10-K FY2021'."""
    when = f"FY{filing.fiscal_year}" if filing.fiscal_year else filing.period_end
    return f"{filing.form} {when}".strip()


def label_among(filing: Filing, filings: Sequence[Filing]) -> str:
    """How a filing is called among these: with its company's name only where there are several."""
    return (
        are_of_one_company(filings) and short_label(filing)
    ) or filing.label  # one without form and year has its company's name


def place_of(filing_id: str, item: str, page: int | None, filings: Sequence[Filing], heading: str = "") -> str:
    """Where words stand: 'Smith Micro Software, Inc. 10-K FY2021 · Item 1 · page 3'."""
    label = next((filing.label for filing in filings if filing.id == filing_id), filing_id)
    parts = [label, f"Item {item}" if item else "", heading, f"page {page}" if page else ""]
    return " · ".join(part for part in parts if part)


def time_left(seconds: float | None) -> str:
    """', about 20 s left': rounded up, as nobody minds being done early."""
    if seconds is None or seconds < 1:
        return ""
    if seconds < 60:
        return f", about {-(-int(seconds) // 5) * 5 or 5} s left"
    return f", about {-(-int(seconds) // 60)} min left"


def size_of(count: int) -> str:
    """'1.4 MB': bytes as people read them."""
    size = float(count)
    for unit in ("bytes", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" or size >= 10 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"

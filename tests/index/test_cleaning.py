"""What typesetting left in a filing goes, what the filing says stays: a case for every artefact of plain text."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from index.cleaning import clean_text
from index.reader import read_filing

SHARED = Path("../shared")
SEEDS = Path("seeds")
PROSE = "We sell software to wireless carriers and to cable operators in many countries of the world"


def cleaned(raw: str) -> str:
    return clean_text(raw).text


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param("• | Grocery consists of a full line", "- Grocery consists of a full line", id="bullet in a cell"),
        pytest.param("• Grocery consists", "- Grocery consists", id="bullet"),
        pytest.param("\uf0b7Grocery consists", "- Grocery consists", id="bullet of a symbol font"),
        pytest.param("- | Grocery", "- Grocery", id="dash as a bullet in a cell"),
        pytest.param(
            "• | Grocery\n--+-----------\n• | Drugs\n--+------", "- Grocery\n- Drugs", id="ruler after a bullet"
        ),
        pytest.param("• | Grocery\n\n• | Drugs", "- Grocery\n- Drugs", id="bullets of one list stand together"),
        pytest.param("a\n-----------------\nb", "a\nb", id="dash ruler"),
        pytest.param("a\n=================\nb\n_____\nc", "a\nb\nc", id="other rulers"),
        pytest.param("ITEM 1. | BUSINESS\n--------+---------", "ITEM 1. BUSINESS", id="heading as a table"),
        pytest.param("(1) | Total columns\n----+----", "(1) Total columns", id="footnote as a table"),
        pytest.param("* | Some of the statements", "- Some of the statements", id="starred footnote as a table"),
        pytest.param(
            "Years Ended December 31, | | 2008 | | 2007 | | 2006 | ",
            "Years Ended December 31, | 2008 | 2007 | 2006",
            id="empty cells",
        ),
        pytest.param(" | 2008 | ", "2008", id="cells at the edges"),
        pytest.param("112 | | (6 | ) | 3,656", "112 | (6) | 3,656", id="negative figure in two cells"),
        pytest.param("Net income | $ | 5 | million", "Net income | $5 | million", id="dollar sign in its own cell"),
        pytest.param("Net loss | $ | (1,234 | )", "Net loss | $(1,234)", id="dollar sign and negative"),
        pytest.param("Growth | 5 | %", "Growth | 5%", id="percent sign in its own cell"),
        pytest.param(
            "Item 1.    BusinessCompany Background", "Item 1. Business\nCompany Background", id="glued heading"
        ),
        pytest.param("ITEM 1. BUSINESS Industry", "ITEM 1. BUSINESS\nIndustry", id="heading and text in one line"),
        pytest.param("One.\n\n 8 \n\nTwo.", "One.\n\nTwo.", id="page number alone"),
        pytest.param("One.\n- 2 -\nTwo.", "One.\n\nTwo.", id="page number between dashes"),
        pytest.param(
            "One.\nF-12\nTwo.\nPage 3\nThree.\niv\nFour.", "One.\n\nTwo.\n\nThree.\n\nFour.", id="page numbers"
        ),
        pytest.param(
            "One.\n8\n9Many of our customers", "One.\n\nMany of our customers", id="page number glued to text"
        ),
        pytest.param("One.\n1 | | 2024 Form 10-K\nTwo.", "One.\n\nTwo.", id="footer in cells"),
        pytest.param("One.\n6 MASTERCARD 2024 FORM 10-K\nTwo.", "One.\n\nTwo.", id="footer with its page number"),
        pytest.param(
            "One.\nFiscal Form 10-K\nTwo.\nFiscal Form 10-K\nThree.", "One.\n\nTwo.\n\nThree.", id="running footer"
        ),
        pytest.param(
            "One.\nTable of Contents\nTwo.\nBACK TO CONTENTS\nThree.", "One.\n\nTwo.\n\nThree.", id="navigation"
        ),
        pytest.param("•\nGrocery consists", "- Grocery consists", id="bullet on a line of its own"),
        pytest.param("o Pioneering SAN Transport.", "- Pioneering SAN Transport.", id="letter as a bullet"),
        pytest.param("§ Grocery consists", "- Grocery consists", id="section sign as a bullet"),
        pytest.param("San\u200bdston\ufeff and co\u00adoperation", "Sandston and cooperation", id="invisible marks"),
        pytest.param("\x801.3 billion, \x93quoted\x94", "€1.3 billion, “quoted”", id="C1 controls are Windows letters"),
        pytest.param("Form\u00a010-K\u2009and\u3000more", "Form 10-K and more", id="spaces of other kinds"),
        pytest.param("AT&amp;T&#160;&#8217;s &#x2014; x", "AT&T ’s — x", id="entities"),
        pytest.param("a&#8203;b&shy;c&#13;d", "abc\nd", id="entities that stand for invisible marks"),
        pytest.param("##TABLE_START a | b ##TABLE_END", "a | b", id="table marks"),
        pytest.param("a <b>bold</b> word<br>and", "a bold word and", id="tags that were left"),
        pytest.param("  Our headquarters.  \n\n\n\n  Next. ", "Our headquarters.\n\nNext.", id="blanks"),
        pytest.param("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne", id="ends of lines of every kind"),
        pytest.param("a\x00b\x07c", "abc", id="control characters"),
    ],
)
def test_an_artefact_goes(raw: str, expected: str) -> None:
    assert cleaned(raw).strip("\n") == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("“American Express,” today’s — and – ® ™", id="smart quotes and dashes"),
        pytest.param("Segment | 2008 | 2007 | 2006\nTotal | 112 | (6) | 3,656", id="rows of a table"),
        pytest.param("Total\nA | 1\n5\nB | 2", id="a figure alone between rows of a table"),
        pytest.param("In fiscal\n2017\nwe grew.", id="a year on a line of its own"),
        pytest.param("FORM 10-K\nAnnual report of a company", id="the cover's own form"),
        pytest.param("§ 229.405 of this chapter", id="a paragraph of a law"),
        pytest.param("3D printing and 5G networks", id="words that begin with a digit"),
        pytest.param("R&D, Q&A, S&P, AT&T and Johnson &notably", id="ampersands that are no entities"),
        pytest.param("revenues <5% of the total, and > 10", id="less and greater"),
        pytest.param("- A bullet\n- Another", id="bullets as they shall be"),
        pytest.param("$5.3 million (or 12.5%) at $0.05 per share", id="figures"),
    ],
)
def test_what_the_filing_says_stays(text: str) -> None:
    assert cleaned(text).strip("\n") == text


def test_a_count_of_things_after_a_page_number_is_no_page_number() -> None:
    assert "10 employees work in Braga." in cleaned("One.\n9\n10 employees work in Braga.")


def test_a_sentence_that_a_page_break_tore_apart_is_joined() -> None:
    raw = f"{PROSE}\n\n 8 \n\n and in Europe too. More follows.\n"
    assert cleaned(raw) == f"{PROSE} and in Europe too. More follows.\n"


def test_a_paragraph_that_ended_before_the_page_number_is_not_joined() -> None:
    assert cleaned(f"{PROSE}.\n8\nProducts\n") == f"{PROSE}.\n\nProducts\n"


def test_a_bullet_after_a_page_number_starts_its_own_line() -> None:
    assert cleaned(f"{PROSE}\n8\n• Europe\n").endswith("world\n- Europe\n")


def test_form_feeds_become_exact_page_starts() -> None:
    pages = ["Item 1. BusinessOverview\nFirst page.\n", "\n\n  Second page, 2.\n2\n", "", "Fourth page."]
    text = clean_text("\f".join(pages))
    assert [text.text[start:].split("\n")[0] for start in text.pages] == [
        "Item 1. Business",
        "Second page, 2.",
        "",
        "Fourth page.",
    ]
    assert text.pages[0] == 0
    assert list(text.pages) == sorted(text.pages)
    assert text.pages[-1] <= len(text.text)


def test_a_text_without_form_feeds_has_no_pages() -> None:
    assert clean_text("One.\n5\nTwo.").pages == ()


def test_pages_of_old_filings_begin_at_their_tag() -> None:
    raw = (
        "<SEC-DOCUMENT>0001.txt : 19980331\n<SEC-HEADER>0001.hdr\nCOMPANY CONFORMED NAME: ACME\n</SEC-HEADER>\n"
        "<DOCUMENT>\n<TYPE>10-K\n<SEQUENCE>1\n<TEXT>\n<PAGE>   1\nFORM 10-K\nAcme.\n<PAGE>   2\n<TABLE><CAPTION>\n"
        "<S>   <C>\nSales   5\n</TABLE>\n</TEXT>\n</DOCUMENT>\n"
    )
    text = clean_text(raw)
    assert "CONFORMED" not in text.text
    assert "<" not in text.text
    assert "FORM 10-K\nAcme." in text.text
    assert "Sales 5" in text.text
    assert any(text.text[start:].startswith("FORM 10-K") for start in text.pages)


@pytest.mark.parametrize("seed", sorted(SEEDS.glob("*.txt")), ids=lambda path: path.stem)
def test_the_seeds_lose_their_marks_and_none_of_their_words(seed: Path) -> None:
    raw = seed.read_text(encoding="utf-8")
    text = read_filing(seed).text
    assert "--+--" not in text
    assert not re.search(r"^\s*\d{1,3}\s*$", text, re.MULTILINE), "a page number is left"
    assert not re.search(r"^\s*[•·]", text, re.MULTILINE)
    assert text.count("’") == raw.count("’")
    assert text.count("“") == raw.count("“")
    body = raw.partition("\n\n")[2] or raw
    words = re.findall(r"[A-Za-z]{2,}|\$[\d.,]*\d|\d+(?:\.\d+)?%", body)
    assert words == re.findall(r"[A-Za-z]{2,}|\$[\d.,]*\d|\d+(?:\.\d+)?%", text)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the filings of ../shared are not here")
def test_an_old_filing_of_the_sec_loses_its_header_and_its_tags() -> None:
    path = SHARED / "data/filings/ibm-1997.txt.gz"
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    text = cleaned(gzip.decompress(path.read_bytes()).decode("cp1252"))
    assert "PRIVACY-ENHANCED" not in text[:5000]
    assert "CONFORMED SUBMISSION" not in text[:5000]
    assert "INTERNATIONAL BUSINESS MACHINES CORPORATION" in text[:3000]
    assert not re.search(r"<(?:PAGE|TABLE|CAPTION|S|C|FN)>", text)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "one", [" ", "\t", "|", "| ", "-", "-+", ".", "\n", " \n", "•\n", "<", "&", "&amp;", "1\n", "x\f"]
)
def test_a_long_run_of_one_mark_takes_no_time(one: str) -> None:
    """No pattern may take the square of the time for a long run of what it looks for."""
    clean_text("a" + one * (300_000 // len(one)) + "b")

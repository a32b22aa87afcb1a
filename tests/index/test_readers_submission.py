"""Submissions of the 1990s and 2000s: the header's facts, the report among the documents, its pages and tables."""

from __future__ import annotations

from index.readers.document import Document
from index.readers.formats import read_here

HEADER = """-----BEGIN PRIVACY-ENHANCED MESSAGE-----
Proc-Type: 2001,MIC-CLEAR
Originator-Name: webmaster@www.sec.gov

<SEC-DOCUMENT>0001047469-98-012291.txt : 19980331
<SEC-HEADER>0001047469-98-012291.hdr.sgml : 19980331
CONFORMED SUBMISSION TYPE:	10-K405
CONFORMED PERIOD OF REPORT:	19971231
FILED AS OF DATE:		19980330

FILER:

	COMPANY DATA:
		COMPANY CONFORMED NAME:			ACME CORP
		CENTRAL INDEX KEY:			0000051143

FILER:

	COMPANY DATA:
		COMPANY CONFORMED NAME:			ACME FINANCE LLC
</SEC-HEADER>
"""
REPORT = """<DOCUMENT>
<TYPE>10-K405
<SEQUENCE>2
<DESCRIPTION>FORM 10-K, COVER
<TEXT>

<PAGE>
                       SECURITIES AND EXCHANGE COMMISSION
                                   FORM 10-K
- --------------------------------------------------------------------------------

[X]  ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(D) OF
     THE SECURITIES EXCHANGE ACT OF 1934

ITEM 1.   BUSINESS

     We make anvils, springs and rockets, and we sell them in more than a dozen
countries to smiths, to builders of roads and, now and then, to a coyote. Our
customers pay by mail, and we depend upon the

                                       1
<PAGE>

railways to bring the goods. We own none.

Products

     - anvils of every weight that can be carried by two strong persons over a
       bridge;
     - springs.

<TABLE>
<CAPTION>
                                                   1997         1996
                                                 --------     --------
<S>                                              <C>          <C>
(In millions)
Net sales......................................  $  5,000     $  4,800
Income before taxes and
  cumulative effect............................       (12)          10
</TABLE>

                                       2
</TEXT>
</DOCUMENT>
"""
EXHIBIT = "<DOCUMENT>\n<TYPE>EX-13\n<SEQUENCE>1\n<TEXT>\nANNUAL REPORT of the exhibit.\n</TEXT>\n</DOCUMENT>\n"


def submission() -> Document:
    return read_here(f"{HEADER}{EXHIBIT}{REPORT}</SEC-DOCUMENT>\n-----END PRIVACY-ENHANCED MESSAGE-----\n")


def test_the_header_is_facts_and_no_text() -> None:
    document = submission()
    assert document.facts["COMPANY CONFORMED NAME"] == "ACME CORP"
    assert document.facts["CONFORMED SUBMISSION TYPE"] == "10-K405"
    assert document.facts["CONFORMED PERIOD OF REPORT"] == "19971231"
    assert document.facts["FILED AS OF DATE"] == "19980330"
    assert document.facts["CENTRAL INDEX KEY"] == "0000051143"
    assert document.facts["TYPE"] == "10-K405"
    assert "webmaster" not in document.text
    assert "<" not in document.text


def test_the_report_is_chosen_and_the_exhibits_are_named() -> None:
    document = submission()
    assert "exhibit" not in document.text
    assert "Of the submission these documents were left out: EX-13." in document.notes


def test_hard_wraps_are_joined_and_pages_and_rows_are_kept() -> None:
    first, second = submission().text.split("\f")
    assert [line for line in first.split("\n") if line] == [
        "SECURITIES AND EXCHANGE COMMISSION",
        "FORM 10-K",
        "[X] ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(D) OF THE SECURITIES EXCHANGE ACT OF 1934",
        "ITEM 1. BUSINESS",
        "We make anvils, springs and rockets, and we sell them in more than a dozen countries to smiths, to builders "
        "of roads and, now and then, to a coyote. Our customers pay by mail, and we depend upon the railways to bring "
        "the goods.",
    ]
    assert [line for line in second.split("\n") if line] == [
        "We own none.",
        "Products",
        "- anvils of every weight that can be carried by two strong persons over a bridge;",
        "- springs.",
        "1997 | 1996",
        "(In millions)",
        "Net sales | $5,000 | $4,800",
        "Income before taxes and cumulative effect | (12) | 10",
    ]


def test_a_document_alone_may_hold_html() -> None:
    page = "<HTML><BODY><P>Acme makes\nanvils.</P></BODY></HTML>"
    raw = f"<DOCUMENT>\n<TYPE>10-K\n<FILENAME>a.htm\n<TEXT>\n{page}\n</TEXT>\n</DOCUMENT>"
    document = read_here(raw)
    assert document.text.strip() == "Acme makes anvils."
    assert document.facts == {"TYPE": "10-K"}


def test_an_annual_report_comes_before_a_quarterly_one_and_any_report_before_an_exhibit() -> None:
    def document(kind: str) -> str:
        return f"<DOCUMENT>\n<TYPE>{kind}\n<TEXT>\nThis is the {kind} itself.\n</TEXT>\n</DOCUMENT>\n"

    assert read_here(document("EX-1") + document("8-K") + document("10-K")).facts["TYPE"] == "10-K"
    assert read_here(document("EX-1") + document("8-K")).facts["TYPE"] == "8-K"
    assert read_here(document("GRAPHIC") + document("DEF 14A")).facts["TYPE"] == "DEF 14A"


def test_the_old_tags_are_understood_without_their_envelope_and_inside_html() -> None:
    body = REPORT[REPORT.index("<PAGE>") : REPORT.index("</TEXT>")]
    for raw in (body, f"<HTML><BODY><PRE>\n{body}</PRE></BODY></HTML>"):
        pieces = [piece for piece in read_here(raw).text.split("\f") if piece.strip()]
        assert len(pieces) == 2
        assert "Net sales | $5,000 | $4,800" in pieces[1]
        assert "We make anvils, springs and rockets, and we sell them in more than a dozen countries to" in pieces[0]

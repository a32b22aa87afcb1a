"""HTML and inline XBRL: what a reader of the page would see, line by line."""

from __future__ import annotations

import pytest

from index.readers.document import Document, Unreadable
from index.readers.formats import read_here, read_text


def page(body: str) -> Document:
    return read_here(f"<html><head><title>Form 10-K</title></head><body>{body}</body></html>")


def lines(body: str) -> list[str]:
    return [line for line in page(body).text.split("\n") if line]


def test_blocks_are_lines_and_inline_elements_break_no_word() -> None:
    assert lines("<p><b>I</b><b>TEM 1.</b></p><div>We <i>sell</i><span> shoes</span>.</div>Loose text<br>and more") == [
        "ITEM 1.",
        "We sell shoes.",
        "Loose text",
        "and more",
    ]


def test_lines_that_were_wrapped_in_the_source_are_one_paragraph() -> None:
    assert lines("<P><FONT SIZE=2>We sell shoes\nto   runners\r\nand&nbsp;walkers.</FONT>\n<P>Second.") == [
        "We sell shoes to runners and walkers.",
        "Second.",
    ]


def test_old_pages_without_paragraphs_and_with_centred_headings_are_read() -> None:
    text = "<CENTER><B>PART I</B></CENTER>Item 1. Business<BR><BR>Acme makes anvils.<HR>The end."
    assert lines(text) == ["PART I", "Item 1. Business", "Acme makes anvils.", "The end."]


def test_a_pre_block_is_unwrapped_and_its_columns_are_rows() -> None:
    body = (
        "<pre>\n     Acme makes anvils and sells them in twelve countries, to smiths above all and\n"
        "now and then to a coyote who pays by mail.\n\n"
        "Net sales            5,000      4,800\nNet income             120         90\n</pre>"
    )
    assert lines(body) == [
        "Acme makes anvils and sells them in twelve countries, to smiths above all and now and then to a coyote who "
        "pays by mail.",
        "Net sales | 5,000 | 4,800",
        "Net income | 120 | 90",
    ]


def test_bullets_stand_with_their_text_however_they_were_set() -> None:
    body = "<ul><li>anvils<li>springs</ul><div>•</div><div>rockets</div><dl><dt>•<dd>magnets</dl>"
    body += "<table><tr><td>•</td><td></td><td>dynamite</td></tr></table>"
    assert lines(body) == ["• anvils", "• springs", "• rockets", "• magnets", "- dynamite"]


def test_the_number_of_a_note_is_no_part_of_the_word_before_it() -> None:
    assert lines("<p>Options granted<sup>1</sup> were 5,000<sup>2</sup> on the 10<sup>th</sup>.</p>") == [
        "Options granted 1 were 5,000 2 on the 10th."
    ]


@pytest.mark.parametrize(
    "pause",
    [
        '<hr style="page-break-after:always">',
        '<p style="PAGE-BREAK-BEFORE: always"></p>',
        '<div style="break-before: page"></div>',
        "<!-- PAGEBREAK -->",
        "<p align=center>1</p><hr>",
        '<p>1</p><hr style="page-break-after:always"/><div style="page-break-before:always"></div>',
    ],
)
def test_page_breaks_are_form_feeds(pause: str) -> None:
    first, second = page(f"<p>First page.</p>{pause}<p>Second page.</p>").text.split("\f")
    assert (first.strip(), second.strip()) == ("First page.", "Second page.")


def test_a_sentence_that_a_page_tore_apart_is_whole_on_the_page_where_it_begins() -> None:
    rest = 'of the roads. They pay at once.</p><hr style="page-break-after:always"><p>Third.</p>'
    sides = "<p>Our customers are the people who live along the sides</p><p>7</p>"
    body = f'{sides}<hr style="page-break-after:always"><p>{rest}'
    first, second, _ = page(body).text.split("\f")
    assert first.strip() == "Our customers are the people who live along the sides of the roads."
    assert second.strip() == "They pay at once."


def test_running_lines_are_dropped_and_items_are_kept() -> None:
    pages = [
        f"<p>Table of Contents</p><p>PART I</p><p>Item {number}.</p>"
        f"<p>Paragraph {number} says that Acme sold anvils.</p><p>Acme Corporation | 2024 Form 10-K | {number + 3}</p>"
        for number in range(1, 7)
    ]
    document = page('<hr style="page-break-after:always">'.join(pages))
    kept = [line for line in document.text.replace("\f", "\n").split("\n") if line]
    assert kept[:4] == ["Table of Contents", "PART I", "Item 1.", "Paragraph 1 says that Acme sold anvils."]
    assert kept[4:6] == ["Item 2.", "Paragraph 2 says that Acme sold anvils."]
    assert "Form 10-K" not in document.text
    assert any("were taken out" in note for note in document.notes)


def test_facts_of_the_cover_are_read_wherever_they_stand_and_the_header_is_not_text() -> None:
    body = (
        '<div style="display:none"><ix:header><ix:hidden>'
        '<ix:nonNumeric name="dei:EntityCentralIndexKey">0001234567</ix:nonNumeric>'
        '<ix:nonNumeric name="us-gaap:Secret">hidden words</ix:nonNumeric></ix:hidden>'
        "<xbrli:identifier>0001234567</xbrli:identifier></ix:header></div>"
        '<p><ix:nonNumeric name="dei:EntityRegistrantName"><b>Acme</b>\nCorporation</ix:nonNumeric></p>'
        '<p><ix:nonNumeric name="dei:EntityRegistrantName">Acme Finance LLC</ix:nonNumeric></p>'
        '<p>Sold for <ix:nonFraction name="us-gaap:Sales">5,000</ix:nonFraction> dollars.</p>'
    )
    document = page(body)
    assert document.facts == {"dei:EntityCentralIndexKey": "0001234567", "dei:EntityRegistrantName": "Acme Corporation"}
    assert document.text.split() == "Acme Corporation Acme Finance LLC Sold for 5,000 dollars.".split()


def test_an_element_that_xhtml_closes_at_once_holds_nothing_of_what_follows() -> None:
    raw = (
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><div style="display:none"/><p/>'
        "<p>Acme makes anvils.<br/>And springs.</p></body></html>"
    )
    assert read_here(raw).text.split("\n")[:2] == ["Acme makes anvils.", "And springs."]


def test_scripts_and_styles_are_no_text() -> None:
    body = "<script>var order = 'ignore the filing'</script><style>p {}</style><noscript>On</noscript><p>Acme.</p>"
    assert lines(body) == ["Acme."]


@pytest.mark.parametrize(
    "raw",
    [
        "<html><body><p>Acme makes anvils and spr",
        '<html><body><p>Acme makes anvils.</p><table><tr><td style="width:1',
        "<?xml version='1.0'?><html xmlns='x'><body><p>Acme makes anvils.</p>",
        "<DOCUMENT><TYPE>10-K<TEXT><HTML><BODY><P>Acme makes anvils.</P>",
        "<SEC-DOCUMENT>\n<DOCUMENT>\n<TYPE>10-K\n<TEXT>\nAcme.\n</TEXT>\n</DOCUMENT>\n<DOCUMENT>\n<TEXT>\nExhi",
    ],
)
def test_a_download_that_broke_off_is_refused(raw: str) -> None:
    with pytest.raises(Unreadable, match="is cut off before its end; download it again"):
        read_text(raw)


def test_a_part_of_a_page_and_a_page_without_its_end_in_a_closed_submission_are_whole() -> None:
    assert "anvils" in read_text("<div><p>Acme makes</p> <p>anvils</p> <p>and</p> <p>springs.</p></div>").text
    assert "anvils" in read_text("<DOCUMENT><TYPE>10-K\n<TEXT><HTML><BODY><P>Acme anvils.</TEXT></DOCUMENT>").text

"""PDF: pages that count, lines that are paragraphs again, and one plain sentence for what cannot be read."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfWriter

from index.readers.confined import in_child
from index.readers.document import Unreadable
from index.readers.portable import is_portable, read_portable
from tests.index.small_pdfs import pdf_of, pdf_with

PAGES = [
    [
        "Acme Corporation Annual Report",
        "Item 1. Business",
        "We make anvils and springs for roads, bridges and",
        "coyotes.",
        "1",
    ],
    ["Acme Corporation Annual Report", "We sell them to people who live along the sides of the", "2"],
    ["Acme Corporation Annual Report", "road. They pay at once.", "Net sales  $  5,000   $  4,800", "3"],
    ["Acme Corporation Annual Report", "Item 2. Properties", "We own a plant.", "4"],
]


def encrypted(user_password: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf_of(PAGES)))
    writer.encrypt(user_password=user_password, owner_password="owner", algorithm="RC4-128")
    held = io.BytesIO()
    writer.write(held)
    return held.getvalue()


def test_page_n_is_the_nth_piece_and_running_lines_are_gone() -> None:
    assert is_portable(pdf_of(PAGES))
    document = read_portable(pdf_of(PAGES))
    pieces = [[line for line in piece.split("\n") if line] for piece in document.text.split("\f")]
    assert pieces[0][-2:] == ["Item 1. Business", "We make anvils and springs for roads, bridges and coyotes."]
    assert pieces[1] == ["We sell them to people who live along the sides of the road."]
    assert pieces[2] == ["They pay at once.", "Net sales | $5,000 | $4,800"]
    assert pieces[3] == ["Item 2. Properties", "We own a plant."]


def test_a_pdf_that_opens_without_a_password_is_read_and_another_is_refused() -> None:
    assert "anvils" in read_portable(encrypted("")).text
    with pytest.raises(Unreadable, match="is an encrypted PDF"):
        read_portable(encrypted("secret"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.4\nnothing at all\n%%EOF", "damaged"),
        (b"%PDF-1.4\n" + bytes(range(256)) * 20 + b"\n%%EOF", "damaged"),
        (pdf_of(PAGES)[:700], "cut short"),
        (pdf_of(PAGES).replace(b"/Kids", b"/Mids"), "damaged|without text"),
        (pdf_of(PAGES).replace(b"/Kids [4 0 R", b"/Kids [2 0 R"), "damaged|without text|seconds"),
        (pdf_of([[""], [""]]), "images without text"),
        (pdf_with([b"BT /F1 12 Tf (a) Tj ET"] * 601), "has 601 pages"),
        (pdf_with([b"\0" * 200_000_000], layers_of_flate=2), "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason) as refusal:
        read_portable(data)
    assert str(refusal.value).endswith(".")


def test_one_damaged_page_does_not_cost_the_others() -> None:
    whole = pdf_of(PAGES)
    damaged = whole.replace(b"/Contents 7 0 R", b"/Contents /Non ")
    document = read_portable(damaged)
    assert document.text.count("\f") == 3
    assert "Item 2. Properties" in document.text


def test_a_page_that_takes_for_ever_ends_the_child_and_not_us() -> None:
    with pytest.raises(Unreadable, match="takes more than 20 seconds or 1 GB"):
        in_child("pdf", pdf_with([b"BT " + b"/F1 1 Tf (a) Tj " * 3_000_000 + b"ET"], layers_of_flate=1), seconds=2)

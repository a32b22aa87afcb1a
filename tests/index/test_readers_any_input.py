"""Whatever the input: no reader fails otherwise than by refusing, and none loses or invents a letter that is shown."""

from __future__ import annotations

import gzip
import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.filing import UnreadableFiling
from index.reader import read_filing
from index.readers.compressed import inflate
from index.readers.document import Unreadable
from index.readers.formats import read_here
from index.readers.pagination import drop_running_lines, mend_torn_sentences
from index.readers.portable_pages import pages_here
from index.readers.submission import read_submission
from index.readers.wrapping import unwrap
from tests.index.small_pdfs import pdf_of

TAGS = (
    "p div span b font table tr td th ul li br hr pre sup center a dl dt dd body html ix:nonnumeric ix:header".split()
)
STYLES = ["", "color:#fff", "display:none", "page-break-before:always", "font-size:8pt", "visibility:hidden", "a:b;;:c"]
WORDS = st.sampled_from("Acme anvils, sells. $ 5,000 (6 ) % — • (1) Item 1. 2024 PART II &".split(" "))
CHARACTERS = st.characters(codec="utf-8", exclude_characters="<>&|\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029")


def attributes() -> st.SearchStrategy[str]:
    return st.one_of(
        st.just(""), st.sampled_from(STYLES).map(lambda style: f' style="{style}"'), st.just(" hidden bgcolor=x")
    )


def soup() -> st.SearchStrategy[str]:
    """Tags in any order, closed or not, with words between them."""
    tag = st.builds(
        lambda slash, name, more: f"<{slash}{name}{more}>",
        st.sampled_from(["", "", "/"]),
        st.sampled_from(TAGS),
        attributes(),
    )
    return st.lists(st.one_of(tag, tag, WORDS, st.text(CHARACTERS, max_size=5), st.just("<!-- PAGEBREAK -->"))).map(
        " ".join
    )


def shown_table() -> st.SearchStrategy[str]:
    """A page in which nothing is hidden, of paragraphs and tables that are well formed."""
    inline = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
    cell = st.builds(lambda words, tag: f"<td>{tag}{words}</td>", inline, st.sampled_from(["", "<b>", "<p>", "<br>"]))
    row = st.lists(cell, min_size=1, max_size=5).map(lambda cells: f"<tr>{''.join(cells)}</tr>")
    table = st.lists(row, min_size=1, max_size=4).map(lambda rows: f"<table>{''.join(rows)}</table>")
    return st.lists(st.one_of(table, inline.map(lambda words: f"<p>{words}</p>")), max_size=5).map("".join)


def text_of_lines() -> st.SearchStrategy[str]:
    line = st.lists(st.one_of(WORDS, st.just("  "), st.just("    ")), max_size=12).map(" ".join)
    return st.lists(line, max_size=30).map("\n".join)


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", re.sub(r"<[^>]*>", " ", text))


@given(st.one_of(soup(), soup().map(lambda body: f"<html><body>{body}</body></html>"), st.text()))
@example("<html><body><table><td hidden><table></body></html>")
@example("<p>" + "<td>" * 3)
@example("\f<p></p>\f")
def test_any_markup_is_read_or_refused(raw: str) -> None:
    with suppress(Unreadable):
        read_here(raw).text.encode("utf-8", "surrogatepass")


@given(shown_table())
def test_no_letter_that_is_shown_is_lost_or_invented(body: str) -> None:
    assert letters(read_here(f"<html><body>{body}</body></html>").text) == letters(body)


@given(
    st.lists(
        st.one_of(
            st.sampled_from("<DOCUMENT> </DOCUMENT> <TEXT> </TEXT> <TYPE>10-K <PAGE> <TABLE> </TABLE> <S> <C>".split()),
            WORDS,
            st.just("\n"),
            st.just("   "),
        )
    ).map(" ".join)
)
def test_any_submission_is_read_or_refused(body: str) -> None:
    for raw in (f"<SEC-DOCUMENT>\n{body}", f"<DOCUMENT>\n<TYPE>10-K\n<TEXT>\n{body}</TEXT>\n</DOCUMENT>"):
        with suppress(Unreadable):
            read_submission(raw)


@given(text_of_lines())
@example("(6\n)\n(1)\n5")
@example("•\n•\n(1)\n5\n%")
def test_joining_lines_loses_and_invents_no_letter(text: str) -> None:
    assert letters("\n".join(unwrap(text))) == letters(text)


@given(st.lists(text_of_lines(), min_size=1, max_size=6))
def test_pages_stay_as_many_as_they_are_and_in_order(pages: list[str]) -> None:
    pieces = read_here("x\f" + "\f".join(pages)).text.split("\f")
    assert len(pieces) == len(pages) + 1
    split = [page.split("\n") for page in pages]
    kept, dropped = drop_running_lines(split)
    assert sum(map(len, split)) - sum(map(len, kept)) == dropped
    mended = mend_torn_sentences(kept)
    assert letters("".join(" ".join(page) for page in mended)) == letters("".join(" ".join(page) for page in kept))


@given(st.binary(max_size=300))
def test_any_archive_is_unpacked_or_refused(data: bytes) -> None:
    assert inflate(gzip.compress(b"x" + data)) == b"x" + data
    for damaged in (b"\x1f\x8b" + data, gzip.compress(data)[: len(data)]):
        with suppress(Unreadable):
            inflate(damaged)


WHOLE = pdf_of([["Item 1. Business", "We make anvils."], ["Item 2. Properties"]])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(max_size=6)), min_size=1, max_size=8))
def test_any_damage_to_a_pdf_is_read_over_or_refused(damages: list[tuple[int, bytes]]) -> None:
    data = WHOLE
    for place, new in damages:
        data = data[:place] + new + data[place + len(new) :]
    with suppress(Unreadable):
        pages = pages_here(data, 0, 1, lambda seconds: None)
        assert all(page is None or isinstance(page, str) for page in pages)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(), soup().map(str.encode), st.binary().map(lambda data: b"<html>" + data)))
@pytest.mark.parametrize("suffix", [".htm", ".txt", ".pdf", ".gz"])
def test_any_file_is_a_filing_or_refused_by_name(data: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"file{suffix}"
    path.write_bytes(data)
    with pytest.raises(UnreadableFiling, match=r"^file"):
        read_filing(path)

"""Passages restore their filing to the letter, whatever is in it: every footnote's offsets rest on that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunk import LETTERS_A_TOKEN, MOST_TOKENS, split_passages
from index.filing import Filing, Passage, Section
from index.reader import read_filing
from index.sections import split_sections
from index.sentences import sentence_spans
from index.tokens import count_all, count_tokens
from tests.index.standins import filing_text

SHARED = Path("../shared")
MODEL_WINDOW = 256 - 2  # tokens that the embedding model reads, without its two marks of beginning and end


def filing_of(text: str, pages: tuple[int, ...] = ()) -> Filing:
    return Filing("a", "", "", "", "", None, "", "", "a.txt", "", text, pages, ())


def check(filing: Filing, sections: tuple[Section, ...]) -> list[Passage]:
    passages = split_passages(filing, sections, count_all)
    text = filing.text
    assert "".join(passage.text for passage in passages) == text
    place = 0
    for number, passage in enumerate(passages):
        assert (passage.order, passage.id) == (number, f"a:{number}")
        assert (passage.start, passage.text) == (place, text[passage.start : passage.end])
        assert passage.end > passage.start
        place = passage.end
        assert count_tokens(passage.text) <= MOST_TOKENS
        assert len(passage.text) <= MOST_TOKENS * (LETTERS_A_TOKEN + 1) or not passage.text.strip()
        for border in (*filing.pages, *(section.start for section in sections), *(section.end for section in sections)):
            assert not passage.start < border < passage.end, "a passage lies across a page or an item"
        pages = [page for page, start in enumerate(filing.pages, 1) if start <= passage.start]
        assert passage.page == (pages[-1] if pages else None)
        items = [section.item for section in sections if section.start <= passage.start < section.end]
        assert passage.item == (items[0] if items else "")
    return passages


# Any characters at all, and what filings are made of, repeated so that the limit of tokens is met.
ANY_TEXT = st.text()
PIECES = [
    *("Item 1. Business\n", "ITEM 1A. RISK FACTORS\n", "Products\n", "- One bullet of many\n", "Revenues | 2008 | "),
    *("We sell software to carriers in the U.S. and to others. ", "one; two, three | ", "“Quoted.” ", "1,234.56 "),
    "SafePath® – Comprised of SafePath Family, it sells. ",
    *("\n", "\n\n", " ", "\t", "\f", "\x1c", "\x85", "\u2028", "\u200b", "\ufffd\n", "$", "%"),
    *("word " * 200, "x" * 700, "a,b;" * 90, "ß" * 200, "e\u0301" * 90, "각" * 90, "漢字" * 90, "🙂" * 60, "ﷺ" * 40),
]
FILING_LIKE = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=14).map("".join)


@settings(max_examples=600, deadline=None)
@given(text=ANY_TEXT | FILING_LIKE, data=st.data())
def test_passages_restore_any_text(text: str, data: st.DataObject) -> None:
    # Only surrogates are no text: the reader takes them out, and no tokenizer would count them.
    text = text.encode("utf-8", "ignore").decode()
    borders = sorted(data.draw(st.sets(st.integers(1, max(1, len(text))), max_size=4), label="page starts"))
    pages = (0, *(border for border in borders if border <= len(text))) if borders else ()
    check(filing_of(text, pages), split_sections(text).sections)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufffd\n" + "word " * 300, id="a line that counts no tokens before one that counts too many"),
        pytest.param("x" * 100_000, id="one endless word"),
        pytest.param("Overview\n" + "x" * 5_000 + " and then\n" + "y" * 5_000, id="endless words under a heading"),
        pytest.param(" " * 5_000, id="nothing but spaces"),
        pytest.param("\n" * 50, id="nothing but line ends"),
        pytest.param("a " * 5_000, id="a sentence without end"),
        pytest.param("漢字" * 3_000, id="a script without spaces"),
        pytest.param("각" * 3_000, id="letters that count three"),
        pytest.param("", id="nothing"),
        pytest.param("Products\n" * 100, id="nothing but headings"),
    ],
)
def test_passages_restore_an_odd_text(text: str) -> None:
    check(filing_of(text), split_sections(text).sections)


def test_pages_are_never_crossed_and_every_passage_knows_its_own() -> None:
    pages = [filing_text(seed, 12) for seed in range(4)]
    starts = tuple(sum(map(len, pages[:number])) for number in range(4))
    passages = check(filing_of("".join(pages), starts), split_sections("".join(pages)).sections)
    assert {passage.page for passage in passages} == {1, 2, 3, 4}


def test_a_passage_holds_whole_sentences() -> None:
    text = filing_text(1, 80)
    passages = check(filing_of(text), split_sections(text).sections)
    begins = {start for start, _ in sentence_spans(text)}
    for passage in passages:
        assert passage.start in begins or passage.start == 0, passage.text[:60]


def test_passages_are_neither_crumbs_nor_lumps() -> None:
    text = "Item 1. Business\n" + "We sell software to wireless carriers in many countries. " * 100
    sizes = [count_tokens(passage.text) for passage in check(filing_of(text), split_sections(text).sections)]
    assert min(sizes[:-1]) > MOST_TOKENS // 2


def test_the_reader_sees_the_heading_once_and_the_embedder_always() -> None:
    text = "Item 1. Business\nProducts\n" + "We sell software to wireless carriers in many countries. " * 40
    passages = check(filing_of(text), split_sections(text).sections)
    assert len(passages) > 1
    assert all(passage.embedded_text.startswith("Products: ") for passage in passages)
    assert "Products" not in passages[-1].text


FILINGS = [*sorted(Path("seeds").glob("*.txt")), *sorted((SHARED / "data/filings/item1_text").glob("*.txt"))]


@pytest.mark.parametrize("path", FILINGS, ids=lambda path: path.stem)
def test_real_filings_are_restored_and_fit_the_model(path: Path) -> None:
    filing = replace(read_filing(path), id="a")
    passages = check(filing, split_sections(filing.text).sections)
    assert max(count_all([passage.embedded_text for passage in passages])) <= MODEL_WINDOW


@pytest.mark.skipif(not SHARED.is_dir(), reason="the filings of ../shared are not here")
def test_the_filings_of_shared_are_among_those_checked() -> None:
    assert len(FILINGS) > 20

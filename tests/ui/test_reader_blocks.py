"""How a filing's text becomes what the reader sees."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.filing import Passage, Section
from ui.reader_blocks import LONGEST, blocks_around, headings_of, parts_of, stretch_around

TEXT = "Item 1. Business\nProducts\nWe sell anvils. They fall.\n- heavy\nName | Weight\nAnvil | 50 kg\nThe end."


def words_of(parts: list[tuple[str, bool]], marked: bool) -> str:
    return "".join(words for words, is_marked in parts if is_marked == marked)


def test_blocks_have_their_kinds() -> None:
    passages = [Passage("a:0", "a", "1", "Products", TEXT, 0, len(TEXT), None, 0)]
    sections = [Section("1", "Business", 0, len(TEXT), "extracted")]
    blocks = blocks_around(TEXT, headings_of(TEXT, passages, sections), (0, 0))
    assert [block["kind"] for block in blocks] == ["item", "heading", "text", "entry", "table", "text"]
    assert [[cell[0][0] for cell in row] for row in blocks[4]["rows"]] == [["Name", "Weight"], ["Anvil", "50 kg"]]


def test_the_cited_words_are_marked_and_no_others() -> None:
    start = TEXT.index("They fall.")
    blocks = blocks_around(TEXT, {}, (start, start + len("They fall.")))
    marked = [words_of(block["parts"], True) for block in blocks if block["kind"] != "table"]
    assert "".join(marked) == "They fall."


def test_a_citation_over_lines_and_cells_is_marked_in_each() -> None:
    cited = (TEXT.index("heavy"), TEXT.index("50"))
    blocks = blocks_around(TEXT, {}, cited)
    entry = next(block for block in blocks if block["kind"] == "entry")
    table = next(block for block in blocks if block["kind"] == "table")
    assert words_of(entry["parts"], True) == "heavy"
    assert [words_of(cell, True) for row in table["rows"] for cell in row] == ["Name", "Weight", "Anvil", ""]


@given(st.text(max_size=60), st.integers(0, 80), st.integers(0, 80), st.integers(0, 80))
def test_cutting_a_line_loses_nothing(line: str, at: int, start: int, end: int) -> None:
    parts = parts_of(line, at, (start, max(start, end)))
    assert "".join(words for words, _ in parts) == line
    assert words_of(parts, True) == line[max(start - at, 0) : max(end - at, max(start - at, 0), 0)]


def test_of_a_long_text_the_stretch_around_the_citation_is_shown() -> None:
    text = "\n".join(f"Line {number} of a long report." for number in range(40_000))
    at = text.index("Line 30000 ")
    start, end = stretch_around(text, (at, at + 10))
    assert start < at < end
    assert end - start < LONGEST + 100
    assert text[start:].startswith("Line ")


def test_a_short_text_is_shown_whole() -> None:
    assert stretch_around(TEXT, (3, 5)) == (0, len(TEXT))

"""How a filing's text becomes what the reader sees."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from index.filing import Passage, Section
from ui.reader_blocks import LONGEST, BlockKind, blocks_of, headings_of, outline_of, stretch_around

TEXT = "Item 1. Business\nProducts\nWe sell anvils. They fall.\n- heavy\nName | Weight\nAnvil | 50 kg\nThe end."


def kinds_of(text: str) -> dict[int, BlockKind]:
    passages = [Passage("a:0", "a", "1", "Products", text, 0, len(text), None, 0)]
    return headings_of(passages, [Section("1", "Business", 0, len(text), "extracted")])


def units_of(blocks: list[dict[str, Any]]) -> list[tuple[int, str]]:
    """Each line of the blocks with its place, as the page marks them."""
    rows = [b["rows"] if b["kind"] == "table" else [(b["at"], b["words"])] for b in blocks]
    return [(at, words) for lines in rows for at, words in lines]


def test_blocks_have_their_kinds() -> None:
    blocks = blocks_of(TEXT, kinds_of(TEXT))
    assert [block["kind"] for block in blocks] == ["item", "heading", "text", "entry", "table", "text"]
    assert [words for _, words in blocks[4]["rows"]] == ["Name | Weight", "Anvil | 50 kg"]


@given(st.text(alphabet="ab |-\n\u2028\x85\U0001f600", max_size=80))
def test_every_line_stands_at_its_place_and_none_is_lost(text: str) -> None:
    units = units_of(blocks_of(text, {}))
    assert all(text[at : at + len(words)] == words for at, words in units)
    assert [words for _, words in units] == [line for line in text.split("\n") if line.strip()]


def test_the_outline_names_items_and_headings_where_they_stand() -> None:
    outline = outline_of(TEXT, kinds_of(TEXT))
    assert [(entry["kind"], entry["words"]) for entry in outline] == [
        ("item", "Item 1. Business"),
        ("heading", "Products"),
    ]
    assert [TEXT[entry["at"] :].startswith(entry["words"]) for entry in outline] == [True, True]


def test_of_a_very_long_text_the_stretch_around_a_place_is_shown() -> None:
    text = "\n".join(f"Line {number} of a long report." for number in range(200_000))
    at = text.index("Line 150000 ")
    start, end = stretch_around(text, at)
    assert start < at < end
    assert end - start < LONGEST + 100
    assert text[start:].startswith("Line ")
    assert blocks_of(text, {}, start, end)[0]["at"] == start


def test_a_text_is_shown_whole() -> None:
    assert stretch_around(TEXT, 3) == (0, len(TEXT))

"""Exports hold every sentence with its footnotes, open elsewhere, and turn nothing of a filing into markup."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.kept import SharedTurn
from tests.ui.made_up_answers import HOSTILE, answer, filing, sentence
from ui.as_markdown import as_markdown, escaped
from ui.as_word import as_word
from ui.exports import chapters
from ui.wording import without_controls

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
LINKED = "{http://schemas.openxmlformats.org/package/2006/relationships}"
markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
FIRST = SharedTurn(
    "What is sold?",
    answer(
        sentence("It sells anvils.", 1, 2, facet="products"),
        sentence("It has 12 employees.", 3, facet="organisation"),
        sentence("It sells anvils again.", 1, facet="organisation"),
        silent=("financing",),
        withheld=(sentence("It cost $67 million."),),
        note="No model.",
    ),
)
REFUSED = SharedTurn("Who is the king?", answer(refusal="The filing does not say."))
FAILED = SharedTurn("And?", problem="It broke off.")
TITLES = {"products": "Products", "organisation": "Organisation", "financing": "Financing"}


def words(text: str) -> str:
    return " ".join(without_controls(text).split())


def shown_by_markdown(text: str) -> str:
    """What a reader sees of it; nothing in it may be more than text in paragraphs."""
    tokens = markdown.parse(text)
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}, tokens
    children = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in children} <= {"text", "text_special"}, children
    return "".join(child.content for child in children)


# Markdown -------------------------------------------------------------------------------------------------------------


def test_markdown_is_prose_with_marks_and_the_filings_words_below() -> None:
    told = as_markdown(chapters([FIRST], [filing()], TITLES))
    lines = told.splitlines()
    assert lines[0] == "# What is sold?"
    assert "**Products.** It sells anvils.[^1][^2]" in lines
    assert "**Organisation.** It has 12 employees.[^3] It sells anvils again.[^1]" in lines
    assert "*Not disclosed in this filing: financing.*" in lines
    assert "*No model.*" in lines
    assert "[^3]: “It has 12 employees.” (Acme, Inc. 10-K FY2020 · Item 1 · page 3)" in lines
    assert [line[:4] for line in lines if line.startswith("[^")] == ["[^1]", "[^2]", "[^3]"]
    assert "67" not in told


def test_every_chapter_has_footnotes_of_its_own() -> None:
    told = as_markdown(chapters([FIRST, REFUSED, FAILED, FIRST], [filing()], TITLES))
    marks = re.findall(r"\[\^([\d-]+)\](?!:)", told)
    notes = re.findall(r"^\[\^([\d-]+)\]:", told, re.MULTILINE)
    assert notes == ["1-1", "1-2", "1-3", "4-1", "4-2", "4-3"]
    assert set(marks) == set(notes)
    assert "# Who is the king?\n\nThe filing does not say.\n" in told
    assert "# And?\n\n*It broke off.*\n" in told


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "# not a heading",
        "1. not a list",
        "12) not a list",
        "- not a list",
        "+ not a list",
        "* * *",
        "---",
        "===",
        "~~~ not code",
        "`not` **bold** _it_ ~~gone~~ $x^2$ <script>alert(1)</script> &lt; &#42;",
        "![not a picture](https://example.com/x.png) [not a link](javascript:alert(1)) <https://example.com>",
        "[^1]: not a footnote [^1]",
        "> not quoted",
        "| not | a table |",
        "backslash \\* \\",
        "    not code",
        "<!-- not a comment -->",
        ": not a definition",
    ],
)
def test_words_of_a_filing_are_no_markdown(text: str) -> None:
    assert shown_by_markdown(escaped(words(text))) == words(text)


@given(st.text(alphabet=st.one_of(st.sampled_from("\\`*_{}[]()<>#+-.!|~$&=^:@%\"'/ \t\n1aw9)"), st.characters())))
def test_any_words_are_no_markdown(text: str) -> None:
    plain = words(text).replace("\ufffd", "")
    if plain and "\0" not in plain:
        assert shown_by_markdown(escaped(plain)) == plain


def test_addresses_become_no_links() -> None:
    assert escaped("See www.example.com, https://example.com or a@b.com; :smile: at 10:30") == (
        "See www\\.example.com, https\\://example.com or a\\@b.com; \\:smile: at 10\\:30"
    )


# Word -----------------------------------------------------------------------------------------------------------------


def parts_of(document: bytes) -> dict[str, ElementTree.Element]:
    with ZipFile(io.BytesIO(document)) as archive:
        assert archive.testzip() is None
        return {name: ElementTree.fromstring(archive.read(name)) for name in archive.namelist()}  # noqa: S314


def text_of(element: ElementTree.Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{W}t"))


def test_word_has_real_footnotes() -> None:
    parts = parts_of(as_word(chapters([FIRST, REFUSED, FAILED, FIRST], [filing()], TITLES)))
    document, footnotes = parts["word/document.xml"], parts["word/footnotes.xml"]
    referred = [one.get(f"{W}id") for one in document.iter(f"{W}footnoteReference")]
    noted = {one.get(f"{W}id"): text_of(one) for one in footnotes.iter(f"{W}footnote")}
    assert referred == ["1", "2", "3", "4", "5", "6"], "each once, in the order of reading"
    assert list(noted) == ["-1", "0", *referred]
    assert noted["3"] == " “It has 12 employees.” Acme, Inc. 10-K FY2020 · Item 1 · page 3"
    again = [(one.get(f"{W}instr"), text_of(one)) for one in document.iter(f"{W}fldSimple")]
    assert again == [(" NOTEREF _Note1 \\f \\h ", "1"), (" NOTEREF _Note4 \\f \\h ", "4")]
    marked = {one.get(f"{W}name") for one in document.iter(f"{W}bookmarkStart")}
    assert {"_Note1", "_Note4"} <= marked
    read = [text_of(one) for one in document.iter(f"{W}p")]
    assert read[:3] == [
        "What is sold?",
        "Products. It sells anvils., ",
        "Organisation. It has 12 employees. It sells anvils again.1",
    ]
    assert "The filing does not say." in read
    assert "It broke off." in read
    assert "67" not in "".join(read)


def test_every_part_of_a_word_document_is_there_and_has_its_type() -> None:
    parts = parts_of(as_word(chapters([FIRST], [filing()], TITLES)))
    typed = {one.get("PartName", "").lstrip("/") for one in parts["[Content_Types].xml"].iter(f"{TYPES}Override")}
    linked = {
        folder + one.get("Target", "")
        for name, folder in (("_rels/.rels", ""), ("word/_rels/document.xml.rels", "word/"))
        for one in parts[name].iter(f"{LINKED}Relationship")
    }
    assert typed == linked == {name for name in parts if name.startswith("word/") and "_rels" not in name}
    used = {
        one.get(f"{W}val") for part in parts.values() for tag in ("pStyle", "rStyle") for one in part.iter(f"{W}{tag}")
    }
    assert used <= {one.get(f"{W}styleId") for one in parts["word/styles.xml"].iter(f"{W}style")}


@given(st.text())
def test_any_words_make_a_word_document_that_opens(text: str) -> None:
    said = SharedTurn(text, answer(sentence(text, 1), refusal=text))
    parts = parts_of(as_word(chapters([said], [filing(company=text)], {})))
    shown = [text_of(one) for one in parts["word/document.xml"].iter(f"{W}p")]
    assert shown[1] == re.sub(r"[\ufffe\uffff\ud800-\udfff]", "", words(text))


def test_a_filings_markup_stays_text_in_word() -> None:
    said = SharedTurn(HOSTILE, answer(sentence(f"{HOSTILE} </w:t></w:r> &amp; ]]>", 1)))
    parts = parts_of(as_word(chapters([said], [filing(company=HOSTILE)], {})))
    shown = [text_of(one) for one in parts["word/document.xml"].iter(f"{W}p")]
    assert shown[0] == words(HOSTILE)
    assert shown[1] == f"{words(HOSTILE)} </w:t></w:r> &amp; ]]>"
    assert not set("".join(shown)) & {"\x1b", "\x9b", "\u202e"}


def test_the_same_answer_makes_the_same_bytes() -> None:
    made = [as_word(chapters([FIRST], [filing()], TITLES)) for _ in range(2)]
    assert made[0] == made[1]

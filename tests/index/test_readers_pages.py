"""Text with form feeds for pages, hard wraps, and tables that were taken out of a page cell by cell."""

from __future__ import annotations

from index.readers.formats import is_paged, read_here
from index.readers.pagination import drop_running_lines
from index.readers.wrapping import unwrap

PROSE = (
    "3M is a diversified technology company with a global presence in the following businesses, which it manages as\n"
    "five segments: Industrial; Safety and Graphics; Health Care; Electronics and Energy; and Consumer. Most of its\n"
    "products involve expertise in development.\n"
)


def test_wrapped_lines_are_joined_and_headings_stay_alone() -> None:
    assert unwrap("General\n" + PROSE + "Business Segments\n" + PROSE) == [
        "General",
        " ".join(PROSE.split()),
        "Business Segments",
        " ".join(PROSE.split()),
    ]


def test_figures_go_to_the_label_above_them() -> None:
    cells = "(Amounts in millions)\n2020\n2019\nNet sales\n$\n15,201\n \n$\n7,179\n"
    cells += "Net loss\n(16)\n—\nMargin\n5.2 %\n(1.3) %\n"
    assert unwrap(cells) == [
        "(Amounts in millions) | 2020 | 2019",
        "Net sales | $15,201 | $7,179",
        "Net loss | (16) | —",
        "Margin | 5.2% | (1.3)%",
    ]


def test_the_words_over_the_columns_are_one_row() -> None:
    cells = "(Dollars in millions)\n \nSales\n \nTotal\n \nIncome\n\nSome thirty words of the label of it\n5\n7\n9"
    assert unwrap(cells) == [
        "(Dollars in millions) | Sales | Total | Income",
        "Some thirty words of the label of it | 5 | 7 | 9",
    ]


def test_the_mark_of_a_note_is_no_figure() -> None:
    note = "Non-comparable sales reflect the impact of net store opening and closing activity in both years."
    assert unwrap(f"Non-comparable sales\n(1)\n1.5%\nTotal increase\n7.0%\n(1)\n{note}\n") == [
        "Non-comparable sales (1) | 1.5%",
        "Total increase | 7.0%",
        f"(1) {note}",
    ]


def test_figures_after_a_sentence_are_no_part_of_it() -> None:
    assert unwrap("The table follows.\n5\n6\n") == ["The table follows.", "5 | 6"]


def test_bullets_alone_on_a_line_get_their_text() -> None:
    assert unwrap("•\nanvils and\nsprings;\n•\nrockets.\n") == ["• anvils and springs;", "• rockets."]


def test_a_hyphen_at_the_end_of_a_line_parts_no_word_with_a_space() -> None:
    assert (
        unwrap(PROSE.replace("Most of its\nproducts", "Most of its year-\nover-year products"))[0].count(
            "year-over-year"
        )
        == 1
    )


def test_page_n_is_the_nth_piece_and_running_lines_are_gone() -> None:
    pages = [
        f"Table of Contents\nSegment {letter} sells anvils in {number} towns.\nAcme 2020 Annual Report   {number}\n"
        for number, letter in enumerate("ABCDEFGH", 1)
    ]
    document = read_here("\f".join(pages))
    pieces = document.text.split("\f")
    assert len(pieces) == 8
    assert [piece.split()[1] for piece in pieces[1:]] == list("BCDEFGH")
    assert "Annual Report" not in document.text
    assert document.text.count("Table of Contents") == 1  # the first may be the heading that then runs on


def test_what_may_be_a_heading_or_the_head_of_a_table_runs_through_nothing() -> None:
    pages = [
        ["(a)", f"ITEM {number}.", "Text of some length here.", "Years ended December 31,", "None."]
        for number in range(9)
    ]
    kept, dropped = drop_running_lines(pages[:2])
    assert (kept, dropped) == (pages[:2], 0)
    kept, _ = drop_running_lines(pages)
    assert [page[1] for page in kept if len(page) > 1 and page[1].startswith("ITEM")] or kept[0] == pages[0]
    assert all(f"ITEM {number}." in page for number, page in enumerate(kept))
    assert all("Years ended December 31," in page for page in kept)


def test_prompts_and_texts_of_whole_paragraphs_are_left_as_they_are() -> None:
    text = "Prompt: Summarize the business model.\n\n" + "Acme makes anvils and sells them to the public. " * 8 + "\n"
    text = text + text.replace("Prompt", "Again")
    assert not is_paged(text)
    assert read_here(text).text == text

"""The page that compares reports."""

from __future__ import annotations

import json

import pytest

from rag.assistant import Assistant
from tests.ui.conftest import OpenPage, given, words
from ui.changes_card import marked_words
from ui.figures_view import label_of_axis

THREE = ["smith-micro-fy2017", "smith-micro-fy2020", "smith-micro-fy2021"]


def test_it_offers_the_reports_of_a_company_and_compares_them(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page(assistant, "compare_page")
    assert "Choose two filings or more" in words(page)
    page.button(key="compare-Smith Micro Software, Inc.").click().run(timeout=120)
    assert not page.exception
    assert page.session_state["chosen"] == THREE
    changes, figures, columns, _reader, _opener, *ahead = given(page)
    assert [data["filing"] for data in ahead] == [THREE[1], THREE[0]], "the reader has the last one open"
    sentences = [
        sentence
        for facet in changes["facets"]
        for sentence in [*facet["added"], *facet["removed"], *(one for pair in facet["changed"] for one in pair)]
    ]
    assert sentences
    numbers = {note["number"] for note in changes["footnotes"]}
    assert all(set(sentence["notes"]) <= numbers and sentence["notes"] for sentence in sentences)
    assert [head["title"] for head in columns["heads"]] == ["10-K FY2017", "10-K FY2020", "10-K FY2021"]
    assert all(len(row["cells"]) == 3 for row in columns["rows"])
    employees = next(row for row in figures["rows"] if row["title"] == "Employees")
    assert [cell["value"] for cell in employees["cells"]] == ["161", "255", "373"]
    assert all(cell["notes"] for cell in employees["cells"])
    charts = [json.loads(one.proto.spec) for one in page.get("vega_lite_chart")]
    axes = {chart["layer"][0]["title"]["text"]: chart["layer"][0]["encoding"]["y"]["axis"] for chart in charts}
    assert "%" in axes["Largest customer's share of revenue"]["labelExpr"]
    assert "%" not in axes["Employees"]["labelExpr"]


def test_every_footnote_of_a_comparison_holds_words_of_its_filing(open_page: OpenPage, assistant: Assistant) -> None:
    page = open_page(assistant, "compare_page")
    page.session_state["chosen"] = THREE[1:]
    page.run(timeout=120)
    for card in given(page)[:3]:
        for note in card["footnotes"]:
            text = assistant.text(note["filing"])[note["start"] : note["end"]]
            assert " ".join(text.split()) == note["quote"]


def test_the_words_that_differ_are_marked() -> None:
    before, after = marked_words("Sales were $5 million in 2019.", "Sales were $7 million in 2020.")
    assert [words for words, is_marked in before if is_marked] == ["$5", "2019."]
    assert [words for words, is_marked in after if is_marked] == ["$7", "2020."]
    assert "".join(words for words, _ in after) == "Sales were $7 million in 2020."


def test_sentences_with_little_in_common_are_not_marked_word_by_word() -> None:
    before, after = marked_words("We sell anvils.", "A bank lent the company ten million dollars.")
    assert before == [("We sell anvils.", False)]
    assert after == [("A bank lent the company ten million dollars.", False)]


@pytest.mark.parametrize(
    ("told", "sign"),
    [(["61%", "81 percent"], "%"), (["$5.6 million", "$7.9 billion"], "$"), (["161", "373"], ""), (["161", "2%"], "")],
)
def test_an_axis_has_the_unit_that_all_figures_share(told: list[str], sign: str) -> None:
    label = label_of_axis(told)
    assert ("%'" in label, "$" in label) == (sign == "%", sign == "$")

"""Facets are data: the five that ship, and those that somebody adds by a table in a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.facets import FacetReader, load_facets
from tests.rag.made_up import BAKERY, write_report

SUPPLY = """
[supply]
title = "Supply chain"
question = "Who makes and supplies the parts?"
examples = ["We buy castings from two foundries.", "A single supplier makes our motors.", "Parts come from Asia."]
headings = ["Suppliers", "Raw Materials"]
cues = ["suppl(?:y|iers?)", "raw materials"]

[climate]
title = "Climate"
question = "What does the company do about its emissions?"
examples = ["We aim to cut our emissions by half.", "Solar panels power two plants.", "We report our carbon use."]

[none]
examples = ["Our fiscal year ends in June.", "We have 820 employees.", "Our stock is listed in New York."]
"""

RIVALS = """
[rivals]
title = "Competition"
question = "Who are the competitors?"
examples = [
  "We compete with large makers of machines.", "Our rivals are three importers.",
  "Competition is based on price and service.", "Several larger companies compete with us.",
]
headings = ["Competition", "Competitors"]
cues = ["compet", "rivals"]
"""


def test_the_five_facets_of_a_business_model_ship() -> None:
    facets, none = load_facets()
    assert [facet.name for facet in facets] == ["revenue", "customers", "products", "channels", "financing"]
    assert all(facet.title and facet.question.endswith("?") and facet.examples for facet in facets)
    assert none


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Our three largest clients made up 58% of turnover last year.", "revenue"),
        ("Hospitals and private clinics buy most of our scanners.", "customers"),
        ("The Aurora line includes a portable scanner and its software.", "products"),
        ("Independent resellers and our web shop bring the scanners to the market.", "channels"),
        ("In May we drew $20 million under our revolving credit facility.", "financing"),
    ],
)
def test_a_sentence_is_recognised_by_its_meaning(assistant: Assistant, sentence: str, name: str) -> None:
    facets, none = load_facets()
    told, _ = FacetReader(facets, none, assistant.index.vectors).by_meaning(assistant.index.vectors([sentence]))
    assert facets[int(told[0].argmax())].name == name


def test_a_facet_is_added_by_a_table(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "facets.toml"
    path.write_text(SUPPLY, encoding="utf-8")
    facets, none = load_facets(path)
    assert [facet.name for facet in facets] == ["supply", "climate"]
    assert facets[1].headings == facets[1].cues == ()
    reader = FacetReader(facets, none, assistant.index.vectors)
    told, of_none = reader.by_meaning(assistant.index.vectors(["One vendor delivers all of our compressors."]))
    assert told[0].argmax() == 0
    assert told[0, 0] > of_none[0]
    assert reader.by_words(["Our suppliers of raw materials are in Ohio."])[0, 0] > 0


def test_the_facets_of_an_assistant_are_those_that_ship(assistant: Assistant) -> None:
    assert assistant.facets() == list(load_facets()[0])


def test_a_table_in_the_data_folder_adds_a_facet_to_every_summary(
    open_assistant: Callable[[str], Assistant], tmp_path: Path
) -> None:
    assistant = open_assistant("own")
    (tmp_path / "own" / "facets.toml").write_text(RIVALS, encoding="utf-8")
    assistant.ingest([write_report(tmp_path / "reports", "ovens", BAKERY)])
    assert [facet.name for facet in assistant.facets()][-1] == "rivals"
    answer = assistant.summarize("ovens", facets=["rivals"])
    assert "larger builders of ovens" in answer.text
    assert {sentence.facet for sentence in answer.sentences} == {"rivals"}


def test_a_facet_without_a_question_is_named(tmp_path: Path) -> None:
    own = tmp_path / "facets.toml"
    own.write_text('[rivals]\ntitle = "Competition"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"'rivals'.*no question"):
        load_facets(own=own)


def test_a_broken_file_of_facets_is_named(tmp_path: Path) -> None:
    own = tmp_path / "facets.toml"
    own.write_text("[rivals\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"facets.toml is no TOML"):
        load_facets(own=own)


def test_a_broken_pattern_is_named(tmp_path: Path) -> None:
    own = tmp_path / "facets.toml"
    own.write_text(RIVALS.replace('"rivals"]', '"riv(als"]'), encoding="utf-8")
    with pytest.raises(ValueError, match=r"'riv\(als' of the facet 'rivals'.*is no pattern"):
        load_facets(own=own)


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("How does the company make money?", "revenue"),
        ("How does the company make most of its money?", "revenue"),
        ("What does the company sell?", "products"),
        ("Who buys its products?", "customers"),
        ("What does the company do?", "products"),
        ("What does the company do for its employees?", ""),
        ("How does the company use its capital?", ""),
        ("What does the company pay its suppliers?", ""),
    ],
)
def test_a_facet_knows_how_people_ask_for_it(question: str, name: str) -> None:
    facets, _ = load_facets()
    assert [facet.name for facet in facets if facet.is_asked(question)] == ([name] if name else [])

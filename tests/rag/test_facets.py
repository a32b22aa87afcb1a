"""Facets are data: the five that ship, and those that somebody adds by a table in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.assistant import Assistant
from rag.facets import FacetReader, load_facets

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

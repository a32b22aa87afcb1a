"""Sentences of a summary as one text: 'it' for the company where nothing else could be meant."""

from __future__ import annotations

import pytest

from rag.answer import Draft
from rag.flow import Flow


def told(*texts: str, facets: str = "") -> list[str]:
    names = facets.split() or ["products"] * len(texts)
    drafts = [Draft(text, ("x",), name) for text, name in zip(texts, names, strict=True)]
    return [one.text for one in Flow("Contoso")(drafts)]


def test_the_second_sentence_says_it() -> None:
    assert told("Contoso sells ovens.", "Contoso also repairs them.") == [
        "Contoso sells ovens.",
        "It also repairs them.",
    ]
    assert told("The Company sells ovens.", "Contoso’s OTC line is small.")[1] == "Its OTC line is small."


@pytest.mark.parametrize(
    "texts",
    [
        ("Contoso’s annual fee is $60.", "Contoso has 310 customers."),  # 'it' would be the fee
        ("Bakers pay by the month.", "Contoso has 310 customers."),
        ("Contoso sells ovens.", "Contoso Labs sells software."),  # another than the company
        ("Contoso sells ovens.", "Bakers buy from Contoso."),
    ],
)
def test_where_it_might_be_another_the_name_stays(texts: tuple[str, str]) -> None:
    assert told(*texts) == list(texts)


def test_a_new_facet_names_the_company_and_so_does_the_third_sentence_after() -> None:
    assert told("Contoso sells ovens.", "Contoso has 9 shops.", facets="products channels")[1] == "Contoso has 9 shops."
    four = told(*["Contoso sells ovens."] * 4)
    assert [text.split()[0] for text in four] == ["Contoso", "It", "It", "Contoso"]

"""The sentence with which a report introduces its company."""

from __future__ import annotations

import pytest

from rag.introduction import introduction
from rag.third_person import Narrator
from tests.rag.made_up import passage


@pytest.mark.parametrize(
    "sentence",
    [
        "Alder & Beech Company (the Company) is a leading maker of oak doors.",
        "We are one of the largest makers of oak doors in Europe.",
        "Alder & Beech designs, makes and sells oak doors.",
        "The Company is principally engaged in the making of oak doors.",
        "Our principal business is the making of oak doors.",
    ],
)
def test_it_is_found(sentence: str) -> None:
    before = "We were incorporated in Ohio in 1985. In 1990 we moved to Kent. "
    narrator = Narrator("Alder & Beech, Inc.")
    (told,) = introduction(
        [passage(f"{before}{sentence} Demand is highest in spring.\n")], narrator.name, narrator.tell
    )
    assert "doors" in told.text
    assert told.quotes == (sentence,)


@pytest.mark.parametrize(
    "sentence",
    [
        "We are a Delaware corporation.",
        "We are the successor to a mill of 1869.",
        "Alder & Beech operates as one segment.",
        "We make available free of charge our annual reports.",
        "Its doors are among the best.",
        "Oakworks is a maker of doors that competes with us.",
    ],
)
def test_what_introduces_nothing_is_not_taken_for_it(sentence: str) -> None:
    narrator = Narrator("Alder & Beech, Inc.")
    assert introduction([passage(f"{sentence}\n")], narrator.name, narrator.tell) == []

"""In which order a summary tells what was chosen."""

from __future__ import annotations

import numpy as np

from rag.order import in_order
from rag.statements import Statement


def statements(*texts: str, leaning: dict[int, int] | None = None) -> list[Statement]:
    support = leaning or {}
    return [
        Statement(text, (("p", text),), "sentence", "", "", place, leans_on=support.get(place))
        for place, text in enumerate(texts)
    ]


def told(found: list[Statement], sure: list[float]) -> list[int]:
    return in_order(range(len(found)), dict.fromkeys(range(len(found)), 0), found, np.array(sure)[:, None])


def test_no_facet_opens_with_what_is_hardly_about_it() -> None:
    found = statements("Sales are higher in winter.", "Ovens cost $60.", "Ovens made 70% of sales.")
    assert told(found, [0.1, 0.3, 0.6]) == [2, 0, 1]


def test_what_leans_on_the_main_matter_stays_behind_it() -> None:
    found = statements("Sales are higher in winter.", "Ovens made 70% of sales.", "These sales grew.", leaning={2: 1})
    assert told(found, [0.1, 0.6, 0.5]) == [1, 2, 0]


def test_else_the_order_is_the_filings() -> None:
    found = statements("Ovenworks makes ovens.", "Ovens made 70% of sales.")
    assert told(found, [0.3, 0.6]) == [0, 1]


def test_no_facet_opens_with_also() -> None:
    found = statements("Sales are higher in winter.", "It also repairs ovens.", "Ovens made 70% of sales.")
    assert told(found, [0.1, 0.9, 0.6]) == [2, 0, 1]


def test_facets_keep_their_order() -> None:
    found = statements("Ovens are sold by dealers.", "Ovens made 70% of sales.")
    vital = np.array([[0.0, 0.9], [0.6, 0.0]])
    assert in_order([0, 1], {0: 1, 1: 0}, found, vital) == [1, 0]

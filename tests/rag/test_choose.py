"""What a summary takes: what is likely vital, what is new, and never more than there is room for."""

from __future__ import annotations

import numpy as np
import pytest

from index.embed import SHIPPED_MODEL
from rag.choose import Choosable, choose
from rag.vital import FACETS, load_weights

TOLD = (
    "Acme accounted for 61% of sales.",
    "Sales to Acme were 61% of all sales.",
    "Ovens are sold through dealers in Belgium.",
    "They are open on Sundays.",
)


def among(vital: list[float], leans_on: tuple[int | None, ...] = (None, None, None, None)) -> Choosable:
    columns = np.column_stack([np.array(vital), np.full(len(vital), 0.01)])
    return Choosable(TOLD, (10, 10, 10, 10), np.eye(4, dtype=np.float32), leans_on, columns)


def test_the_likeliest_comes_first() -> None:
    assert choose(among([0.3, 0.2, 0.9, 0.1]), 40)[0] == 2


def test_what_was_told_already_comes_last() -> None:
    assert choose(among([0.6, 0.6, 0.4, 0.0]), 20) == [0, 2]


def test_what_leans_on_a_sentence_brings_it() -> None:
    assert choose(among([0.05, 0.05, 0.3, 0.9], (None, None, None, 2)), 20) == [2, 3]
    assert 3 not in choose(among([0.05, 0.05, 0.0, 0.9], (None, None, None, 2)), 10)


@pytest.mark.parametrize("budget", [0, 9, 10, 25, 40])
def test_the_budget_is_kept(budget: int) -> None:
    assert 10 * len(choose(among([0.9, 0.8, 0.7, 0.6]), budget)) <= budget


def test_what_is_unlikely_is_left_out_even_where_there_is_room() -> None:
    assert choose(among([0.0, 0.0, 0.5, 0.0]), 400) == [2]


def test_the_shipped_weights_fit_their_facets_and_say_how_they_do_on_unseen_filings() -> None:
    weights = load_weights(SHIPPED_MODEL)
    assert weights is not None
    assert weights.by_signs.weights.shape == (len(weights.mean), len(FACETS))
    assert np.isfinite(weights.by_signs.weights).all()
    assert (weights.scale > 0).all()

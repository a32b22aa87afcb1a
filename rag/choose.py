"""Which statements a summary tells: the most that is vital and has not been told yet, for the fewest tokens.

One after the other the best is taken until nothing more fits. What has been told makes the figures, names and words of
the rest worth less; a facet that has had much makes room for the others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.filing import Vectors

Matrix = NDArray[np.float64]
TOKEN = re.compile(
    r"\$\s?\d[\d,.]*\d(?: (?:million|billion|thousand))?|(?<!\d)\d[\d,.]*\s?%|\b\d[\d,.]*\d\b|[A-Za-z][A-Za-z'’®-]{2,}"
)
SMALL_WORDS = frozenset(
    "with from that this which their they have been were also other such more than through into including include "
    "includes these those our its and the for are was has".split()
)


@dataclass(frozen=True)
class Taste:
    """How the choice weighs one thing against another; found on filings that the weights had not seen."""

    tokens: float = 0.6  # worth is divided by the tokens to this power
    fewest: int = 20  # a shorter statement is no cheaper
    told: float = 3.0  # how fast the worth falls with the share that was told before
    likeness: float = 0.2
    balance: float = 2.0  # how fast a facet that has had much makes room for the others
    longest: int = 120  # tokens
    floor: float = 0.02  # what is less likely than this to be vital is not told


USUAL = Taste()


@dataclass(frozen=True)
class Choosable:
    """The statements as the choice sees them."""

    told: Sequence[str]
    tokens: Sequence[int]
    vectors: Vectors
    leans_on: Sequence[int | None]
    vital: Matrix  # a row a statement, a column a facet; 0 where it is not to be told


def choose(among: Choosable, budget: int, taste: Taste = USUAL, shared_out: int | None = None) -> list[int]:
    """The statements to tell, in the order in which they were taken.

    `shared_out`, where it is not the budget itself, is what the facets share: so that with more room the same is told,
    and more.
    """
    vital = among.vital
    tokens = np.array(among.tokens, float)
    worth = 1 - np.prod(1 - vital, axis=1)
    share = vital / np.maximum(vital.sum(axis=1, keepdims=True), 1e-9)
    leans_on = np.array([-1 if support is None else support for support in among.leans_on])
    information, total = _information(among.told)
    alike = np.clip(among.vectors @ among.vectors.T, 0, 1)
    told = np.zeros(information.shape[1])
    free = (tokens <= taste.longest) & (vital.max(axis=1) >= taste.floor)
    likeness, spent_on = np.zeros(len(tokens)), np.zeros(vital.shape[1])
    chosen: list[int] = []
    spent = 0.0
    while True:
        needs_support = (leans_on >= 0) & ~np.isin(leans_on, chosen)
        cost = tokens + np.where(needs_support, tokens[leans_on], 0)
        open_now = free & (spent + cost <= budget)
        if not open_now.any():
            return chosen
        room = (1 + spent_on / ((shared_out or budget) / len(spent_on))) ** -taste.balance
        news = 1 - ((information @ told) / total) ** taste.told
        unlike = 1 - taste.likeness * np.clip((likeness - 0.35) / 0.65, 0, 1)
        gain = worth * (share @ room) * news * unlike / np.maximum(cost, taste.fewest) ** taste.tokens
        best = int(np.where(open_now, gain, -1).argmax())
        if gain[best] <= 0:
            return chosen
        for number in [*([int(leans_on[best])] if needs_support[best] else []), best]:
            chosen.append(number)
            free[number] = False
            spent += tokens[number]
            spent_on += share[number] * tokens[number]
            told = np.maximum(told, information[number] > 0)
            likeness = np.maximum(likeness, alike[number])


def _information(texts: Sequence[str]) -> tuple[Matrix, Matrix]:
    """What each text tells, a column a figure, name or word with its weight, and the sum of each row."""
    rows = []
    for text in texts:
        found = {token if token[0].isdigit() or token[0] == "$" else token.casefold().rstrip("s"): token
                 for token in TOKEN.findall(text)}  # fmt: skip
        rows.append({key: token for key, token in found.items() if key not in SMALL_WORDS})
    spread = Counter(key for row in rows for key in row)
    column = {key: number for number, key in enumerate(spread)}
    weights = np.zeros((len(texts), max(1, len(column))))
    for number, row in enumerate(rows):
        for key, token in row.items():
            rarity = np.log(len(texts) / spread[key] + 1) / np.log(len(texts) + 1)
            figure = token[0].isdigit() or token[0] == "$"
            weights[number, column[key]] = 2.0 if figure else rarity * (1.3 if token[0].isupper() else 1.0)
    return weights, weights.sum(axis=1) + 1e-6

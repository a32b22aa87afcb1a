"""Boosted steps: what a sign that is above or below some value adds, each step learnt from what the others left over.

They see what a straight line cannot, as that neither the first nor the last sentence of a section is worth much.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
ROUNDS, RATE = 200, 0.1
KEPT_SMALL = 10.0
SHARE = 0.3  # of the signs, drawn by lot, that a round chooses from: so that no one sign says it all
FEWEST = 20  # statements on either side of a step
MOST_VALUES = 16  # of a sign at which a step may stand


def boosted(
    seen: Matrix, true: Matrix, weight: Matrix, rounds: int = ROUNDS
) -> tuple[NDArray[np.int_], Matrix, Matrix, Matrix]:
    """(the sign of each step, the value that it stands at, a row of weights a step and a column a question, bias)."""
    signs, values = _places(seen)
    above = (seen[:, signs] > values).astype(np.float32)
    counts = above.sum(axis=0)
    usable = (counts >= FEWEST) & (len(seen) - counts >= FEWEST)
    chance = np.random.default_rng(0)
    share = np.clip(np.average(true, axis=0, weights=weight), 1e-4, 0.5)
    bias = np.log(share / (1 - share))
    scores = np.tile(bias, (len(seen), 1))
    weights = np.zeros((len(signs), true.shape[1]))
    known = np.unique(signs)
    for _ in range(rounds):
        drawn = chance.choice(known, max(1, int(SHARE * len(known))), replace=False)
        tried = np.flatnonzero(np.isin(signs, drawn) & usable)
        likely = 1 / (1 + np.exp(-scores))
        slope, bend = weight[:, None] * (likely - true), weight[:, None] * likely * (1 - likely)
        up = above[:, tried].T @ np.hstack([slope, bend]).astype(np.float32)
        slope_up, bend_up = np.hsplit(up.astype(float), 2)
        slope_down, bend_down = slope.sum(axis=0) - slope_up, bend.sum(axis=0) - bend_up
        gain = slope_up**2 / (bend_up + KEPT_SMALL) + slope_down**2 / (bend_down + KEPT_SMALL)
        for question, best in enumerate(gain.argmax(axis=0)):
            step = tried[best]
            up_by = -RATE * slope_up[best, question] / (bend_up[best, question] + KEPT_SMALL)
            down_by = -RATE * slope_down[best, question] / (bend_down[best, question] + KEPT_SMALL)
            weights[step, question] += up_by - down_by
            bias[question] += down_by
            scores[:, question] += down_by + (up_by - down_by) * above[:, step]
    used = np.abs(weights).sum(axis=1) > 0
    return signs[used], values[used], weights[used], bias


def _places(seen: Matrix) -> tuple[NDArray[np.int_], Matrix]:
    """(sign, value) of every step that could be: between neighbouring values, at most some of each sign."""
    places = []
    for sign, column in enumerate(seen.T):
        known = np.unique(column)
        at = np.unique(np.quantile(column, np.linspace(0, 1, MOST_VALUES + 1)[1:-1]))
        next_one = np.searchsorted(known, at, side="right")
        places += [(sign, (low + known[n]) / 2) for low, n in zip(at, next_one, strict=True) if n < len(known)]
    signs, values = zip(*places, strict=True)
    return np.array(signs), np.array(values)

"""Logistic regression by Newton's method, a few lines of numpy: what the training of rag/vital.py needs, no more."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
MOST_STEPS, CLOSE_ENOUGH = 30, 1e-3


def fit(seen: Matrix, true: Matrix, weight: Matrix, strength: float) -> tuple[Matrix, float]:
    """(a weight for each column, the bias); the smaller `strength`, the nearer the weights stay to 0."""
    rows = np.hstack([seen, np.ones((len(seen), 1))])
    kept_small = np.full(rows.shape[1], 1 / strength)
    kept_small[-1] = 1e-6  # the bias is free
    found = np.zeros(rows.shape[1])
    for _ in range(MOST_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ found, -30, 30)))
        slope = rows.T @ (weight * (chance - true)) + kept_small * found
        bend = (rows * (weight * np.maximum(chance * (1 - chance), 1e-6))[:, None]).T @ rows + np.diag(kept_small)
        step = np.linalg.solve(bend, slope)
        found -= step
        if np.abs(step).max() < CLOSE_ENOUGH:
            break
    return found[:-1], float(found[-1])

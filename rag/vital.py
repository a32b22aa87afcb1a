"""How likely an analyst would miss a statement, facet by facet: signs weighed as evals/train_vital.py learnt.

The weights were learnt from filings in which people marked the vital facts (vital_weights.json says from how many, and
how well they do on filings that they have never seen). They hold no words. There are two layers: the first, a logistic
regression on the meaning of a sentence, says whether it is vital at all. The second sees what the first says of it and
of its neighbours, and rag/signs.py, and says for which facet: the mean of a logistic regression and of boosted steps,
which err on different statements.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.filing import Vectors

Matrix = NDArray[np.float64]
WEIGHTS_FILE = Path(__file__).with_name("vital_weights.json")
FACETS = ("revenue", "customers", "products", "channels", "financing")


@dataclass(frozen=True)
class Layer:
    """Logistic regressions over the same signs."""

    weights: Matrix  # a row a sign, a column a question
    bias: Matrix

    def __call__(self, seen: Matrix) -> Matrix:
        return np.asarray(seen @ self.weights + self.bias)


@dataclass(frozen=True)
class Steps:
    """What it adds that a sign is above some value."""

    signs: NDArray[np.int_]
    values: Matrix
    weights: Matrix  # a row a step, a column a question
    bias: Matrix

    def __call__(self, seen: Matrix) -> Matrix:
        return np.asarray((seen[:, self.signs] > self.values) @ self.weights + self.bias)


@dataclass(frozen=True)
class Weights:
    """What was learnt, and for which embedding model."""

    model: str
    by_meaning: Layer
    mean: Matrix
    scale: Matrix
    by_signs: Layer
    by_steps: Steps

    def vital(self, vectors: Vectors, signs: Matrix) -> Matrix:
        """Probability that a statement is vital for each of FACETS, a row a statement."""
        seen = with_neighbours(self.by_meaning(vectors.astype(float)), signs)
        return (_chance(self.by_signs((seen - self.mean) / self.scale)) + _chance(self.by_steps(seen))) / 2


def _chance(score: Matrix) -> Matrix:
    return np.asarray(1 / (1 + np.exp(-score)))


def with_neighbours(by_meaning: Matrix, signs: Matrix) -> Matrix:
    """All that the second layer sees: what the first says of a statement and of those beside it, and the signs."""
    before = np.vstack([by_meaning[:1], by_meaning[:-1]])
    after = np.vstack([by_meaning[1:], by_meaning[-1:]])
    rank = np.argsort(np.argsort(-by_meaning, axis=0), axis=0) / len(by_meaning)
    return np.hstack([by_meaning, before, after, by_meaning - by_meaning.mean(axis=0), rank, signs])


@cache
def load_weights(model: str, path: Path = WEIGHTS_FILE) -> Weights | None:
    """What is shipped for this embedding model; nothing for another, whose vectors mean something else."""
    held = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if held.get("model") != model:
        return None
    arrays = {name: np.array(values, float) for name, values in held["weights"].items()}
    return Weights(
        model=held["model"],
        by_meaning=Layer(arrays["by_meaning"], arrays["by_meaning_bias"]),
        mean=arrays["mean"],
        scale=arrays["scale"],
        by_signs=Layer(arrays["by_signs"], arrays["by_signs_bias"]),
        by_steps=Steps(arrays["steps_of"].astype(int), arrays["steps_at"], arrays["by_steps"], arrays["by_steps_bias"]),
    )

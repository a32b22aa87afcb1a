"""`python -m evals.train_vital`: learn from the labelled filings what is vital (rag/vital_weights.json).

First it measures how well what is learnt does on filings that it has never seen: the filings of each company in turn
are left out, and summaries of them are composed with what the others teach. Then it learns from all of them.
"""

from __future__ import annotations

import json
import pickle
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evals.cases import found, mean
from evals.labelled import Labelled, labelled_filings
from evals.logistic import fit
from evals.steps import boosted
from index.embed import SHIPPED_MODEL, SentenceEncoder
from index.filing import Vectors
from rag.choose import Choosable, Taste, choose
from rag.compose_summary import worth_telling
from rag.facets import FacetReader, load_facets
from rag.vital import FACETS, WEIGHTS_FILE, Layer, Steps, Weights, with_neighbours

Matrix = NDArray[np.float64]
MEANING_STRENGTH, SIGNS_STRENGTH = 0.03, 0.02
PARTS = 8  # of the companies: what the first layer says of a filing comes from the other parts
LEAST_SPREAD = 0.001
BUDGET = 505
TASTE = Taste()


@dataclass(frozen=True)
class FirstLayers:
    """What the first layer says of each filing, learnt from the filings of other companies only."""

    of_company: dict[str, Layer]
    said: dict[str, Matrix]  # by the filing's name


def first_layers(filings: Sequence[Labelled]) -> FirstLayers:
    companies = sorted({one.company for one in filings})
    layers: dict[str, Layer] = {}
    for part in (companies[start::PARTS] for start in range(PARTS)):
        layer = _by_meaning([one for one in filings if one.company not in part])
        layers |= dict.fromkeys(part, layer)
    said = {one.name: layers[one.company](one.material.vectors.astype(float)) for one in filings}
    return FirstLayers(layers, said)


def learn(filings: Sequence[Labelled], said: dict[str, Matrix], by_meaning: Layer) -> Weights:
    """The second layer, which learns from what the first says of filings that it had not seen, on top of the first."""
    seen = np.vstack([with_neighbours(said[one.name], one.material.signs)[one.known] for one in filings])
    middle, scale = seen.mean(axis=0), seen.std(axis=0)
    scale = np.where(scale < LEAST_SPREAD, 1.0, scale)  # a sign that hardly ever differs says nothing
    vital, weight = _targets(filings)
    columns = [fit((seen - middle) / scale, vital[:, n], weight, SIGNS_STRENGTH) for n in range(len(FACETS))]
    by_signs = Layer(np.column_stack([weights for weights, _ in columns]), np.array([bias for _, bias in columns]))
    return Weights(SHIPPED_MODEL, by_meaning, middle, scale, by_signs, Steps(*boosted(seen, vital, weight)))


def _by_meaning(filings: Sequence[Labelled]) -> Layer:
    vectors = np.vstack([one.material.vectors[one.known] for one in filings]).astype(float)
    vital, weight = _targets(filings)
    true = vital.max(axis=1)
    share = np.average(true, weights=weight)
    evened = weight * np.where(true > 0, 0.5 / share, 0.5 / (1 - share))  # vital ones count as much as all others
    weights, bias = fit(vectors, true, evened, MEANING_STRENGTH)
    return Layer(weights[:, None], np.array([bias]))


def _targets(filings: Sequence[Labelled]) -> tuple[Matrix, Matrix]:
    """(which statements are vital, how much each counts: those of a long filing less than those of a short one)."""
    vital = np.vstack([one.vital[one.known] for one in filings]) >= 0.5
    weight = np.concatenate([np.full(one.known.sum(), one.known.sum() ** -0.5) for one in filings])
    return vital.astype(float), weight / weight.mean()


def coverage(one: Labelled, weights: Weights, budget: int = BUDGET, taste: Taste = TASTE) -> float:
    """Share of the facts that a summary of this filing tells, facet by facet."""
    material = one.material
    vital = worth_telling(material, FACETS, weights)
    leans_on = [statement.leans_on for statement in material.statements]
    chosen = choose(Choosable(material.told, material.tokens, material.vectors, leans_on, vital), budget, taste)
    text = " ".join(material.told[number] for number in sorted(chosen))
    facets: dict[str, list[float]] = defaultdict(list)
    for fact in one.facts:
        facets[fact["facet"]].append(float(all(found(pattern, text) for pattern in fact["all"])))
    return mean([mean(hits) for hits in facets.values()])


def held_out(filings: Sequence[Labelled], first: FirstLayers) -> dict[str, float]:
    """The coverage of each filing that has facts, with what the other companies' filings teach.

    One thing is shared, to save hours: what the first layer said of the other companies' filings, from which the second
    learns, may come from a layer that had seen this company's.
    """
    scores: dict[str, float] = {}
    for company in sorted({one.company for one in filings if one.facts}):
        weights = learn([one for one in filings if one.company != company], first.said, first.of_company[company])
        scores |= {one.name: coverage(one, weights) for one in filings if one.company == company and one.facts}
    return scores


def write(weights: Weights, scores: dict[str, float], filings: Sequence[Labelled], path: Path = WEIGHTS_FILE) -> None:
    arrays = {
        "by_meaning": weights.by_meaning.weights, "by_meaning_bias": weights.by_meaning.bias, "mean": weights.mean,
        "scale": weights.scale, "by_signs": weights.by_signs.weights, "by_signs_bias": weights.by_signs.bias,
        "steps_of": weights.by_steps.signs, "steps_at": weights.by_steps.values,
        "by_steps": weights.by_steps.weights, "by_steps_bias": weights.by_steps.bias,
    }  # fmt: skip
    kinds = {one.name: one.kind for one in filings}
    note = {kind: round(mean([v for n, v in scores.items() if kinds[n] == kind]), 3) for kind in set(kinds.values())
            if kind != "marked"}  # fmt: skip
    held = {
        "model": weights.model,
        "learnt_from": f"{len(filings)} filings (evals/labelled.py), {sum(len(one.facts) for one in filings)} facts",
        "coverage_held_out": dict(sorted(note.items())),
        "weights": {name: np.round(values, 4).tolist() for name, values in arrays.items()},
    }
    path.write_text(json.dumps(held, separators=(",", ":")) + "\n", encoding="utf-8")


class Remembered:
    """An encoder that embeds a text once, and keeps its vectors in a file where one is named."""

    def __init__(self, path: Path | None) -> None:
        self._path, self._encoder = path, SentenceEncoder()
        self._held: dict[str, Vectors] = pickle.loads(path.read_bytes()) if path and path.exists() else {}  # noqa: S301

    def __call__(self, texts: Sequence[str]) -> Vectors:
        missing = sorted({text for text in texts if text not in self._held}, key=len)
        for start in range(0, len(missing), 64):
            part = missing[start : start + 64]
            self._held |= dict(zip(part, self._encoder.encode(part), strict=True))
        if missing and self._path:
            self._path.write_bytes(pickle.dumps(self._held))
        return np.stack([self._held[text] for text in texts])


def main(remember: Path | None = None) -> None:
    encode = Remembered(remember)
    filings = list(labelled_filings(FacetReader(*load_facets(), encode), encode))
    first = first_layers(filings)
    scores = held_out(filings, first)
    for name, score in scores.items():
        print(f"{name:<36} {score:.3f}")
    write(learn(filings, first.said, _by_meaning(filings)), scores, filings)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)

"""The facets that a summary looks for, as data (facets.toml), and how a sentence is recognised as telling about one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.filing import Vectors

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

# Headings under which no facet is told.
NEUTRAL_HEADINGS = (
    "General", "Overview", "Competition", "Employees", "Human Capital", "Government Regulation", "Risk Factors",
    "Intellectual Property", "Patents and Trademarks", "Research and Development", "Available Information",
    "Executive Officers", "Environmental Matters", "Manufacturing", "Raw Materials", "Corporate Information",
    "Customer Service and Technical Support", "History", "Industry Background", "Strategy",
)  # fmt: skip
FACETS_FILE = Path(__file__).with_name("facets.toml")
NONE = "none"
Encode = Callable[[Sequence[str]], Vectors]
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Facet:
    """One side of a business model."""

    name: str
    title: str
    question: str
    examples: tuple[str, ...]
    against: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()  # other words for the question

    def is_asked(self, question: str) -> bool:
        """Whether this is the question in other words; 'the company' stands for the name in it."""
        return any(re.fullmatch(pattern, question.strip(" ?.!"), re.IGNORECASE) for pattern in self.asked)


def load_facets(path: Path = FACETS_FILE, own: Path | None = None) -> tuple[tuple[Facet, ...], tuple[str, ...]]:
    """(facets in the order of the file, sentences that belong to none); a user's own file adds facets or
    replaces some."""
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    if own and own.is_file():
        try:
            tables |= tomllib.loads(own.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problem = f"{own} is no TOML that Footnote can read ({error}); correct it or take it away."
            raise ValueError(problem) from error
    none = tuple(tables.pop(NONE, {}).get("examples", ()))
    for name, table in tables.items():
        missing = [key for key in ("title", "question", "examples") if not table.get(key)]
        if missing:
            raise ValueError(f"The facet {name!r} in {own or path} has no {missing[0]}; add one.")
        for pattern in (*table.get("cues", ()), *table.get("asked", ())):
            try:
                re.compile(pattern)
            except re.error as error:
                problem = f"{pattern!r} of the facet {name!r} in {own or path} is no pattern ({error}); correct it."
                raise ValueError(problem) from error
    facets = tuple(
        Facet(
            name,
            title=str(table["title"]),
            question=str(table["question"]),
            **{key: tuple(table.get(key, ())) for key in ("examples", "against", "headings", "cues", "asked")},
        )
        for name, table in tables.items()
    )
    return facets, none


class FacetReader:
    """Tells how much a sentence, by its meaning, its heading and its words, belongs to each facet."""

    def __init__(self, facets: Sequence[Facet], none: Sequence[str], encode: Encode) -> None:
        self.facets = tuple(facets)
        self._encode = encode
        self._by_sentence = _classifier([(f.name, f.examples) for f in facets], [*none, *_against(facets)], encode)
        self._by_heading = _classifier([(f.name, f.headings) for f in facets], NEUTRAL_HEADINGS, encode)
        self._cues = [[re.compile(cue, re.IGNORECASE) for cue in facet.cues] for facet in facets]

    def by_meaning(self, vectors: Vectors) -> tuple[Scores, Scores]:
        """(probability of each facet, probability of none), a row a sentence."""
        return _probabilities(self._by_sentence, vectors, len(self.facets))

    def by_heading(self, headings: Sequence[str]) -> Scores:
        """Probability of each facet given the nearest heading; zeros where there is none."""
        known = sorted({heading for heading in headings if heading})
        if not known:
            return np.zeros((len(headings), len(self.facets)))
        told, _ = _probabilities(self._by_heading, self._encode(known), len(self.facets))
        rows = dict(zip(known, told, strict=True)) | {"": np.zeros(len(self.facets))}
        return np.stack([rows[heading] for heading in headings])

    def by_words(self, texts: Sequence[str]) -> Scores:
        """Share of a facet's cues that occur, four being as good as all."""
        return np.array(
            [[min(1.0, sum(bool(cue.search(text)) for cue in cues) / 4) for cues in self._cues] for text in texts]
        ).reshape(len(texts), len(self.facets))


def learned_from(facets: Sequence[Facet], none: Sequence[str]) -> list[str]:
    """All that a FacetReader reads before it can tell anything."""
    examples = [text for facet in facets for text in (*facet.examples, *facet.headings)]
    return [*examples, *none, *_against(facets), *NEUTRAL_HEADINGS]


def _against(facets: Sequence[Facet]) -> list[str]:
    return [sentence for facet in facets for sentence in facet.against]


def _classifier(classes: list[tuple[str, Sequence[str]]], none: Sequence[str], encode: Encode) -> LogisticRegression:
    from sklearn.linear_model import LogisticRegression  # takes a second to import: only where a summary is made

    texts = [text for _, examples in classes for text in examples] + list(none)
    labels = [number for number, (_, examples) in enumerate(classes) for _ in examples] + [len(classes)] * len(none)
    return LogisticRegression(C=20.0, class_weight="balanced", max_iter=500).fit(encode(texts), labels)


def _probabilities(classifier: LogisticRegression, vectors: Vectors, facets: int) -> tuple[Scores, Scores]:
    told = np.zeros((len(vectors), facets + 1))
    told[:, classifier.classes_] = classifier.predict_proba(vectors)
    return told[:, :facets], told[:, facets]

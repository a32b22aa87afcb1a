"""The offline summary: which of the things that a filing says belong in a summary of its business model.

No language model: every candidate gets a relevance for each facet, and the best ones are taken, one after the other,
until the budget is full; what is chosen lowers the worth of what says the same. The order is that of the facets, so
that the result reads as one text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.filing import Passage, Vectors
from rag.answer import INTRODUCES_NAMES, Draft
from rag.candidates import Candidate, candidates, product_names
from rag.facets import FacetReader
from rag.third_person import FIRST_PERSON

LONGEST = 100  # tokens of one sentence
BOILERPLATE = re.compile(
    r"\b(no assurance|could (?:\w+ )?(?:adversely|harm)|adverse(?:ly)? (?:affect|effect)|may not be able|"
    r"there can be no|"
    r"cannot (?:assure|guarantee|predict)|risks?|uncertaint\w+|forward-looking|investor relations|executive offices|"
    r"(?:re)?incorporated (?:in|under)|telephone number|under the symbol|see (?:note|item|part)|collective bargaining|"
    r"not (?:a )?part of this|references to)\b|\b(?:below|as follows|the following)\.$",
    re.IGNORECASE,
)
# What reports tell beside the business model; it counts against a sentence unless a facet asks for it.
BESIDE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:our|of|\d) (?:[\w-]+ ){0,2}(?:employees|associates)\b|\bworkforce\b|\bheadcount\b|\bunions?\b",
        r"\bcompet(?:e|es|ed|ing|ition|itors?|itive)\b",
        r"\b(?:patents?|trademarks?|intellectual property)\b",
        r"\b(?:regulat(?:ions?|ed|ory)|laws?|environmental)\b",
    )
)
FIGURE = re.compile(r"\$\s?\d[\d,.]*\d(?: (?:million|billion|thousand))?|\d[\d,.]*\s?%|\b\d[\d,.]*\d\b")
NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][\w®™’'&-]*(?: [A-Z][\w®™’'&-]*)*")
WORD = re.compile(r"[a-z][a-z'-]{3,}")

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """How much each sign of relevance counts."""

    heading: float = 0.25
    cues: float = 0.35
    none: float = 0.35
    boilerplate: float = 0.35
    beside: float = 0.45  # what is told of employees, rivals, rights and rules
    figure: float = 0.1
    each_figure: float = 0.05
    opens_paragraph: float = 0.08
    opens_section: float = 0.15
    early: float = 0.15
    dangling: float = 0.1
    information: float = 0.6
    likeness: float = 0.5
    token: float = 0.002
    astray: float = 0.1  # how far below a sentence's best facet another may lie
    balance: float = 2.0
    floor: float = 0.25  # below this nothing is said of a facet
    floors: tuple[tuple[str, float], ...] = (
        ("financing", 0.45),
    )  # or tickers and telephone numbers fill a silent facet


@dataclass(frozen=True)
class Material:
    """A filing's candidates with all that is measured of them before any is chosen."""

    candidates: list[Candidate]
    told: list[str]  # how each would read in the summary
    vectors: Vectors
    tokens: list[int]
    relevance: Matrix  # a row a candidate, a column a facet


def compose_summary(
    passages: Sequence[Passage],
    facets: Sequence[str],
    max_tokens: int,
    reader: FacetReader,
    encode: Callable[[Sequence[str]], Vectors],
    count_all: Callable[[list[str]], list[int]],
    tell: Callable[[str], str],
    weights: Weights = Weights(),
) -> list[Draft]:
    """The drafts of a summary in the order of the facets, at most max_tokens long."""
    material = _material(passages, reader, encode, count_all, tell, weights)
    if not material.candidates:
        return []
    columns = [number for number, facet in enumerate(reader.facets) if facet.name in facets]
    chosen = _choose(material, columns, reader, max_tokens, weights)
    ordered = sorted(_beside_support(material, chosen), key=lambda pick: (pick[1], material.candidates[pick[0]].place))
    return [
        Draft(
            text=material.told[number],
            passage_ids=tuple(passage_id for passage_id, _ in candidate.parts),
            facet=reader.facets[column].name,
            quotes=tuple(quote for _, quote in candidate.parts),
        )
        for number, column in ordered
        for candidate in [material.candidates[number]]
    ]


def _material(
    passages: Sequence[Passage],
    reader: FacetReader,
    encode: Callable[[Sequence[str]], Vectors],
    count_all: Callable[[list[str]], list[int]],
    tell: Callable[[str], str],
    weights: Weights,
) -> Material:
    found = candidates(passages)
    names = _names_sentence(passages, reader)
    if names:
        found.append(names)
    if not found:
        return Material([], [], np.zeros((0, 1), np.float32), [], np.zeros((0, len(reader.facets))))
    texts = [candidate.text for candidate in found]
    vectors = encode(texts)
    meaning, none = reader.by_meaning(vectors)
    relevance = (
        meaning
        + weights.heading * reader.by_heading([candidate.heading for candidate in found])
        + weights.cues * reader.by_words(texts)
        - weights.none * none[:, None]
    )
    asked_for = [" ".join((f.title, f.question, *f.headings)) for f in reader.facets]
    for number, candidate in enumerate(found):
        relevance[number] += _standing(candidate, len(found), weights)
        for pattern in BESIDE:
            if pattern.search(candidate.text):
                relevance[number] -= [weights.beside * (not pattern.search(words)) for words in asked_for]
    if names:
        products = [facet.name for facet in reader.facets].index("products")
        relevance[-1] = -1.0
        relevance[-1, products] = 1.5  # the names of what is sold come first
    told = [tell(text) for text in texts]
    for number, sentence in enumerate(told):
        if FIRST_PERSON.search(sentence):  # what cannot be told by somebody else, such as 'most of us', is not told
            relevance[number] = -1.0
    return Material(found, told, vectors, count_all(told), relevance)


def _standing(candidate: Candidate, among: int, weights: Weights) -> float:
    """What speaks for or against a sentence whatever the facet."""
    figures = len(FIGURE.findall(candidate.text))
    return (
        weights.figure * bool(figures)
        + weights.each_figure * min(4, figures)
        + weights.opens_paragraph * candidate.opens_paragraph
        + weights.opens_section * candidate.opens_section
        + weights.early * (1 - candidate.place / among)
        - weights.dangling * (candidate.leans_on is not None)
        - weights.boilerplate * bool(BOILERPLATE.search(candidate.text))
    )


def _names_sentence(passages: Sequence[Passage], reader: FacetReader) -> Candidate | None:
    """One sentence that names every product, each name with its own footnote."""
    facets = [facet.name for facet in reader.facets]
    headings = sorted({heading for passage in passages for heading in passage.heading.split(" > ") if heading})
    if "products" not in facets or not headings:
        return None
    told = reader.by_heading(headings)[:, facets.index("products")]
    named = product_names(passages, {heading for heading, share in zip(headings, told, strict=True) if share >= 0.5})
    if not 2 <= len(named) <= 24:
        return None
    names = [name for _, name in named]
    text = f"{INTRODUCES_NAMES} {', '.join(names[:-1])} and {names[-1]}."
    first = next(passage for passage in passages if passage.id == named[0][0])
    return Candidate(text, named, first.heading, first.heading, place=0, composed=True)


def _choose(
    material: Material, columns: list[int], reader: FacetReader, budget: int, weights: Weights
) -> list[tuple[int, int]]:
    """(candidate, facet) pairs, the best first, until nothing more fits."""
    count = len(material.candidates)
    news = _News(material.told)
    floors = dict(weights.floors)
    floor = np.array([floors.get(facet.name, weights.floor) for facet in reader.facets])
    open_columns = np.array([column in columns for column in range(len(reader.facets))])
    # A sentence is told under the facet that it is about, or nearly so: not wherever there is still room.
    about = material.relevance >= material.relevance.max(axis=1, keepdims=True) - weights.astray
    allowed = (material.relevance >= floor) & about & open_columns
    spent_on = np.zeros(len(reader.facets))
    likeness = np.zeros(count)
    free = np.array([tokens <= LONGEST for tokens in material.tokens])
    chosen: list[tuple[int, int]] = []
    spent = 0
    while True:
        tokens = np.array([_tokens_with_support(material, number, chosen) for number in range(count)])
        open_now = free & (spent + tokens <= budget)
        information = np.array(
            [news.worth(number) / max(12, tokens[number]) if open_now[number] else 0.0 for number in range(count)]
        )
        worth = weights.information * information - weights.likeness * likeness - weights.token * tokens
        gain = np.where(allowed & open_now[:, None], material.relevance + worth[:, None], -np.inf)
        gain = np.where(gain > 0, gain * (1 + spent_on / (budget / len(columns))) ** -weights.balance, -np.inf)
        number, column = (int(axis) for axis in np.unravel_index(np.argmax(gain), gain.shape))
        if not np.isfinite(gain[number, column]):
            return chosen
        spent += int(tokens[number])
        spent_on[column] += tokens[number]
        for taken in _with_support(material, number, chosen):
            chosen.append((taken, column))
            free[taken] = False
            news.tell(taken)
            likeness = np.maximum(likeness, material.vectors @ material.vectors[taken])


def _beside_support(material: Material, chosen: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """'These customers ...' stands with the sentence that says which, under whatever facet that one was chosen."""
    column_of = dict(chosen)
    return [
        (
            number,
            column_of.get(leans_on, column)
            if (leans_on := material.candidates[number].leans_on) is not None
            else column,
        )
        for number, column in chosen
    ]


def _with_support(material: Material, number: int, chosen: list[tuple[int, int]]) -> list[int]:
    """The candidate, and before it the sentence that it leans on."""
    leans_on = material.candidates[number].leans_on
    if leans_on is None or any(leans_on == taken for taken, _ in chosen):
        return [number]
    return [leans_on, number]


def _tokens_with_support(material: Material, number: int, chosen: list[tuple[int, int]]) -> int:
    return sum(material.tokens[taken] for taken in _with_support(material, number, chosen))


class _News:
    """How much each candidate tells that has not been told: figures, names and frequent words, halved at each reuse."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._figures = [frozenset(FIGURE.findall(text)) for text in texts]
        self._names = [frozenset(NAME.findall(text)) for text in texts]
        self._words = [frozenset(WORD.findall(text.casefold())) for text in texts]
        spread = Counter(word for words in self._words for word in words)
        self._weight = {word: 0.25 * (1 + 0.3 * np.log(count)) for word, count in spread.items()}
        self._told: Counter[str] = Counter()

    def worth(self, number: int) -> float:
        return float(
            sum(0.5 ** (3 * self._told[figure]) for figure in self._figures[number])
            + sum(0.6 * 0.5 ** self._told[name] for name in self._names[number])
            + sum(self._weight[word] * 0.5 ** self._told[word] for word in self._words[number])
        )

    def tell(self, number: int) -> None:
        self._told.update(self._figures[number] | self._names[number] | self._words[number])

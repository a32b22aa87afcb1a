"""The offline summary: which of the things that a filing says belong in a summary of its business model.

No language model: every statement is told as another text would have it, a learnt score says how likely it is vital for
each facet (rag/vital.py), and the best are chosen until the budget is full (rag/choose.py). The order is that of the
facets, so that the result reads as one text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.filing import Passage, Vectors
from rag.answer import INTRODUCES_NAMES, Draft
from rag.candidates import product_names
from rag.choose import Choosable, choose
from rag.compress import compress
from rag.facets import FacetReader
from rag.no_facet import OF_NO_FACET
from rag.order import in_order
from rag.signs import SPOKEN, signs
from rag.statements import Statement, statements
from rag.third_person import FIRST_PERSON
from rag.trim import trim
from rag.vital import FACETS, Weights

Matrix = NDArray[np.float64]
Encode = Callable[[Sequence[str]], Vectors]
OF_ITS_OWN = 0.2  # how sure the examples must be of a facet that nothing was learnt for
LEAST_LIKELY = {"financing": 0.06}
MOST_TRIES, WORTH_A_TRY = 3, 12  # of a choice, while so many tokens are spare
CERTAIN = 0.9  # what the names of the products are worth


@dataclass(frozen=True)
class Material:
    """A filing's statements with all that is measured of them before any is chosen."""

    statements: list[Statement]
    told: list[str]  # how each would read in the summary
    vectors: Vectors
    tokens: list[int]
    meaning: Matrix  # probability of each of the reader's facets by meaning, heading and words
    signs: Matrix


def compose_summary(
    passages: Sequence[Passage],
    facets: Sequence[str],
    max_tokens: int,
    reader: FacetReader,
    encode: Encode,
    count_all: Callable[[list[str]], list[int]],
    tell: Callable[[str], str],
    year: int | None = None,
    weights: Weights | None = None,
    flow: Callable[[Sequence[Draft]], list[Draft]] = list,
    unfit: re.Pattern[str] | None = None,
    least: float = 0.0,
) -> list[Draft]:
    """The drafts of a summary in the order of the facets, at most max_tokens long.

    None that is `unfit`, nor less likely than `least` to be vital.

    Without weights, as with an embedding model that they were not learnt for, likeness to the facets alone decides.
    """
    material = measure(passages, reader, encode, count_all, tell, year)
    if not material.statements:
        return []
    names = [facet.name for facet in reader.facets]
    vital = worth_telling(material, names, weights)
    if unfit:
        vital[[number for number, text in enumerate(material.told) if unfit.search(text)]] = 0.0
    vital[vital.max(axis=1) < least] = 0.0
    wanted = [number for number, name in enumerate(names) if name in facets]
    # A sentence is told under the facet that it is about: asked for one facet alone, the rest is left out.
    about = vital.argmax(axis=1)
    vital = np.where(np.isin(about, wanted)[:, None], vital, 0.0)[:, wanted]
    drafts: list[Draft] = []
    budget = max_tokens
    for _ in range(MOST_TRIES):
        told = flow(_drafts(material, vital, [names[number] for number in wanted], budget, max_tokens))
        spare = max_tokens - sum(count_all([draft.text for draft in told]))
        drafts = told if spare >= 0 else drafts
        if spare < WORTH_A_TRY:
            break
        budget += spare  # 'it' for a long name leaves room for another sentence
    return drafts


def _drafts(material: Material, vital: Matrix, facets: Sequence[str], budget: int, shared_out: int) -> list[Draft]:
    """What is told with so many tokens, in the order of the facets; `vital` has a column for each."""
    found = material.statements
    leans_on = [one.leans_on for one in found]
    among = Choosable(material.told, material.tokens, material.vectors, leans_on, vital)
    chosen = choose(among, budget, shared_out=shared_out)
    column = {number: int(vital[number].argmax()) for number in chosen}
    for number in chosen:  # 'These customers ...' stands with the sentence that says which
        support = found[number].leans_on
        if support in column:
            surer = max(number, support, key=lambda one: vital[one].max())
            column[number] = column[support] = column[surer]
    return [
        Draft(
            text=material.told[number],
            passage_ids=tuple(passage_id for passage_id, _ in found[number].parts),
            facet=facets[column[number]],
            quotes=tuple(quote for _, quote in found[number].parts),
        )
        for number in in_order(chosen, column, found, vital)
    ]


def measure(
    passages: Sequence[Passage],
    reader: FacetReader,
    encode: Encode,
    count_all: Callable[[list[str]], list[int]],
    tell: Callable[[str], str],
    year: int | None,
) -> Material:
    """All statements of these passages and what can be seen of them."""
    found = statements(passages)
    if not found:
        return Material([], [], np.zeros((0, 1), np.float32), [], np.zeros((0, 1)), np.zeros((0, 1)))
    vectors = _vectors(found, encode)
    names = _names_statement(passages, reader, len(found))
    if names:
        found.append(names)
        vectors = np.vstack([vectors, encode([names.text])])
    # What was drawn together cites every part whole, and is told whole.
    told = [tell(trim(compress(one.text, year)) if one.kind == "sentence" else one.text) for one in found]
    tokens = count_all(told)
    texts = [one.text for one in found]
    meaning, none = reader.by_meaning(vectors)
    by_heading, by_words = reader.by_heading([one.heading for one in found]), reader.by_words(texts)
    known = [facet.name for facet in reader.facets]
    five = [_columns(scores, known) for scores in (meaning, by_heading, by_words)]
    whole = np.maximum(five[0].sum(axis=1) + none, 1e-9)
    seen = signs(
        found, told, tokens, vectors, (five[0] / whole[:, None], (none / whole)[:, None], five[1], five[2]), year
    )
    beside = meaning + 0.25 * by_heading + 0.35 * by_words - 0.1 * none[:, None]
    return Material(found, told, vectors, tokens, beside, seen)


def _vectors(found: Sequence[Statement], encode: Encode) -> Vectors:
    """The library has the vectors of lines and sentences; what was drawn together has the mean of its parts'."""
    sources = sorted({source for one in found for source in one.sources})
    held = dict(zip(sources, encode(sources), strict=True))
    means = np.stack([np.mean([held[source] for source in one.sources], axis=0) for one in found])
    return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)


def _columns(scores: Matrix, known: Sequence[str]) -> Matrix:
    """The columns of the facets that something was learnt for; zeros for one that the user took away."""
    empty = np.zeros(len(scores))
    return np.column_stack([scores[:, known.index(name)] if name in known else empty for name in FACETS])


def worth_telling(material: Material, names: Sequence[str], weights: Weights | None) -> Matrix:
    """How likely each statement is vital, a column a facet; 0 for what is not to be told at all."""
    told_of = np.clip(1.5 * (material.meaning - OF_ITS_OWN), 0, 0.95)
    learnt = weights.vital(material.vectors, material.signs) if weights else None
    vital = np.column_stack(
        [
            learnt[:, FACETS.index(name)] if learnt is not None and name in FACETS else told_of[:, number]
            for number, name in enumerate(names)
        ]
    )
    for name, least in LEAST_LIKELY.items():  # or tickers and telephone numbers fill a silent facet
        if name in names:
            column = vital[:, names.index(name)]
            column[column < least] = 0.0
    for number, (one, sentence) in enumerate(zip(material.statements, material.told, strict=True)):
        # What cannot be told by somebody else, such as 'most of us', is not told; nor what only points elsewhere.
        if FIRST_PERSON.search(sentence) or SPOKEN["reference"].search(sentence):
            vital[number] = 0.0
        if OF_NO_FACET.search(one.text):  # but a facet of the user's own may ask for it
            vital[number] = [0.0 if name in FACETS else vital[number, place] for place, name in enumerate(names)]
        if one.kind == "names":
            vital[number] = [CERTAIN if name == "products" else 0.0 for name in names]
    return vital


def _names_statement(passages: Sequence[Passage], reader: FacetReader, place: int) -> Statement | None:
    """One sentence that names every product, each name with its own footnote."""
    facets = [facet.name for facet in reader.facets]
    headings = sorted({heading for passage in passages for heading in passage.heading.split(" > ") if heading})
    if "products" not in facets or not headings:
        return None
    told = reader.by_heading(headings)[:, facets.index("products")]
    named = product_names(passages, {heading for heading, share in zip(headings, told, strict=True) if share >= 0.5})
    if not 2 <= len(named) <= 24:
        return None
    bare = {name: re.sub(r"[\s®™]+", " ", name).strip().casefold() for _, name in named}
    # 'Intel® Pentium' and 'Intel®' beside it are one name, and a letter is none.
    named = tuple(
        (passage_id, name) for passage_id, name in named
        if len(bare[name]) > 2 and not any(one != bare[name] and one in bare[name] for one in bare.values())
    )  # fmt: skip
    if len(named) < 2:
        return None
    names = [name for _, name in named]
    text = f"{INTRODUCES_NAMES} {', '.join(names[:-1])} and {names[-1]}."
    heading = next(passage for passage in passages if passage.id == named[0][0]).heading
    return replace(Statement(text, named, "names", heading.rpartition(" > ")[2], heading, place), sources=(text,))

"""What can be seen of a statement that may tell whether it is vital: where it stands, what it counts, how it speaks.

Signs of any report's English only: no company's words are among them. rag/vital.py weighs them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.filing import Vectors
from rag.statements import Statement

Matrix = NDArray[np.float64]

MONEY = re.compile(r"(?:US)?\$\s?\d")
PERCENT = re.compile(r"\d\s?(?:%|percent\b)")
NUMBER = re.compile(r"(?<![\w.,$])\d[\d,.]*(?![\w%])")
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][\w®™’'&-]*(?: [A-Z][\w®™’'&-]*)*")
# A sign by its name: in a statement's words, once is enough.
SPOKEN = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in tomllib.loads(Path(__file__).with_name("signs.toml").read_text(encoding="utf-8")).items()
}
# And those that headings have.
HEADED = (
    "boilerplate employees rivals rights rules research supply persons segment earns buyers ways funds deals history "
    "belief"
).split()


def signs(
    found: Sequence[Statement],
    told: Sequence[str],
    tokens: Sequence[int],
    vectors: Vectors,
    facets: Sequence[Matrix],
    year: int | None,
) -> Matrix:
    """A row a statement; `facets` are the probabilities by meaning, of none, by heading and by words."""
    rows = [_of_one(one, text, count, len(found), year) for one, text, count in zip(found, told, tokens, strict=True)]
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, 0)
    earlier = np.tril(likeness, -1)
    beside = np.column_stack(
        [likeness.mean(axis=1), likeness.max(axis=1), earlier.max(axis=1), (likeness > 0.6).sum(axis=1)]
    )
    meaning, none, by_heading, by_words = facets
    top = np.sort(meaning, axis=1)[:, ::-1]
    rank = np.argsort(np.argsort(-meaning.max(axis=1))) / len(found)
    spread = np.column_stack([top[:, :2], top[:, 0] - top[:, 1], rank])
    paragraphs = np.array([one.paragraph for one in found])
    around = np.stack([meaning[paragraphs == paragraph].mean(axis=0) for paragraph in paragraphs])
    heading_free = np.array([[not one.heading] for one in found], float)
    return np.hstack(
        [np.array(rows), beside, spread, meaning, none, by_heading, by_words, around, heading_free,
         meaning * by_heading, meaning * by_words]
    )  # fmt: skip


def _of_one(one: Statement, told: str, tokens: int, among: int, year: int | None) -> list[float]:
    years = [int(match) for match in YEAR.findall(told)]
    names = NAME.findall(told)
    money, percent = len(MONEY.findall(told)), len(PERCENT.findall(told))
    numbers = len(NUMBER.findall(told)) - len(years)
    return [
        one.place / among,
        np.log1p(one.place),
        float(one.place < 3),
        float(one.place < 10),
        np.log1p(one.in_section),
        float(one.in_section == 0),
        float(one.in_section == 1),
        np.log1p(one.in_paragraph),
        float(one.in_paragraph == 0),
        float(one.leans_on is not None),
        float(one.bulleted),
        float(one.kind == "list"),
        float(one.kind == "table"),
        float(one.kind == "names"),
        np.log(max(4, tokens)),
        float(tokens > 50),
        float(tokens < 15),
        float(money > 0),
        np.log1p(money),
        float(percent > 0),
        np.log1p(percent),
        float(numbers > 0),
        np.log1p(max(0, numbers)),
        float(bool(year and years and max(years) >= year - 1)),
        float(bool(year and years and max(years) < year - 2)),
        np.log1p(len(names)),
        float(len(names) >= 4),
        np.log1p(told.count(",")),
        float(";" in told),
        float(one.path.count(" > ")),
        np.log1p(len(one.heading.split())),
        float(one.heading.isupper()),
        *(float(bool(pattern.search(one.text))) for pattern in SPOKEN.values()),
        *(float(bool(SPOKEN[name].search(one.path))) for name in HEADED),
    ]

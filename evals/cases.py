"""The cases with known answers that are part of the project, and the filings that they ask about."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CASES = Path(__file__).with_name("cases")
SEEDS = Path(__file__).parents[1] / "seeds"
SHARED = Path(__file__).parents[2] / "shared"  # documents that are not part of the project; may be absent


@dataclass(frozen=True)
class Nugget:
    """A fact that a summary should tell; it does when every pattern is found in it."""

    filing: str
    facet: str
    id: str
    all: tuple[str, ...]
    fact: str

    def covered_by(self, text: str) -> bool:
        return all(found(pattern, text) for pattern in self.all)


@dataclass(frozen=True)
class QuestionCase:
    """A question and what its answer must say, must not say, and must cite; `before` are the turns that led to it."""

    id: str
    filing: tuple[str, ...] | None
    question: str
    answerable: bool
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    before: tuple[str, ...] = field(default=())


def load_nuggets(folder: Path = CASES) -> list[Nugget]:
    return [Nugget(**_tuples(row)) for row in _read(folder / "seed_nuggets.json")["nuggets"]]


def load_questions(folder: Path = CASES) -> list[QuestionCase]:
    return [QuestionCase(**_tuples(row)) for row in _read(folder / "seed_questions.json")["questions"]]


def found(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE | re.DOTALL) is not None


def squash(text: str) -> str:
    """Letters, digits, % and $ alone: the same words whatever cleaning did to dashes and white space."""
    return re.sub(r"[^a-z0-9%$]+", "", text.lower())


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}

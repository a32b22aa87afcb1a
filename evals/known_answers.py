"""Questions with known answers, each with a word that no other answer holds; and filings made up with such a word.

What is answered under load or after a fault is held against what the same library answers in peace.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product, zip_longest
from pathlib import Path

from evals.cases import SEEDS, load_questions
from rag.assistant import Assistant
from ui.wording import short_label

WORD = re.compile(r"[\w$%.,]*\w")
LONG_WORD = re.compile(r"\b[a-z]{7,}\b")
SYLLABLES = "ba de fi go lu ma ne po ri su ta ve xo zi".split()
PRODUCTS = "pumps, valves, gears, lenses, cables, switches, filters, motors".split(", ")
TOWNS = "Oslo, Leeds, Lyon, Braga, Austin, Geneva, Turin, Ghent".split(", ")


@dataclass(frozen=True)
class Known:
    """A question to one filing, what it is answered in peace, and what only this answer says."""

    filing_id: str
    chip: str  # the filing's name on the page
    question: str
    text: str
    sign: str


def seeded(data_dir: Path) -> None:
    """Take the filings that ship into a new library."""
    assistant = Assistant.open(data_dir)
    assistant.ingest(sorted(SEEDS.glob("*.txt")))
    assistant.close()


def known_answers(data_dir: Path, wanted: int) -> list[Known]:
    """So many: the questions of the cases to each seed, then questions after words that stand in one filing only.

    Kept are those whose answers say something that no other answer does.
    """
    assistant = Assistant.open(data_dir)
    assistant.warm_up()
    filings = {filing.id: filing for filing in assistant.filings()}
    chosen: list[tuple[str, str, str]] = []  # question, filing, answer
    for question, filing_id in _candidates({filing_id: assistant.text(filing_id) for filing_id in filings}):
        answer = assistant.ask(question, [filing_id])
        grown = [*chosen, (question, filing_id, " ".join(sentence.text for sentence in answer.sentences))]
        if answer.answered and all(_signs([text for *_, text in grown])):
            chosen = grown
        if len(chosen) == wanted:
            break
    assistant.close()
    if len(chosen) < wanted:
        raise ValueError(f"The seeds give {len(chosen)} answers that can be told apart, not {wanted}.")
    return [
        Known(filing_id, short_label(filings[filing_id]), question, text, sign)
        for (question, filing_id, text), sign in zip(chosen, _signs([text for *_, text in chosen]), strict=True)
    ]


def _candidates(texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    questions = [case.question for case in load_questions() if case.answerable and not case.before]
    yield from product(questions, texts)
    occurs = Counter(word for text in texts.values() for word in LONG_WORD.findall(text))
    rare = {
        filing_id: [word for word in LONG_WORD.findall(text) if occurs[word] == 1] for filing_id, text in texts.items()
    }
    for row in zip_longest(*rare.values()):
        for filing_id, word in zip(rare, row, strict=True):
            if word:
                yield f"What does the company say about {word}?", filing_id


def _signs(texts: list[str]) -> list[str]:
    """Of each text the longest word that stands in no other one; '' where there is none."""
    words = [set(WORD.findall(text)) for text in texts]
    occurs = Counter(word for each in words for word in each)
    return [
        max((word for word in each if occurs[word] == 1), key=lambda word: (len(word), word), default="")
        for each in words
    ]


@dataclass(frozen=True)
class MadeUp:
    """A filing that nobody else has, with a word that stands in it once."""

    name: str
    text: str
    question: str
    sign: str

    @property
    def content(self) -> bytes:
        return self.text.encode()


def made_up(seed: int, sentences: int = 60) -> MadeUp:
    """The same seed always makes the same filing."""
    chance = random.Random(seed)  # noqa: S311  nothing secret
    sign = "".join(chance.choices(SYLLABLES, k=5)).capitalize()
    company = "".join(chance.choices(SYLLABLES, k=3)).capitalize()
    lines = ["Item 1. BUSINESS", "", f"{company} {seed} Inc. makes parts of machines.", ""]
    lines.append(f"The code name of our newest plant is {sign}.")
    for number in range(sentences):
        goods, town = chance.choice(PRODUCTS), chance.choice(TOWNS)
        lines.append(
            f"Plant {number} in {town} made {chance.randint(10, 99)},{chance.randint(100, 999)} {goods} "
            f"for {chance.randint(2, 40)} customers, who pay within {chance.randint(10, 90)} days of delivery {number}."
        )
    return MadeUp(f"made-up-{seed}.txt", "\n".join(lines) + "\n", "What is the code name of the newest plant?", sign)

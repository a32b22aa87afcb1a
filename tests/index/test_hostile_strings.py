"""No run of one thing, however long, makes a regular expression take for ever: not in a filing, not in a question.

What is timed is what a stranger can reach, from the file to the answer. A pattern that is slow by itself may be
harmless where only short lines come to it; one that looks harmless may not be.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from index.build import FilingIndex
from index.item_titles import PAGE_AT_END
from rag.assistant import Assistant
from rag.candidates import MARKED_NAME
from rag.choose import TOKEN
from rag.compose_particular import REPORT
from rag.figure_spellings import AMOUNT
from rag.particulars import EXCHANGE
from rag.rows import PERIOD
from rag.series import PAIR
from rag.settings import AnswerSettings
from rag.third_person import COMPANY_ENDING
from rag.tracked import WORTH_READING
from tests.index.standins import filing_text

LENGTH = 50_000
PATIENCE = 60.0  # seconds, on a busy machine; what grows with the square of its length takes longer, by far
# Those that took longest of 45 that were tried by hand; each of these took a few seconds at most.
RUNS = ("1", ".", "A ", "10-K ", "- ", " \n")


def timed(work: Callable[[], object]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


@pytest.mark.parametrize("run", RUNS)
def test_no_run_of_one_thing_holds_a_filing_up(
    open_index: Callable[..., FilingIndex], tmp_path: Path, run: str
) -> None:
    assistant = Assistant(open_index())
    hostile = (run * (LENGTH // len(run) + 1))[:LENGTH]
    path = tmp_path / "hostile.txt"
    path.write_text(f"{filing_text(1, 40)}\n\n{hostile}\n\n{filing_text(2, 40)}")

    def take_in_and_ask() -> None:
        (outcome,) = assistant.ingest([path]).outcomes
        assert outcome.filing_id, outcome.problem
        assistant.ask("How many employees are there?", [outcome.filing_id])

    assert timed(take_in_and_ask) < PATIENCE


@pytest.mark.parametrize("run", [*RUNS, "a", "(", "as of ", "'", "and "])
def test_no_run_of_one_thing_holds_a_question_up(assistant: Assistant, run: str) -> None:
    longest = AnswerSettings().longest_question
    question = f"Who {run * longest}"[: longest - 4] + " x?"

    def ask() -> None:
        with suppress(ValueError):  # some are refused, which is as good
            assistant.ask(question)

    assert timed(ask) < PATIENCE


@pytest.mark.parametrize("cell", ["1" * LENGTH, "as " * 17_000, "years" * 10_000, "2020 " * 10_000, "(*" * 25_000])
def test_a_head_of_one_thing_without_end_is_read_at_once(cell: str) -> None:
    assert timed(lambda: PERIOD.fullmatch(cell)) < 2


@pytest.mark.parametrize(
    ("pattern", "run"),
    [
        (PAGE_AT_END, "." * 2_000),
        (MARKED_NAME, "Ab " * LENGTH),
        (TOKEN, "1" * LENGTH + "a"),
        (REPORT, "\n" * LENGTH),
        (EXCHANGE, "Ab " * LENGTH),
        (AMOUNT, "0" * LENGTH + "a1"),
        (PAIR, "0" * LENGTH),
        (COMPANY_ENDING, "," * LENGTH),
        (WORTH_READING, "0 " * LENGTH),
    ],
    ids=lambda value: value[:3] if isinstance(value, str) else "",
)
def test_what_was_looked_through_from_each_of_its_letters_is_looked_through_once(
    pattern: re.Pattern[str], run: str
) -> None:
    assert timed(lambda: list(pattern.finditer(run))) < 5


@pytest.mark.parametrize(
    ("cell", "is_period"),
    [
        ("2020", True),
        ("December 31, 2020", True),
        ("Years ended June 30, 2021 (1)", True),
        ("2021 2020", True),
        ("as of Dec 2020", True),
        ("weeks", False),
        ("31", False),
    ],
)
def test_a_head_is_still_known(cell: str, is_period: bool) -> None:
    assert bool(PERIOD.fullmatch(cell)) is is_period

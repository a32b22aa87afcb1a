"""The primary statements of a report as runs of passages: each from its title to where prose or another title begins.

The words index marks single passages (index/statements.py), so that a search may prefer them. To tell a line of a
statement, all of it is needed: the title, the unit and the years may stand passages above the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.filing import Passage
from index.statements import FIGURE, WINDOW, kind_of_title, statement_title

FEWEST_LINES = 5  # with figures; a title with fewer under it opens a discussion, or a list of contents
LONGEST_LABEL = 24  # words of a line without cells; a longer one is prose
MOST_PASSAGES = 24  # of one statement
BAR = " | "
# The parent alone, a target of an acquisition, an estimate of what might have been: not the company's accounts.
OF_A_PART = re.compile(
    r"\b(?:parent|pro[- ]?forma|registrant only|guarantors?|selected|summar\w+|data)\b", re.IGNORECASE
)
ENDS = re.compile(r"^\W*(?:notes? (?:to|\d)|the accompanying notes|see (?:accompanying )?notes|1\. )", re.IGNORECASE)


@dataclass(frozen=True)
class PrimaryStatement:
    """One of the accounts of the whole company."""

    kind: str  # income, comprehensive, balance, cash or equity
    passages: tuple[Passage, ...]


@dataclass
class _Run:
    kind: str
    passages: list[Passage] = field(default_factory=list)
    figures: int = 0  # lines with figures


def primary_statements(passages: Sequence[Passage]) -> list[PrimaryStatement]:
    """The statements of one filing in reading order; of several in one kind, those that stand with the others."""
    runs = [run for run in _runs(passages) if run.figures >= FEWEST_LINES]
    together: list[_Run] = []
    for first, opening in enumerate(runs):
        within = [run for run in runs[first:] if run.passages[0].start < opening.passages[0].start + WINDOW]
        if _worth(within) > _worth(together):
            together = within
    return [PrimaryStatement(run.kind, tuple(run.passages)) for run in together]


def _worth(runs: Sequence[_Run]) -> tuple[int, int]:
    return len({run.kind for run in runs}), sum(run.figures for run in runs)


def _runs(passages: Sequence[Passage]) -> Iterator[_Run]:
    run: _Run | None = None
    for passage in passages:
        for raw in passage.text.splitlines():
            line = raw.strip()
            title = statement_title(line)
            if title:
                again = run is not None and run.kind == kind_of_title(title) and run.figures < FEWEST_LINES
                if run and not again:
                    yield run
                run = None if OF_A_PART.search(line) else run if again else _Run(kind_of_title(title))
            elif run and _ends(line, run):
                yield run
                run = None
            elif run and BAR in line and FIGURE.search(line):
                run.figures += 1
            if run and line and passage not in run.passages[-1:]:
                run.passages.append(passage)
        if run and len(run.passages) > MOST_PASSAGES:
            yield run
            run = None
    if run:
        yield run


def _ends(line: str, run: _Run) -> bool:
    if BAR in line:
        return False
    prose = len(line.split()) > LONGEST_LABEL and line.endswith((".", ":"))
    return prose or (run.figures >= FEWEST_LINES and ENDS.match(line) is not None)

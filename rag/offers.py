"""What could be asked next: questions that reports like these answer, to be tried before one of them is offered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from index.filing import Filing
from index.folding import fold
from rag.third_person import short_name

MOST_OFFERED = 3
SHORTEST_SUBJECT = 8  # letters
# 'Human Capital' can be asked about; 'Item 7' and 'PART I' can't.
SUBJECT = re.compile(
    r"(?!(?:item|part|note|overview|general|other|index|table)\b)[A-Za-z][\w’'&-]+(?:[ ,]+[\w’'&-]+){0,5}", re.I
)

# Of one report; which of them it answers is found out by asking.
OF_ONE = (
    "How many employees does the company have?",
    "Who are the competitors?",
    "What share of revenue came from the largest customer?",
    "How much was spent on research and development in {year}?",
    "What were total revenues in {year}?",
    "Where is the company headquartered?",
    "When was the company incorporated?",
    "What was net income in {year}?",
    "What does the company depend on?",
)
# Of several reports of one company.
OF_SEVERAL = (
    "How did the number of employees change from {first} to {last}?",
    "How did dependence on the largest customer change between {first} and {last}?",
    "How did research and development spending change from {first} to {last}?",
)


def questions_to_try(filings: Sequence[Filing], of_facets: Sequence[str]) -> Iterator[str]:
    """Those of the facets and of the figures in turn; over several years first how things changed."""
    reported = sorted({filing.fiscal_year for filing in filings if filing.fiscal_year})
    companies = {filing.company for filing in filings}
    if len(reported) > 1 and len(companies) == 1:
        yield from (question.format(first=reported[0], last=reported[-1]) for question in OF_SEVERAL)
    specific = [one for one in OF_ONE if reported or "{year}" not in one]
    for number in range(max(len(of_facets), len(specific))):
        if number < len(of_facets):
            yield of_facets[number]
        if number < len(specific):
            yield specific[number].format(year=reported[-1] if reported else "")


class Offers:
    """What was found to be answered, so that no question is tried twice on the same library."""

    def __init__(self) -> None:
        self._told: dict[tuple[object, ...], bool] = {}

    def of(
        self,
        questions: Iterator[str],
        asked_before: Sequence[str],
        state: tuple[object, ...],
        tells: Callable[[str], bool],
    ) -> tuple[str, ...]:
        """The first few of these questions that the filings answer; `state` tells when the filings are others."""
        offered: list[str] = []
        known = {fold(question) for question in asked_before}
        for question in questions:
            if fold(question) in known:
                continue
            known.add(fold(question))
            key = (question, *state)
            if key not in self._told:
                self._told[key] = tells(question)
            if self._told[key]:
                offered.append(question)
            if len(offered) == MOST_OFFERED:
                break
        return tuple(offered)


def about(heading: str) -> Iterator[str]:
    """A question about what stands under the last of these headings, where that can be asked about."""
    last = heading.rpartition(" > ")[2].strip(" .:")
    if SUBJECT.fullmatch(last) and len(last) >= SHORTEST_SUBJECT:
        plain = all(word.istitle() or word.islower() for word in re.findall(r"[\w’']+", last)) or last.isupper()
        yield f"What is said about {last.lower() if plain else last}?"


def named(questions: Iterator[str], company: str) -> Iterator[str]:
    """The questions with the company's name in them, where the library holds several companies."""
    for question in questions:
        yield re.sub(r"\bthe company\b", short_name(company, ""), question) if company else question

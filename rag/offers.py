"""What could be asked next: questions that reports like these answer, to be tried before one of them is offered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from index.companies import company_of
from index.filing import Filing, Hit
from index.folding import fold
from rag.answer import Answer
from rag.third_person import is_base_verb, short_name

MOST_OFFERED = 3
MOST_TRIED = 8  # in one go: the answer waits for it
SHORTEST_SUBJECT = 8  # letters
# 'Human Capital' can be asked about; 'Item 7' and 'POWER OF ATTORNEY', the furniture of any report, can't.
FURNITURE = re.compile(
    r"(?:item|part|note|overview|general|other|index|table|incorporated|documents|power of attorney|signatures?|"
    r"exhibits?|certifications?|forward-looking|cautionary|reports? of independent|critical audit|basis for opinion)\b",
    re.IGNORECASE,
)
# 'Our Strategy' is the company's word for it, 'How We Compete' half a sentence.
SPOKEN = re.compile(r"\b(?:we|us|our|ours|you|your|how|what|when|where|which|who|why)\b", re.IGNORECASE)
SUBJECT = re.compile(r"[A-Za-z][\w’'&-]+(?:[ ,]+[\w’'&-]+){0,5}")

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


def questions_to_try(
    filings: Sequence[Filing],
    of_facets: Sequence[str],
    headings: Sequence[str],
    several: bool,
    suggested: Sequence[str] = (),
) -> Iterator[str]:
    """What was suggested, what stands under these headings, how things changed over the years, facets and figures.

    Where the library holds several companies, each question names the one that it is about.
    """
    company = filings[0].company if filings and several else ""
    for question in chain(suggested, _about(headings), _over_the_years(filings), _of_one(filings, of_facets)):
        yield re.sub(r"\bthe company\b", short_name(company, ""), question) if company else question


def filings_spoken_of(answer: Answer, hits: Sequence[Hit], searched: Sequence[Filing]) -> list[Filing]:
    """The filings of the company that an answer cites; where it cites none, of the one that came nearest."""
    cited = {one.filing_id for sentence in answer.sentences for one in sentence.citations}
    cited = cited or {hit.passage.filing_id for hit in hits[:1]}
    companies = company_of(searched)
    company = next((companies[filing.id] for filing in searched if filing.id in cited), "")
    return [filing for filing in searched if companies[filing.id] == company]


def _about(headings: Sequence[str]) -> Iterator[str]:
    """Questions about what stands under the last of each of these headings, where that can be asked about."""
    for heading in headings:
        last = heading.rpartition(" > ")[2].strip(" .:")
        if SUBJECT.fullmatch(last) and not FURNITURE.match(last) and len(last) >= SHORTEST_SUBJECT:
            yield _question_about(last)


def _question_about(heading: str) -> str:
    """Headings such as 'Human Capital' name a subject; 'Expand our Customer Base' and the like are quoted."""
    first = re.split(r"[ ,]", heading, maxsplit=1)[0].casefold()
    if SPOKEN.search(heading) or is_base_verb(first):
        return f"What is said under “{heading.capitalize() if heading.isupper() else heading}”?"
    plain = all(word.istitle() or word.islower() for word in re.findall(r"[\w’']+", heading)) or heading.isupper()
    return f"What is said about {heading.lower() if plain else heading}?"


def _over_the_years(filings: Sequence[Filing]) -> Iterator[str]:
    reported = _reported(filings)
    if len(reported) > 1:
        yield from (question.format(first=reported[0], last=reported[-1]) for question in OF_SEVERAL)


def _of_one(filings: Sequence[Filing], of_facets: Sequence[str]) -> Iterator[str]:
    reported = _reported(filings)
    specific = [one for one in OF_ONE if reported or "{year}" not in one]
    for number in range(max(len(of_facets), len(specific))):
        yield from of_facets[number : number + 1]
        yield from (one.format(year=reported[-1] if reported else "") for one in specific[number : number + 1])


def _reported(filings: Sequence[Filing]) -> list[int]:
    return sorted({filing.fiscal_year for filing in filings if filing.fiscal_year})


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
        tried = 0
        known = {fold(question) for question in asked_before}
        for question in questions:
            if fold(question) in known:
                continue
            known.add(fold(question))
            key = (question, *state)
            if key not in self._told:
                tried += 1
                if tried > MOST_TRIED:
                    break
                self._told[key] = tells(question)
            if self._told[key]:
                offered.append(question)
            if len(offered) == MOST_OFFERED:
                break
        return tuple(offered)

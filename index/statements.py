"""The financial statements of a report: told by their titles, and by the figures that stand under these."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index.filing import Passage

# Every kind by what its titles are called, in letters alone: a PDF may write "Cash Flow s".
_OWNERS = r"(?:stockholders?|shareholders?|shareowners?|members?|partners?|owners?|unitholders?)?"
_OF = r"(?:ofconsolidated|of)?"
_EARNED = r"(?:net)?(?:income|incomeloss|loss|losses|operations|earnings|earningsloss|profitandloss|profitorloss)"
_ALL_EARNED = r"(?:other)?comprehensive(?:income|incomeloss|loss|lossincome|earnings)"
KINDS = {
    "income": rf"statements?{_OF}{_EARNED}(?:and{_ALL_EARNED}|and(?:retainedearnings|accumulateddeficit))?|"
    r"(?:income|operating|earnings)statements?",
    "comprehensive": rf"statements?{_OF}{_ALL_EARNED}|{_ALL_EARNED}statements?",
    "balance": r"balancesheets?|statements?of(?:consolidated)?(?:financial(?:position|condition)|assetsandliabilities)",
    "cash": rf"statements?{_OF}cashflows?|cashflows?statements?",
    "equity": rf"statements?{_OF}(?:changesin)?(?:consolidated)?(?:total)?{_OWNERS}"
    rf"(?:equity|deficit|equitydeficit|deficitequity|capital|investment)|{_OWNERS}equitystatements?",
}
_BEFORE = (
    r"(?:.{0,60}(?=consolidated|condensed|combined))?(?:condensed|consolidated|combined|interim|unaudited|usgaap)*"
)
_AFTER = (
    r"(?:unaudited|continued|contd|in(?:us)?(?:dollars)?(?:millions|thousands|billions)|(?:usd?)?dollars)*"
    r"(?:(?:for|asof|at|asat)(?:the)?(?:fiscal)?(?:years?|months?|weeks?|three|six|nine|january|february|march|april|may|"
    r"june|july|august|september|october|november|december).{0,60})?"
)
TITLES = {kind: re.compile(rf"{_BEFORE}(?:{names}){_AFTER}") for kind, names in KINDS.items()}
LONGEST_TITLE = 140
PAGE_AT_END = re.compile(r"(?:[a-z)]|\d{4})[ .]+\d{1,3}$", re.IGNORECASE)
NAMES_ONE = re.compile(r"s ?h ?e ?e ?t|s ?t ?a ?t ?e ?m ?e ?n ?t", re.IGNORECASE)
# "Cash Flow s", "Incom e": a PDF's letters that stand apart from their word.
TORN_LETTER = re.compile(r"(?<=[A-Za-z]{3}) (?=[a-z]\b)")
UNITS = re.compile(r"(?:\b(?:in|of)|[$€£(])\s*(?:us|[$€£])*\s*(million|thousand|billion)s?\b", re.IGNORECASE)
FIGURE = re.compile(r"\(?\$?\s?\(?\d[\d,.]*\)?%?")
LINES_BELOW = 24  # in which the figures of a statement must begin
FEWEST_ROWS = 4
LONGEST_ROW = 300  # characters; a longer line without cells is prose, and no statement goes on over prose
# The statements of a report stand together; a title elsewhere belongs to a discussion, a note or a parent alone.
WINDOW = 45_000  # characters, some nine pages
LEAST_FIGURES = 0.12  # of the words of a passage, for it to be part of a table


def statement_title(line: str) -> str:
    """The title of a statement that a line is, or nothing: 'CONSOLIDATED BALANCE SHEETS (Unaudited)'."""
    if len(line) > LONGEST_TITLE or not NAMES_ONE.search(line):
        return ""
    cells = [cell.strip() for cell in line.split(" | ")]
    if any(FIGURE.fullmatch(cell) for cell in cells):
        return ""  # a line of a table of contents
    return next((TORN_LETTER.sub("", cell).rstrip(": ") for cell in cells if kind_of_title(cell)), "")


def kind_of_title(words: str) -> str:
    """Which statement is called so: income, comprehensive, balance, cash or equity; or nothing."""
    if words.endswith((".", ";", ",")) or PAGE_AT_END.search(words):
        return ""
    letters = re.sub(r"[^a-z]", "", words.casefold())
    return next((kind for kind, title in TITLES.items() if title.fullmatch(letters)), "")


def opens_figures(lines: Sequence[str]) -> bool:
    """Whether the lines below a title are the rows of a statement."""
    return sum(" | " in line and FIGURE.search(line) is not None for line in lines[:LINES_BELOW]) >= FEWEST_ROWS


def units_of(lines: Sequence[str]) -> str:
    """What the figures below a title are counted in: 'in millions'."""
    found = next(filter(None, (UNITS.search(line) for line in lines[:6] if len(line) < LONGEST_TITLE)), None)
    return f"in {found.group(1).casefold()}s" if found else ""


def statements_of(passages: Sequence[Passage]) -> dict[str, str]:
    """The passages of one filing that are part of its financial statements: id to kind."""
    of_a_kind = [
        (passage, kind)
        for passage in passages
        if (kind := kind_of_title(_title_of(passage))) and is_table(passage.text)
    ]
    window: list[tuple[Passage, str]] = []
    for first, (opening, _) in enumerate(of_a_kind):
        within = [row for row in of_a_kind[first:] if row[0].start < opening.start + WINDOW]
        if len({kind for _, kind in within}) > len({kind for _, kind in window}):
            window = within
    # A note has small balance sheets of its own: of each kind, the title with the most rows under it is the one.
    rows = Counter((kind, _title_of(passage)) for passage, kind in window)
    titles = {kind: title for (kind, title), _ in reversed(rows.most_common())}
    return {passage.id: kind for passage, kind in window if titles[kind] == _title_of(passage)}


def _title_of(passage: Passage) -> str:
    """The title of a statement that the passage stands under, or nothing."""
    titles = (without_units(heading) for heading in passage.heading.split(" > "))
    return next(filter(kind_of_title, titles), "")


def without_units(title: str) -> str:
    return re.sub(r" \(in (?:millions|thousands|billions)\)$", "", title)


def is_table(text: str) -> bool:
    """Whether figures make up a good part of the words."""
    words = [word for word in text.split() if word != "|"]
    figures = sum(word[-1:].isdigit() or FIGURE.fullmatch(word) is not None for word in words)
    return figures >= LEAST_FIGURES * len(words)

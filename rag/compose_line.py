"""The offline answer to a question for a line of the accounts: that row, told from the company's own statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from index.filing import Filing, Passage
from index.primary_statements import PrimaryStatement
from rag.answer import Draft
from rag.figures import SCALES, figures, years
from rag.question import Understanding
from rag.rows import BAR, Row, rows_of
from rag.standard_lines import StandardLine

Holds = Callable[[Draft], bool]
MOST_YEARS = 5
SCALED = re.compile(r"\b(thousand|million|billion)s\b", re.IGNORECASE)
ROUNDED = Decimal("0.004")


def compose_line(
    line: StandardLine,
    asked: Understanding,
    filings: Sequence[Filing],
    statements: Mapping[str, Sequence[PrimaryStatement]],
    elsewhere: Sequence[Passage],
    holds: Holds,
) -> list[Draft]:
    """One row for each filing, in the order of their years; none where a filing has none. `elsewhere`: best first."""
    drafts: list[Draft] = []
    of_years = [filing for filing in filings if filing.fiscal_year in asked.years] if asked.compares else []
    for filing in sorted(of_years or filings, key=lambda filing: filing.fiscal_year or 0):
        of_filing = _of_filing(line, asked, filing, statements.get(filing.id, ()), elsewhere)
        held = [draft for draft in of_filing if holds(draft)]
        if not held:
            return []
        drafts.extend(held)
    return drafts


def in_prose(told: Sequence[Draft], sentences: Sequence[Draft]) -> list[Draft]:
    """Of the sentences that answer the same question, the first that tells the same figure, perhaps a rounded one."""
    wanted = [value for draft in told for value in _values(draft)]
    for draft in sentences:
        if not any(BAR in quote for quote in draft.quotes) and any(
            abs(value - other) <= ROUNDED * other for value in _values(draft) for other in wanted
        ):
            return [draft]
    return []


def _values(draft: Draft) -> list[Decimal]:
    """The sums that a draft tells; those of a row in full, as its unit has them."""
    scale = SCALED.search(draft.text) if any(BAR in quote for quote in draft.quotes) else None
    times = Decimal(10) ** SCALES[scale.group(1).casefold()] if scale else Decimal(1)
    told = [figure for figure in figures(draft.text) if not figure.looks_like_year]
    values = [abs(Decimal(figure.value)) * (times if not figure.percent else 1) for figure in told]
    return [value for value in values if value > 0]


def _of_filing(
    line: StandardLine,
    asked: Understanding,
    filing: Filing,
    statements: Sequence[PrimaryStatement],
    elsewhere: Sequence[Passage],
) -> list[Draft]:
    for kind in line.statements:
        rows = [row for one in statements if one.kind == kind for row in rows_of(one.passages)]
        if drafts := _best(line, rows, asked, filing):
            return drafts
    if line.within and not asked.years and not asked.wants_change:
        own = [passage for one in statements if one.kind in line.statements for passage in one.passages]
        cells = [(one, cell.strip()) for one in own for row in one.text.split("\n") for cell in row.split(BAR)[:1]]
        told = [Draft(f"{cell}.", (one.id,), quotes=(cell,)) for one, cell in cells if line.within.search(cell)]
        if told:
            return told[-1:]  # the year's own stands last
    if line.statements:
        return []
    order = [passage.id for passage in elsewhere]
    own = [passage for passage in elsewhere if passage.filing_id == filing.id]
    rows = rows_of(sorted(own, key=lambda passage: passage.order))
    whole = [row for row in rows if not row.group]  # what stands in a group is of a part
    return _best(line, sorted(whole, key=lambda row: order.index(row.line.passage.id)), asked, filing)


def _best(line: StandardLine, rows: Sequence[Row], asked: Understanding, filing: Filing) -> list[Draft]:
    """The row that is this line, and the one that belongs to it if that tells another figure."""
    ranked = []
    for place, row in enumerate(rows):
        rank, columns = line.rank(row), _columns(row, asked, filing)
        if rank is not None and columns and _tells(row, columns):
            ranked.append((rank, place, row, columns))
    if not ranked:
        return []
    _, _, best, columns = min(ranked, key=lambda one: one[:2])
    beside = [row for row in rows if line.is_beside(row) and row.columns == best.columns and _tells(row, columns)]
    told = [best, *(row for row in beside if row.values != best.values)][:2]
    return [_draft(row, columns) for row in told]


def _tells(row: Row, columns: Sequence[int]) -> bool:
    return all(figures(row.values[number]) for number in columns)


def _columns(row: Row, asked: Understanding, filing: Filing) -> list[int]:
    """The columns of the years asked for; where none is, the newest, which is the filing's own."""
    of_column = [max(years(column), default=0) for column in row.columns]
    known = [year for year in of_column if year]
    if not known or len(set(of_column)) < len(of_column):
        return []
    newest = max(known)
    if asked.compares:
        return [of_column.index(newest)]
    if not asked.years:
        if asked.wants_change:
            return list(range(len(row.columns)))[:MOST_YEARS] if len(known) == len(of_column) else []
        return [of_column.index(newest)]
    # A year that ends in January is called by the one before it, and its column shows the day on which it ended.
    own = filing.fiscal_year or newest
    late = newest - own if newest - own == 1 and filing.period_end[:4] == str(newest) else 0
    wanted = [year + late for year in asked.years]
    return [number for number, year in enumerate(of_column) if year in wanted] if set(wanted) <= set(known) else []


def _draft(row: Row, columns: Sequence[int]) -> Draft:
    return Draft(
        text=row.tell(columns),
        passage_ids=tuple(line.passage.id for line in row.lines),
        quotes=tuple(line.text for line in row.lines),
    )

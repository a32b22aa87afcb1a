"""Figures that reports give year after year (employees, shares of revenue, amounts), found by their labels.

No company's words are here: a label is any report's English. What is found is a draft like any other, with the words
that it rests on, and is verified before it is shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.filing import Passage
from rag.answer import Draft, Sentence
from rag.figures import SCALES, figures, years
from rag.lines import lines_of
from rag.rows import Row, rows_of
from rag.series import for_year

LARGEST_CUSTOMER = "Largest customer's share of revenue"
EMPLOYEES = "Employees"
SUM = r"(?P<value>(?:US)?\$\s?\d[\d,]*(?:\.\d+)?\s(?:thousand|million|billion))"
BEFORE_SUM = r"(?:approximately |about |roughly )?"
STAFF = re.compile(
    r"\b(?:ha[ds]|have|total of|workforce|totall?ed|(?P<employed>employ(?:s|ed)?))\b[^;]{0,60}?(?<![\w$.,])"
    r"(?P<value>\d[\d,]*(?:\.\d+)?(?: million)?) (?:(?:full|part)-time |and |total |regular |permanent |active |"
    r"salaried |worldwide )*"
    r"(?:employees|associates|team members|colleagues|(?(employed)(?:people|persons)|employees))\b",
    re.IGNORECASE,
)
STAFF_CHANGES = re.compile(
    r"\b(?:reduc|eliminat|terminat|hir|laid|lay|expect|plan|union|represented|affect)", re.IGNORECASE
)
SHARE = re.compile(
    r"^(?P<who>.{3,160}?)\s(?:(?:has|have) )?"
    r"(?:accounted for|represented|comprised|made up|constituted|contributed|generated)\s"
    r"(?:approximately |about |over |more than )?(?P<value>\d+(?:\.\d+)?\s?(?:%|percent))"
    r"(?:\s(?:and|or) \d+(?:\.\d+)?%,?(?: respectively,?)?)? of (?P<base>(?:[\w’'.-]+ ){0,6}?(?:revenues?|sales))\b"
)
OF_A_CUSTOMER = re.compile(
    r"\bcustomers?\b|\b(?:attributable|attributed) to\b|\b(?:sales|revenues?) (?:to|from)\b(?! outside)|"
    r"\bdistributor\b",
    re.IGNORECASE,
)
OF_SEVERAL = re.compile(
    r"^no\b|\b(?:two|three|four|five|six|ten|several|top \d+|\d+) (?:\w+ ){0,9}customers|\blargest customers\b|"
    r"\bcountr",
    re.IGNORECASE,
)
# 'In 2024, revenues attributable to', 'sales of the ... segment': what is not the name of whose share it is.
BEFORE_NAME = re.compile(
    r"^(?:(?:for|in|during|within|as of)\b[^,]*,\s)?(?:(?:total |net )*(?:revenues?|sales)"
    r"(?: (?:attributable to|of|from|for|to))?\s)?(?:the\s)?",
    re.IGNORECASE,
)
AFTER_NAME = re.compile(r"\s(?:(?:operating )?segment|sales|revenues?|shipments|operations)$")
MOST_WORDS_OF_NAME = 8
POINTS_BACK = re.compile(r"\b(?:this|these|those|such|it|which|who|that|declined|increased|grew)\b", re.IGNORECASE)
OF_ACCOUNTS = re.compile(
    r"\bconsolidated\b|\bstatements? of (?:income|operations|earnings|cash)|balance sheet", re.IGNORECASE
)
OF_A_PART = re.compile(r"\bsegments?\b|\bpro forma\b|\bparent\b|\bEBIT", re.IGNORECASE)
# Of a whole report few sentences tell any of this, and to tell one anew takes longer than to look.
WORTH_READING = re.compile(
    r"(?m:^)[^\d\n]*\d.*\b(?:employees|associates|members|colleagues|people|persons|dividends|operati\w+)\b|"
    r"\b(?:accounted|represented|comprised|made up|constituted|contributed|generated|paid|expenditures|purchase price|"
    r"proceeds)\b.*\d",
    re.IGNORECASE,
)
# An amount by its name: how a sentence tells it, and how the row of a table is labelled.
AMOUNTS = {
    "Revenue": ("", r"(?:total )?(?:net |operating )?(?:revenues?|sales)"),
    "Net income": ("", r"(?:consolidated )?net (?:income|earnings|loss|\(loss\) income|(?:income|earnings) \(loss\))"),
    "Cash from operations": (
        rf"{SUM} (?:in|of) cash (?:from|provided by) operati",
        r"(?:net )?cash (?:flows? )?(?:provided by|from) (?:operations|operating activities)",
    ),
    "Capital expenditures": (
        rf"\bcapital expenditures (?:of|were|totaled) {BEFORE_SUM}{SUM}",
        r"capital (?:expenditures|investments)|(?:additions to|purchases? of) property.*equipment.*",
    ),
    "Dividends paid": (
        rf"\bpa(?:id|yment of) {BEFORE_SUM}{SUM} (?:in|of) (?:cash )?dividends",
        r"(?:cash )?dividends(?: paid)?(?:[ -]+common stock)?|payments? of (?:cash )?dividends",
    ),
    "Share repurchases": (
        "",
        r"(?:re)?purchases? of (?:common |treasury |company )?(?:stock|shares)|(?:common stock|share) repurchases?"
        r"(?: programs?)?",
    ),
    "Long-term debt": ("", r"(?:total )?long-term debt(?:, (?:net|less|excluding).*)?|debt due after one year"),
    "Purchase price of acquisitions": (rf"\bpurchase price of {BEFORE_SUM}{SUM}", ""),
    "Proceeds of offerings": (rf"\boffering\b.*\bproceeds of {BEFORE_SUM}{SUM}", ""),
}
PAID = ("Capital expenditures", "Dividends paid", "Share repurchases")  # told with a minus sign or without
FEWEST_REPORTS = 2  # that tell a share of something, before it is worth a line of its own


@dataclass(frozen=True)
class Found:
    """A figure in one report, still to be verified."""

    name: str
    value: str  # as it is told
    number: float
    draft: Draft


@dataclass(frozen=True)
class TrackedValue:
    """What one report says: the figure as told, as a number, and the verified sentence with its footnotes."""

    filing_id: str
    value: str
    number: float
    sentence: Sentence


@dataclass(frozen=True)
class TrackedFigure:
    """A figure over the reports, one value for each in the order of their years; None where a report is silent."""

    name: str
    values: tuple[TrackedValue | None, ...]


def find_figures(passages: Sequence[Passage], year: int | None, tell: Callable[[str], str]) -> list[Found]:
    """Every figure of these passages that is tracked, the best of each name only."""
    best: dict[str, Found] = {}
    for one in _in_sentences(passages, year, tell):  # of several the largest: a part is less than the whole
        if one.name not in best or one.number > best[one.name].number:
            best[one.name] = one
    rows = sorted(_in_rows(passages, year) if year else (), key=lambda pair: pair[0])
    return list((best | {one.name: one for _, one in reversed(rows)}).values())


def table_of(found: Sequence[dict[str, TrackedValue]]) -> tuple[TrackedFigure, ...]:
    """The figures over the reports in their order; `found` is by name, one for each report."""
    usual = [EMPLOYEES, LARGEST_CUSTOMER, *AMOUNTS]
    times = Counter(name for one in found for name in one)
    others = sorted(name for name in times if name not in usual and times[name] >= FEWEST_REPORTS)
    return tuple(
        TrackedFigure(name, tuple(one.get(name) for one in found)) for name in [*usual, *others] if times[name]
    )


def _in_sentences(passages: Sequence[Passage], year: int | None, tell: Callable[[str], str]) -> Iterator[Found]:
    for line in lines_of(passages):
        for sentence in line.sentences if not line.tabular else ():
            if not WORTH_READING.search(sentence):
                continue
            told = tell(for_year(sentence, year) if year else sentence)
            if year and years(told) and year not in years(told):
                continue  # of another year
            draft = Draft(told, (line.passage.id,), quotes=(sentence,))
            yield from _of_sentence(told, draft, line.passage.heading)


def _of_sentence(told: str, draft: Draft, heading: str) -> Iterator[Found]:
    staff = STAFF.search(told)
    if staff and not STAFF_CHANGES.search(told[: staff.end()]):
        yield _found(EMPLOYEES, staff["value"], draft)
    share = SHARE.match(told)
    if share and not OF_SEVERAL.search(share["who"]):
        name = _name(share["who"])
        if OF_A_CUSTOMER.search(share["who"]) or "customer" in heading.casefold():
            yield _found(LARGEST_CUSTOMER, share["value"], draft)
        elif name:
            base = " ".join(re.findall(r"\b(?:total|net|consolidated|revenues?|sales)\b", share["base"]))
            yield _found(f"{name}: share of {base}", share["value"], draft)
    for name, (spoken, _) in AMOUNTS.items():
        amount = re.search(spoken, told) if spoken else None
        if amount:
            yield _found(name, amount["value"], draft)


def _name(who: str) -> str:
    """Of whom a share is told, without the time: the same in each report; nothing where it is no name."""
    bare = AFTER_NAME.sub("", BEFORE_NAME.sub("", who)).strip(" ,–-")
    return "" if POINTS_BACK.search(bare) or len(bare.split()) > MOST_WORDS_OF_NAME else bare


def _found(name: str, value: str, draft: Draft) -> Found:
    return Found(name, value, float(figures(value)[0].value), draft)


def _in_rows(passages: Sequence[Passage], year: int) -> Iterator[tuple[int, Found]]:
    """(how far it stands from the accounts of the whole company, the figure)."""
    labels = [
        (name, re.compile(rf"\W*(?:{label})\W*(?:\(\w\))?", re.IGNORECASE))
        for name, (_, label) in AMOUNTS.items()
        if label
    ]
    for row in rows_of(passages):
        column, scale = row.column_of(year), _scale(row)
        if column is None or not scale or not row.is_distinct([column]):
            continue
        number = next(iter(figures(row.values[column])), None)
        place = f"{row.line.passage.heading} {row.about}"
        if number is None or number.percent or OF_A_PART.search(place):
            continue
        for name in (name for name, label in labels if label.fullmatch(row.label)):
            value = Decimal(number.value).scaleb(SCALES[scale])
            shown = row.values[column].strip("() -–—") if name in PAID else row.values[column].strip()
            draft = Draft(
                row.tell([column]),
                tuple(line.passage.id for line in row.lines),
                quotes=tuple(line.text for line in row.lines),
            )
            far = (not OF_ACCOUNTS.search(place)) * 2 + ("total" not in row.label.casefold())
            money = shown if "$" in shown or not shown[:1].isdigit() else f"${shown}"
            yield far, Found(name, f"{money} {scale}", float(abs(value) if name in PAID else value), draft)


def _scale(row: Row) -> str:
    """'million', where the table says that its figures are millions."""
    lines: Iterable[str] = (line.text for line in (row.unit, row.title) if line)
    match = re.search(r"\b(thousand|million|billion)s\b", " ".join([*lines, row.stub]), re.IGNORECASE)
    return match.group(1).casefold() if match else ""

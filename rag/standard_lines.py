"""The lines of the accounts that a question may ask for by name, and whether a table's row is such a line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.folding import fold
from rag.question_cleaning import subject_of
from rag.rows import Row
from rag.vocabulary import one_form

LINES_FILE = Path(__file__).with_name("standard_lines.toml")
WORD = re.compile(r"[a-z0-9&]+")
# What a question says around the name of a line, and what such a name may do without.
AROUND = frozenset(
    "a an the what which was were is are be been how much many did do doe ha have had there it their his of in for at "
    "on to by from and as with company business firm group corporation registrant total overall consolidated reported "
    "report amount figure value level size number year fiscal fy ended end ending last latest recent most previou "
    "prior thi that during over spent spend invest invested earn earned make made generate generated provided used "
    "paid pay tell me show give u usd worth annual come came please state both each every change changed develop "
    "developed between million billion dollar s january february march april may june july august september october "
    "november december one two three four five several past they we our you owe owed incur incurred "
    "record recorded large big high carry carried hold held buying it its own".split()
)
# These ask for more than a line says, or for another figure than the accounts hold.
NO_LINE = re.compile(
    r"\b(?:why|who|when|where|adjusted|non-gaap|pro forma|percentage of|percent of|share of|per (?:employee|store|day)|"
    r"how many|expected?|expects|forecast|guidance|quarter)\b",
    re.IGNORECASE,
)
ON_STATEMENT = re.compile(
    r"\b(?:on|in|from|according to) (?:the |its |their )?(?:consolidated )?"
    r"(?:balance sheet|(?:income|cash flow) statement|"
    r"statement of (?:operations|income|earnings|cash flows|financial position))s?\b",
    re.IGNORECASE,
)
IN_BRACKETS = re.compile(r"\((?![^()]*\b(?:diluted|basic)\b)[^()]*\)")
# What no line of the accounts is called by; a question that says it asks for something else.
QUALIFIED = re.compile(
    r"\b(?:adjusted|non-?gaap|pro forma|excluding|segment|organic|currency-neutral|constant currency|comprehensive|"
    r"target|guidance|expects?|would have)\b",
    re.IGNORECASE,
)
OF_THE_PARENT = re.compile(r"\b(?:parent|registrant)[- ](?:company )?only\b", re.IGNORECASE)
ALONE = re.compile(r"(?:basic|diluted)(?: and diluted)?", re.IGNORECASE)


@dataclass(frozen=True)
class StandardLine:
    """A line of the accounts, however a report labels it."""

    name: frozenset[str]  # the words that the question calls it by
    labels: tuple[re.Pattern[str], ...]  # the best first
    also: re.Pattern[str] | None
    statements: tuple[str, ...]
    said: re.Pattern[str] | None
    within: re.Pattern[str] | None = None  # a label that tells the figure itself: 'Dividends ($0.60 per share)'

    def rank(self, row: Row) -> tuple[int, int, int] | None:
        """How well a row is this line, the least the best; nothing where it is another."""
        label = bare_label(row)
        number = next((place for place, one in enumerate(self.labels) if one.fullmatch(label)), None)
        if number is None or QUALIFIED.search(row.label) or OF_THE_PARENT.search(row.title.text if row.title else ""):
            return None
        other_words = core(label) != self.name
        in_current = bool(row.group and re.match(r"\W*current\b", row.group.text, re.IGNORECASE))
        return int(other_words), number, int(in_current)

    def is_beside(self, row: Row) -> bool:
        return self.also is not None and self.also.fullmatch(bare_label(row)) is not None

    def is_said(self, text: str) -> bool:
        """Whether a sentence speaks of this line and no other: not of 'adjusted net income' for net income."""
        if QUALIFIED.search(text):
            return False
        return self.said.search(text) is not None if self.said else self.name <= set(_forms(text))


def standard_line(question: str, companies: Sequence[str] = ()) -> StandardLine | None:
    """The line that a question asks for; none where it says a word that does not belong to the name of one."""
    if NO_LINE.search(question):
        return None
    return _by_name().get(core(ON_STATEMENT.sub(" ", subject_of(question, companies))))


def core(text: str) -> frozenset[str]:
    """The words that tell one line from another."""
    return frozenset(word for word in _forms(text) if word not in AROUND and not re.fullmatch(r"(?:fy)?\d{2,4}", word))


def bare_label(row: Row) -> str:
    """'Net income (loss) attributable to Contoso (1)' as 'net income attributable to contoso'; with its group above
    it where it says nothing alone: 'Diluted' below 'Earnings per share:'."""
    label = row.label
    if row.group and ALONE.fullmatch(label.strip(" :")):
        label = f"{row.group.text} {label}"
    plain = IN_BRACKETS.sub(" ", fold(label).replace("&", " and ").replace("'", "")).replace("u.s.", "us")
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def _forms(text: str) -> list[str]:
    return [one_form(word).replace("taxe", "tax") for word in WORD.findall(fold(text).replace("'s ", " "))]


@cache
def _by_name() -> dict[frozenset[str], StandardLine]:
    rows = tomllib.loads(LINES_FILE.read_text(encoding="utf-8"))["line"]
    found: dict[frozenset[str], StandardLine] = {}
    for row in rows:
        labels = tuple(map(re.compile, row["labels"]))
        also = re.compile(row["also"]) if "also" in row else None
        said = re.compile(row["said"], re.IGNORECASE) if "said" in row else None
        for name in map(core, row["names"]):
            within = re.compile(row["within"], re.IGNORECASE) if "within" in row else None
            found.setdefault(name, StandardLine(name, labels, also, tuple(row.get("statements", ())), said, within))
    return found

"""The offline answer to a question for what every report tells in a place of its own (rag/particulars.py)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from index.filing import Passage
from index.sentences import sentence_spans
from rag.answer import Draft
from rag.kinds import FIRM
from rag.office_holders import office_holders
from rag.particulars import EXCHANGE, Particular

Holds = Callable[[Draft], bool]
COVER = 14_000  # characters
MOST_LINES = 5
SHARES = re.compile(r"\bshares?\b|\bcommon stock\b|\bunits\b", re.IGNORECASE)
COUNTED = re.compile(r"\b\d{1,3}(?:,\d{3})+\b|\b\d+(?:\.\d+)? (?:million|billion)\b")
LONGEST = 75  # words
ANNOUNCES = re.compile(r"(?:(?:were|was|are|is|follows|date)\s*\.?|:)\s*$")
STOCK = re.compile(r"\b(?:common|capital|ordinary|class [a-z]) (?:stock|shares?)\b", re.IGNORECASE)
SIGNED = re.compile(r"^[ \t|]*/s/\s*(?P<firm>[^|\n]{3,60})$", re.IGNORECASE | re.MULTILINE)
REPORT = re.compile(
    r"^[^\w\n]*(?:item \d+\S*\s*)?(?P<title>reports? of (?:independent|certified|[^|\n]{3,40}, independent)[^|\n]{0,80}"
    r"(?:accountants?|auditors?|firm))[^\w\n]*$",
    re.IGNORECASE | re.MULTILINE,
)


def compose_particular(wanted: Particular, passages: Sequence[Passage], holds: Holds) -> list[Draft]:
    """The drafts that tell it, from all passages of one filing in reading order; none where its place is empty."""
    if wanted.kind == "office" and wanted.told:
        found = office_holders(wanted.told, passages)
        drafts = [Draft(one.told, (one.passage.id,), quotes=(one.quote,)) for one in found]
        return [draft for draft in drafts if holds(draft)]
    offered = {"shares": _shares_outstanding, "exchange": _listed_on_cover, "auditor": _signed_by_auditor}
    of_kind = offered.get(wanted.kind, _nothing)
    first = next((draft for draft in of_kind(passages) if holds(draft)), None)
    return [first] if first else []


def _nothing(_passages: Sequence[Passage]) -> Iterator[Draft]:
    yield from ()


def _shares_outstanding(passages: Sequence[Passage]) -> Iterator[Draft]:
    """The cover's 'N shares outstanding as of DATE', in a sentence, a line or a small table."""
    cover = [one for one in passages if one.start < COVER]
    for passage in cover:
        for start, end in sentence_spans(passage.text):
            sentence = passage.text[start:end]
            if re.search(r"\boutstanding\b", sentence, re.IGNORECASE) and SHARES.search(sentence):
                lines = [line for line in sentence.split("\n") if "outstanding" in line and COUNTED.search(line)]
                if lines or COUNTED.search(sentence):
                    yield _of_lines(passage, lines[-1] if lines else sentence)
                elif ANNOUNCES.search(sentence):
                    below = re.match(rf"(?:\s*[^\n]*(?:\n|$)){{1,{MOST_LINES}}}?(?=\s*\n|\s*$)", passage.text[end:])
                    block = passage.text[start : end + (below.end() if below else 0)].rstrip()
                    if COUNTED.search(block):
                        yield _of_lines(passage, block)


def _of_lines(passage: Passage, quote: str) -> Draft:
    lines = [line.strip().replace(" | ", ": ") for line in quote.split("\n") if line.strip()]
    text = "; ".join(lines).replace(":; ", ": ").rstrip(" .;") + "."
    return Draft(text, (passage.id,), quotes=(quote.strip(),))


def _listed_on_cover(passages: Sequence[Passage]) -> Iterator[Draft]:
    """The cover's row of the stock, its symbol and its exchange."""
    for passage in passages:
        if passage.start >= COVER:
            return
        for line in passage.text.split("\n"):
            if " | " in line and STOCK.search(line) and EXCHANGE.search(line):
                yield Draft(line.strip().replace(" | ", ", ") + ".", (passage.id,), quotes=(line.strip(),))


def _signed_by_auditor(passages: Sequence[Passage]) -> Iterator[Draft]:
    """'Report of Independent Registered Public Accounting Firm' and the name below it."""
    title: tuple[Passage, str] | None = None
    for passage in passages:
        marks = [(match.start(), match, True) for match in REPORT.finditer(passage.text)]
        marks += [(match.start(), match, False) for match in SIGNED.finditer(passage.text)]
        for _, match, is_title in sorted(marks, key=lambda mark: mark[0]):
            if is_title:
                title = (passage, match["title"].strip())
            elif title and FIRM.search(match["firm"]):
                firm = match["firm"].strip()
                quotes = (title[1], firm)
                yield Draft(f"{title[1]}: {firm}.", (title[0].id, passage.id), quotes=quotes)

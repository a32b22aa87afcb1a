"""Submissions to the SEC as they were sent: a header of the filer's, then documents, of which the report is one."""

from __future__ import annotations

import re

from index.readers.columns import LEADERS
from index.readers.completeness import must_be_whole_submission
from index.readers.document import Document
from index.readers.markup import looks_like_markup, read_page
from index.readers.pages import text_of_pages
from index.readers.tables import join_figures
from index.readers.wrapping import LONGEST_LABEL, is_ruler

ENVELOPE = re.compile(
    r"\A\s*(?:-----BEGIN PRIVACY-ENHANCED|<SEC-DOCUMENT>|<SEC-HEADER>|<IMS-DOCUMENT>|<IMS-HEADER>|<DOCUMENT>|<TYPE>)"
)
HEADER_LINE = re.compile(r"^\s*([A-Z][A-Z /&.-]{2,50}):[ \t]+(\S[^\n]*?)\s*$", re.MULTILINE)
HEADER_ENDS = re.compile(r"</(?:SEC|IMS)-HEADER>|<DOCUMENT>")
TYPE = re.compile(r"<TYPE>[ \t]*([^\s<][^\n<]*)")
LINE_OF_HEAD = re.compile(r"^[ ]*<(?:TYPE|SEQUENCE|FILENAME|DESCRIPTION)>[^\n]*\n?", re.MULTILINE)
WRAPPING_TAG = re.compile(r"</?(?:TEXT|XBRL|PDF|XML|DOCUMENT)>", re.IGNORECASE)
REPORT = re.compile(r"10-?K(?:SB|T|405)?|10-?Q|20-F|40-F|8-K|6-K|ARS", re.IGNORECASE)
EXHIBIT = re.compile(r"EX-|GRAPHIC|COVER|CORRESP|XML|ZIP|EXCEL|JSON|PDF", re.IGNORECASE)
ESCAPED_DASH = re.compile(r"^- (?=-)", re.MULTILINE)  # privacy-enhanced mail writes "- " before a line of dashes
BOX = re.compile(r"\|([ xX_]?)\|")  # a box to tick, which would pass for cells of a table
TAGGED = re.compile(r"^[ \t]*<(?:PAGE|TABLE|CAPTION)>", re.MULTILINE)
SNIFFED = 200_000  # characters
PAGE = re.compile(r"^[ \t]*<PAGE>(?:[ \t]*\d{1,3}[ \t]*$)?", re.MULTILINE | re.IGNORECASE)
TABLE = re.compile(r"<TABLE>(.*?)(?:</TABLE>|(?=<TABLE>)|\Z)", re.DOTALL | re.IGNORECASE)
COLUMN_GAP = re.compile(r"\s{2,}")
COLUMN_TAGS = re.compile(r"^[^\n]*<S>[^\n]*\n?", re.MULTILINE)
COLUMN_GAP = re.compile(r"\s{2,}")
TAG = re.compile(
    r"</?(?:CAPTION|S|C|FN|F\d{1,2}|R|I|B|U|PRE|TABLE|PAGE|TEXT|DOCUMENT|SEC-DOCUMENT|BOLD)>", re.IGNORECASE
)


def looks_like_submission(raw: str) -> bool:
    return ENVELOPE.match(raw) is not None


def looks_tagged(raw: str) -> bool:
    """Text with the old tags whose envelope somebody took away."""
    return TAGGED.search(raw, 0, SNIFFED) is not None


def read_submission(raw: str) -> Document:
    """The report among the documents; the header's facts, and a note on what else was sent with it."""
    must_be_whole_submission(raw)
    ends = HEADER_ENDS.search(raw)
    facts = _facts(raw[: ends.start()] if ends else "")
    documents = [part.partition("</DOCUMENT>")[0] for part in raw.split("<DOCUMENT>")[1:]] or [
        raw[ends.end() if ends else 0 :]
    ]
    types = [match.group(1).strip() if (match := TYPE.search(document[:2000])) else "" for document in documents]
    chosen = _report_among(types)
    if types[chosen]:
        facts["TYPE"] = types[chosen]
    body = _body(documents[chosen])
    document = read_page(body) if looks_like_markup(body) else read_tagged_text(body)
    others = [kind for place, kind in enumerate(types) if place != chosen and kind]
    note = f"Of the submission these documents were left out: {', '.join(others[:12])}." if others else ""
    return Document(document.text, {**facts, **document.facts}, tuple(filter(None, [*document.notes, note])))


def read_tagged_text(body: str) -> Document:
    """Text with tags for pages and for tables, as filings were before HTML."""
    body = BOX.sub(r"[\1]", ESCAPED_DASH.sub("", body))
    body = TABLE.sub(lambda table: f"\n{_rows(table.group(1))}\n", PAGE.sub("\f", body))
    pages = TAG.sub("", body).split("\f")
    while len(pages) > 1 and not pages[0].strip():
        pages.pop(0)  # the text begins with the tag of its first page
    text, notes = text_of_pages(pages)
    return Document(text, {}, notes)


def _facts(header: str) -> dict[str, str]:
    """The filer's own lines; of several filers the first."""
    facts: dict[str, str] = {}
    for match in HEADER_LINE.finditer(header):
        facts.setdefault(match.group(1).strip(), match.group(2))
    return facts


def _report_among(types: list[str]) -> int:
    """The place of the report: the annual one before others, the first of equals."""
    for wanted in (lambda kind: kind.upper().startswith("10-K"), REPORT.match, lambda kind: not EXHIBIT.match(kind)):
        for place, kind in enumerate(types):
            if kind and wanted(kind):
                return place
    return 0


def _body(document: str) -> str:
    _, opened, text = document.partition("<TEXT>")
    return WRAPPING_TAG.sub("", LINE_OF_HEAD.sub("", text.partition("</TEXT>")[0] if opened else document))


def _rows(table: str) -> str:
    """The table's rows, "label | cell | cell", with a label that was wrapped in one piece."""
    marked = COLUMN_TAGS.search(table) is not None
    lines = [line.expandtabs().rstrip() for line in TAG.sub("", COLUMN_TAGS.sub("", table)).split("\n")]
    lines = [line for line in lines if not is_ruler(line)]
    split = [COLUMN_GAP.split(LEADERS.sub("   ", line.strip())) for line in lines]
    if not marked and sum(len(cells) > 1 for cells in split) < len(lines) / 3:
        return "\n".join(lines)  # text that was put in a table
    rows: list[list[str]] = []
    for line, cells in zip(lines, split, strict=True):
        goes_on = bool(rows) and cells[0][:1].islower() and line.startswith(" ")
        if goes_on and len(rows[-1]) == 1 and 0 < len(rows[-1][0]) < LONGEST_LABEL and not rows[-1][0].endswith(":"):
            rows[-1] = [f"{rows[-1][0]} {cells[0]}", *cells[1:]]
        elif goes_on and len(cells) == 1 and len(rows[-1][0]) < LONGEST_LABEL:
            rows[-1][0] += " " + cells[0]
        else:
            rows.append(cells)
    return "\n".join(" | ".join([cells[0], *join_figures(cells[1:])]) for cells in rows)

"""HTML and inline XBRL: what a reader of the page sees, and what the filer declared in it.

The walk is a loop and not a recursion: filings nest a few dozen levels deep, and hostile ones tens of thousands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.readers.completeness import must_be_whole_markup
from index.readers.document import Document
from index.readers.pages import mend_pages
from index.readers.stylesheet import StyleSheet
from index.readers.tables import Cell, table_lines
from index.readers.visibility import Look, look_inside
from index.readers.wrapping import unwrap

HTML_START = re.compile(r"<!doctype\s+html|<html\b", re.IGNORECASE)
HTML_TAG = re.compile(
    r"<!doctype\s+html|<(?:html|xbrl)\b|</(?:html|body|div|span|td|tr|p|font|a|ix:\w+)>", re.IGNORECASE
)
MOST_TAGS = 5  # a text may have kept a few
SNIFFED = 200_000  # characters
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary ul".split()
)
DROPPED = frozenset(
    "head script style noscript template iframe object embed svg math canvas audio video select textarea button "
    "noframes noembed title".split()
)
CELLS = frozenset(["td", "th"])
PAGE_BREAK_BEFORE = re.compile(r"break-before\s*:\s*(?:always|page|left|right)")
PAGE_BREAK_AFTER = re.compile(r"break-after\s*:\s*(?:always|page|left|right)")
INLINE_BLOCK = re.compile(r"display\s*:\s*inline")
LONE_BULLET = re.compile(r"[•·●▪◦■□○§‣⁃∙◆◊➢❖♦✓\uf0b7\uf0a7\uf06e]|\(\d{1,2}\)")
LONE_PAGE_NUMBER = re.compile(r"[-–—]?\s*(?:page\s+)?(?:\d{1,3}|[ivx]{1,5}|[A-Z]{1,2}-\d{1,3})\s*[-–—]?", re.IGNORECASE)
# XHTML may close an element at once; HTML takes <div/> for an opening tag and would put all that follows inside it.
CLOSED_AT_ONCE = re.compile(
    r"<((?!(?:br|hr|img|meta|link|input|col|area|base|wbr|param)\b)[a-z][\w:.-]*)((?:\s[^<>]*)?)/>", re.I
)
XHTML = re.compile(r"\s*<\?xml|<html[^>]{0,2000}xmlns", re.IGNORECASE)
WINGDINGS = str.maketrans(dict.fromkeys("þxýQRS", "☒") | dict.fromkeys("¨oq", "☐") | dict.fromkeys("nlw§·Ø", "•"))
LOOKS = frozenset(["style", "hidden", "bgcolor", "color", "size", "face"])
MOST_HIDDEN_LETTERS = 40  # spacers and notes of the software that made the file


@dataclass
class _Open:
    """An element that is open: what is to be done when it closes."""

    node: LexborNode
    look: Look
    role: str = ""  # "block", "pre", "table" or "cell" when it ends or holds lines
    break_after: bool = False


class _Page:
    """The lines that have been read, and the tables and cells that are still open."""

    def __init__(self) -> None:
        self.boxes = [Cell()]  # the page itself, then each open cell
        self.tables: list[list[list[Cell]]] = []
        self.words: list[str] = []
        self.preformatted = 0
        self.raised = False
        self.hidden_letters = 0
        self.facts: dict[str, str] = {}

    def add_text(self, text: str, look: Look) -> None:
        if look.hidden:
            self.hidden_letters += sum(map(str.isalnum, text))
        else:
            if self.raised and text[:1].isdigit() and self.words and self.words[-1][-1:].isalnum():
                self.words.append(" ")  # the number of a note is no part of the figure or the word before it
            self.raised = False
            self.words.append(text.translate(WINGDINGS) if look.wingdings else text)

    def end_line(self, blank: bool = False, keep_bullet: bool = False) -> None:
        """What was collected becomes a line, and a blank one comes after it; a lone bullet waits for its text."""
        lines = self.boxes[-1].lines
        if self.words:
            text = "".join(self.words)
            self.words.clear()
            if self.preformatted:
                lines.extend(unwrap(text))
            elif keep_bullet and LONE_BULLET.fullmatch(text.strip()):
                self.words.append(text.strip() + " ")
                return
            elif line := " ".join(text.split()):
                lines.append(line)
        if blank and lines and lines[-1] not in ("", "\f"):
            lines.append("")

    def break_line(self) -> None:
        if self.preformatted:
            self.words.append("\n")
        else:
            self.end_line(keep_bullet=True)

    def break_page(self) -> None:
        self.end_line(blank=True)
        lines = self.boxes[-1].lines
        if lines and lines[-1] != "\f":
            lines[-1] = "\f"

    def ends_in_page_number(self) -> bool:
        return any(LONE_PAGE_NUMBER.fullmatch(line) for line in self.boxes[-1].lines[-2:])

    def open_table(self) -> None:
        self.end_line(blank=True)
        self.tables.append([])

    def close_table(self) -> None:
        lines = table_lines(self.tables.pop())
        box = self.boxes[-1]
        box.lines.extend(lines)
        box.laid_out = bool(self.tables)
        if lines and lines[-1] not in ("", "\f"):
            box.lines.append("")

    def open_cell(self) -> None:
        self.end_line()
        self.boxes.append(Cell())
        if not self.tables[-1]:
            self.tables[-1].append([])
        self.tables[-1][-1].append(self.boxes[-1])

    def close_cell(self) -> None:
        self.end_line()
        lines = self.boxes.pop().lines
        while lines and not lines[-1]:
            lines.pop()


def looks_like_markup(raw: str) -> bool:
    opening = raw[:5000].lstrip("\ufeff \t\n")
    return len(HTML_TAG.findall(raw, 0, SNIFFED)) > MOST_TAGS or (
        opening.startswith("<") and HTML_START.search(opening) is not None
    )


def read_markup(raw: str) -> Document:
    """The text and facts of a page that must have come whole."""
    must_be_whole_markup(raw)
    return read_page(raw)


def read_page(raw: str) -> Document:
    """The text that a browser would show, and the facts of the cover page that inline XBRL declares."""
    if XHTML.match(raw[:5000]):
        raw = CLOSED_AT_ONCE.sub(r"<\1\2></\1>", raw)
    tree = LexborHTMLParser(raw.encode("utf-8", "replace"))
    page = _Page()
    if tree.root is not None:
        _walk(tree.root, page)
    page.end_line()
    notes = []
    if page.hidden_letters > MOST_HIDDEN_LETTERS:
        notes.append(f"{page.hidden_letters} letters that the page hides from its readers were left out.")
    text, dropped = mend_pages(page.boxes[0].lines)
    return Document(text, page.facts, (*notes, *dropped))


def _walk(root: LexborNode, page: _Page) -> None:
    looks: dict[tuple[Look, tuple[tuple[str, str | None], ...]], Look] = {}
    sheet = StyleSheet("\n".join(style.text() for style in root.css("style")))
    path = [_Open(root, Look())]  # the elements that are open, outermost first
    node: LexborNode | None = root.first_child
    while True:
        while node is None:  # no more siblings: the element that holds them closes
            closing = path.pop()
            if not path:
                return
            _close(closing, page)
            node = closing.node.next
        tag = node.tag or ""
        if tag == "-text":
            page.add_text(node.text_content or "", path[-1].look)
        elif tag == "-comment":
            if "PAGEBREAK" in (node.comment_content or "").upper()[:40]:
                page.break_page()
        elif tag == "ix:header":
            for fact in node.css("[name]"):
                _declare(fact, page)
        elif tag not in DROPPED:
            attributes = node.attributes
            if sheet.rules and ("class" in attributes or "id" in attributes):
                attributes["style"] = sheet.style_of(attributes)
            if tag == "ix:nonnumeric":
                _declare(node, page)
            look = path[-1].look
            if not LOOKS.isdisjoint(attributes):
                key = (look, tuple((name, attributes[name]) for name in sorted(LOOKS & attributes.keys())))
                look = looks.get(key) or looks.setdefault(key, look_inside(look, attributes))
            element = _Open(node, look)
            if look.shown:
                _open(element, tag, attributes, page)
            path.append(element)
            node = node.first_child
            continue
        node = node.next


def _open(element: _Open, tag: str, attributes: dict[str, str | None], page: _Page) -> None:
    style = (attributes.get("style") or "").lower()
    if "break-" in style:
        element.break_after = PAGE_BREAK_AFTER.search(style) is not None
        if PAGE_BREAK_BEFORE.search(style):
            page.break_page()
    if tag == "br":
        page.break_line()
    elif tag == "table":
        element.role = "table"
        page.open_table()
    elif tag == "tr" and page.tables:
        page.tables[-1].append([])
    elif tag in CELLS and page.tables:
        element.role = "cell"
        page.open_cell()
    elif tag in BLOCKS and not ("display" in style and INLINE_BLOCK.search(style)):
        element.role = "pre" if tag == "pre" else "block"
        page.end_line(blank=True, keep_bullet=True)
        page.preformatted += tag == "pre"
        if tag == "hr" and page.ends_in_page_number():
            page.break_page()
        elif tag == "li":
            page.words.append("• ")
    elif tag == "sup" or "super" in style:
        page.raised = True


def _close(element: _Open, page: _Page) -> None:
    if element.role == "table":
        page.close_table()
    elif element.role == "cell":
        page.close_cell()
    elif element.role:
        page.end_line(blank=True, keep_bullet=True)
        page.preformatted -= element.role == "pre"
    if element.break_after:
        page.break_page()


def _declare(node: LexborNode, page: _Page) -> None:
    """Keep a fact about the filing itself; the first of a name, for the filer comes before its co-registrants."""
    name = node.attributes.get("name") or ""
    if name.startswith("dei:"):
        value = " ".join(node.text().split())
        if value:
            page.facts.setdefault(name, value)

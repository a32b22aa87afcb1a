"""HTML and inline XBRL: what a reader of the page sees, and what the filer declared in it.

The walk is a loop and not a recursion: filings nest a few dozen levels deep, and hostile ones tens of thousands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.readers.completeness import must_be_whole_markup
from index.readers.document import Document
from index.readers.layout import Layout
from index.readers.pages import mend_pages
from index.readers.stylesheet import StyleSheet
from index.readers.visibility import Look, look_inside

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
RAISED = re.compile(r"(?:vertical-align\s*:\s*super|(?<![\w-])top\s*:\s*-\d)")
INLINE_BLOCK = re.compile(r"display\s*:\s*inline")
# XHTML may close an element at once; HTML takes <div/> for an opening tag and would put all that follows inside it.
CLOSED_AT_ONCE = re.compile(
    r"<((?!(?:br|hr|img|meta|link|input|col|area|base|wbr|param)\b)[a-z][\w:.-]*)((?:\s[^<>]*)?)/>", re.I
)
XHTML = re.compile(r"\s*<\?xml|<html[^>]{0,2000}xmlns", re.IGNORECASE)
LOOKS = frozenset(["style", "hidden", "bgcolor", "color", "size", "face"])
MOST_HIDDEN_LETTERS = 40  # spacers and notes of the software that made the file


@dataclass
class _Open:
    """An element that is open: what is to be done when it closes."""

    node: LexborNode
    look: Look
    role: str = ""  # "block", "pre", "table" or "cell" when it ends or holds lines
    break_after: bool = False


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
    layout = Layout()
    if tree.root is not None:
        _walk(tree.root, layout)
    layout.end_line()
    notes = []
    if layout.hidden_letters > MOST_HIDDEN_LETTERS:
        notes.append(f"{layout.hidden_letters} letters that the page hides from its readers were left out.")
    text, dropped = mend_pages(layout.boxes[0].lines)
    return Document(text, layout.facts, (*notes, *dropped))


def _walk(root: LexborNode, layout: Layout) -> None:
    looks: dict[tuple[Look, tuple[tuple[str, str | None], ...]], Look] = {}
    sheet = StyleSheet("\n".join(style.text() for style in root.css("style")))
    path = [_Open(root, Look())]  # the elements that are open, outermost first
    node: LexborNode | None = root.first_child
    while True:
        while node is None:  # no more siblings: the element that holds them closes
            closing = path.pop()
            if not path:
                return
            _close(closing, layout)
            node = closing.node.next
        tag = node.tag or ""
        if tag == "-text":
            layout.add_text(node.text_content or "", path[-1].look)
        elif tag == "-comment":
            if "PAGEBREAK" in (node.comment_content or "").upper()[:40]:
                layout.break_page()
        elif tag == "ix:header":
            for fact in node.css("[name]"):
                _declare(fact, layout)
        elif tag not in DROPPED:
            attributes = node.attributes
            if sheet.rules and ("class" in attributes or "id" in attributes):
                attributes["style"] = sheet.style_of(attributes)
            if tag == "ix:nonnumeric":
                _declare(node, layout)
            look = path[-1].look
            if not LOOKS.isdisjoint(attributes):
                key = (look, tuple((name, attributes[name]) for name in sorted(LOOKS & attributes.keys())))
                look = looks.get(key) or looks.setdefault(key, look_inside(look, attributes))
            element = _Open(node, look)
            if look.shown:
                _open(element, tag, attributes, layout)
            path.append(element)
            node = node.first_child
            continue
        node = node.next


def _open(element: _Open, tag: str, attributes: dict[str, str | None], layout: Layout) -> None:
    style = (attributes.get("style") or "").lower()
    if "break-" in style:
        element.break_after = PAGE_BREAK_AFTER.search(style) is not None
        if PAGE_BREAK_BEFORE.search(style):
            layout.break_page()
    if tag == "br":
        layout.break_line()
    elif tag == "page":  # <PAGE>, in the first years of HTML, when it wrapped text that was set with the old tags
        layout.break_page()
    elif tag == "table":
        element.role = "table"
        layout.open_table()
    elif tag == "tr" and layout.tables:
        layout.tables[-1].append([])
    elif tag in CELLS and layout.tables:
        element.role = "cell"
        layout.open_cell()
    elif tag in BLOCKS and not ("display" in style and INLINE_BLOCK.search(style)):
        element.role = "pre" if tag == "pre" else "block"
        layout.end_line(blank=True, keep_bullet=True)
        layout.preformatted += tag == "pre"
        if tag == "hr" and layout.ends_in_page_number():
            layout.break_page()
        elif tag == "li":
            layout.words.append("• ")
    elif tag == "sup" or RAISED.search(style):
        layout.raised = True


def _close(element: _Open, layout: Layout) -> None:
    if element.role == "table":
        layout.close_table()
    elif element.role == "cell":
        layout.close_cell()
    elif element.role:
        layout.end_line(blank=True, keep_bullet=True)
        layout.preformatted -= element.role == "pre"
    if element.break_after:
        layout.break_page()


def _declare(node: LexborNode, layout: Layout) -> None:
    """Keep a fact about the filing itself; the first of a name, for the filer comes before its co-registrants."""
    name = node.attributes.get("name") or ""
    if name.startswith("dei:"):
        value = " ".join(node.text().split())
        if value:
            layout.facts.setdefault(name, value)

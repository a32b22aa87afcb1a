"""What the cover page of a report says: who files it, on which form, for which period, under which symbol."""

from __future__ import annotations

import re
from datetime import date, datetime

COVER = 6000  # characters in which a filing says what it is
NAME_LABEL = re.compile(
    r"\(? ?(?:exact )?name of (?:each )?(?:the )?(?:registrant|issuer|company|small business issuer|co-?registrant)s?"
    r"(?: \([^)\n]{0,40}\))? (?:as )?(?:it appears |specified |stated |set forth )?in (?:its|their|the) (?:\w+ )?"
    r"(?:charter|declaration|articles)|\(exact name of registrant",
    re.IGNORECASE,
)
LINES_ABOVE = 6
FILE_NUMBER = re.compile(r"^[^\n]{0,60}commission file (?:number|no)[^\n]*$", re.IGNORECASE | re.MULTILINE)
SMALL_CAPITALS = re.compile(r"\b([A-Z]) (?=[A-Z]{3,}\b)")  # "MGM R ESORTS I NTERNATIONAL", as it comes out of a PDF
# What stands between the name and its label, or in the name's place, and is none.
NO_NAME = re.compile(
    r"commission\b|file\b|\(|for the\b|from\b|or\b|form\b|annual\b|united states|securities\b|washington|i\.?r\.?s|"
    r"[\W\d_]*$|☒|☐|\[|transition|amendment|mark one|table of contents",
    re.IGNORECASE,
)
SUFFIX_ALONE = re.compile(
    r"(?:inc|incorporated|corp|corporation|company|co|l\.?p|llc|ltd|limited|plc|trust|and subsidiaries|& co)\W*$",
    re.IGNORECASE,
)
FORM_NAME = r"(?:10|8|20|40|6|11) ?[-–—‑]? ?(?:KSB|KT|K|QSB|QT|Q|F)(?:405|40|12B)?(?:/A)?"
FORM_LINE = re.compile(
    rf"^[^\w\n]{{0,6}}F ?O ?R ?M[ :|]{{0,3}}({FORM_NAME})(?![\w-])[^\n]{{0,40}}$", re.IGNORECASE | re.M
)
FORM_NAMED = re.compile(rf"\bform[ :]{{1,2}}({FORM_NAME})(?![\w-])", re.IGNORECASE)
REPORT_KIND = re.compile(r"\b(annual|quarterly|current) report (?:pursuant to|under) section 1[35]", re.IGNORECASE)
FORM_OF_KIND = {"annual": "10-K", "quarterly": "10-Q", "current": "8-K"}
# "this Annual Report on Form 10-K" is the report itself; "our Annual Report on Form 10-K for 2022" another one.
THIS_FORM = re.compile(rf"\bthis (?:\w+ ){{0,2}}?(?:report on )?form ({FORM_NAME})(?![\w-])", re.IGNORECASE)
AMENDED = re.compile(r"^[^\w\n]{0,6}amendment no\.? ?\d", re.IGNORECASE | re.MULTILINE)
PRESS_RELEASE = re.compile(
    r"^\W*(?:for immediate release|press release|news release)\b|"
    r"^[^\n]{3,90}\b(?:reports?|announces?|reported|announced)\b[^\n.]{0,90}"
    r"\b(?:quarter|full[ -]year|year-end|fiscal)\b[^\n.]{0,60}$",
    re.IGNORECASE | re.MULTILINE,
)
LETTER = re.compile(r"^\W*(?:dear|to our|to the) (?:fellow )?(?:share|stock)(?:holders|owners)", re.IGNORECASE | re.M)
OTHER_KINDS = (("Earnings release", PRESS_RELEASE), ("Shareholder letter", LETTER))
HEADLINES = 2000  # characters in which a press release or a letter says that it is one
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE = (
    rf"((?:{MONTHS}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?) ?\d{{1,2}} ?,? ?\d{{4}}|"
    rf"\d{{1,2}} (?:{MONTHS}),? \d{{4}}|\d{{1,2}}/\d{{1,2}}/\d{{4}})"
)
PERIOD = re.compile(
    rf"\b(?:year|period|quarter|months|weeks)\s+end(?:ed|ing)(?: on)?[\s:|_]{{1,4}}{DATE}", re.IGNORECASE
)
EVENT = re.compile(rf"\bdate of (?:report|earliest event)[^\n]{{0,60}}[\s:|]{{1,4}}{DATE}", re.IGNORECASE)
EVENT_ABOVE = re.compile(rf"{DATE}\s{{1,3}}\(?(?:date of (?:report|earliest event))", re.IGNORECASE)
SYMBOL_TABLE = re.compile(
    r"trading symbol[^\n]*\n\s*(?:[^\n|]*\n\s*)?[^\n|]{3,120} \| ?([A-Z]{1,5}(?:[.-][A-Z])?) ?\|", re.IGNORECASE
)
SYMBOL = re.compile(
    r"\b(?:symbols?(?: is| of)?:?|(?:NYSE|NASDAQ|Nasdaq)(?: Global)?(?: Select)?(?: Market)?\)?:) ?"
    r"[“”\"'‘(]{0,2}([A-Z]{1,5}(?:\.[A-Z])?)\b"
)


def registrant_on_cover(text: str) -> str:
    """The line above '(Exact name of registrant as specified in its charter)', as it is printed."""
    label = NAME_LABEL.search(text, 0, 2 * COVER)
    if not label:
        return _below_file_number(text)
    line_start = text.rfind("\n", 0, label.start()) + 1
    before = text[line_start : label.start()].strip(" |(*_")
    if before and not NO_NAME.match(before) and len(before) < 120:
        return _tidy(before)
    lines = [line.strip(" |*_") for line in text[max(0, line_start - 1500) : line_start].split("\n")]
    above = [line for line in lines if line][-LINES_ABOVE:]
    while above and NO_NAME.match(above[-1]):
        above.pop()
    if not above or len(above[-1]) > 120:
        return ""
    name = above[-1]
    if SUFFIX_ALONE.match(name) and len(above) > 1 and not NO_NAME.match(above[-2]):
        name = f"{above[-2]} {name}"
    return _tidy(name)


def _below_file_number(text: str) -> str:
    """Where a cover has no label for it, the name stands under the number of the file."""
    number = FILE_NUMBER.search(text, 0, COVER)
    below = text[number.end() : number.end() + 400].split("\n") if number else []
    name = next((line.strip(" |*_") for line in below if line.strip(" |*_")), "")
    looks_like_one = 3 < len(name) < 80 and not NO_NAME.match(name) and not re.search(r"[:|]|\d{3}|[.] |^the ", name)
    return _tidy(name) if looks_like_one else ""


def registrant_like(text: str, declared: str) -> str:
    """The cover's own line for a name that the format declares in the SEC's spelling ('COSTCO WHOLESALE CORP /NEW')."""
    first = _significant(declared)[:1]
    for line in text[:COVER].split("\n"):
        words = _significant(line)
        alike = bool(first) and words[:1] == first and len(words) <= len(_significant(declared)) + 2
        if alike and len(line) < 90 and not re.search(r"[|:]|\d{4}|^form", line):
            return _tidy(line)
    return ""


def form_on_cover(text: str) -> str:
    """The form that the cover names, with /A where it is an amendment; nothing when there is no cover."""
    opening = text[:COVER]
    stated = FORM_LINE.search(opening)
    if not stated and (kind := REPORT_KIND.search(opening)):
        named = FORM_NAMED.search(opening)
        form = spelled_form(named.group(1)) if named else FORM_OF_KIND[kind.group(1).casefold()]
    elif stated:
        form = spelled_form(stated.group(1))
    else:
        return ""
    return f"{form}/A" if AMENDED.search(opening) and not form.endswith("/A") else form


def form_in_text(text: str) -> str:
    """What a text without a cover calls itself: 'this Annual Report on Form 10-K'; or what kind of paper it is."""
    if this := THIS_FORM.search(text):
        return spelled_form(this.group(1))
    return next((kind for kind, marks in OTHER_KINDS if marks.search(text, 0, HEADLINES)), "")


def spelled_form(words: str) -> str:
    """'10 – k' as 10-K, '10K405' as 10-K405."""
    plain = re.sub(r"[\s–—‑-]", "", words).upper()
    return re.sub(r"^(10|11|20|40|8|6)(?=[A-Z])", r"\1-", plain)


def period_on_cover(text: str) -> str:
    """The last day of the period that the cover names, or the day of the event that a current report is about."""
    for pattern in (PERIOD, EVENT, EVENT_ABOVE):
        for match in pattern.finditer(text, 0, COVER):
            if day := iso_date(match.group(1)):
                return day
    return ""


def symbol_on_cover(text: str) -> str:
    """The first trading symbol in the cover's table of securities."""
    match = SYMBOL_TABLE.search(text, 0, 2 * COVER)
    return match.group(1) if match and match.group(1).isupper() else ""


def symbol_in_text(text: str) -> str:
    """The symbol of 'listed on the New York Stock Exchange under the symbol "WFC"'."""
    match = SYMBOL.search(text)
    return match.group(1) if match else ""


def iso_date(words: str) -> str:
    """A date in any of the spellings that filings use, as 2024-09-28; nothing when it is none."""
    plain = re.sub(r"(?<=[A-Za-z])\.|,", " ", words)
    plain = re.sub(r"\b([A-Za-z]{3})[A-Za-z]*", r"\1 ", plain)
    plain = " ".join(plain.split()).title()
    for pattern in ("%b %d %Y", "%d %b %Y", "%Y-%m-%d", "%Y%m%d", "%m/%d/%Y"):
        try:
            day = datetime.strptime(plain, pattern).date()
        except ValueError:
            continue
        return day.isoformat() if date(1990, 1, 1) <= day <= date(2100, 1, 1) else ""
    return ""


def _tidy(name: str) -> str:
    name = " ".join(name.split()).strip(" *_|,")
    return SMALL_CAPITALS.sub(r"\1", name) if len(SMALL_CAPITALS.findall(name)) > 1 else name


def _significant(name: str) -> list[str]:
    words = re.findall(r"[a-z0-9]+", name.casefold())
    return words[1:] if words[:1] == ["the"] else words

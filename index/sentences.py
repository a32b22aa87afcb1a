"""Where sentences begin and end, with exact offsets.

pysbd was tried first: one stray straight quote makes it take the four sentences after it for one, and a footnote would
then quote a whole paragraph. The rules of filings are few enough to stand here.
"""

from __future__ import annotations

import re

# A full stop after these does not end a sentence, whatever follows.
NEVER_ENDS = frozenset(
    "mr mrs ms dr messrs prof st ste mt no nos vs v e.g i.e cf al fig figs approx art ch sec secs pp vol ed eds "
    "jan feb mar apr jun jul aug sep sept oct nov dec gen col sen rep rev hon capt lt maj".split()
)
# After these it may: only a word that opens sentences tells.
MAY_END = frozenset(
    "inc corp co ltd llc l.l.c l.p lp plc s.a n.a n.v b.v a.g ag gmbh bros cos etc jr sr ph.d m.d esq dept div est "
    "u.s u.s.a u.k u.n e.u d.c a.m p.m mg ml oz lb lbs ft sq".split()
)
OPENERS = frozenset(
    "a additionally after all also although an and any as at based because before both but by certain currently "
    "despite due during each effective every finally first for from further furthermore given he historically "
    "however if in including it its many moreover most net no on once one other our overall prior provided revenue "
    "revenues sales see she since some such that the their there therefore these they this those through thus to "
    "under unless until upon we what when where while with within you your".split()
)

BOUNDARY = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“‘'(\[$]?[A-Z0-9•])")
WINDOW = 60
LAST_TOKEN = re.compile(r"[\w&.'’-]*$")
FIRST_WORD = re.compile(r"[\"“‘'(\[]?([\w’'-]+)")
ITEM_LABEL = re.compile(r"(?:^|\s)(?:items?|part|note)\s+[0-9IVX]+[A-Za-z]?$", re.IGNORECASE)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence, white space trimmed; the end of a line always ends a sentence."""
    spans: list[tuple[int, int]] = []
    line_start = 0
    for line in text.splitlines(keepends=True):
        begin = 0
        for match in BOUNDARY.finditer(line):
            # A window on either side is enough, and keeps a file of one endless line from taking for ever.
            before = line[max(begin, match.start() - WINDOW) : match.start()]
            if _ends_sentence(before, match.group(), line[match.end() : match.end() + WINDOW]):
                _keep_trimmed(spans, line, line_start, begin, match.end())
                begin = match.end()
        _keep_trimmed(spans, line, line_start, begin, len(line))
        line_start += len(line)
    return spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def _ends_sentence(before: str, mark: str, after: str) -> bool:
    if mark[0] != ".":
        return True
    token = LAST_TOKEN.search(before)
    word = token.group().casefold().strip(".'’").removeprefix("non-") if token else ""  # 'non-U.S. sales'
    if ITEM_LABEL.search(before[-16:]) or not before.strip():
        return False
    if word in NEVER_ENDS:
        # "No. 5" goes on, "The answer was no. The ..." does not.
        return word == "no" and not after[:1].isdigit()
    initial = len(word) == 1 and word.isalpha()
    if word in MAY_END or initial or (len(word) > 2 and re.fullmatch(r"(?:[a-z]\.)+[a-z]", word)):
        opener = FIRST_WORD.match(after)
        return opener is not None and opener.group(1).casefold() in OPENERS
    return True


def _keep_trimmed(spans: list[tuple[int, int]], line: str, offset: int, begin: int, end: int) -> None:
    piece = line[begin:end]
    if piece.strip():
        start = begin + len(piece) - len(piece.lstrip())
        spans.append((offset + start, offset + begin + len(piece.rstrip())))

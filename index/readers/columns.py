"""A line of text set in columns as the cells of a row: "Net sales    $ 5,000" -> Net sales, $5,000."""

from __future__ import annotations

import re

from index.readers.tables import join_figures

# A token of a column of figures: a number with its signs, a dash for nothing, or one of the signs alone.
FIGURE = re.compile(
    r"(?:US|C|A)?[$€£¥(]*[-–—]?[$€£¥(]*(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)[)%*]*(?:\(\d\))?|[-–—]{1,2}%?|[$€£¥%)(]{1,3}"
    r"|N/?A|[nN][./]?[mM]\.?",
)
SIGN = re.compile(r"[$€£¥%)(]{1,3}")
LEADERS = re.compile(r"\.{3,}|(?:\s\.){3,}")
GAP = re.compile(r" {2,}")
WIDE_GAP = re.compile(r" {3,}")
MARKER = re.compile(
    r"\s*(?:[•·●▪■□*o§-]|--|[(\[]?\s?\w{0,4}\s?[)\]]|\w{1,3}\.|\d+\.\d+\w?(?:\(\w\))?|items?\s\d+[a-c]?\.?:?)\s+",
    re.IGNORECASE,
)
MOST_COLUMNS = 16


def cells_of(line: str) -> list[str]:
    """The cells of the line, a single one when it is no row; figures are joined with their signs."""
    line = LEADERS.sub("   ", line.strip())
    tokens = line.split()
    start = len(tokens)
    while start and FIGURE.fullmatch(tokens[start - 1]):
        start -= 1
    figures = sum(not SIGN.fullmatch(token) for token in tokens[start:])
    if (
        figures == 1
        and start
        and not SIGN.fullmatch(tokens[start])
        and not GAP.search(line[: line.rindex(tokens[-1])][-2:])
    ):
        figures = 0  # a sentence may well end its line in a figure
    if not figures:
        return _worded_cells(line)
    label = " ".join(tokens[:start])
    return (
        [*_worded_cells(line[: _end_of_words(line, start)]), *join_figures(tokens[start:])]
        if label
        else join_figures(tokens)
    )


def figures_only(line: str) -> bool:
    tokens = line.split()
    return bool(tokens) and all(map(FIGURE.fullmatch, tokens))


def _end_of_words(line: str, count: int) -> int:
    """Where the first so many words of the line end."""
    end = 0
    for _, word in zip(range(count), re.finditer(r"\S+", line), strict=False):
        end = word.end()
    return end


def _worded_cells(line: str) -> list[str]:
    """Cells of words stand at least three spaces apart; a justified line of prose has gaps all along it."""
    gaps = len(WIDE_GAP.findall(line))
    if not gaps:
        return [" ".join(line.split())]
    narrow = len(GAP.findall(line)) - gaps
    words = len(line.split())
    if narrow > 1 or gaps + 1 > MOST_COLUMNS or (words > 4 and gaps > 0.6 * words):
        return [" ".join(line.split())]
    marker = MARKER.match(line)
    head = line[: marker.end()].strip() + " " if marker else ""
    cells = [" ".join(cell.split()) for cell in WIDE_GAP.split(line[marker.end() if marker else 0 :])]
    return [head + cells[0], *cells[1:]]

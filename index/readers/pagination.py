"""What paper leaves in a text: headers and footers that run through its pages, and sentences that a page tore apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from index.sentences import sentence_spans

EDGE = 3  # lines at the top and at the foot of a page where headers and footers stand
LONGEST_RUNNING_LINE = 90
LEAST_PAGES = 3
# What stands on so many of the pages runs through them; a sentence, or a word or two, may well stand there by chance.
SHARE_OF_PAGES = 0.15
SHARE_OF_DOUBTFUL = 0.3
LEAST_LETTERS = 12
RUNS_THROUGH_A_PART = re.compile(r"(?:item|part)\s+[\divx]+[a-c]?\b.*|.*\(continued\)", re.IGNORECASE)
COUNTED = re.compile(r"(?:item|part|exhibit|note|section|schedule|clause|article|annex|appendix)\b", re.IGNORECASE)
PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page\s+)?(?:\d{1,3}|[ivx]{1,5}|[A-Z]{1,2}-\d{1,3})(?:\s+of\s+\d{1,3})?[-–—.\s]*", re.IGNORECASE
)
NUMBER_AT_EDGE = re.compile(
    r"^\W*(?:page\s+)?(\d{1,3})(?:\s+of\s+\d{1,3})?(?![\w.])\W*|\W*(?<![\w.])(?:page\s+)?(\d{1,3})(?:\s+of\s+\d{1,3})?\W*$",
    re.IGNORECASE,
)
# The head of a table that goes on over pages says what its figures are.
SAYS_WHAT_FIGURES_ARE = re.compile(
    r"\b(?:in|of) (?:millions|thousands|billions)|\bended\b|\bdecember|\bjanuary"
    r"|\b(?:19|20)\d\d\b.*\b(?:19|20)\d\d\b|\$|%",
    re.IGNORECASE,
)
ENDS_PROSE = re.compile(r"[.!?:;|][\"”’')\]]*$")
GOES_ON = re.compile(r"[a-z]|[$(]?\d[\d,.]*\s+[a-z]")
LEAST_PROSE = 50  # characters


def drop_running_lines(pages: Sequence[list[str]]) -> tuple[list[list[str]], int]:
    """The pages without page numbers and repeated headers and footers, and how many lines that were."""
    edges = [_edges(page) for page in pages]
    at_edges = [{" ".join(page[place].split()) for place in places} for page, places in zip(pages, edges, strict=True)]
    running = _running(at_edges)
    numbered = _running_with_page_numbers(at_edges)
    kept: list[list[str]] = []
    seen: set[str] = set()
    dropped = 0
    for number, (page, places) in enumerate(zip(pages, edges, strict=True)):
        away = set()
        for place in places:
            line = " ".join(page[place].split())
            if PAGE_NUMBER.fullmatch(line) or _numbered(line, number) in numbered or (line in running and line in seen):
                away.add(place)
            seen.add(line)  # where a header stands for the first time it may be the heading that then runs on
        dropped += len(away)
        kept.append([line for place, line in enumerate(page) if place not in away])
    return kept, dropped


def _edges(page: list[str]) -> list[int]:
    """Where, at the page's head and foot, lines may be running ones; a number alone must be the outermost."""
    filled = [place for place, line in enumerate(page) if line.strip()]
    found: set[int] = set()
    for side in (filled[:EDGE], filled[: -EDGE - 1 : -1]):
        outermost = True
        for place in side:
            line = page[place].strip()
            if len(line) > LONGEST_RUNNING_LINE:
                break
            if PAGE_NUMBER.fullmatch(line):
                if outermost:
                    found.add(place)
            elif not SAYS_WHAT_FIGURES_ARE.search(line) or "form 10-" in line.casefold():
                found.add(place)
                outermost = outermost and NUMBER_AT_EDGE.search(line) is None
    return sorted(found)


def _running(at_edges: list[set[str]]) -> set[str]:
    times = Counter(line for lines in at_edges for line in lines)
    return {line for line, pages in times.items() if pages >= LEAST_PAGES and pages >= _share(line) * len(at_edges)}


def _share(line: str) -> float:
    """On how many of the pages the line must stand to be a running one."""
    if RUNS_THROUGH_A_PART.fullmatch(line):
        return 0.0
    letters = sum(map(str.isalpha, line))
    return SHARE_OF_DOUBTFUL if letters < LEAST_LETTERS or line.endswith((".", ";", ":")) else SHARE_OF_PAGES


def _running_with_page_numbers(at_edges: list[set[str]]) -> set[tuple[str, int]]:
    """Lines with a number that goes up with the pages, as (words, first page's number)."""
    times = Counter(_numbered(line, number) for number, lines in enumerate(at_edges) for line in lines)
    return {key for key, pages in times.items() if key[0] and pages >= LEAST_PAGES}


def _numbered(line: str, page: int) -> tuple[str, int]:
    """'Apple Inc. | 2024 Form 10-K | 12' on the tenth page: its words, and that its number is ahead by two."""
    match = NUMBER_AT_EDGE.search(line)
    if not match or COUNTED.match(line):
        return "", 0
    words = re.sub(r"[\W_]+", " ", line[: match.start()] + line[match.end() :]).strip().casefold()
    return words, int(match.group(1) or match.group(2)) - page


def mend_torn_sentences(pages: Sequence[list[str]]) -> list[list[str]]:
    """A sentence that goes on over the page, moved whole to the page where it begins; the rest stays in its place."""
    mended = [list(page) for page in pages]
    for page, following in pairwise(mended):
        last = next((place for place in range(len(page) - 1, -1, -1) if page[place].strip()), None)
        first = next((place for place, line in enumerate(following) if line.strip()), None)
        if last is None or first is None or not _is_torn(page[last], following[first]):
            continue
        line = following[first]
        spans = sentence_spans(line)
        end = spans[0][1] if spans else len(line)
        page[last] = f"{page[last].rstrip()} {line[:end].strip()}"
        following[first] = line[end:].strip()
        if not following[first]:
            del following[first]
    return mended


def _is_torn(line: str, following: str) -> bool:
    prose = len(line) >= LEAST_PROSE and " | " not in line and not ENDS_PROSE.search(line.strip())
    return prose and " | " not in following and GOES_ON.match(following.strip()) is not None

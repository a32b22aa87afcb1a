"""What paper leaves in a text: headers and footers that run through its pages, and sentences that a page tore apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from index.sentences import sentence_spans

EDGE = 3  # lines at the top and at the foot of a page where headers and footers stand
LONGEST_RUNNING_LINE = 90
PAGE_NUMBER = re.compile(r"[-–—\s]*(?:page\s+)?(?:\d{1,3}|[ivx]{1,5}|[A-Z]{1,2}-\d{1,3})(?:\s+of\s+\d{1,3})?[-–—.\s]*", re.IGNORECASE)
NUMBER_AT_EDGE = re.compile(r"^\W*(?:page\s+)?\d{1,3}(?:\s+of\s+\d{1,3})?\b\W*|\W*\b(?:page\s+)?\d{1,3}(?:\s+of\s+\d{1,3})?\W*$", re.IGNORECASE)
# The head of a table that goes on over pages says what its figures are.
SAYS_WHAT_FIGURES_ARE = re.compile(
    r"\b(?:in|of) (?:millions|thousands|billions)|\bended\b|\bdecember|\bjanuary|\b(?:19|20)\d\d\b.*\b(?:19|20)\d\d\b|\$|%", re.IGNORECASE
)
ENDS_PROSE = re.compile(r"[.!?:;|][\"”’')\]]*$")
GOES_ON = re.compile(r"[a-z]|[$(]?\d[\d,.]*\s+[a-z]")
LEAST_PROSE = 50  # characters


def drop_running_lines(pages: Sequence[list[str]]) -> tuple[list[list[str]], int]:
    """The pages without page numbers and repeated headers and footers, and how many lines that were."""
    places: dict[str, list[int]] = defaultdict(list)
    edges = [_edges(page) for page in pages]
    for number, page in enumerate(pages):
        for key in {_folded(page[place]) for place in edges[number]}:
            places[key].append(number)
    running = {key for key, numbers in places.items() if key and _runs(numbers)}
    kept: list[list[str]] = []
    seen: set[str] = set()
    dropped = 0
    for page, places_of_edge in zip(pages, edges, strict=True):
        away = set()
        for place in places_of_edge:
            line, key = " ".join(page[place].split()), _folded(page[place])
            if PAGE_NUMBER.fullmatch(line):
                away.add(place)
            elif key in running:
                # Where it stands for the first time, and without a page number, it may be the heading that then runs on.
                if line in seen or NUMBER_AT_EDGE.search(line):
                    away.add(place)
                seen.add(line)
        dropped += len(away)
        kept.append([line for place, line in enumerate(page) if place not in away])
    return kept, dropped


def _edges(page: list[str]) -> list[int]:
    """The places of the lines at the page's head and foot that may be running ones; a number alone must be outermost."""
    filled = [place for place, line in enumerate(page) if line.strip()]
    found = []
    for side in (filled[:EDGE], filled[: -EDGE - 1 : -1]):
        for depth, place in enumerate(side):
            line = page[place].strip()
            if len(line) > LONGEST_RUNNING_LINE:
                break
            if PAGE_NUMBER.fullmatch(line):
                if depth == 0 or place - 1 in found or place + 1 in found:
                    found.append(place)
            elif _folded(line) and not SAYS_WHAT_FIGURES_ARE.search(line) or "form 10-" in line.casefold():
                found.append(place)
    return sorted(set(found))


def _folded(line: str) -> str:
    """The line without its page number and its marks; nothing when it was no more than these."""
    return re.sub(r"[\W_]+", " ", NUMBER_AT_EDGE.sub("", " ".join(line.split()))).strip().casefold()


def _runs(numbers: list[int]) -> bool:
    """On three pages at least, one after the other or every other one."""
    near = sum(later - earlier <= 2 for earlier, later in zip(numbers, numbers[1:], strict=False))
    return near >= 2


def mend_torn_sentences(pages: Sequence[list[str]]) -> list[list[str]]:
    """A sentence that goes on over the page is moved whole to the page where it begins; the rest stays where it stands."""
    mended = [list(page) for page in pages]
    for page, following in zip(mended, mended[1:], strict=False):
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

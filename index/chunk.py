"""From a filing's text to passages: whole sentences under one heading, never across an item or a page."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from index.filing import Filing, Passage, Section
from index.headings import Heading, find_headings, heading_path
from index.sentences import sentence_spans
from index.statements import kind_of_title, without_units

MOST_TOKENS = 160
# The tokenizer takes any word of more than a hundred letters for one token: by letters too, then, a passage has an end.
LETTERS_A_TOKEN = 20
CountAll = Callable[[list[str]], list[int]]


def split_passages(filing: Filing, sections: Sequence[Section], count_all: CountAll) -> list[Passage]:
    """The filing's passages in reading order; joined, they restore its text to the letter."""
    passages: list[Passage] = []
    for start, end, item, heading in _blocks(filing, sections):
        for begin, stop in _pieces(filing.text, start, end, count_all):
            order = len(passages)
            page = bisect_right(filing.pages, begin) or None
            text = filing.text[begin:stop]
            passages.append(Passage(f"{filing.id}:{order}", filing.id, item, heading, text, begin, stop, page, order))
    return passages


def _blocks(filing: Filing, sections: Sequence[Section]) -> Iterator[tuple[int, int, str, str]]:
    """Stretches that belong together: (start, end, item, heading), cut at items, pages and headings."""
    borders = {0, len(filing.text), *filing.pages}
    for section in sections:
        borders |= {section.start, section.end}
    ordered = sorted(borders)
    open_headings: list[Heading] = []
    item = ""
    for start, end in pairwise(ordered):
        now = next((section.item for section in sections if section.start <= start < section.end), "")
        if now != item:
            item, open_headings = now, []
        if open_headings and kind_of_title(without_units(open_headings[0].title)):
            open_headings = []  # a statement that goes on over a page says its title again
        cuts = [start]
        paths = [heading_path(open_headings)]
        body_since_cut = False
        for heading in find_headings(filing.text, start, end, item):
            if heading.level and heading.start == start and any(section.start == start for section in sections):
                continue  # the item's own heading is told by the passage's item
            body_since_cut = bool(filing.text[cuts[-1] : heading.start].strip()) and not _only_headings(
                filing.text[cuts[-1] : heading.start]
            )
            open_headings = [*(h for h in open_headings if h.level < heading.level), heading]
            if body_since_cut:
                cuts.append(heading.start)
                paths.append(heading_path(open_headings))
            else:
                paths[-1] = heading_path(open_headings)
        for begin, stop, path in zip(cuts, [*cuts[1:], end], paths, strict=True):
            if begin < stop:
                yield begin, stop, item, path


def _only_headings(text: str) -> bool:
    """A heading with nothing under it but the next one goes with what follows."""
    return len(text.split()) <= 30 and all(
        len(line) <= 110 and not line.rstrip().endswith(".") for line in text.split("\n")
    )


def _pieces(text: str, start: int, end: int, count_all: CountAll) -> Iterator[tuple[int, int]]:
    """The block in pieces of at most MOST_TOKENS tokens, cut between sentences."""
    spans = sentence_spans(text[start:end])
    if not spans:
        yield start, end
        return
    cuts = [0, *(begin for begin, _ in spans[1:]), end - start]
    units = [(start + a, start + b) for a, b in pairwise(cuts)]
    counts = _weigh([text[a:b] for a, b in units], count_all)
    begin, held = start, 0
    for (unit_start, unit_end), tokens in zip(units, counts, strict=True):
        if begin < unit_start and held + tokens > MOST_TOKENS:
            yield begin, unit_start
            begin, held = unit_start, 0
        if tokens > MOST_TOKENS:
            yield from _split_long(text, unit_start, unit_end, count_all)
            begin = unit_end
            continue
        held += tokens
    if begin < end:
        yield begin, end


def _split_long(text: str, start: int, end: int, count_all: CountAll) -> Iterator[tuple[int, int]]:
    """A single sentence or row that is too long, cut where it hurts least."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # half a second, and seldom needed

    splitter = RecursiveCharacterTextSplitter(
        separators=["; ", ", ", " | ", " "],
        keep_separator="end",
        chunk_size=MOST_TOKENS,
        chunk_overlap=0,
        strip_whitespace=False,
        length_function=lambda piece: _weigh([piece], count_all)[0],
    )
    begin = start
    for piece in splitter.split_text(text[start:end]):
        yield from _split_endless(text, begin, begin + len(piece), count_all)
        begin += len(piece)
    if begin != end:
        raise AssertionError("a splitter without overlap has lost text")


def _split_endless(text: str, start: int, end: int, count_all: CountAll) -> Iterator[tuple[int, int]]:
    """A piece as it is, or, where it has no space to cut it at, in stretches that fit."""
    while start < end:
        stop = end if end - start <= MOST_TOKENS * LETTERS_A_TOKEN else start + 2 * MOST_TOKENS
        while stop - start > 1 and _weigh([text[start:stop]], count_all)[0] > MOST_TOKENS:
            stop = start + (stop - start) // 2
        yield start, stop
        start = stop


def _weigh(texts: list[str], count_all: CountAll) -> list[int]:
    return [max(tokens, len(text) // LETTERS_A_TOKEN) for text, tokens in zip(texts, count_all(texts), strict=True)]

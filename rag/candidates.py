"""What a summary or an answer could say: a filing's sentences, its lists drawn together, the names of its products.

Every candidate keeps the verbatim words that it rests on, for they become its footnotes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from index.filing import Passage
from index.headings import run_in_title
from index.sentences import sentence_spans
from rag.lines import Line, lines_of

FEWEST_WORDS = 4
MOST_BULLETS = 12
DANGLING = re.compile(
    r"^(?:It|They|These|Those|This|Such|Both|Each of these|Of (?:these|those|them)|The latter|The former|"
    r"He|She|His|Her|Its|Their)\b"
    r"(?! Annual| report)"
)
# An order to whoever reads, planted among the words of a report, is nothing that the report says of its company.
ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override) (?:all |any |the |your |these |those )*"
    r"(?:previous|prior|above|earlier|preceding|other|system)?\s?(?:instructions?|prompts?|rules|directions)\b|"
    r"\byou are (?:now )?(?:an? |in )?(?:ai|assistant|chatbot|language model|developer mode)\b|"
    r"\b(?:system prompt|jailbreak)\b|^answer (?:every|all|each|only) ",
    re.IGNORECASE,
)
# 'Item 10. Directors, Executive Officers and Corporate Governance.': a title, though it ends like a sentence.
ITEM_TITLE = re.compile(r"(?:part\s+[ivx]+\W+)?item\s+\d+[a-c]?\s*[.:—–-]\s*(?:\S+\s+){0,13}\S+", re.IGNORECASE)
ENDS_SENTENCE = re.compile(r"[.!?][\"”’')\]]*$")
OF_OTHERS = re.compile(r"\bcompet|\bmarketed by\b|\btrademarks? of\b|\bformerly\b", re.IGNORECASE)
# What was taken is never given back (*+): a hyphen can be read in two ways, and a word of many held it for ever.
MARKED_NAME = re.compile(r"\b[A-Z][\w’'-]*+(?:[ -][A-Z0-9][\w’'-]*+){0,9}+ ?[®™](?: [A-Z][\w’'-]*+)*+")


@dataclass(frozen=True)
class Candidate:
    """Something that could be said, and the filing's words for it."""

    text: str  # as the filing has it
    parts: tuple[tuple[str, str], ...]  # (passage id, verbatim words)
    heading: str  # the nearest one
    path: str  # all open headings
    place: int  # in reading order
    opens_paragraph: bool = False
    opens_section: bool = False
    leans_on: int | None = None  # the place of the sentence before, without which this one dangles
    composed: bool = False


def candidates(passages: Sequence[Passage]) -> list[Candidate]:
    """All candidates of these passages in reading order; headings, table rows and stumps are left out."""
    found: list[Candidate] = []
    last_path = None
    for lines in _lists_and_lines(list(lines_of(passages))):
        if len(lines) > 1:
            found.extend(replace(one, place=len(found)) for one in _from_list(lines))
            continue
        line = lines[0]
        title = run_in_title(line.text)
        for number, sentence in enumerate(line.sentences):
            if sentence.rstrip(".:") == title or not _is_prose(sentence) or ORDER.search(sentence):
                continue
            leans = bool(DANGLING.match(sentence)) and bool(found) and not found[-1].composed
            found.append(
                Candidate(
                    text=sentence,
                    parts=((line.passage.id, sentence),),
                    heading=line.passage.heading.rpartition(" > ")[2],
                    path=line.passage.heading,
                    place=len(found),
                    opens_paragraph=number == 0 or (number == 1 and bool(title)),
                    opens_section=line.passage.heading != last_path,
                    leans_on=len(found) - 1 if leans else None,
                )
            )
            last_path = line.passage.heading
    return found


def _lists_and_lines(lines: list[Line]) -> Iterator[list[Line]]:
    """Lines one by one, but an introduction ("we sell:") together with the bullets that follow it."""
    number = 0
    while number < len(lines):
        end = number + 1
        if lines[number].text.endswith(":"):
            while end < len(lines) and lines[end].text.startswith("- ") and end - number <= MOST_BULLETS:
                end += 1
        yield lines[number:end]
        number = end


def _from_list(lines: list[Line]) -> Iterator[Candidate]:
    """The introduction and its bullets as one sentence: 'We help our customers: provide ...; manage ...'."""
    intro = lines[0].sentences[-1]
    heading = lines[0].passage.heading
    for sentence in lines[0].sentences[:-1]:
        if _is_prose(sentence):
            yield Candidate(sentence, ((lines[0].passage.id, sentence),), heading.rpartition(" > ")[2], heading, 0)
    openings = [_opening(line.text.removeprefix("- ")) for line in lines[1:]]
    text = f"{intro} {'; '.join(openings)}."
    parts = [(lines[0].passage.id, intro)]
    parts += [(line.passage.id, opening) for line, opening in zip(lines[1:], openings, strict=True)]
    yield Candidate(text, tuple(parts), heading.rpartition(" > ")[2], heading, 0, True, True, composed=True)


def _opening(bullet: str) -> str:
    """The first clause of a bullet, word for word."""
    first = re.split(r"(?<=\w)[.;:](?:\s|$)|\s[–—]\s", bullet, maxsplit=1)[0]
    first = re.sub(r"(?:[;,]|(?<!\s))\s+(?:and|or)$", "", first.strip(" ;.,"))
    if len(first.split()) > 22 and ", " in first:
        first = first[: first.index(", ")] if len(first[: first.index(", ")].split()) > 4 else first
    return first


def product_names(passages: Sequence[Passage], product_headings: Container[str]) -> tuple[tuple[str, str], ...]:
    """(passage id, name) of each product: headed paragraphs under a heading about products, and names with ® or ™."""
    named: dict[str, tuple[str, str]] = {}
    times: Counter[str] = Counter()
    for passage in passages:
        main, _, last = passage.heading.rpartition(" > ")
        if main.rpartition(" > ")[2] in product_headings and any(
            run_in_title(line) == last for line in passage.text.split("\n")
        ):
            _name(named, passage.id, last)
        for start, end in sentence_spans(passage.text):
            sentence = passage.text[start:end]
            if OF_OTHERS.search(sentence):
                continue
            for name in MARKED_NAME.findall(sentence):
                times[_bare(name)] += 1
                if times[_bare(name)] >= 2 or " | " in sentence:
                    _name(named, passage.id, name)
    return tuple(named.values())


def _name(named: dict[str, tuple[str, str]], passage_id: str, name: str) -> None:
    """Keep a name unless it, or the family that it belongs to, is there already."""
    key = _bare(name)
    if not any(key == other or key.startswith(f"{other} ") for other in named):
        named[key] = (passage_id, name)


def _bare(name: str) -> str:
    return re.sub(r"[\s®™]+", " ", name).strip().casefold()


def _is_prose(text: str) -> bool:
    return (
        " | " not in text
        and len(text.split()) >= FEWEST_WORDS
        and bool(ENDS_SENTENCE.search(text))
        and not text.startswith("- ")
        and not ITEM_TITLE.fullmatch(text)
    )

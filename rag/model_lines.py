"""What a language model writes, line by line as it comes: SAY a sentence, FROM a passage and its words, NEXT, DONE."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rag.answer import Draft

# Models set marks around a keyword that nobody asked for; the words after it are taken as they are.
SAY = re.compile(r"^\W*SAY\b[\s:*]*(?:\[\s*([\w-]+)\s*\])?[\s:*]*(.*)$")
FROM = re.compile(r"^\W*FROM\b[\s:*]*\[?([\w.-]+)\]?:?\s*(.*)$")
NEXT = re.compile(r"^\W*NEXT\b[\s:*]*(.+)$")
MOST_NEXT = 3
NOT_SAID = re.compile(r"^\W*NOT SAID\W*$")
DONE = re.compile(r"^\W*DONE\W*$")
THINKS = re.compile(r"^\s*<think(?:ing)?>")
THOUGHT = re.compile(r"</think(?:ing)?>\s*$")
MARKS = (("“", "”"), ('"', '"'), ("«", "»"))
LONGEST_LINE = 4000


class LineReader:
    """Takes text in pieces of any size and gives each sentence as soon as it is finished."""

    def __init__(self, passage_of: Mapping[str, str]) -> None:
        self._passage_of = passage_of
        self._rest = ""  # a line that is not finished
        self._said: tuple[str, str] | None = None
        self._sources: list[tuple[str, str]] = []
        self._thinks = False
        self.is_done = False
        self.not_said = False
        self.suggested: list[str] = []  # questions to ask next
        self.is_empty = True

    def feed(self, text: str) -> Iterator[Draft]:
        self.is_empty = self.is_empty and not text.strip()
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            yield from self._read(line)
        if len(self._rest) > LONGEST_LINE:
            self._rest = self._rest[:LONGEST_LINE]  # no sentence is that long; what is cut will not verify

    def end(self) -> Iterator[Draft]:
        """What was pending when the model ended of itself; after a break its last line is not to be trusted."""
        line, self._rest = self._rest, ""
        yield from self._read(line)
        yield from self._finished()

    def break_off(self) -> Iterator[Draft]:
        """The last sentence, if all that it needs was there when the stream broke."""
        self._rest = ""
        if self._sources:
            yield from self._finished()

    def _read(self, line: str) -> Iterator[Draft]:
        if self._thinks or THINKS.match(line):
            self._thinks = not THOUGHT.search(line)
            return
        if not line.strip():
            if self._sources:
                yield from self._finished()
        elif said := SAY.match(line):
            yield from self._finished()
            self._said = (said.group(1) or "", bare(said.group(2)))
        elif (source := FROM.match(line)) and self._said:
            number, words = source.groups()
            # An id that was never given out goes on as it is: verification withholds what cites it, and says so.
            self._sources.append((self._passage_of.get(number, number), bare(words)))
        elif DONE.match(line):
            yield from self._finished()
            self.is_done = True
        elif (following := NEXT.match(line)) and len(self.suggested) < MOST_NEXT:
            yield from self._finished()
            self.suggested.append(bare(following.group(1)))
        elif NOT_SAID.match(line):
            self.not_said = True

    def _finished(self) -> Iterator[Draft]:
        if self._said and self._said[1]:
            facet, text = self._said
            yield Draft(
                text,
                tuple(passage_id for passage_id, _ in self._sources),
                facet,
                tuple(words for _, words in self._sources),
            )
        self._said, self._sources = None, []


def bare(text: str) -> str:
    """The words without the quotation marks that a model likes to set around all of them."""
    text = " ".join(text.split())
    for opening, closing in MARKS:
        if len(text) > 2 and text.startswith(opening) and text.endswith(closing) and closing not in text[1:-1]:
            return text[1:-1].strip()
    return text


def as_written(draft: Draft, number_of: Mapping[str, str]) -> str:
    """The lines of a draft once more, to remind the model of what it said."""
    tag = f"[{draft.facet}] " if draft.facet else ""
    sources = [
        f"FROM {number_of.get(passage_id, passage_id)} {words}"
        for passage_id, words in zip(draft.passage_ids, draft.quotes, strict=True)
    ]
    return "\n".join([f"SAY {tag}{draft.text}", *sources, ""])

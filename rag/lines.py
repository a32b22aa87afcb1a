"""The lines of passages with their sentences: what candidates for answers and statements for summaries are made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.filing import Passage
from index.sentences import sentence_spans


@dataclass(frozen=True)
class Line:
    """A line of a passage that is not empty, and the sentences that begin in it."""

    passage: Passage
    text: str
    sentences: tuple[str, ...]

    @property
    def bulleted(self) -> bool:
        return self.text.startswith("- ")

    @property
    def tabular(self) -> bool:
        return " | " in self.text


def lines_of(passages: Sequence[Passage]) -> Iterator[Line]:
    for passage in passages:
        spans = sentence_spans(passage.text)
        offset = 0
        for raw in passage.text.splitlines(keepends=True):
            inside = tuple(passage.text[a:b] for a, b in spans if offset <= a < offset + len(raw))
            offset += len(raw)
            if raw.strip():
                yield Line(passage, raw.strip(), inside)

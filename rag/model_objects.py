"""What a language model writes as one JSON object, where its endpoint sees to the form: sentence by sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rag.answer import Draft
from rag.model_lines import MOST_NEXT, LineReader, bare

CLOSES = {"}": "{", "]": "["}
A_SENTENCE = ["{", "[", "{"]  # what is open around its fields: the whole, the list, itself


class ObjectReader:
    """Takes text in pieces of any size, as rag/model_lines.py does, and gives each sentence as its object closes."""

    def __init__(self, passage_of: Mapping[str, str]) -> None:
        self._passage_of = passage_of
        self._text = ""
        self._read_to = 0
        self._open: list[str] = []
        self._begins = 0  # where the sentence at hand does
        self._in_string = self._is_escaped = False
        self.is_done = False
        self.not_said = False
        self.suggested: list[str] = []
        self.is_empty = True

    def feed(self, text: str) -> Iterator[Draft]:
        self.is_empty = self.is_empty and not text.strip()
        self._text += text
        while self._read_to < len(self._text) and not self.is_done:
            sign = self._text[self._read_to]
            self._read_to += 1
            if self._in_string:
                self._in_string = self._is_escaped or sign != '"'
                self._is_escaped = sign == "\\" and not self._is_escaped
            elif sign == '"':
                self._in_string = bool(self._open)
            elif sign == "{" or (sign == "[" and self._open):
                self._open.append(sign)
                if self._open == A_SENTENCE:
                    self._begins = self._read_to - 1
            elif self._open and self._open[-1] == CLOSES.get(sign):
                yield from self._closed()

    def end(self) -> Iterator[Draft]:
        """Nothing is pending: a sentence is told when it is whole, or not at all."""
        yield from ()

    def break_off(self) -> Iterator[Draft]:
        yield from ()

    def _closed(self) -> Iterator[Draft]:
        if self._open == A_SENTENCE:
            yield from self._sentence(_object_in(self._text[self._begins : self._read_to]))
        self._open.pop()
        if not self._open:
            whole = _object_in(self._text[self._text.index("{") : self._read_to])
            self.is_done = True
            self.not_said = whole.get("sentences") == []
            following = [bare(_plain(one)) for one in _list(whole.get("next")) if isinstance(one, str)]
            self.suggested = [one for one in following if one][:MOST_NEXT]

    def _sentence(self, fields: Mapping[str, Any]) -> Iterator[Draft]:
        text = bare(_plain(fields.get("sentence")))
        sources = [
            (_plain(source.get("passage")), bare(_plain(source.get("words"))))
            for source in _list(fields.get("sources"))
            if isinstance(source, dict)
        ]
        if text:
            yield Draft(
                text,
                tuple(self._passage_of.get(number, number) for number, _ in sources),
                _plain(fields.get("head")).strip("[] "),
                tuple(words for _, words in sources),
            )


class ReplyReader:
    """Lines or an object, whichever comes: an endpoint that takes a schema need not keep to it, nor its model."""

    def __init__(self, passage_of: Mapping[str, str]) -> None:
        self._passage_of = passage_of
        self._waiting = ""
        self._reader: LineReader | ObjectReader | None = None

    def feed(self, text: str) -> Iterator[Draft]:
        if self._reader is None:
            self._waiting += text
            answer = _undressed(self._waiting)
            if not answer:
                return
            is_object = answer.startswith("{")
            self._reader = ObjectReader(self._passage_of) if is_object else LineReader(self._passage_of)
            text = answer if is_object else self._waiting
        yield from self._reader.feed(text)

    def end(self) -> Iterator[Draft]:
        yield from self._chosen.end()

    def break_off(self) -> Iterator[Draft]:
        yield from self._chosen.break_off()

    @property
    def is_done(self) -> bool:
        return self._reader is not None and self._reader.is_done

    @property
    def not_said(self) -> bool:
        return self._reader is not None and self._reader.not_said

    @property
    def is_empty(self) -> bool:
        return self._reader.is_empty if self._reader else not self._waiting.strip()

    @property
    def suggested(self) -> Sequence[str]:
        return self._reader.suggested if self._reader else ()

    @property
    def _chosen(self) -> LineReader | ObjectReader:
        self._reader = self._reader or LineReader(self._passage_of)
        return self._reader


def as_object(drafts: Sequence[Draft], number_of: Mapping[str, str]) -> str:
    """Drafts once more, to remind the model of what it said."""
    sentences = [
        {
            "head": draft.facet,
            "sentence": draft.text,
            "sources": [
                {"passage": number_of.get(passage_id, passage_id), "words": words}
                for passage_id, words in zip(draft.passage_ids, draft.quotes, strict=True)
            ],
        }
        for draft in drafts
    ]
    return json.dumps({"sentences": sentences, "next": []}, ensure_ascii=False)


def _undressed(text: str) -> str:
    """The answer without what a model thought aloud and the fence that it puts around code; empty until it begins."""
    text = text.lstrip()
    if text.startswith("<think"):
        text = text.partition("</think")[2].partition(">")[2].lstrip()
    if any(opening.startswith(text) for opening in ("<think", "```json")):
        return ""
    return text.removeprefix("```").removeprefix("json").lstrip() if text.startswith("```") else text


def _object_in(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _plain(value: object) -> str:
    """Text on one line; half a character, which JSON can write, could not be kept in any file."""
    return " ".join(value.encode("utf-8", "replace").decode().split()) if isinstance(value, str) else ""

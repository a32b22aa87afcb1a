"""What a language model answers, draft by draft: one request, and the next where that helps.

What goes wrong is tried again a few times and with pauses; then it is one ModelFailed, whose message is a sentence.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Protocol

from index.folding import fold
from index.tokens import count_all
from rag.answer import Draft
from rag.model_failures import ModelFailed, broken_off
from rag.model_lines import LineReader, as_written
from rag.model_settings import ModelSettings
from rag.model_stream import Line, Piece, pieces
from rag.prompts import GO_ON, Message, Prompt

log = logging.getLogger(__name__)
AFTERWARDS_SECONDS = 1.0
MOST_CHARACTERS = 40_000  # of one reply: a model that never ends is left
HIDDEN = "(key)"
EXPECTED_TOKENS = 1_000  # of an answer, as it is put aside before it is known
LETTERS_A_TOKEN = 4
# What costs nothing: no word was read.
REFUSED = frozenset({"unreachable", "key", "model", "busy", "credit", "server", "too long", "strange"})


class Model(Protocol):
    """What a reply needs of a language model."""

    settings: ModelSettings
    counts_tokens: bool

    def client(self) -> object: ...
    def stream(self, messages: list[Message], line: Line) -> Iterator[Piece]: ...
    def failure(self, error: Exception, has_text: bool) -> ModelFailed: ...


class Purse(Protocol):
    """What pays: it is opened before each request, and may refuse with a ModelFailed."""

    def open(self, tokens: int) -> None: ...
    def close(self, read: int, written: int) -> None: ...


class Exchange:
    """One request and what comes back; afterwards it is known what it took."""

    def __init__(
        self, model: Model, messages: list[Message], stop: threading.Event, purse: Purse | None = None
    ) -> None:
        self._model = model
        self._messages = messages
        self._stop = stop
        self._purse = purse
        self.read = self.written = 0  # tokens

    def pieces(self, deadline: float) -> Generator[Piece, None, None]:
        """What the model says, as it comes; raises ModelFailed."""
        try:
            self._model.client()  # seconds of imports, the first time, which are not the model's silence
        except Exception as error:
            raise self._model.failure(error, False) from None
        if self._stop.is_set():
            return
        asked = sum(count_all([text for _, text in self._messages]))
        if self._purse:
            self._purse.open(asked + EXPECTED_TOKENS)
        length, is_charged = 0, True
        silence = self._model.settings.model_silence_seconds
        coming = pieces(
            lambda line: self._model.stream(self._messages, line), self._model.failure, self._stop, silence, deadline
        )
        try:
            for piece in coming:
                length += len(piece.text)
                self.read, self.written = piece.read or self.read, piece.written or self.written
                yield piece
        except ModelFailed as failure:
            is_charged = bool(length) or failure.kind not in REFUSED
            raise
        finally:
            coming.close()
            if is_charged and not self.read:  # not every endpoint counts, and none where one hangs up
                self.read, self.written = asked, length // LETTERS_A_TOKEN
            if self._purse:
                self._purse.close(self.read, self.written)


class Reply:
    """What a model answers: iterate for its drafts; afterwards it is known what it cost and whether it found nothing.

    `fill(share)` makes the prompt, with that share of the passages that the window has room for.
    """

    def __init__(
        self,
        model: Model,
        fill: Callable[[float], Prompt],
        stop: threading.Event,
        more: tuple[Message, ...] = (),
        purse: Purse | None = None,
    ) -> None:
        self._model = model
        self._fill = fill
        self._stop = stop
        self._more = more  # of the conversation, after the prompt
        self._purse = purse
        self._share = 1.0
        self._told: list[Draft] = []
        self._deadline = 0.0
        self.not_said = False
        self.suggested: tuple[str, ...] = ()  # questions to ask next, as it proposes them
        self.tokens = 0

    @property
    def said(self) -> Message:
        """What the model said, as its part of the conversation."""
        number_of = {passage_id: number for number, passage_id in self._fill(self._share).passage_of.items()}
        return "assistant", "\n".join(as_written(draft, number_of) for draft in self._told)

    @property
    def share(self) -> float:
        """Of the room for passages, what the endpoint took."""
        return self._share

    def __iter__(self) -> Iterator[Draft]:
        self._deadline = time.monotonic() + self._model.settings.model_seconds
        attempts = self._model.settings.model_attempts
        for attempt in range(1, attempts + 1):
            try:
                yield from self._once()
                return
            except ModelFailed as failure:
                log.info("Attempt %d of %d: %s", attempt, attempts, failure)
                if attempt == attempts or not self._is_worth_another(failure, attempt):
                    raise

    # One request ------------------------------------------------------------------------------------------------------

    def _once(self) -> Iterator[Draft]:
        prompt = self._fill(self._share)
        messages = [*prompt.messages, *self._more]
        if self._told:
            messages += [self.said, ("user", GO_ON)]
        reader = LineReader(prompt.passage_of)
        length = 0
        ending = ""
        done_by = self._deadline
        exchange = Exchange(self._model, messages, self._stop, self._purse)
        coming = exchange.pieces(self._deadline)
        try:
            for piece in coming:
                length += len(piece.text)
                ending = piece.ending or ending
                yield from self._fresh(reader.feed(piece.text))
                if reader.is_done:  # what it cost comes last of all, if it comes
                    done_by = min(done_by, time.monotonic() + AFTERWARDS_SECONDS)
                if length > MOST_CHARACTERS or time.monotonic() > done_by:
                    break
        except ModelFailed:
            yield from self._fresh(reader.break_off())
            if not reader.is_done:
                raise
        finally:
            coming.close()
            self.tokens += exchange.read + exchange.written
            self.suggested = tuple(reader.suggested)
        if self._stop.is_set():
            return
        if ending == "content_filter":
            raise ModelFailed("declined", "The language model declined to answer.")
        if not reader.is_done and ending != "stop":
            # Neither the last line nor a reason to end: somebody hung up, or the length of the answer was limited.
            yield from self._fresh(reader.break_off())
            if length <= MOST_CHARACTERS:
                raise broken_off()
        yield from self._fresh(reader.end())
        self.not_said = reader.not_said and not self._told
        may_be_nothing = self.not_said or (
            self._more and reader.is_done
        )  # of what is to be mended, all may be left out
        if not self._told and not may_be_nothing:
            if reader.is_empty:
                raise ModelFailed("empty", "The language model answered with nothing.")
            raise ModelFailed("malformed", "The language model did not keep to the form that it was asked for.")

    def _fresh(self, drafts: Iterator[Draft]) -> Iterator[Draft]:
        """The drafts that were not told before; a model that goes on after a break likes to begin anew."""
        for draft in map(self._without_key, drafts):
            if not any(fold(draft.text) == fold(one.text) for one in self._told):
                self._told.append(draft)
                yield draft

    def _without_key(self, draft: Draft) -> Draft:
        """What is withheld is kept for the record as well, and an endpoint knows the key: it may say it."""
        key = self._model.settings.api_key.get_secret_value()
        if not key:
            return draft
        ids, quotes = ([part.replace(key, HIDDEN) for part in parts] for parts in (draft.passage_ids, draft.quotes))
        text, facet = draft.text.replace(key, HIDDEN), draft.facet.replace(key, HIDDEN)
        return Draft(text, tuple(ids), facet, tuple(quotes))

    # Another attempt --------------------------------------------------------------------------------------------------

    def _is_worth_another(self, failure: ModelFailed, attempt: int) -> bool:
        """Whether to try again; if so, after a pause."""
        if failure.kind == "too long":
            self._share /= 2
            return not self._told
        if failure.kind == "strange" and self._model.counts_tokens:
            self._model.counts_tokens = False  # a field of the request that not every endpoint knows
            return True
        pause = failure.pause(attempt)
        if not failure.may_pass or pause > self._model.settings.model_longest_wait:
            return False
        if time.monotonic() + pause > self._deadline:
            return False
        return not self._stop.wait(pause)

"""One request to a language model and what comes back, paid for out of a purse."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from typing import Protocol

from index.tokens import count_all
from rag.model_failures import ModelFailed
from rag.model_settings import ModelSettings
from rag.model_stream import Line, Piece, Takes, pieces
from rag.prompts import LINES, Form, Message

EXPECTED_TOKENS = 1_000  # of an answer, as it is put aside before it is known
LETTERS_A_TOKEN = 4
# What costs nothing: no word was read.
REFUSED = frozenset({"unreachable", "key", "model", "busy", "credit", "server", "too long", "strange"})


class Model(Protocol):
    """What a reply needs of a language model."""

    settings: ModelSettings
    takes: Takes

    def client(self) -> object: ...
    def stream(self, messages: list[Message], line: Line, form: Form) -> Iterator[Piece]: ...
    def failure(self, error: Exception, has_text: bool) -> ModelFailed: ...


class Purse(Protocol):
    """What pays: it is opened before each request, and may refuse with a ModelFailed."""

    def open(self, tokens: int) -> None: ...
    def close(self, read: int, written: int) -> None: ...


class Exchange:
    """One request and what comes back; afterwards it is known what it took."""

    def __init__(
        self,
        model: Model,
        messages: list[Message],
        stop: threading.Event,
        purse: Purse | None = None,
        form: Form = LINES,
    ) -> None:
        self._model = model
        self._messages = messages
        self._stop = stop
        self._purse = purse
        self._form = form
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
            lambda line: self._model.stream(self._messages, line, self._form),
            self._model.failure,
            self._stop,
            silence,
            deadline,
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

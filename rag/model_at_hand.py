"""The conductor's part that knows the language model at hand: which one writes, who pays, and what it wrote before."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, replace

from index.build import FilingIndex
from rag.answer import Answer
from rag.budget import Budget, Purse, Spent
from rag.llm import LanguageModel
from rag.model_exchange import Exchange
from rag.model_failures import ModelFailed
from rag.model_settings import ModelSettings
from rag.model_stream import Takes
from rag.settings import AnswerSettings

MOST_REMEMBERED = 256  # answers
MOST_ENDPOINTS = 256
IMPORTS_SECONDS = 20.0  # of the client, where it was not needed before


def first_word(settings: ModelSettings, seconds: float) -> ModelFailed | None:
    """Ask for a word, which costs a few tokens, and say what is in the way; None: the model answers."""
    model = LanguageModel(settings.model_copy(update={"model_silence_seconds": seconds}))
    exchange = Exchange(model, [("user", "Say OK.")], threading.Event())
    with contextlib.closing(exchange.pieces(time.monotonic() + seconds + IMPORTS_SECONDS)) as coming:
        try:
            next((piece for piece in coming if piece.text), None)
        except ModelFailed as failure:
            return failure
    return None


@dataclass(frozen=True)
class Writer:
    """The model that writes one answer, and what pays for it."""

    model: LanguageModel
    purse: Purse


class ModelAtHand:
    """The usual model, or one that a session brought along; with what they cost, and the answers that they wrote.

    Answers are remembered in memory, and not in the database: there they would outlive the filings that they quote and
    the sessions that asked. A restart costs no more than asking again.
    """

    def __init__(self, index: FilingIndex, settings: AnswerSettings, usual: ModelSettings) -> None:
        self._index = index
        self._takes: dict[tuple[str, str], Takes] = {}  # what was found of an endpoint, whosever key it was found with
        self.usual = LanguageModel(usual, self._takes_of(usual))
        self.budget = Budget(index.library.engine, settings.session_tokens, settings.daily_tokens)
        self._own_session = secrets.token_hex(8)  # of whoever names none: a program is one session
        self._remembered: OrderedDict[Hashable, Answer] = OrderedDict()
        self._remembering = threading.Lock()

    def writer(self, settings: ModelSettings | None, session: str) -> Writer:
        model = LanguageModel(settings, self._takes_of(settings)) if settings else self.usual
        ours, theirs = self.usual.settings, model.settings
        is_ours = (ours.api_key, ours.address) == (theirs.api_key, theirs.address)  # another model of ours costs us too
        return Writer(model, self.budget.purse(session or self._own_session, theirs, is_ours))

    def _takes_of(self, settings: ModelSettings) -> Takes:
        if len(self._takes) >= MOST_ENDPOINTS:  # visitors name models as they like
            self._takes.clear()
        return self._takes.setdefault((settings.address, settings.model), Takes())

    def spent(self, session: str = "") -> Spent:
        return self.budget.spent(session or self._own_session)

    # What was written before ------------------------------------------------------------------------------------------

    def occasion(self, writer: Writer, *asked: Hashable) -> Hashable:
        """All that an answer depends on: what is asked of which filings, as they are now, and the model.

        And whose key pays: one that is refused must be told so, whatever was answered to another.
        """
        settings = writer.model.settings
        account = hashlib.sha256(settings.api_key.get_secret_value().encode()).hexdigest()  # the key itself is not kept
        model = settings.address, settings.model, settings.model_window, account
        return (*asked, self._index.library.generation(), *model)

    def remembered(self, occasion: Hashable) -> Answer | None:
        """The answer of the same occasion, which costs nothing the second time."""
        with self._remembering:
            answer = self._remembered.get(occasion)
            if answer is None:
                return None
            self._remembered.move_to_end(occasion)
        return replace(answer, model_tokens=0, model_cost=0.0)

    def remember(self, occasion: Hashable, answer: Answer) -> Answer:
        """Keep an answer that a model wrote to its end; a note says that it failed or was stopped."""
        if answer.model_tokens and not answer.note:
            with self._remembering:
                self._remembered[occasion] = answer
                while len(self._remembered) > MOST_REMEMBERED:
                    self._remembered.popitem(last=False)
        return answer

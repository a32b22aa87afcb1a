"""What a language model answers, draft by draft: one request, and the next where that helps.

What goes wrong is tried again a few times and with pauses; then it is one ModelFailed, whose message is a sentence.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator

from index.folding import fold
from index.tokens import count_all
from rag.answer import Draft
from rag.model_exchange import Exchange, Model, Purse
from rag.model_failures import COUNTING, ModelFailed, broken_off
from rag.model_lines import as_written
from rag.model_objects import ReplyReader, as_object
from rag.prompts import GO_ON, Message, Prompt

log = logging.getLogger(__name__)
AFTERWARDS_SECONDS = 1.0
MOST_CHARACTERS = 40_000  # of one reply: a model that never ends is left
HIDDEN = "(key)"


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
        prompt = self._fill(self._share)
        number_of = {passage_id: number for number, passage_id in prompt.passage_of.items()}
        if prompt.form.schema:
            return "assistant", as_object(self._told, number_of)
        return "assistant", "\n".join(as_written(draft, number_of) for draft in self._told)

    @property
    def share(self) -> float:
        """Of the room for passages, what the endpoint took."""
        return self._share

    def __iter__(self) -> Iterator[Draft]:
        self._deadline = time.monotonic() + self._model.settings.model_seconds
        attempt, attempts = 1, self._model.settings.model_attempts
        while True:
            try:
                yield from self._once()
                return
            except ModelFailed as failure:
                log.info("Attempt %d of %d: %s", attempt, attempts, failure)
                if self._asks_for_less(failure):
                    continue
                if attempt == attempts or not self._is_worth_another(failure, attempt):
                    raise
                attempt += 1

    # One request ------------------------------------------------------------------------------------------------------

    def _once(self) -> Iterator[Draft]:
        prompt, after = self._packed()
        messages = [*prompt.messages, *after]
        reader = ReplyReader(prompt.passage_of)
        length = 0
        ending = ""
        done_by = self._deadline
        exchange = Exchange(self._model, messages, self._stop, self._purse, prompt.form)
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

    def _packed(self) -> tuple[Prompt, list[Message]]:
        """The prompt and what stands after it: the more that is, the fewer passages, or the window would not do."""
        after = list(self._more)
        if self._told:
            after += [self.said, ("user", GO_ON)]
        taken = sum(count_all([text for _, text in after])) / self._model.settings.model_window
        return self._fill(max(self._share - taken, 0.0)), after

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

    def _asks_for_less(self, failure: ModelFailed) -> bool:
        """Whether to try at once without a field that not every endpoint knows; the next answers do without it, too."""
        takes = self._model.takes
        if failure.kind == "malformed":
            takes.schema = False  # taken, and not kept to: its model may know lines better
        elif failure.kind == "strange" and takes.schema and failure.field != COUNTING:
            takes.schema = False
            return True
        elif failure.kind == "strange" and takes.counting:
            takes.counting = False
            return True
        return False

    def _is_worth_another(self, failure: ModelFailed, attempt: int) -> bool:
        """Whether to try again; if so, after a pause."""
        if failure.kind == "too long":
            self._share /= 2
            return not self._told
        pause = failure.pause(attempt)
        if not failure.may_pass or pause > self._model.settings.model_longest_wait:
            return False
        if time.monotonic() + pause > self._deadline:
            return False
        return not self._stop.wait(pause)

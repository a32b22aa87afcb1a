"""The only door to language models: any OpenAI-compatible endpoint, through langchain.

A Reply gives each Draft as the model finishes it. What goes wrong is tried again where that helps, a few times and with
pauses; then it is one ModelFailed, whose message is a plain sentence. Nothing that an endpoint says of an error is
passed on: 401s are known to repeat part of the key. Nothing of langchain is imported before a model is asked.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from index.folding import fold
from index.tokens import count_tokens
from rag.answer import Draft
from rag.model_failures import ModelFailed, broken_off, refused, says_too_long, silent, too_long, unreachable
from rag.model_lines import LineReader, as_written
from rag.model_settings import NO_KEY, ModelSettings
from rag.model_stream import Line, Piece, pieces
from rag.prompts import GO_ON, Message, Prompt

if TYPE_CHECKING:
    import openai
    from langchain_core.language_models import BaseChatModel

log = logging.getLogger(__name__)
CONNECT_SECONDS = 10.0
AFTERWARDS_SECONDS = 1.0
MOST_CHARACTERS = 40_000  # of one reply: a model that never ends is left


class LanguageModel:
    """A model behind its endpoint; the client is made when it is first needed."""

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings
        self.counts_tokens = True  # some endpoints refuse to be asked for it
        self._client: BaseChatModel | None = None
        self._making = threading.Lock()
        self._lines = threading.local()  # the line that a thread is about to open

    def client(self) -> BaseChatModel:
        with self._making:
            if self._client is None:
                self._client = _client(self.settings, self._opened)
            return self._client

    def stream(self, messages: list[Message], line: Line) -> Iterator[Piece]:
        """What the model says to these messages, as it comes."""
        self._lines.mine = line
        for chunk in self.client().stream(messages, stream_usage=self.counts_tokens):
            usage = chunk.usage_metadata
            yield Piece(
                text=str(chunk.text),
                ending=str(chunk.response_metadata.get("finish_reason") or ""),
                tokens=usage["total_tokens"] if usage else 0,
            )

    def _opened(self, response: Any) -> None:
        """Called by the client, in the thread that asked, when an answer begins."""
        line = response.extensions["network_stream"].get_extra_info("socket")
        if line is not None:
            self._lines.mine.opened(line)

    def failure(self, error: Exception, has_text: bool) -> ModelFailed:
        """What went wrong, in words of our own."""
        import openai

        if isinstance(error, openai.APITimeoutError):
            return silent(has_text, self.settings.model_silence_seconds)
        if isinstance(error, openai.APIConnectionError):
            return broken_off() if has_text else unreachable(self.settings)
        if isinstance(error, openai.APIStatusError):
            said = f"{error.code} {error.message}"
            return refused(self.settings, int(error.status_code), said, _wait_asked(error))
        if isinstance(error, (openai.APIError, ValueError)):  # an error told within the stream, or what is no JSON
            return too_long() if says_too_long(str(error)) else broken_off()
        return ModelFailed("strange", f"The language model failed ({type(error).__name__}).")


def _client(settings: ModelSettings, opened: Callable[[Any], None]) -> BaseChatModel:
    import openai
    from langchain.chat_models import init_chat_model

    silence = settings.model_silence_seconds
    timeout = openai.Timeout(silence, connect=min(silence, CONNECT_SECONDS))
    client: BaseChatModel = init_chat_model(
        settings.model,
        model_provider="openai",
        base_url=settings.address,
        api_key=settings.api_key.get_secret_value() or NO_KEY,
        timeout=timeout,
        # Redirects would carry the passages, and at the same host the key, to where nobody named.
        http_client=openai.DefaultHttpxClient(
            timeout=timeout, follow_redirects=False, event_hooks={"response": [opened]}
        ),
        max_retries=0,  # tried again here, where a stop is heard during the pauses
        use_responses_api=False,  # nobody but OpenAI has it
    )
    return client


class Reply:
    """What a model answers: iterate for its drafts; afterwards it is known what it cost and whether it found nothing.

    `fill(share)` makes the prompt, with that share of the passages that the window has room for.
    """

    def __init__(
        self,
        model: LanguageModel,
        fill: Callable[[float], Prompt],
        stop: threading.Event,
        more: tuple[Message, ...] = (),
    ) -> None:
        self._model = model
        self._fill = fill
        self._stop = stop
        self._more = more  # of the conversation, after the prompt
        self._share = 1.0
        self._told: list[Draft] = []
        self._deadline = 0.0
        self.not_said = False
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
        length = tokens = 0
        ending = ""
        done_by = self._deadline
        settings = self._model.settings
        self._model.client()  # seconds of imports, the first time, which are not the model's silence
        coming = pieces(
            lambda line: self._model.stream(messages, line),
            self._model.failure,
            self._stop,
            settings.model_silence_seconds,
            self._deadline,
        )
        try:
            for piece in coming:
                length, tokens = length + len(piece.text), piece.tokens or tokens
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
            if length:
                self.tokens += tokens or (count_tokens("".join(text for _, text in messages)) + length // 4)
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
        for draft in drafts:
            if not any(fold(draft.text) == fold(one.text) for one in self._told):
                self._told.append(draft)
                yield draft

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


def _wait_asked(error: openai.APIStatusError) -> float:
    """Retry-After, in seconds; a date in it is rare, and then the pause is our own."""
    try:
        return float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return 0.0

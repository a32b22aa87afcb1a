"""The only door to language models: any OpenAI-compatible endpoint, through langchain.

It gives what a model says piece by piece, and what goes wrong as a ModelFailed, whose message is a plain sentence.
Nothing that an endpoint says of an error is passed on: 401s are known to repeat part of the key. Nothing of langchain
is imported before a model is asked; what is made of its words is rag/model_reply.py's.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from rag.model_failures import ModelFailed, broken_off, refused, says_too_long, silent, too_long, unreachable
from rag.model_settings import NO_KEY, ModelSettings
from rag.model_stream import Line, Piece, Takes
from rag.prompts import JSON, LINES, Form, Message

if TYPE_CHECKING:
    import openai
    from langchain_core.language_models import BaseChatModel

CONNECT_SECONDS = 10.0


class LanguageModel:
    """A model behind its endpoint; the client is made when it is first needed."""

    def __init__(self, settings: ModelSettings, takes: Takes | None = None) -> None:
        self.settings = settings
        self.takes = takes or Takes()
        self._client: BaseChatModel | None = None
        self._making = threading.Lock()
        self._lines = threading.local()  # the line that a thread is about to open

    def client(self) -> BaseChatModel:
        with self._making:
            if self._client is None:
                self._client = _client(self.settings, self._on_request)
            return self._client

    @property
    def form(self) -> Form:
        """In which an answer is asked for."""
        return JSON if self.takes.schema else LINES

    def warm_up(self) -> None:
        """Import what takes seconds; if it is broken, whoever asks the model will be told."""
        with contextlib.suppress(Exception):
            self.client()

    def stream(self, messages: list[Message], line: Line, form: Form = LINES) -> Iterator[Piece]:
        """What the model says to these messages, as it comes."""
        from langsmith import tracing_context

        self._lines.mine = line
        # Whoever traces other programs of theirs with LangSmith did not mean to send it what filings say.
        with tracing_context(enabled=False):
            # langchain, given a response_format itself, keeps the words back until it could read all of them.
            body: dict[str, Any] = {"extra_body": {"response_format": _response_format(form)}} if form.schema else {}
            for chunk in self.client().stream(messages, stream_usage=self.takes.counting, **body):
                usage = chunk.usage_metadata
                yield Piece(
                    text=str(chunk.text).encode("utf-8", "replace").decode(),  # half a character comes, too
                    ending=str(chunk.response_metadata.get("finish_reason") or ""),
                    read=usage["input_tokens"] if usage else 0,
                    written=usage["output_tokens"] if usage else 0,
                )

    def _on_request(self, request: Any) -> None:
        """Called by the client, in the thread that asks: its line is known from the first byte, so it can be cut.

        Some endpoints say nothing at all, no header even, until they have read the whole prompt. A line that was used
        before would not be told of, so each request has its own; that costs a handshake, which is less than an answer.
        """
        request.headers["Connection"] = "close"
        request.extensions["trace"] = self._on_event

    def _on_event(self, event: str, told: dict[str, Any]) -> None:
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            line = told["return_value"].get_extra_info("socket")
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


def _client(settings: ModelSettings, on_request: Callable[[Any], None]) -> BaseChatModel:
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
            timeout=timeout, follow_redirects=False, event_hooks={"request": [on_request]}
        ),
        max_retries=0,  # tried again here, where a stop is heard during the pauses
        use_responses_api=False,  # nobody but OpenAI has it
    )
    return client


def _response_format(form: Form) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": form.schema}}


def _wait_asked(error: openai.APIStatusError) -> float:
    """Retry-After, in seconds; a date in it is rare, and then the pause is our own."""
    try:
        return float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return 0.0

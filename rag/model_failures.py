"""What can go wrong with a language model, in words for a reader, and whether it helps to try again."""

from __future__ import annotations

import random
from typing import Literal

from rag.model_settings import ModelSettings

Kind = Literal[
    "unreachable", "slow", "stalled", "broken", "key", "model", "busy", "credit", "server", "too long", "declined",
    "empty", "malformed", "strange", "spent",
]  # fmt: skip
MAY_PASS = frozenset({"unreachable", "slow", "stalled", "broken", "busy", "server", "empty", "malformed"})
TOO_LONG = ("context_length", "context length", "context window", "maximum context", "too many tokens", "too long")
NO_SUCH_MODEL = ("model_not_found", "invalid model name", "model not found")  # LiteLLM says it with a 400
COUNTING = "stream_options"  # a field that not every endpoint knows
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 8.0  # seconds


class ModelFailed(RuntimeError):
    """The model gave no answer, or not all of it; the message is one plain sentence for a reader."""

    def __init__(self, kind: Kind, sentence: str, wait: float = 0.0, field: str = "") -> None:
        super().__init__(sentence)
        self.kind = kind
        self.wait = wait  # seconds, where the endpoint asked for a pause
        self.field = field  # of the request, where the endpoint named the one that it does not know

    @property
    def may_pass(self) -> bool:
        return self.kind in MAY_PASS

    def pause(self, attempt: int) -> float:
        """Seconds until the next attempt: longer each time, and not the same for all who were refused at one moment."""
        jitter = random.uniform(0.75, 1.25)  # noqa: S311  no secret
        return max(float(min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE)) * jitter, self.wait)


def silent(has_text: bool, seconds: float) -> ModelFailed:
    if has_text:
        return ModelFailed("stalled", "The language model stopped in the middle of its answer.")
    return ModelFailed("slow", f"The language model said nothing for {max(1, round(seconds))} s.")


def unreachable(settings: ModelSettings) -> ModelFailed:
    return ModelFailed("unreachable", f"The language model at {settings.host} cannot be reached.")


def broken_off() -> ModelFailed:
    return ModelFailed("broken", "The language model broke off in the middle of its answer.")


def too_long() -> ModelFailed:
    return ModelFailed("too long", "The question and its passages are too long for the language model.")


def refused(settings: ModelSettings, status: int, said: str, wait: float) -> ModelFailed:
    """What an endpoint means by a status; of what it said with it, nothing is passed on."""
    if status == 413 or (status in (400, 422) and says_too_long(said)):
        return too_long()
    if status in (401, 403):
        return ModelFailed("key", "The language model refused the key; check OPENAI_API_KEY.")
    if status == 404 or (status == 400 and any(sign in said.casefold() for sign in NO_SUCH_MODEL)):
        known = f"{settings.host} knows no model {settings.model!r}"
        return ModelFailed("model", f"{known}; check FOOTNOTE_MODEL and OPENAI_BASE_URL.")
    if status == 429 and "insufficient_quota" in said:
        return ModelFailed("credit", "The account of the language model has no credit left.")
    if status == 429:
        return ModelFailed("busy", "The language model takes no more requests just now.", wait)
    if status in (408, 409) or status >= 500:
        return ModelFailed("server", f"The server of the language model failed ({status}).", wait)
    sentence = f"The server of the language model refused the request ({status})."
    return ModelFailed("strange", sentence, field=COUNTING if COUNTING in said else "")


def says_too_long(said: str) -> bool:
    return any(sign in said.casefold() for sign in TOO_LONG)

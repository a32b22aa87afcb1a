"""The assistant of the page: it counts what it answers, so that no part of the page has to think of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from rag.answer import Answer
from rag.assistant import Assistant
from ui.metrics import Kind, Stopwatch, counted

log = logging.getLogger(__name__)
# How the assistant's words about a step begin when it ends; a test holds this to what it says.
ENDS = {"Understood": "understand", "Searched": "retrieve", "Reading": "open"}


class CountedAssistant(Assistant):
    """Answers as the assistant does; numbers go to the counts and, one line an answer, to the log."""

    def summarize(self, filing_id: str, *args: Any, **named: Any) -> Answer:
        return _counting(
            "summary", lambda told: super(CountedAssistant, self).summarize(filing_id, *args, **told), named
        )

    def ask(self, question: str, *args: Any, **named: Any) -> Answer:
        ask = super().ask
        return _counting("question", lambda told: ask(question, *args, **told), named)


def _counting(kind: Kind, work: Callable[[dict[str, Any]], Answer], named: dict[str, Any]) -> Answer:
    begun = time.monotonic()
    with counted(kind) as stopwatch:
        answer = work(named | _listeners(stopwatch, named))
        stopwatch.step("write")
        stopwatch.done(answer)
    log.info(
        "an answer took %.3f s: %d sentences, %d withheld, %d tokens, %d of a language model",
        time.monotonic() - begun,
        len(answer.sentences),
        len(answer.withheld),
        answer.tokens,
        answer.model_tokens,
    )
    return answer


def _listeners(stopwatch: Stopwatch, named: dict[str, Any]) -> dict[str, Callable[[Any], None]]:
    """What is told of steps and sentences, told on to whoever asked to hear it."""

    def on_step(words: str) -> None:
        if name := ENDS.get(words.partition(" ")[0]):
            stopwatch.step(name)
        if named.get("on_step"):
            named["on_step"](words)

    def on_sentence(sentence: Any) -> None:
        stopwatch.sentence()
        if named.get("on_sentence"):
            named["on_sentence"](sentence)

    return {"on_step": on_step, "on_sentence": on_sentence}

"""What is counted of the answers, for Prometheus: numbers and names of steps, never a word of what was asked or said.

Counted in the memory of this process, as Prometheus expects: it adds replicas up, and notices a restart by itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Literal

from ui.turnstile import TURNSTILE, UPLOADS

if TYPE_CHECKING:
    from prometheus_client import Counter, Gauge, Histogram
    from starlette.requests import Request
    from starlette.responses import Response

    from rag.answer import Answer

Kind = Literal["question", "summary"]
Outcome = Literal["answered", "refused", "failed"]
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180)
WHOLE, FIRST_SENTENCE = "whole", "first sentence"
_making = Lock()  # the first two answers may begin at one moment, and a name can be registered once only


@dataclass(frozen=True)
class Meters:
    """All there is to count with."""

    answers: Counter
    sentences: Counter
    tokens: Counter
    seconds: Histogram
    running: Gauge


def meters() -> Meters:
    """Made when the first is needed: prometheus_client takes a tenth of a second of the first paint."""
    with _making:
        return _meters()


@cache
def _meters() -> Meters:
    from prometheus_client import Counter, Gauge, Histogram

    waiting = Gauge("footnote_waiting", "Who waits for a turn.", ["for"])
    waiting.labels("an answer").set_function(lambda: TURNSTILE.waiting)
    waiting.labels("an upload").set_function(lambda: UPLOADS.waiting)
    return Meters(
        Counter("footnote_answers", "Answers by what was wanted and what came of it.", ["kind", "outcome"]),
        Counter("footnote_sentences", "Sentences that were drafted, by the verdict on them.", ["verdict"]),
        Counter("footnote_tokens", "Tokens shown to readers, and tokens a language model read and wrote.", ["of"]),
        Histogram("footnote_seconds", "Seconds that a step took.", ["kind", "step"], buckets=SECONDS),
        Gauge("footnote_running", "Answers that are being made now."),
    )


@dataclass
class Stopwatch:
    """What one answer has to do, from step to step."""

    kind: Kind
    _begun: float = field(default_factory=time.monotonic)
    _last: float = field(default_factory=time.monotonic)
    _has_sentence: bool = False

    def step(self, name: str) -> None:
        """The step of this name is over, and the next begins."""
        now = time.monotonic()
        self._observe(name, now - self._last)
        self._last = now

    def sentence(self) -> None:
        """A reader could see a sentence; only the first one counts."""
        if not self._has_sentence:
            self._has_sentence = True
            self._observe(FIRST_SENTENCE, time.monotonic() - self._begun)

    def done(self, answer: Answer) -> None:
        """The answer is there."""
        self._observe(WHOLE, time.monotonic() - self._begun)
        meters().answers.labels(self.kind, "answered" if answer.answered else "refused").inc()
        meters().sentences.labels("supported").inc(len(answer.sentences))
        meters().sentences.labels("withheld").inc(len(answer.withheld))
        meters().tokens.labels("answers").inc(answer.tokens)
        meters().tokens.labels("language model").inc(answer.model_tokens)

    def _observe(self, step: str, seconds: float) -> None:
        meters().seconds.labels(self.kind, step).observe(seconds)


@contextmanager
def counted(kind: Kind) -> Iterator[Stopwatch]:
    """Around the making of one answer; what ends in an exception is counted as failed."""
    with meters().running.track_inprogress():
        try:
            yield Stopwatch(kind)
        except Exception:
            meters().answers.labels(kind, "failed").inc()
            raise


def metrics(_request: Request) -> Response:
    """The page of numbers; ui/guard.py decides who may read it."""
    from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
    from starlette.responses import Response

    meters()
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

"""Meaning as vectors from an endpoint that speaks OpenAI's /embeddings: text-embeddings-inference, vLLM, OpenAI itself.

It is one kind of POST, so the standard library asks it: a client of a vendor would bring seconds of imports, retries of
its own and another door. Nothing that an endpoint says of an error is passed on, for some repeat part of the key.
"""

from __future__ import annotations

import json
import random
from base64 import b64encode
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from threading import BoundedSemaphore, Event
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import numpy as np

from index.filing import EmbeddingsFailed, Vectors

ATTEMPTS = 5
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20.0  # seconds
MAY_PASS = frozenset({408, 409, 425, 429})  # and whatever is 500 or more
TOO_MANY = frozenset({413, 422})  # at once: half of them may do
CHECK = "check FOOTNOTE_EMBEDDING_BASE_URL, FOOTNOTE_EMBEDDING_MODEL and FOOTNOTE_EMBEDDING_API_KEY"


class RemoteEncoder:
    """A model behind an endpoint; however many threads ask, no more than `requests` are under way at once."""

    def __init__(
        self, model: str, base_url: str, api_key: str = "", batch: int = 16, requests: int = 4, seconds: float = 30.0
    ) -> None:
        self.name = f"endpoint:{model}"  # never that of a model on this machine, whatever the endpoint calls its own
        self._model = model
        address, account = _without_account(base_url)
        self._address = f"{address.rstrip('/')}/embeddings"
        self._headers = {"Content-Type": "application/json"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        elif account:
            self._headers["Authorization"] = f"Basic {b64encode(account.encode()).decode()}"
        self._batch = batch
        self._requests = requests
        self._seconds = seconds
        self._under_way = BoundedSemaphore(requests)
        self._dimensions = 0  # until the first vector came
        self._opener = build_opener(_NoRedirects)

    @property
    def host(self) -> str:
        try:
            return urlsplit(self._address).hostname or "its address"
        except ValueError:
            return "its address"

    def encode(self, texts: list[str]) -> Vectors:
        """One unit vector a text, in order; raises EmbeddingsFailed, and then nothing more is asked."""
        batches = [texts[start : start + self._batch] for start in range(0, len(texts), self._batch)]
        given_up = Event()
        with ThreadPoolExecutor(self._requests) as pool:
            try:
                made = list(pool.map(lambda batch: self._vectors(batch, given_up), batches))
            except BaseException:
                given_up.set()
                raise
        return self._of_one_length(np.concatenate(made))

    def _vectors(self, texts: Sequence[str], given_up: Event) -> Vectors:
        try:
            return self._attempted(texts, given_up)
        except _TooMany:
            if len(texts) == 1:
                raise EmbeddingsFailed(f"A text is too long for the embedding model at {self.host}.") from None
        half = len(texts) // 2
        return np.concatenate([self._vectors(part, given_up) for part in (texts[:half], texts[half:])])

    def _attempted(self, texts: Sequence[str], given_up: Event) -> Vectors:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self._under_way:
                    return self._asked(texts)
            except _Passing as failure:
                if attempt == ATTEMPTS or given_up.wait(failure.pause(attempt)):
                    raise EmbeddingsFailed(f"{failure} {ATTEMPTS} attempts were made.") from None
        raise AssertionError("an attempt returns or raises")

    def _asked(self, texts: Sequence[str]) -> Vectors:
        # An empty text is refused by some, and means nothing anyway.
        body = {"model": self._model, "input": [text or " " for text in texts], "encoding_format": "float"}
        try:
            request = Request(self._address, json.dumps(body).encode(), self._headers)  # noqa: S310  an operator set it
            with self._opener.open(request, timeout=self._seconds) as response:
                answer = json.loads(response.read())
        except HTTPError as error:
            raise self._refused(error.code, error.headers.get("Retry-After", "")) from None
        except (URLError, HTTPException, OSError):
            raise _Passing(f"The embeddings at {self.host} cannot be reached.") from None
        except ValueError:  # no JSON, or no address
            raise EmbeddingsFailed(f"What is at {self.host} gives no embeddings; {CHECK}.") from None
        return self._read(answer, len(texts))

    def _refused(self, status: int, retry_after: str) -> Exception:
        if status in (401, 403):
            return EmbeddingsFailed(f"The embeddings at {self.host} refused the key; {CHECK}.")
        if status in TOO_MANY:
            return _TooMany()
        if status in MAY_PASS or status >= 500:
            wait = float(retry_after) if retry_after.replace(".", "", 1).isdigit() else 0.0
            return _Passing(f"The embeddings at {self.host} failed ({status}).", wait)
        return EmbeddingsFailed(f"The embeddings at {self.host} refused the request ({status}); {CHECK}.")

    def _read(self, answer: Any, wanted: int) -> Vectors:
        """The vectors in the order of their texts, each of length 1; anything else is no answer."""
        try:
            rows = sorted(answer["data"], key=lambda row: int(row["index"]))
            made = np.array([row["embedding"] for row in rows], dtype=np.float32)
            lengths = np.linalg.norm(made, axis=1, keepdims=True)
            if len(made) != wanted or not np.isfinite(lengths).all() or not lengths.all():
                raise ValueError
        except (KeyError, TypeError, ValueError):
            raise EmbeddingsFailed(f"What is at {self.host} gives no embeddings; {CHECK}.") from None
        return self._of_one_length(np.asarray(made / lengths, dtype=np.float32))

    def _of_one_length(self, made: Vectors) -> Vectors:
        self._dimensions = self._dimensions or made.shape[1]
        if made.shape[1] != self._dimensions:
            raise EmbeddingsFailed(
                f"The embeddings at {self.host} had {self._dimensions} dimensions and now have {made.shape[1]}: "
                "another model stands there. Put the first one back, or run `footnote rebuild`."
            )
        return made


def _without_account(base_url: str) -> tuple[str, str]:
    """The address, and 'name:password' where it has them: urllib would take them for a part of the host."""
    try:
        parts = urlsplit(base_url)
    except ValueError:
        return base_url, ""
    account, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=host).geturl(), unquote(account)


class _Passing(Exception):
    """What may pass, so that another attempt is worth while; its message is a sentence."""

    def __init__(self, sentence: str, wait: float = 0.0) -> None:
        super().__init__(sentence)
        self._wait = min(wait, LONGEST_PAUSE)

    def pause(self, attempt: int) -> float:
        """Longer each time, and not the same for all who were refused at one moment."""
        jitter = random.uniform(0.75, 1.25)  # noqa: S311  no secret
        return max(float(min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE)) * jitter, self._wait)


class _TooMany(Exception):
    """Too many texts, or too long ones, for one request."""


class _NoRedirects(HTTPRedirectHandler):
    """They would carry the texts, and the key, to where nobody named."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None

"""An endpoint on this machine that gives embeddings as OpenAI's does, well or badly, over real HTTP."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from index.filing import Vectors

KEY = "sk-embeddings-1a2b3c"


@dataclass
class EmbeddingsServer:
    """What it gives: the vectors of `encode`, after the failures, which come first; and what it was asked."""

    encode: Callable[[list[str]], Vectors]
    failures: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    most_texts: int = 1000  # in one request
    pause: float = 0.0
    change: Callable[[Any], Any] = lambda answer: answer  # of what would have been answered
    port: int = 0
    inputs: list[list[str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        told = self.server.told
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with told.lock:
            told.inputs.append(body["input"])
            told.headers.append({name.casefold(): value for name, value in self.headers.items()})
            told.at_once += 1
            told.most_at_once = max(told.most_at_once, told.at_once)
            failure = told.failures.pop(0) if told.failures else None
        try:
            time.sleep(told.pause)
            if failure:
                self._send(failure[0], {"error": {"message": f"Incorrect API key provided: {KEY}"}}, failure[1])
            elif len(body["input"]) > told.most_texts:
                self._send(413, {"error": "batch size"}, {})
            else:
                with told.lock:
                    made = told.encode(body["input"])
                rows = [{"index": number, "embedding": row.tolist()} for number, row in enumerate(made)]
                self._send(200, told.change({"object": "list", "data": rows[::-1], "model": body["model"]}), {})
        finally:
            with told.lock:
                told.at_once -= 1

    def _send(self, status: int, answer: Any, headers: dict[str, str]) -> None:
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        """Nothing on stderr."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    told: EmbeddingsServer


@contextmanager
def serving(told: EmbeddingsServer) -> Iterator[EmbeddingsServer]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.told = told
        told.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield told
        server.shutdown()
        thread.join()

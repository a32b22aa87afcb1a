"""An OpenAI-compatible endpoint on this machine that says what it is told to, well or badly, over real HTTP."""

from __future__ import annotations

import json
import re
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

PATIENCE = 30  # seconds that a test waits for what should come at once: the machine may be busy
KEY = "sk-made-up-9f8e7d6c5b4a"


@dataclass
class Request:
    """One request as it came, and what becomes of the line."""

    body: dict[str, Any]
    headers: dict[str, str]
    at: float
    hung_up: threading.Event = field(default_factory=threading.Event)  # the client left before the end
    sentence_sent: list[float] = field(default_factory=list)  # when each piece had gone out

    @property
    def prompt(self) -> str:
        return "\n".join(str(message["content"]) for message in self.body["messages"])

    def id_of(self, words: str) -> str:
        """The id under which the prompt shows the passage with these words."""
        for match in re.finditer(r"^==\w+ passage (\S+) [^\n]*\n(.*?)\n==\w+ end of", self.prompt, re.DOTALL | re.M):
            if words in match.group(2):
                return match.group(1)
        return "P0-none"


@dataclass(frozen=True)
class Says:
    """An answer: its text, in pieces of a size, and what goes wrong while it is told."""

    text: str | Callable[[Request], str]
    piece: int = 7  # characters; words and keywords are torn apart
    pause: float = 0.0  # seconds before each piece
    first_pause: float = 0.0  # seconds before it says anything, a header included
    endless: bool = False  # the text again and again
    breaks_after: int | None = None  # characters, then the line is cut
    stalls_after: int | None = None  # characters, then nothing more comes, and the line stays open
    ends_after: int | None = None  # characters, then the stream ends in good order, without a reason
    ending: str = "stop"
    usage: bool = True
    garbage: str = ""  # sent in place of the JSON of the last piece
    refusal: str = ""


@dataclass(frozen=True)
class Fails:
    """A status instead of an answer."""

    status: int
    code: str = ""
    message: str = f"Incorrect API key provided: {KEY}."  # what endpoints are known to repeat
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""  # instead of an error in JSON


@dataclass(frozen=True)
class Knows:
    """An endpoint of fewer fields: a request that has one of these is refused, any other is answered."""

    less: tuple[str, ...]
    says: Says
    status: int = 400
    names_it: bool = True


Turn = Says | Fails | Knows


@dataclass
class StubModel:
    """What it will say, request after request (the last one for good), and every request that came."""

    turns: list[Turn]
    requests: list[Request] = field(default_factory=list)
    port: int = 0
    came: threading.Event = field(default_factory=threading.Event)  # the first request is there
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


def lines(*sentences: tuple[str, str, str], facets: Sequence[str] = ()) -> Callable[[Request], str]:
    """An answer in the form that is asked for: (the sentence, words of its passage, the words it names)."""

    def text(request: Request) -> str:
        said = []
        for number, (sentence, known_by, words) in enumerate(sentences):
            tag = f"[{facets[number]}] " if facets else ""
            said.append(f"SAY {tag}{sentence}\nFROM {request.id_of(known_by)} {words}\n\n")
        return "".join(said) + "DONE\n"

    return text


def objects(*sentences: tuple[str, str, str], following: Sequence[str] = ()) -> Callable[[Request], str]:
    """The same as one JSON object: what an endpoint says that sees to the form."""

    def text(request: Request) -> str:
        told = [
            {"head": "", "sentence": sentence, "sources": [{"passage": request.id_of(known_by), "words": words}]}
            for sentence, known_by, words in sentences
        ]
        return json.dumps({"sentences": told, "next": list(following)})

    return text


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        stub = self.server.stub
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        request = Request(body, {name.casefold(): value for name, value in self.headers.items()}, time.monotonic())
        stub.requests.append(request)
        stub.came.set()
        turn = stub.turns[min(len(stub.requests), len(stub.turns)) - 1]
        self.close_connection = True
        if isinstance(turn, Knows):
            unknown = next((name for name in turn.less if name in body), "")
            named = f"Unrecognized request argument supplied: {unknown}" if turn.names_it else "Bad request"
            turn = Fails(turn.status, message=named) if unknown else turn.says
        try:
            if isinstance(turn, Fails):
                self._fail(turn)
            else:
                self._say(turn, request)
        except (BrokenPipeError, ConnectionResetError):
            request.hung_up.set()

    def _fail(self, turn: Fails) -> None:
        error = {"error": {"message": turn.message, "code": turn.code, "type": "made_up"}}
        body = (turn.body or json.dumps(error)).encode()
        self.send_response(turn.status)
        self.send_header("Content-Type", "text/html" if turn.body else "application/json")
        for name, value in turn.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _say(self, turn: Says, request: Request) -> None:
        text = turn.text if isinstance(turn.text, str) else turn.text(request)
        self._think(turn.first_pause)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for start in count(0, turn.piece) if turn.endless else range(0, len(text), turn.piece):
            for limit, act in ((turn.breaks_after, self._break), (turn.stalls_after, self._stall)):
                if limit is not None and start >= limit:
                    act(request)
                    return
            if turn.ends_after is not None and start >= turn.ends_after:
                self._write(b"")
                return
            self.server.stub.closing.wait(turn.pause)
            self._event(json.dumps(_chunk({"content": (text[start % len(text) :])[: turn.piece]})))
            request.sentence_sent.append(time.monotonic())
        if turn.garbage:
            self._event(turn.garbage)
        if turn.refusal:
            self._event(json.dumps(_chunk({"refusal": turn.refusal})))
        self._event(json.dumps(_chunk({}, turn.ending)))
        if turn.usage and "stream_options" in request.body:
            usage = {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000}
            self._event(json.dumps(_chunk(None) | {"choices": [], "usage": usage}))
        self._event("[DONE]")
        self._write(b"")

    def _think(self, seconds: float) -> None:
        """In silence; whether the other end is still there can be seen all the same."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.server.stub.closing.is_set():
            readable, _, _ = select.select([self.connection], [], [], 0.02)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                raise ConnectionResetError

    def _break(self, _request: Request) -> None:
        self.connection.close()

    def _stall(self, request: Request) -> None:
        while not self.server.stub.closing.wait(0.05):
            self._write(b": still here\n\n")  # what proxies send, to keep a line open

    def _event(self, data: str) -> None:
        # Torn in the middle: an event need not come in one piece.
        event = f"data: {data}\n\n".encode()
        self._write(event[: len(event) // 2])
        self._write(event[len(event) // 2 :])

    def _write(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def log_message(self, *args: Any) -> None:
        """Nothing on stderr."""


def _chunk(delta: dict[str, str] | None, ending: str | None = None) -> dict[str, Any]:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": ending}]
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "stub", "choices": choices}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    stub: StubModel


@contextmanager
def serving(stub: StubModel) -> Iterator[StubModel]:
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.stub = stub
        stub.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield stub
        stub.closing.set()
        server.shutdown()
        thread.join()

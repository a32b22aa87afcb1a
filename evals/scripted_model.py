"""A language model of a few lines, as an OpenAI-compatible server: to measure what Footnote adds to a model's own time.

It answers with sentences of the passages that share most words with the question, letter by letter. As a program,

    python -m evals.scripted_model [DIES_IN_REQUEST]

it tells its port, and kills itself in the middle of that request, as a server is killed.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from rag.terms import stems

PASSAGE = re.compile(r"^==\w+ passage (\S+) [^\n]*\n(.*?)\n==\w+ end of", re.DOTALL | re.MULTILINE)
SENTENCE = re.compile(r"[A-Z][^\n|]{20,300}?[.](?=\s|$)")
QUESTION = re.compile(r"^The question: (.*)$", re.MULTILINE)
MOST = 3  # sentences of an answer
PIECE = 6  # characters, about a token and a half


@dataclass
class Pace:
    """How fast it speaks, and when each answer's first sentence had gone out, its FROM line included."""

    first_pause: float = 0.0
    pause: float = 0.0
    dies_in: int = 0
    requests: int = 0
    first_sentences: list[tuple[str, float]] = field(default_factory=list)


def answer_to(prompt: str) -> str:
    asked = QUESTION.findall(prompt)
    if not asked:
        return "DONE\n"
    wanted = stems(asked[-1])
    sentences = [(number, one) for number, text in PASSAGE.findall(prompt) for one in SENTENCE.findall(text)]
    ranked = sorted(sentences, key=lambda row: -len(wanted & stems(row[1])))[:MOST]
    return "".join(f"SAY {one}\nFROM {number} {one}\n\n" for number, one in ranked) + "DONE\n"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        pace = self.server.pace
        pace.requests += 1
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        said = answer_to("\n".join(str(message["content"]) for message in body["messages"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        time.sleep(pace.first_pause)
        end_of_first = said.find("\n\n") + 2
        try:
            for start in range(0, len(said), PIECE):
                if pace.requests == pace.dies_in and start > len(said) // 2:
                    os.kill(os.getpid(), signal.SIGKILL)
                time.sleep(pace.pause)
                self._event({"content": said[start : start + PIECE]})
                if start < end_of_first <= start + PIECE:
                    pace.first_sentences.append((said.partition("\n")[0].removeprefix("SAY "), time.perf_counter()))
            self._event({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:  # the reader left
            return

    def _event(self, delta: dict[str, str], ending: str | None = None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": ending}
        chunk: dict[str, Any] = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
        self.wfile.write(f"data: {json.dumps(chunk | {'choices': [choice]})}\n\n".encode())

    def log_message(self, *args: Any) -> None:
        """Nothing on stderr."""


class Server(ThreadingHTTPServer):
    """On this machine alone, at a port that is free."""

    daemon_threads = True

    def __init__(self, pace: Pace) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pace = pace

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


def main() -> None:
    server = Server(Pace(pause=0.002, dies_in=int(sys.argv[1]) if len(sys.argv) > 1 else 0))
    print(server.address, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

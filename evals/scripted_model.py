"""A language model of a few lines, as an OpenAI-compatible server: to measure what Footnote adds to a model's own time.

It answers letter by letter: with sentences of the passages that share most words with the question, or where it is
given a script, with what stands in that. As a program,

    python -m evals.scripted_model SCRIPT DIES_IN_REQUEST

it tells its address, and kills itself in the middle of that request, as a server is killed.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from rag.answer import Answer
from rag.terms import stems

PASSAGE = re.compile(r"^==\w+ passage (\S+) [^\n]*\n(.*?)\n==\w+ end of", re.DOTALL | re.MULTILINE)
SENTENCE = re.compile(r"[A-Z][^\n|]{20,300}?[.](?=\s|$)")
QUESTION = re.compile(r"^The question: (.*)$", re.MULTILINE)
MENDING = "These sentences did not pass."
MOST = 3  # sentences of an answer without a script
PIECE = 6  # characters, about a token and a half


@dataclass(frozen=True)
class Line:
    """A sentence to say: to which question (or, under a head, of which filing), and the words it rests on."""

    about: str
    head: str
    sentence: str
    words: tuple[str, ...]


@dataclass
class Pace:
    """How fast it speaks and in which form, and when each answer's first sentence had gone out with its sources."""

    first_pause: float = 0.0
    pause: float = 0.0
    keeps_to_schema: bool = True  # where one is asked for; else it says lines whatever it is asked
    script: tuple[Line, ...] = ()
    dies_in: int = 0
    requests: int = 0
    first_sentences: list[tuple[str, float]] = field(default_factory=list)


def lines_of(answer: Answer, summarized: str = "") -> list[Line]:
    """An answer, or the summary of a filing of this name, as a script for a model that is to say the same."""
    return [
        Line(
            summarized or answer.understood_as,
            one.facet if summarized else "",
            one.text,
            tuple(source.quote for source in one.citations),
        )
        for one in answer.sentences
    ]


def written_script(script: Sequence[Line]) -> str:
    return json.dumps([asdict(line) for line in script])


def read_script(path: Path) -> tuple[Line, ...]:
    return tuple(Line(**row | {"words": tuple(row["words"])}) for row in json.loads(path.read_text(encoding="utf-8")))


# What it says ---------------------------------------------------------------------------------------------------------

Source = tuple[str, str]  # the passage's number, and its words
Saying = tuple[str, str, list[Source]]  # head, sentence, sources


def sayings(messages: Sequence[str], script: Sequence[Line]) -> list[Saying]:
    """What is to be said to these messages: nothing to a question that is to be reworded, or where nothing is known."""
    prompt = "\n".join(messages)
    asked, passages = QUESTION.findall(prompt), PASSAGE.findall(prompt)
    if messages[-1].startswith(MENDING):
        return []
    if script:
        return [
            (line.head, line.sentence, sources)
            for line in script
            if (line.about in asked if asked else line.head and f"({line.about}," in prompt)
            and (sources := _sources(line, passages))
        ]
    if not asked:
        return []
    wanted = stems(asked[-1])
    sentences = [(number, one) for number, text in passages for one in SENTENCE.findall(text)]
    ranked = sorted(sentences, key=lambda row: -len(wanted & stems(row[1])))[:MOST]
    return [("", one, [(number, one)]) for number, one in ranked]


def _sources(line: Line, passages: Sequence[tuple[str, str]]) -> list[Source]:
    """Where its words stand in the prompt; nowhere, if but one of them does not."""
    found = [next(((number, words) for number, text in passages if words in text), None) for words in line.words]
    return [source for source in found if source] if all(found) else []


def as_lines(said: Sequence[Saying]) -> tuple[str, int]:
    """The answer, and where in it the first sentence is complete."""
    parts = [
        f"SAY {f'[{head}] ' if head else ''}{sentence}\n"
        + "".join(f"FROM {number} {' '.join(words.split())}\n" for number, words in sources)
        + "\n"
        for head, sentence, sources in said
    ]
    return "".join(parts) + ("DONE\n" if said else "NOT SAID\nDONE\n"), len(parts[0]) if parts else 0


def as_object(said: Sequence[Saying]) -> tuple[str, int]:
    """The same as one JSON object."""
    parts = [
        json.dumps(
            {
                "head": head,
                "sentence": sentence,
                "sources": [{"passage": number, "words": words} for number, words in sources],
            }
        )
        for head, sentence, sources in said
    ]
    opening = '{"sentences": ['
    return f'{opening}{", ".join(parts)}], "next": []}}', len(opening) + len(parts[0]) if parts else 0


# The server -----------------------------------------------------------------------------------------------------------


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        pace = self.server.pace
        pace.requests += 1
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        said = sayings([str(message["content"]) for message in body["messages"]], pace.script)
        is_object = pace.keeps_to_schema and "response_format" in body
        text, end_of_first = as_object(said) if is_object else as_lines(said)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        time.sleep(pace.first_pause)
        try:
            for start in range(0, len(text), PIECE):
                if pace.requests == pace.dies_in and start > len(text) // 2:
                    os.kill(os.getpid(), signal.SIGKILL)
                time.sleep(pace.pause)
                self._event({"content": text[start : start + PIECE]})
                if start < end_of_first <= start + PIECE:
                    pace.first_sentences.append((said[0][1], time.perf_counter()))
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
    script, dies_in = sys.argv[1:]
    server = Server(Pace(pause=0.002, script=read_script(Path(script)), dies_in=int(dies_in)))
    print(server.address, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

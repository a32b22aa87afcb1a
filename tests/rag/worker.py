"""Another process that answers from a library, with every way to the network shut, for the test of sameness.

    python tests/rag/worker.py DATA_DIR

It prints two lines of JSON, each all that the answers, the summary and the search say, but for when they were made.
"""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from rag.assistant import Assistant

QUESTIONS = (
    "How was the Family Safety acquisition financed?",
    "How many employees did the company have in 2021?",
    "What is ViewSpot?",
    "Who audits the company?",
)


def everything_said(assistant: Assistant) -> dict[str, Any]:
    history = [assistant.ask(question) for question in QUESTIONS]
    answers = [*history, assistant.ask("And in 2020?", None, history[1:2]), assistant.summarize("smith-micro-fy2021")]
    said = [{key: value for key, value in answer.to_dict().items() if key != "created_at"} for answer in answers]
    return {"answers": said, "hits": [(hit.passage.id, hit.score) for hit in assistant.search("public offering")]}


def _shut(*args: object, **_kwargs: object) -> NoReturn:
    raise AssertionError(f"The network was touched: {args!r}")


if __name__ == "__main__":
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _shut)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        setattr(socket, name, _shut)
    library = Assistant.open(Path(sys.argv[1]))
    for _ in range(2):
        print(json.dumps(everything_said(library), ensure_ascii=False, sort_keys=True))

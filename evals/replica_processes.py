"""What each process of the measure of replicas does: a replica asks and looks, the writer takes filings in."""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from rag.answer import Answer
from rag.assistant import Assistant
from rag.kept import SharedTurn

LOOK_EVERY = 0.05  # seconds
QUESTIONS = (
    "How many employees does the company have?",
    "Who is the largest customer of the company?",
    "Who audits the company?",  # which none of the reports tells
)


def said(answer: Answer) -> list[Any]:
    """All that a reader sees of an answer: its sentences, and the words that they rest on, at their places."""
    sentences = [
        [one.text, [[cited.filing_id, cited.quote, cited.start, cited.end] for cited in one.citations]]
        for one in answer.sentences
    ]
    return [answer.answered, sentences]


def replicate(data_dir: Path, expected: dict[str, Any], hear: Connection) -> None:
    """One replica: look for new filings all the time, and ask about those that there are."""
    assistant = Assistant.open(data_dir)
    assistant.warm_up()
    telling = threading.Lock()

    def tell(**what: Any) -> None:
        at = time.time()
        with telling:
            hear.send({**what, "at": at})

    tell(ready=True)
    to_check: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_look, args=(assistant, tell, to_check), daemon=True).start()
    threading.Thread(target=_check, args=(assistant, expected, tell, to_check), daemon=True).start()
    chance = random.Random(os.getpid())  # noqa: S311
    while True:
        try:
            there = [filing.id for filing in assistant.filings()]
            if not there:
                time.sleep(LOOK_EVERY)
                continue
            filing_id, question = chance.choice(there), chance.choice(QUESTIONS)
            answer = assistant.ask(question, [filing_id])
            wanted = expected["answers"][filing_id][question]
            got = json.loads(json.dumps(said(answer)))
            tell(asked=filing_id, question=question, same=got == wanted, got=got)
            if answer.answered and chance.random() < 0.2:
                tell(shared=assistant.records.share([SharedTurn(question, answer)]))
        except Exception as error:  # whatever it is, it is what the measure is to find: told, and asked on
            tell(error=f"{type(error).__name__}: {error}"[:300])


def _look(assistant: Assistant, tell: Callable[..., None], to_check: SimpleQueue[str]) -> None:
    """See filings come, and do nothing else that could take time."""
    seen: set[str] = set()
    while True:
        try:
            for filing_id in {filing.id for filing in assistant.filings()} - seen:
                seen.add(filing_id)
                tell(saw=filing_id)
                to_check.put(filing_id)
        except Exception as error:  # one that ended the thread would be seen as filings that never come
            tell(error=f"{type(error).__name__}: {error}"[:300])
        time.sleep(LOOK_EVERY)


def _check(
    assistant: Assistant, expected: dict[str, Any], tell: Callable[..., None], to_check: SimpleQueue[str]
) -> None:
    """Whether a filing that was seen is all there."""
    while True:
        filing_id = to_check.get()
        try:
            text = assistant.text(filing_id)
            passages = "".join(passage.text for passage in assistant.passages(filing_id))
            found = assistant.index.matching(["employees"], [filing_id], 1)
            tell(checked=filing_id, whole=text == passages == expected["texts"][filing_id] and bool(found))
        except Exception as error:  # as above: the filings after this one are still to be checked
            tell(error=f"{type(error).__name__}: {error}"[:300])


def write(data_dir: Path, paths: list[Path], pause: float, begin: Event, hear: Connection) -> None:
    """The writer: one filing after another, with a pause between them."""
    assistant = Assistant.open(data_dir)
    assistant.warm_up()
    hear.send({"ready": True, "at": time.time()})
    begin.wait()
    for path in paths:

        def tell(progress: Any) -> None:
            if progress.stage == "listed":
                hear.send({"arrived": progress.filing_id, "at": time.time()})

        (outcome,) = assistant.ingest([path], tell).outcomes
        if outcome.problem:
            hear.send({"error": outcome.problem, "at": time.time()})
        time.sleep(pause)
    hear.send({"done": True, "at": time.time()})

"""Two replicas and a writer over one Chroma server and one PostgreSQL, while filings arrive and replicas are killed.

    FOOTNOTE_DATABASE_URL=postgresql://... FOOTNOTE_CHROMA_URL=http://... python -m evals.replicas --seconds 120

Both servers must run, and the library should be an empty one. Each replica is a process with a data folder of its own,
as on a machine of its own, and asks without a pause. Every answer is compared with that of a library on one machine
(SQLite, embedded Chroma) that holds the same filings; every filing is looked at as soon as it is first seen.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Annotated, Any

import typer

from index.settings import IndexSettings
from rag.answer import Answer
from rag.assistant import Assistant
from rag.kept import SharedTurn

WITHIN = 2.0  # seconds in which a filing should be seen everywhere
LOOK_EVERY = 0.05  # seconds
QUESTIONS = ("How many employees does the company have?", "Who is the largest customer of the company?")
UNANSWERABLE = "Who audits the company?"
FIRST = "Ash Birch Cedar Elm Fir Hazel Larch Maple Oak Pine Rowan Willow Yew Alder Beech".split()
SECOND = "brook dale field ford gate hill mere moor stone wood".split()
USUAL = {"database_url": "", "chroma_url": "", "chroma_api_key": ""}
processes = multiprocessing.get_context("spawn")


@dataclass
class Result:
    """What came of a run."""

    seconds: float = 0.0
    filings: int = 0
    killed: int = 0
    asked: dict[str, int] = field(default_factory=dict)  # by replica
    same: int = 0  # to the letter what one machine alone answers
    differing: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)  # seen in part
    latest_seconds: float = 0.0  # from the commit of a filing to its being seen by the last replica alive
    late: int = 0
    lost_filings: list[str] = field(default_factory=list)
    shares: int = 0
    lost_shares: int = 0
    in_step: bool = False

    @property
    def is_good(self) -> bool:
        nothing = (self.differing, self.errors, self.half, self.late, self.lost_filings, self.lost_shares)
        return self.in_step and self.same > 0 and not any(nothing)


def company_of(number: int) -> str:
    """A name without a figure: a figure in a name would be one that the quoted words must hold."""
    first, second = divmod(number, len(SECOND))
    return f"{FIRST[first % len(FIRST)]}{SECOND[second]} Valves"


def report_of(number: int) -> str:
    """A small report of a company that no other number makes."""
    chance = random.Random(number)  # noqa: S311
    town, other = chance.sample(["Leeds", "Lyon", "Oslo", "Dayton", "Braga", "Austin"], 2)
    staff, share, dealers = chance.randint(100, 999), chance.randint(11, 89), chance.randint(12, 99)
    return f"""Item 1. BUSINESS
General
{company_of(number)} develops and builds gate valves for water works. The company has its factory in {town}.
Products
Our main product is the Granite valve, a gate valve for water works. We also sell spare parts for it.
Customers
We sell our valves to water works, shipyards and breweries. Our largest customer, {company_of(number + 1)} Waterworks, \
accounted for {share}% and {share - 7}% of our revenues in fiscal years 2022 and 2021, respectively.
Sales and Distribution
Our valves are sold through {dealers} independent dealers, who also install them. Dealers abroad are served from our \
warehouse in {other}.
Competition
We compete with several larger builders of valves on price, quality and service.
Employees
As of December 31, 2022, we had {staff} employees. We are not subject to any collective bargaining agreement.
"""


def write_reports(folder: Path, number: int) -> list[Path]:
    """Reports with a name each, so that every library knows them by the same ids."""
    names = []
    for one in range(number):
        path = folder / f"report-{one}.txt"
        path.write_text(report_of(one), encoding="utf-8")
        names.append(f'["{path.name}"]\nid = "report-{one}"\ncompany = "{company_of(one)}, Inc."\nfiscal_year = 2022\n')
    (folder / "filings.toml").write_text("\n".join(names), encoding="utf-8")
    return [folder / f"report-{one}.txt" for one in range(number)]


def said(answer: Answer) -> list[Any]:
    """All that a reader sees of an answer: its sentences, and the words that they rest on, at their places."""
    sentences = [
        [one.text, [[cited.filing_id, cited.quote, cited.start, cited.end] for cited in one.citations]]
        for one in answer.sentences
    ]
    return [answer.answered, sentences]


# The processes --------------------------------------------------------------------------------------------------------


def replicate(data_dir: Path, expected: dict[str, Any], hear: Connection) -> None:
    """One replica: look for new filings all the time, and ask about those that there are."""
    from rag.assistant import Assistant

    assistant = Assistant.open(data_dir)
    assistant.warm_up()
    telling = threading.Lock()

    def tell(**what: Any) -> None:
        with telling:
            hear.send({**what, "at": time.time()})

    tell(ready=True)
    threading.Thread(target=_look, args=(assistant, expected, tell), daemon=True).start()
    chance = random.Random(os.getpid())  # noqa: S311
    while True:
        try:
            there = [filing.id for filing in assistant.filings()]
            if not there:
                time.sleep(LOOK_EVERY)
                continue
            filing_id, question = chance.choice(there), chance.choice([*QUESTIONS, UNANSWERABLE])
            answer = assistant.ask(question, [filing_id])
            wanted = expected["answers"][filing_id][question]
            got = json.loads(json.dumps(said(answer)))
            tell(asked=filing_id, question=question, same=got == wanted, got=got)
            if answer.answered and chance.random() < 0.2:
                tell(shared=assistant.records.share([SharedTurn(question, answer)]))
        except Exception as error:
            tell(error=f"{type(error).__name__}: {error}"[:300])


def _look(assistant: Assistant, expected: dict[str, Any], tell: Callable[..., None]) -> None:
    seen: set[str] = set()
    while True:
        try:
            for filing_id in {filing.id for filing in assistant.filings()} - seen:
                seen.add(filing_id)
                text = assistant.text(filing_id)
                passages = "".join(passage.text for passage in assistant.passages(filing_id))
                found = assistant.search("employees", [filing_id])
                whole = text == passages == expected["texts"][filing_id] and bool(found)
                tell(saw=filing_id, whole=whole)
        except Exception as error:
            tell(error=f"{type(error).__name__}: {error}"[:300])
        time.sleep(LOOK_EVERY)


def write(data_dir: Path, paths: list[Path], pause: float, begin: Event, hear: Connection) -> None:
    """The writer: one filing after another, with a pause between them."""
    from rag.assistant import Assistant

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


# The run --------------------------------------------------------------------------------------------------------------


class Run:
    """Starts the processes, kills replicas, and keeps what all of them say."""

    def __init__(self, folder: Path, expected: dict[str, Any], replicas: int) -> None:
        self.folder, self.expected = folder, expected
        self.result = Result()
        self.arrived: dict[str, float] = {}
        self.saw: list[tuple[int, str, float]] = []
        self.alive_since: list[list[tuple[float, float]]] = [[] for _ in range(replicas)]
        self.shares: list[str] = []
        self.can_write = self.is_written = False
        self._at_work: dict[Connection, tuple[int, SpawnProcess]] = {}  # -1: the writer

    def start(self, number: int, target: Callable[..., None], *arguments: Any) -> None:
        hear, say = processes.Pipe(duplex=False)
        process = processes.Process(target=target, args=(self.folder / f"machine-{number}", *arguments, say))
        process.start()
        say.close()
        self._at_work[hear] = (number, process)

    def start_replica(self, number: int) -> None:
        self.start(number, replicate, self.expected)

    def listen(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0 and self._at_work:
            for hear in wait([*self._at_work], timeout=left):
                if not isinstance(hear, Connection):
                    continue
                number, process = self._at_work[hear]
                try:
                    self._note(number, hear.recv())
                except (EOFError, OSError):
                    process.join()
                    del self._at_work[hear]
                    if process.exitcode not in (0, -signal.SIGKILL):
                        self.result.errors.append(f"process {number} ended with {process.exitcode}")

    def kill(self, number: int) -> None:
        for hear, (own, process) in list(self._at_work.items()):
            if own == number:
                process.kill()
                process.join()
                while hear.poll():  # what it said before
                    try:
                        self._note(number, hear.recv())
                    except (EOFError, OSError):
                        break
                del self._at_work[hear]
                if number >= 0 and self.is_ready(number):
                    self.alive_since[number][-1] = (self.alive_since[number][-1][0], time.time())

    def is_ready(self, number: int) -> bool:
        return bool(self.alive_since[number]) and self.alive_since[number][-1][1] == float("inf")

    def _note(self, number: int, what: dict[str, Any]) -> None:
        result = self.result
        if "ready" in what and number >= 0:
            self.alive_since[number].append((what["at"], float("inf")))
        elif "ready" in what:
            self.can_write = True
        elif "arrived" in what:
            self.arrived[what["arrived"]] = what["at"]
        elif "done" in what:
            self.is_written = True
        elif "error" in what:
            result.errors.append(f"{'writer' if number < 0 else f'replica {number}'}: {what['error']}")
        elif "saw" in what:
            self.saw.append((number, what["saw"], what["at"]))
            if not what["whole"]:
                result.half.append(f"replica {number}: {what['saw']}")
        elif "shared" in what:
            self.shares.append(what["shared"])
        elif "asked" in what:
            result.asked[str(number)] = result.asked.get(str(number), 0) + 1
            if what["same"]:
                result.same += 1
            else:
                wanted = self.expected["answers"][what["asked"]][what["question"]]
                result.differing.append(f"{what['asked']}: {what['question']} {what['got']} and not {wanted}")

    def seen_within(self) -> list[float]:
        """How long after its commit each replica that was alive then, and went on living, saw each filing."""
        took = []
        for filing_id, at in self.arrived.items():
            for number, lives in enumerate(self.alive_since):
                for since, until in lives:
                    if since < at and at + WITHIN < until:
                        times = [when for who, what, when in self.saw if (who, what) == (number, filing_id)]
                        took.append(min((when - at for when in times if since <= when <= until), default=float("inf")))
        return took


def run(seconds: float, filings: int, kill_every: float, folder: Path) -> Result:
    paths = write_reports(folder, filings)
    alone = _alone(folder)
    outcomes = alone.ingest(paths).outcomes
    if any(outcome.status != "added" for outcome in outcomes):
        raise SystemExit(f"The made-up reports were not taken in: {outcomes}")
    ids = [str(outcome.filing_id) for outcome in outcomes]
    expected: dict[str, Any] = {
        "texts": {one: alone.text(one) for one in ids},
        "answers": {one: {q: said(alone.ask(q, [one])) for q in (*QUESTIONS, UNANSWERABLE)} for one in ids},
    }
    expected = json.loads(json.dumps(expected))
    told = Counter(answer[0] for answers in expected["answers"].values() for answer in answers.values())
    if told[True] < filings:
        raise SystemExit("Too few questions have an answer: nothing would be compared.")
    alone.close()

    at_work = Run(folder, expected, replicas=2)
    for number in range(2):
        at_work.start_replica(number)
    begin = processes.Event()
    at_work.start(-1, write, paths, max(0.0, seconds * 0.8 / filings - 1.0), begin)
    while not at_work.can_write or not all(at_work.is_ready(number) for number in range(2)):
        at_work.listen(0.2)
    began, next_kill, victim = time.monotonic(), time.monotonic() + kill_every, 0
    begin.set()
    while time.monotonic() - began < seconds or not at_work.is_written:
        at_work.listen(0.5)
        # One that is not up again yet is left to come up: the other one is what a reader would be sent to.
        due = next_kill <= time.monotonic() < began + seconds
        if due and at_work.is_ready(0) and at_work.is_ready(1):
            at_work.kill(victim % 2)
            at_work.result.killed += 1
            at_work.start_replica(victim % 2)
            victim, next_kill = victim + 1, next_kill + kill_every
        if time.monotonic() - began > 3 * seconds + 60:
            at_work.result.errors.append("the writer did not end")
            break
    at_work.listen(WITHIN + 1)
    for number in (0, 1, -1):
        at_work.kill(number)
    result = at_work.result
    took = at_work.seen_within()
    result.seconds, result.filings = round(time.monotonic() - began, 1), len(at_work.arrived)
    result.latest_seconds, result.late = round(max(took, default=0.0), 3), sum(one > WITHIN for one in took)
    _look_after(result, folder, expected, at_work.shares)
    return result


def _look_after(result: Result, folder: Path, expected: dict[str, Any], shares: list[str]) -> None:
    """What is there in the end, seen by a machine that comes fresh."""
    fresh = Assistant.open(folder / "fresh")
    there = {filing.id for filing in fresh.filings()}
    result.lost_filings = sorted(set(expected["texts"]) - there)
    result.lost_filings += [one for one in there if fresh.text(one) != expected["texts"].get(one)]
    result.shares = len(shares)
    result.lost_shares = sum(fresh.records.shared(one) is None for one in shares)
    standing = fresh.index.standing()
    result.in_step = standing.is_whole_by_meaning and standing.unfinished == 0
    fresh.close()


def _alone(folder: Path) -> Assistant:
    """A library on one machine, whatever the environment says."""
    from index.build import FilingIndex

    return Assistant(FilingIndex(IndexSettings.model_validate({"data_dir": folder / "alone", **USUAL})))


def main(
    seconds: Annotated[float, typer.Option(help="How long filings arrive and questions are asked.")] = 60.0,
    filings: Annotated[int, typer.Option(help="How many filings arrive in this time.")] = 10,
    kill_every: Annotated[float, typer.Option(help="After so many seconds a replica is killed and started anew.")] = 60,
) -> None:
    """Two replicas and a writer; exits with 1 where an answer was wrong, a filing late, or anything lost."""
    settings = IndexSettings()
    if not settings.database_url.get_secret_value() or not settings.chroma_url:
        raise SystemExit("Set FOOTNOTE_DATABASE_URL and FOOTNOTE_CHROMA_URL: this is about servers.")
    with tempfile.TemporaryDirectory(prefix="footnote-replicas-") as folder:
        result = run(seconds, filings, kill_every, Path(folder))
    print(json.dumps(asdict(result), indent=1, ensure_ascii=False))
    if not result.is_good:
        raise SystemExit(1)


if __name__ == "__main__":
    typer.run(main)

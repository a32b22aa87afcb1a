"""Two replicas and a writer over one Chroma server and one PostgreSQL, while filings arrive and replicas are killed.

    FOOTNOTE_DATABASE_URL=postgresql://... FOOTNOTE_CHROMA_URL=http://... python -m evals.replicas --seconds 120

Both servers must run, and the library should be an empty one. Each replica is a process with a data folder of its own,
as on a machine of its own, and asks without a pause. Every answer is compared with that of a library on one machine
(SQLite, embedded Chroma) that holds the same filings; every filing is looked at as soon as it is first seen.
"""

from __future__ import annotations

import json
import multiprocessing
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer

from evals.made_up_reports import write_reports
from evals.replica_processes import QUESTIONS, replicate, said, write
from index.build import FilingIndex
from index.settings import IndexSettings
from rag.assistant import Assistant

WITHIN = 2.0  # seconds in which a filing should be seen everywhere
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
    whole: int = 0  # filings that a replica looked at as soon as it saw them, and found all there
    half: list[str] = field(default_factory=list)  # and not
    seen: int = 0  # how often a filing was seen by a replica that was alive when it came
    usual_seconds: float = 0.0  # from the commit of a filing to its being seen, half the time
    latest_seconds: float = 0.0  # and at worst
    late: int = 0
    lost_filings: list[str] = field(default_factory=list)
    shares: int = 0
    lost_shares: int = 0
    in_step: bool = False

    @property
    def is_good(self) -> bool:
        nothing = (self.differing, self.errors, self.half, self.late, self.lost_filings, self.lost_shares)
        return self.in_step and self.same > 0 and not any(nothing)


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
        elif "checked" in what:
            result.whole += what["whole"]
            if not what["whole"]:
                result.half.append(f"replica {number}: {what['checked']}")
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
        "answers": {one: {q: said(alone.ask(q, [one])) for q in QUESTIONS} for one in ids},
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
    result.seen, result.usual_seconds = len(took), round(median(took or [0.0]), 3)
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

"""What Footnote adds to a language model's own time, and what is left of the answers when its server is killed.

    python -m evals.bench_model

Both on the seeds, with evals/scripted_model.py as the model: how good a real one's prose is, this does not tell.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from evals.cases import SEEDS, load_questions, squash
from evals.scoreboard import exact_sentences, problem_of
from evals.scripted_model import Pace, Server
from rag.answer import Answer, Sentence
from rag.assistant import Assistant
from rag.model_settings import ModelSettings

MAY_ADD = 0.1  # seconds, between the last letter of the first sentence and the sentence on the page


@dataclass(frozen=True)
class Killed:
    """The questions of a run in which the model's server died."""

    questions: int
    by_model: int  # before its end
    told: int  # that say that the model failed
    as_offline: int  # of those, the ones that are letter by letter what comes without a model
    neither: int  # that are no answer with exact footnotes, and no refusal that says where it was looked
    right: int
    right_offline: int


def seconds_added(assistant: Assistant) -> list[float]:
    """From the moment in which a model has sent its first sentence until that is shown, question by question."""
    server = Server(Pace(first_pause=0.2, pause=0.005))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = ModelSettings(base_url=server.address, model="scripted")
    added = []
    for case in load_questions():
        shown: list[tuple[Sentence, float]] = []
        server.pace.first_sentences.clear()
        note = partial(_note, shown)
        assistant.ask(case.question, case.filing, on_sentence=note, model=settings)
        for said, sent_at in server.pace.first_sentences[:1]:
            # Where the first one was withheld, what is shown first is another: that is no delay.
            times = [at for one, at in shown if any(squash(said) == squash(source.quote) for source in one.citations)]
            added += [times[0] - sent_at] if times else []
    server.shutdown()
    server.server_close()
    return added


def _note(shown: list[tuple[Sentence, float]], sentence: Sentence) -> None:
    shown.append((sentence, time.perf_counter()))


def killed_in_mid_run(assistant: Assistant) -> Killed:
    """All questions, with a server that is killed in the middle of an answer halfway."""
    cases = load_questions()
    # Some are not given to a model at all, and some are asked after another: that comes to about one request each.
    command = [sys.executable, "-m", "evals.scripted_model", str(len(cases) // 2)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    assert server.stdout is not None  # noqa: S101  it was asked for
    settings = ModelSettings(base_url=server.stdout.readline().strip(), model="scripted", model_attempts=2)
    by_model = told = as_offline = neither = right = right_offline = 0
    for case in cases:
        answers: dict[str, Answer] = {}
        for name, model in (("model", settings), ("offline", ModelSettings.none())):
            history: list[Answer] = []
            for question in (*case.before, case.question):
                history.append(assistant.ask(question, case.filing, tuple(history), model=model))
            answers[name] = history[-1]
        answer = answers["model"]
        by_model += answer.composed_by.startswith("scripted")
        failed = "language model" in answer.note
        told += failed
        as_offline += failed and answer.text == answers["offline"].text
        is_exact = answer.answered and exact_sentences(assistant, answer) == len(answer.sentences)
        neither += not (is_exact or (not answer.answered and "Searched:" in answer.refusal))
        right += not problem_of(assistant, case, answer)
        right_offline += not problem_of(assistant, case, answers["offline"])
    died = server.poll() is not None
    server.kill()
    server.wait()
    if not died:
        raise RuntimeError("The server was to die in mid-run, and did not: fewer requests came than were expected.")
    return Killed(len(cases), by_model, told, as_offline, neither, right, right_offline)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as folder:
        assistant = Assistant.open(Path(folder))
        assistant.ingest(sorted(SEEDS.glob("*.txt")))
        assistant.warm_up()
        added = sorted(seconds_added(assistant))
        killed = killed_in_mid_run(assistant)
        assistant.close()
    late = sum(seconds > MAY_ADD for seconds in added)
    print(
        f"First sentence shown after the model had sent it: median {statistics.median(added) * 1000:.0f} ms, worst "
        f"{added[-1] * 1000:.0f} ms, {late} of {len(added)} over {MAY_ADD * 1000:.0f} ms."
    )
    print(
        f"Server killed in mid-run: {killed.questions} questions, {killed.by_model} by the model, {killed.told} that "
        f"say it failed ({killed.as_offline} of these the very answer that comes without a model), {killed.neither} "
        f"neither answered nor refused; right {killed.right}, without a model {killed.right_offline}."
    )


if __name__ == "__main__":
    main()

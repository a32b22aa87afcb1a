"""Whether the measures of quality hold when the language model's server is killed in mid-run.

    python -m evals.killed_model

The questions and summaries of evals/cases on the seeds, three times: without a model, with one that answers well
(evals/scripted_model.py says what the offline composer said), and with that one killed in the middle of an answer
halfway. Fails where a question gets neither an answer with exact footnotes nor a refusal that says where it was looked.
"""

from __future__ import annotations

import faulthandler
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evals.cases import SEEDS, load_questions
from evals.machine import load
from evals.scoreboard import SummaryScore, exact_sentences, problem_of, score_summaries
from evals.scripted_model import Line, lines_of, written_script
from rag.answer import Answer
from rag.assistant import Assistant
from rag.model_settings import ModelSettings

MOST_SECONDS = 900  # for all of it, on a busy machine; then it tells where it hangs, and ends
NEVER = 10**9  # requests


@dataclass(frozen=True)
class Asked:
    """What became of the questions."""

    right: int
    refusals: int  # of those that the filings do not answer
    made_up: int
    by_model: int
    told_that_it_failed: int
    neither: int  # no answer with exact footnotes, and no refusal that says where it was looked


class ServerLived(RuntimeError):
    """It was to die in mid-run, and nothing is known of what happens when it does."""


def main() -> None:
    faulthandler.dump_traceback_later(MOST_SECONDS, exit=True)
    with tempfile.TemporaryDirectory(prefix="footnote-killed-") as folder:
        assistant = Assistant.open(Path(folder))
        assistant.ingest(sorted(SEEDS.glob("*.txt")))
        script = Path(folder) / "script.json"
        script.write_text(written_script(script_of(assistant)), encoding="utf-8")
        none = ModelSettings.none()
        asked = [("without a model", ask_all(assistant, none))]
        summed = [("without a model", summarize_all(assistant, none))]
        with serving(script, NEVER) as model:
            asked.append(("with a model", ask_all(assistant, model)))
            summed.append(("with a model", summarize_all(assistant, model)))
        # Each asks about one request; a follow-up has another, and what cannot be found has none.
        with serving(script, len(load_questions()) // 2, must_die=True) as model:
            asked.append(("killed in mid-run", ask_all(assistant, model)))
        with serving(script, 2, must_die=True) as model:
            summed.append(("killed in mid-run", summarize_all(assistant, model)))
        assistant.close()
    for name, questions in asked:
        print(_questions_told(name, questions))
    for name, summaries in summed:
        print(_summaries_told(name, summaries))
    print(f"Load {load()[0]}.")
    if any(questions.neither for _, questions in asked):
        sys.exit("Some questions got neither an answer with exact footnotes nor a refusal.")


def script_of(assistant: Assistant) -> list[Line]:
    """What the offline composer says to each case, for the model to say the same."""
    offline = ModelSettings.none()
    script: list[Line] = []
    for case in load_questions():
        history: list[Answer] = []
        for question in (*case.before, case.question):
            history.append(assistant.ask(question, case.filing, tuple(history), model=offline))
            script += lines_of(history[-1])
    for filing in assistant.filings():
        script += lines_of(assistant.summarize(filing.id, model=offline), filing.label)
    return list(dict.fromkeys(script))


@contextmanager
def serving(script: Path, dies_in: int, must_die: bool = False) -> Iterator[ModelSettings]:
    """The scripted model as a process of its own, which kills itself in the middle of that request."""
    command = [sys.executable, "-m", "evals.scripted_model", str(script), str(dies_in)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
    assert server.stdout is not None  # noqa: S101  it was asked for
    try:
        yield ModelSettings(base_url=server.stdout.readline().strip(), model="scripted", model_attempts=2)
        if must_die and server.poll() is None:
            raise ServerLived("The server was to die in mid-run: fewer requests came than were expected.")
    finally:
        server.kill()
        server.wait()


def ask_all(assistant: Assistant, model: ModelSettings) -> Asked:
    right = refusals = made_up = by_model = told = neither = 0
    for case in load_questions():
        history: list[Answer] = []
        for question in (*case.before, case.question):
            history.append(assistant.ask(question, case.filing, tuple(history), model=model))
        answer = history[-1]
        is_right = not problem_of(assistant, case, answer)
        right += is_right
        refusals += is_right and not case.answerable
        made_up += not is_right and not case.answerable
        by_model += answer.composed_by.startswith("scripted")
        told += "language model" in answer.note
        is_exact = answer.answered and exact_sentences(assistant, answer) == len(answer.sentences)
        neither += not (is_exact or (not answer.answered and "Searched:" in answer.refusal))
    return Asked(right, refusals, made_up, by_model, told, neither)


def summarize_all(assistant: Assistant, model: ModelSettings) -> list[SummaryScore]:
    return score_summaries(Assistant(assistant.index, model=model))


def _questions_told(name: str, asked: Asked) -> str:
    cases = load_questions()
    unanswerable = sum(not case.answerable for case in cases)
    return (
        f"Questions {name}: {asked.right}/{len(cases)} right, {asked.refusals}/{unanswerable} refusals, "
        f"{asked.made_up} made up, {asked.neither} neither answered nor refused; {asked.by_model} by the model, "
        f"{asked.told_that_it_failed} that say it failed."
    )


def _summaries_told(name: str, scores: Sequence[SummaryScore]) -> str:
    sentences = sum(score.sentences for score in scores)
    return (
        f"Summaries {name}: coverage {', '.join(f'{score.coverage:.3f}' for score in scores)}, the longest "
        f"{max(score.tokens for score in scores)} tokens, {sum(score.exact for score in scores)}/{sentences} sentences "
        f"exact, {sum(score.first_person for score in scores)} in the first person."
    )


if __name__ == "__main__":
    main()

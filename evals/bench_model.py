"""What Footnote adds to a language model's own time.

    python -m evals.bench_model

On the seeds, with evals/scripted_model.py as the model, once as it answers in one JSON object and once as in lines: how
good a real one's prose is, this does not tell. What is left when its server is killed: evals/killed_model.py.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from functools import partial
from pathlib import Path

from evals.cases import SEEDS, load_questions, squash
from evals.machine import load
from evals.scripted_model import Pace, Server
from rag.answer import Sentence
from rag.assistant import Assistant
from rag.model_settings import ModelSettings

MAY_ADD = 0.1  # seconds, between the last letter of the first sentence and the sentence on the page
FORMS = {"as one JSON object": True, "in lines": False}


def seconds_added(assistant: Assistant, keeps_to_schema: bool) -> list[float]:
    """From the moment in which a model has sent its first sentence until that is shown, question by question."""
    server = Server(Pace(first_pause=0.2, pause=0.005, keeps_to_schema=keeps_to_schema))
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


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as folder:
        assistant = Assistant.open(Path(folder))
        assistant.ingest(sorted(SEEDS.glob("*.txt")))
        assistant.warm_up()
        for form, keeps_to_schema in FORMS.items():
            added = sorted(seconds_added(assistant, keeps_to_schema))
            late = sum(seconds > MAY_ADD for seconds in added)
            print(
                f"First sentence shown after the model had sent it {form}: median "
                f"{statistics.median(added) * 1000:.0f} ms, worst {added[-1] * 1000:.0f} ms, "
                f"{late} of {len(added)} over {MAY_ADD * 1000:.0f} ms. Load {load()[0]}."
            )
        assistant.close()


if __name__ == "__main__":
    main()

"""The light twin of the model that ships: the same vectors, and a question that costs no import of torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.embed import BULK, SentenceEncoder
from index.light_model import LightModel
from index.tokens import model_folder

ROOT = Path(__file__).parents[2]
SEED = ROOT / "seeds" / "smith-micro-fy2021.txt"
ASKED = """
import sys
from pathlib import Path
from rag.assistant import Assistant
assistant = Assistant.open(Path(sys.argv[1]))
answer = assistant.ask("How many employees did Smith Micro have?", ["smith-micro-fy2021"])
assert answer.sentences, answer.refusal
print([name for name in ("torch", "transformers", "sentence_transformers", "chromadb") if name in sys.modules])
"""


@pytest.fixture(scope="module")
def light() -> LightModel:
    return LightModel(model_folder())


def test_its_vectors_are_those_of_sentence_transformers(light: LightModel) -> None:
    report = SEED.read_text(encoding="utf-8")
    texts = [*report.split(". ")[:12], "", " ", "?", "sales", "ÜBER naïve 你好", "x" * 3000, report[:9000]]
    theirs = SentenceEncoder()._loaded().encode(texts, normalize_embeddings=True, show_progress_bar=False)
    ours = light.encode(texts)
    assert ours.dtype == np.float32
    assert np.abs(ours - theirs).max() < 2e-6


def test_a_text_has_the_same_vector_whatever_stands_beside_it(light: LightModel) -> None:
    text = "We sell software to carriers."
    among = light.encode(["What is sold?", text, "A much longer sentence than the other two of them. " * 20])[1]
    assert np.abs(light.encode([text])[0] - among).max() < 1e-6


def test_a_few_texts_are_embedded_before_the_model_for_many_is_loaded() -> None:
    encoder = SentenceEncoder()
    encoder.encode(["a question"] * (BULK - 1))
    assert encoder.ready
    assert encoder._model is None


def test_a_question_about_one_filing_imports_nothing_heavy(seeded_dir: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKED, str(seeded_dir)], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr

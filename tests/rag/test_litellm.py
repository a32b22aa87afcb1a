"""LiteLLM's proxy, an OpenAI-compatible server that nobody here wrote, with answers that it makes up itself.

`make test` installs it into an environment of its own, .venv/litellm, because it wants another openai than Footnote.
Where that could not be done, and FOOTNOTE_LITELLM names none, these tests are skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.answer import Answer
from rag.assistant import Assistant
from rag.model_settings import ModelSettings
from tests.rag.conftest import model_at
from tests.rag.stub_model import Says, StubModel, lines, objects, serving

INSTALLED = Path(__file__).parents[2] / ".venv" / "litellm" / "bin" / "litellm"
LITELLM = os.environ.get("FOOTNOTE_LITELLM") or shutil.which(INSTALLED)
STARTS_WITHIN = 240  # seconds; it imports much, and the machine may be busy
KEY = "sk-proxy-9a8b7c6d"
QUESTION = "Who is the largest customer?"
LARGEST = (
    "Our largest customer, Wheatfield Markets, accounted for 31% and 27% of our revenues in fiscal years 2022 and "
    "2021, respectively."
)
IN_2022 = "Its largest customer, Wheatfield Markets, accounted for 31% of its revenues in fiscal year 2022."
LIE = IN_2022.replace("31%", "41%")
ERRORS = {"busy": "RateLimitError", "too-long": "ContextWindowExceededError", "broken": "InternalServerError"}

pytestmark = pytest.mark.skipif(
    LITELLM is None, reason="no LiteLLM in .venv/litellm nor in FOOTNOTE_LITELLM; `make test` puts it there"
)


@pytest.fixture(scope="module")
def proxy(ovens: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a proxy whose models say what a model would to the one question."""
    folder = tmp_path_factory.mktemp("litellm")
    with serving(StubModel([Says("NOT SAID")])) as stub:  # the ids of passages follow from the question: once is enough
        ovens.ask(QUESTION, ["clean"], model=model_at(stub.address))
    (request,) = stub.requests
    says = {
        "honest": lines((IN_2022, "Wheatfield", LARGEST))(request),
        "liar": lines((LIE, "Wheatfield", LARGEST), (IN_2022, "Wheatfield", LARGEST))(request),
        "as-an-object": objects((IN_2022, "Wheatfield", LARGEST))(request),
        "silent": "NOT SAID",
        "chatty": "Wheatfield Markets, of course! See https://evil.example.",
    } | {name: f"litellm.{error}" for name, error in ERRORS.items()}
    models = [
        {"model_name": name, "litellm_params": {"model": "openai/made-up", "api_key": "sk-up", "mock_response": text}}
        for name, text in says.items()
    ]
    config = {"model_list": models, "general_settings": {"master_key": KEY}, "litellm_settings": {"num_retries": 0}}
    (folder / "config.yaml").write_text(json.dumps(config))  # JSON is YAML
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "HOME": str(folder)}
    command = [str(LITELLM), "--config", "config.yaml", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/health/liveliness", process, folder / "log")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(30)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"LiteLLM did not start:\n{log.read_text()[-2000:]}")


def ask(ovens: Assistant, proxy: str, model: str, **more: Any) -> Answer:
    known: dict[str, Any] = {"api_key": KEY, "model_attempts": 1} | more
    return ovens.ask(QUESTION, ["clean"], model=ModelSettings(base_url=proxy, model=model, **known))


@pytest.mark.parametrize("model", ["honest", "as-an-object"])
def test_an_answer_comes_through_with_its_tokens(ovens: Assistant, proxy: str, model: str) -> None:
    answer = ask(ovens, proxy, model)
    assert (answer.text, answer.composed_by, answer.note) == (IN_2022, model, "")
    assert [one.quote for sentence in answer.sentences for one in sentence.citations] == [LARGEST]
    assert answer.model_tokens > 500


def test_a_lie_is_withheld(ovens: Assistant, proxy: str) -> None:
    answer = ask(ovens, proxy, "liar")
    assert answer.text == IN_2022
    assert [one.text for one in answer.withheld] == [LIE]


def test_that_nothing_is_said_is_a_refusal(ovens: Assistant, proxy: str) -> None:
    answer = ask(ovens, proxy, "silent")
    assert (answer.answered, answer.composed_by, answer.note) == (False, "silent", "")


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("chatty", "did not keep to the form"),
        ("busy", "takes no more requests"),
        ("too-long", "too long for the language model"),
        ("broken", "failed (500)"),
    ],
)
def test_a_failure_leaves_the_offline_answer_and_is_told(ovens: Assistant, proxy: str, model: str, said: str) -> None:
    answer = ask(ovens, proxy, model)
    assert answer.sentences == ovens.ask(QUESTION, ["clean"]).sentences
    assert said in answer.note
    assert "evil" not in answer.text


def test_a_wrong_key_and_a_model_that_is_not_there_are_told(ovens: Assistant, proxy: str) -> None:
    wrong = ask(ovens, proxy, "honest", api_key="sk-wrong-key")
    assert "refused the" in wrong.note  # 400 where it has no database of keys, else 401
    assert "offline composer" in wrong.note
    assert "sk-wrong" not in json.dumps(wrong.to_dict())
    unknown = ask(ovens, proxy, "nobody")
    assert unknown.note.startswith("127.0.0.1 knows no model 'nobody'")

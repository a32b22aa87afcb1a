"""What a log may hold: numbers, kinds and places. Never a question, a filing's words or a key."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.ui.running import ROOT, serving, wait_until_ready

KEY = "sk-topsecret-0123456789"
QUESTION = "Does the takeover bid by Acme stand?"


def lines_of(code: str) -> list[str]:
    """What a program writes to stderr that has its log lines made JSON."""
    told = f"import logging\nfrom ui.log_lines import write_json\nwrite_json()\n{code}"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, env=environment, capture_output=True, text=True)
    return done.stderr.splitlines()


@pytest.mark.parametrize(
    "code",
    [
        f"logging.getLogger('ui.conversation').error('the task failed: %s', {QUESTION!r})",
        f"logging.getLogger('openai._base_client').warning('request with key {KEY}')",
        f"logging.getLogger('uvicorn.error').error('bad header %s', {KEY!r})",
        f"import warnings\nwarnings.warn('the text was {QUESTION}')",
        f"raise ValueError({QUESTION!r} + {KEY!r})",
        f"import threading\ndef f():\n    raise KeyError({KEY!r})\nthreading.Thread(target=f).start()",
        f"try:\n    raise ValueError({KEY!r})\nexcept ValueError:\n    logging.getLogger('rag.x').exception('failed')",
        f"try:\n    try:\n        raise ValueError({KEY!r})\n    except ValueError as e:\n"
        f"        raise KeyError({QUESTION!r}) from e\n"
        "except KeyError:\n    logging.getLogger('rag').exception('failed')",
        "from streamlit.logger import get_logger\n"
        f"get_logger('streamlit.x').error('uncaught', exc_info=ValueError({KEY!r}))",
    ],
)
def test_no_content_and_no_secret_in_a_line(code: str) -> None:
    lines = lines_of(code)
    assert lines, "the failure is still told"
    for line in lines:
        assert KEY not in line
        assert "Acme" not in line
        told = json.loads(line[line.index("{") :])  # a logger of Streamlit's puts the time before it, outside the page
        assert {"time", "level", "logger"} <= told.keys()


def test_what_helps_is_told() -> None:
    code = (
        "def deep():\n    raise ValueError('x')\n"
        "try:\n    deep()\nexcept ValueError:\n    logging.getLogger('ui.x').exception('%s: %d of %.1f s', 'a', 3, 0.5)"
    )
    (line,) = lines_of(code)
    told = json.loads(line)
    assert told["event"] == "(...): 3 of 0.5 s"
    assert told["level"] == "error"
    assert told["exception"][0]["kind"] == "ValueError"
    assert len(told["exception"][0]["at"]) == 2


def test_our_own_log_lines_are_templates() -> None:
    """A sentence that is put together before it is logged would carry content past the rule."""
    for room in ("ui", "rag", "index"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id in ("log", "logger", "logging")
                    and node.func.attr in ("debug", "info", "warning", "error", "exception", "critical")
                ):
                    assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"


def test_a_served_page_writes_json_and_nothing_of_what_goes_wrong_with_a_filing(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "library.db").write_bytes(QUESTION.encode() * 1000)
    with serving(tmp_path, FOOTNOTE_LOG_FORMAT="json", OPENAI_API_KEY=KEY) as running:
        with suppress(AssertionError):  # it never gets ready
            wait_until_ready(running, seconds=8)
        written = running.log.read_text()
    lines = written.splitlines()
    assert lines[0] == f"Footnote is on {running.address}"
    told = [json.loads(line) for line in lines[1:]]
    assert any(line.get("event") == "the library could not be opened" for line in told), written
    assert KEY not in written
    assert "Acme" not in written
    assert str(tmp_path) not in written

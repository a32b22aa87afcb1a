"""The server around the page, asked over HTTP: who is answered, what browsers are told, what watchers can see."""

from __future__ import annotations

import http.client
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index.build import FilingIndex
from rag.assistant import Assistant
from tests.index.standins import write_filing
from tests.ui.running import ROOT, Running, serving, wait_until_ready
from tests.ui.test_programs import imported_by
from ui import health
from ui.counted_assistant import CountedAssistant
from ui.guard import content_policy, host_is_allowed, may_read_counts, page_of_streamlit
from ui.metrics import meters
from ui.settings import ServerSettings


@pytest.fixture(scope="module")
def served(seeded_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("server"), seeded_dir, FOOTNOTE_METRICS_TOKEN="a-long-token") as running:
        yield running


def scope(*headers: tuple[str, str], client: str = "127.0.0.1") -> dict[str, Any]:
    return {"headers": [(name.encode(), value.encode()) for name, value in headers], "client": (client, 1)}


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/host-config", "/no/such/page", "/healthz"])
def test_every_answer_tells_the_browser_what_to_refuse(served: Running, path: str) -> None:
    _, headers, _ = served.get(path)
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "object-src 'none'" in policy
    assert "'unsafe-eval'" not in policy
    assert "script-src 'self'" in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_the_policy_knows_the_one_script_inside_streamlits_page() -> None:
    assert content_policy(ServerSettings(), page_of_streamlit()).count("'sha256-") == 1


def test_another_host_name_is_refused(served: Running) -> None:
    assert served.get("/", Host="evil.example")[0] == 421
    assert served.get("/_stcore/health", Host="evil.example:8501")[0] == 421
    assert served.get("/", Host=f"127.0.0.1:{served.port}")[0] == 200
    assert served.get("/healthz", Host="10.1.2.3")[0] == 200  # whoever watches asks by address


def test_a_websocket_under_another_host_name_is_refused(served: Running) -> None:
    upgrade = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    assert served.get("/_stcore/stream", Host="evil.example", **upgrade)[0] == 403
    assert served.get("/_stcore/stream", Origin="http://evil.example", **upgrade)[0] == 403


@pytest.mark.parametrize(
    ("host", "allowed", "expected"),
    [
        ("localhost:8501", ("localhost",), True),
        ("LOCALHOST.", ("localhost",), True),
        ("[::1]:8501", ("::1",), True),
        ("a.example.com", ("*.example.com",), True),
        ("example.com", ("*.example.com",), False),
        ("evilexample.com", ("*.example.com",), False),
        ("localhost@evil.example", ("localhost", "evil.example"), False),
        ("localhost/x", ("localhost",), False),
        ("localhost:port", ("localhost",), False),
        ("", ("localhost",), False),
        ("anything.example", ("*",), True),
    ],
)
def test_which_hosts_are_allowed(host: str, allowed: tuple[str, ...], expected: bool) -> None:
    assert host_is_allowed(scope(("host", host)), allowed) is expected


def test_two_host_headers_are_one_too_many() -> None:
    assert not host_is_allowed(scope(("host", "localhost"), ("host", "localhost")), ("localhost",))
    assert not host_is_allowed(scope(), ("localhost",))


def test_the_counts_are_told_to_this_machine_or_for_the_token() -> None:
    assert may_read_counts(scope(), "")
    assert not may_read_counts(scope(client="192.0.2.1"), "")
    assert not may_read_counts(scope(("X-Forwarded-For", "192.0.2.1")), ""), "a proxy on this machine asks for others"
    assert may_read_counts(scope(("Authorization", "Bearer abc"), client="192.0.2.1"), "abc")
    assert not may_read_counts(scope(("Authorization", "Bearer "), client="192.0.2.1"), "")
    assert not may_read_counts(scope(("Authorization", "Bearer abd"), client="192.0.2.1"), "abc")


@pytest.mark.parametrize("path", ["/metrics", "/_stcore/metrics"])
def test_metrics_are_kept_from_those_behind_a_proxy(served: Running, path: str) -> None:
    assert served.get(path)[0] == 200
    assert served.get(path, X_Forwarded_For="192.0.2.1")[0] == 403
    assert served.get(path, X_Forwarded_For="192.0.2.1", Authorization="Bearer a-long-token")[0] == 200


def test_an_upload_without_the_token_against_forgery_is_refused(served: Running) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    body = '--b\r\nContent-Disposition: form-data; name="f"; filename="f.txt"\r\n\r\nx\r\n--b--\r\n'
    headers = {"Host": f"localhost:{served.port}", "Content-Type": "multipart/form-data; boundary=b"}
    connection.request("PUT", "/_stcore/upload_file/session/file", body, headers)
    assert connection.getresponse().status == 403
    connection.close()


def test_ready_is_said_when_a_question_would_be_answered(served: Running) -> None:
    wait_until_ready(served)
    assert json.loads(served.get("/readyz")[2]) == {"ready": True, "reason": ""}
    shutil.move(served.data_dir, served.data_dir.with_name("away"))
    try:
        status, _, body = served.get("/readyz")
        assert status == 503
        assert json.loads(body)["reason"] in ("The library's folder cannot be written.", "The library cannot be read.")
        assert served.get("/healthz")[0] == 200
    finally:
        shutil.move(served.data_dir.with_name("away"), served.data_dir)
    assert served.get("/readyz")[0] == 200


def test_a_library_that_does_not_open_is_never_ready_and_names_no_path(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "library.db").write_bytes(b"no database" * 1000)
    with serving(tmp_path) as running:
        deadline = time.monotonic() + 60
        body = ""
        while "could not be opened" not in body:
            assert time.monotonic() < deadline, body
            time.sleep(0.1)
            status, _, body = running.get("/readyz")
            assert status == 503
        assert str(tmp_path) not in body


def test_a_full_disk_is_not_ready(open_index: Callable[..., FilingIndex]) -> None:
    assert health.why_not_usable(Assistant(open_index())) == ""
    assert "full" in health.why_not_usable(Assistant(open_index(least_free_bytes=10**18)))


def test_answers_are_counted_by_what_came_of_them(open_index: Callable[..., FilingIndex], tmp_path: Path) -> None:
    assistant = CountedAssistant(open_index())
    (outcome,) = assistant.ingest([write_filing(tmp_path, 1)]).outcomes
    before = counts()
    steps: list[str] = []
    answer = assistant.summarize(str(outcome.filing_id), on_step=steps.append)
    refused = assistant.ask("Who won the football match?", filing_ids=None)
    with pytest.raises(KeyError):
        assistant.summarize("no-such-filing")
    assert steps, "whoever listens to the steps still hears them"
    assert not refused.answered
    after = counts()
    grown = {key: after[key] - before.get(key, 0) for key in after if after[key] != before.get(key, 0)}
    assert grown[("footnote_answers_total", "question", "refused")] == 1
    assert grown[("footnote_answers_total", "summary", "failed")] == 1
    assert grown[("footnote_answers_total", "summary", "answered" if answer.answered else "refused")] >= 1
    assert grown.get(("footnote_sentences_total", "supported"), 0) == len(answer.sentences)
    for kind, step in [
        ("question", "understand"),
        ("question", "retrieve"),
        ("question", "write"),
        ("question", "whole"),
        ("summary", "open"),
    ]:
        assert grown[("footnote_seconds_count", kind, step)] == 1, (kind, step)
    assert after[("footnote_running",)] == 0


def test_answers_that_begin_at_one_moment_are_counted_by_the_same_meters() -> None:
    code = (
        "import threading; from ui.metrics import meters; start = threading.Barrier(8); made = []\n"
        "def make():\n    start.wait()\n    made.append(meters())\n"
        "threads = [threading.Thread(target=make) for _ in range(8)]\n"
        "[thread.start() for thread in threads], [thread.join() for thread in threads]\n"
        "assert len(made) == 8 and len(set(map(id, made))) == 1, made"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def counts() -> dict[tuple[str, ...], float]:
    found: dict[tuple[str, ...], float] = {}
    for meter in vars(meters()).values():
        for family in meter.collect():
            for sample in family.samples:
                labels = (sample.labels.get(name, "") for name in ("kind", "outcome", "verdict", "of", "step"))
                found[(sample.name, *filter(None, labels))] = sample.value
    return found


def test_the_server_imports_nothing_heavy(tmp_path: Path) -> None:
    code = "import ui.server, sys\nassert not {'pydantic', 'prometheus_client', 'sqlalchemy'} & set(sys.modules)"
    assert imported_by(code, tmp_path) == ["streamlit"]


@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({"FOOTNOTE_FRAME_ANCESTORS": "'self'; script-src *"}, "FOOTNOTE_FRAME_ANCESTORS"),
        ({"FOOTNOTE_LOG_FORMAT": "xml"}, "FOOTNOTE_LOG_FORMAT"),
    ],
)
def test_a_wrong_setting_is_said_in_a_sentence(variables: dict[str, str], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        ServerSettings.read(variables)


def test_which_names_are_answered_to_by_default() -> None:
    assert ServerSettings.read({}).allowed_hosts == ("localhost", "127.0.0.1", "::1")
    assert ServerSettings.read({"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}).allowed_hosts == ("*",)  # noqa: S104
    given = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0", "FOOTNOTE_ALLOWED_HOSTS": "A.example, b.example"}  # noqa: S104
    assert ServerSettings.read(given).allowed_hosts == ("a.example", "b.example")
    assert "secret" not in repr(ServerSettings.read({"FOOTNOTE_METRICS_TOKEN": "secret"}))

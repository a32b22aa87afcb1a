"""`footnote doctor` and `footnote rebuild`: what works, what does not, what to do about it, and no secret told."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from typer.testing import CliRunner, Result

from index.build import FilingIndex
from index.library import Library
from index.remote_embed import RemoteEncoder
from index.settings import IndexSettings
from rag.budget import Budget
from rag.model_settings import ModelSettings
from tests.index.standins import StandInEncoder, write_filing
from tests.rag.stub_model import KEY, Fails, Says, StubModel, Turn, serving
from ui.doctor import examined
from ui.settings_in_force import in_force
from ui.terminal import app

Doctor = Callable[..., dict[str, Any]]


@pytest.fixture(autouse=True)
def encoder_that_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.build.encoder_of", lambda _settings: StandInEncoder())


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with one filing, which the environment names."""
    folder = tmp_path / "data"
    index = FilingIndex(IndexSettings(data_dir=folder, least_free_bytes=0))
    index.ingest([write_filing(tmp_path, 1)])
    index.close()
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Turn], StubModel]]:
    """Starts an endpoint, which the environment names."""
    monkeypatch.setattr("ui.doctor.MODEL_SECONDS", 120.0)  # the machine may be busy
    with ExitStack() as stack:

        def start(turn: Turn) -> StubModel:
            stub = stack.enter_context(serving(StubModel([turn])))
            monkeypatch.setenv("OPENAI_BASE_URL", stub.address)
            monkeypatch.setenv("OPENAI_API_KEY", KEY)
            return stub

        yield start


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def checks(result: Result) -> dict[str, tuple[str, str, str]]:
    return {one["name"]: (one["status"], one["found"], one["to_do"]) for one in json.loads(result.stdout)["checks"]}


def test_all_is_well_without_a_model(data_dir: Path) -> None:
    result = run("doctor", "--json")
    assert result.exit_code == 0, result.output
    found = checks(result)
    assert {status for status, _, _ in found.values()} == {"ok"}
    assert found["library"][1].startswith("1 filing, ")
    assert "64 dimensions" in found["embeddings"][1]
    assert "offline composer" in found["language model"][1]


def test_the_lines_for_people_say_the_same(data_dir: Path) -> None:
    shown = run("doctor").stdout
    assert "ok      library: 1 filing, " in shown
    assert f"FOOTNOTE_DATA_DIR={data_dir}" in shown
    assert "OPENAI_API_KEY=not set" in shown


def test_a_model_that_answers(data_dir: Path, serve: Callable[[Turn], StubModel]) -> None:
    stub = serve(Says("OK."))
    result = run("doctor", "--json")
    assert result.exit_code == 0, result.output
    found = checks(result)
    assert [found[name][0] for name in ("endpoint", "key", "model", "spending")] == ["ok"] * 4
    assert len(stub.requests) == 1
    assert len(stub.requests[0].prompt) < 100, "it costs next to nothing"


FAILURES: dict[str, tuple[Turn, str, tuple[str, ...], str]] = {
    "the key": (Fails(401), "key", ("endpoint",), "OPENAI_API_KEY"),
    "no credit": (Fails(429, "insufficient_quota"), "key", ("endpoint",), "credit"),
    "the model": (Fails(404), "model", ("endpoint", "key"), "FOOTNOTE_MODEL"),
    "the server": (Fails(500), "endpoint", (), "500"),
}


@pytest.mark.parametrize(("turn", "broken", "well", "named"), FAILURES.values(), ids=FAILURES)
def test_what_is_wrong_with_the_model_is_named_with_what_to_do(
    data_dir: Path,
    serve: Callable[[Turn], StubModel],
    turn: Turn,
    broken: str,
    well: tuple[str, ...],
    named: str,
) -> None:
    serve(turn)
    result = run("doctor", "--json")
    assert result.exit_code == 1
    found = checks(result)
    assert found[broken][0] == "broken"
    assert named in found[broken][1]
    assert found[broken][2]
    assert all(found[name][0] == "ok" for name in well)
    assert KEY not in result.output
    assert KEY not in run("doctor").output


def test_an_endpoint_that_hangs_does_not_hang_the_doctor(
    data_dir: Path, serve: Callable[[Turn], StubModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.doctor.MODEL_SECONDS", 0.5)
    serve(Says("OK.", first_pause=600))
    began = time.monotonic()
    result = run("doctor", "--json")
    assert time.monotonic() - began < 60
    assert result.exit_code == 0, "it may yet come"
    assert checks(result)["model"][0] == "note"


def test_an_endpoint_that_is_not_there(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://me:password@127.0.0.1:9/v1")
    result = run("doctor", "--json")
    assert result.exit_code == 1
    assert checks(result)["endpoint"][0] == "broken"
    assert checks(result)["key"][1] == "Not tried."
    assert "password" not in result.output


def test_a_model_that_is_busy_may_answer_later(data_dir: Path, serve: Callable[[Turn], StubModel]) -> None:
    serve(Fails(429))
    result = run("doctor", "--json")
    assert result.exit_code == 0
    assert checks(result)["key"][0] == "note"
    assert checks(result)["key"][2] == "Try again later."


def test_a_day_that_is_used_up_is_told(
    data_dir: Path, serve: Callable[[Turn], StubModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(Says("OK."))
    monkeypatch.setenv("FOOTNOTE_DAILY_TOKENS", "1000")
    library = Library(data_dir / "library.db")
    purse = Budget(library.engine).purse("somebody", ModelSettings())
    purse.open(500)
    purse.close(900, 50)
    assert checks(run("doctor", "--json"))["spending"][:2] == ("ok", "Today 950 tokens of 1,000.")
    purse.open(500)
    purse.close(90, 10)
    library.close()
    status, found, to_do = checks(run("doctor", "--json"))["spending"]
    assert (status, found) == ("note", "The day's 1,000 tokens are used up.")
    assert "offline composer" in to_do


def test_embeddings_that_do_not_come_are_told(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.remote_embed.FIRST_PAUSE", 0.01)
    away = RemoteEncoder("some-model", "http://me:password@127.0.0.1:9/v1", KEY)
    monkeypatch.setattr("index.build.encoder_of", lambda _settings: away)
    shutil.rmtree(data_dir)
    result = run("doctor", "--json")
    assert result.exit_code == 1
    status, found, to_do = checks(result)["embeddings"]
    assert status == "broken"
    assert "127.0.0.1 cannot be reached" in found
    assert "FOOTNOTE_EMBEDDING_BASE_URL" in to_do
    assert KEY not in result.output
    assert "password" not in result.output


def test_a_filing_without_vectors_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.remote_embed.FIRST_PAUSE", 0.01)
    folder = tmp_path / "half"
    away = RemoteEncoder("some-model", "http://127.0.0.1:9/v1")
    monkeypatch.setattr("index.build.encoder_of", lambda _settings: away)
    index = FilingIndex(IndexSettings(data_dir=folder, least_free_bytes=0))
    index.ingest([write_filing(tmp_path, 1)])
    index.close()
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(folder))
    status, found, to_do = checks(run("doctor", "--json"))["library"]
    assert status == "note"
    assert "1 of them can be asked by words only" in found
    assert "start the page" in to_do


def test_words_that_are_missing_are_found_missing_and_made_anew(data_dir: Path) -> None:
    library = Library(data_dir / "library.db")
    with library.writing() as connection:
        connection.exec_driver_sql("DELETE FROM words")
    library.close()
    result = run("doctor", "--json")
    assert result.exit_code == 1
    assert checks(result)["index of words"][0] == "broken"
    assert "footnote rebuild" in checks(result)["index of words"][2]
    assert run("rebuild").exit_code == 0
    assert run("doctor").exit_code == 0


def test_chroma_that_cannot_be_mended_now_is_told(data_dir: Path) -> None:
    shutil.rmtree(data_dir / "chroma")
    with FileLock(data_dir / "writer.lock"):  # another program is at work
        result = run("doctor", "--json")
    assert result.exit_code == 1
    assert checks(result)["index of meaning"][0] == "broken"


def test_a_library_of_another_model_is_told_and_embedded_anew(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.build.encoder_of", lambda _settings: StandInEncoder("another"))
    result = run("doctor", "--json")
    assert result.exit_code == 1
    assert "were embedded with stand-in" in checks(result)["library"][1]
    rebuilt = run("rebuild")
    assert rebuilt.exit_code == 0, rebuilt.output
    assert "embedded with another" in rebuilt.stdout
    assert run("doctor").exit_code == 0


def test_a_folder_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").write_text("a file")
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(tmp_path / "data"))
    result = run("doctor", "--json")
    assert result.exit_code == 1
    assert checks(result)["write access"][0] == "broken"
    assert checks(result)["library"][0] == "broken"


def test_a_disk_with_no_room(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_LEAST_FREE_BYTES", str(10**18))
    result = run("doctor", "--json")
    assert result.exit_code == 1
    assert "Make room" in checks(result)["free disk"][2]


def test_a_setting_that_cannot_be_read_is_named_but_not_repeated(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_MODEL_WINDOW", KEY)
    result = run("doctor", "--json")
    assert result.exit_code == 1
    assert "FOOTNOTE_MODEL_WINDOW cannot be read" in checks(result)["settings"][1]
    assert KEY not in result.output


def test_a_setting_of_the_server_that_cannot_be_read_is_named(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_LOG_FORMAT", "colourful")
    result = run("doctor", "--json")
    assert result.exit_code == 1
    assert "FOOTNOTE_LOG_FORMAT" in checks(result)["settings"][1]


def test_the_settings_in_force_are_listed_without_secrets(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "OPENAI_API_KEY": KEY,
        "FOOTNOTE_EMBEDDING_API_KEY": f"{KEY}-too",
        "OPENAI_BASE_URL": "http://me:password@127.0.0.1:9/v1?token=secret",
        "FOOTNOTE_EMBEDDING_BASE_URL": "http://me:password@127.0.0.1:9/v1",
        "FOOTNOTE_EDGAR_IDENTITY": "Jane Doe jane@example.com",
        "FOOTNOTE_DAILY_TOKENS": "1000",
        "FOOTNOTE_METRICS_TOKEN": f"{KEY}-of-the-counts",
        "FOOTNOTE_DEMO_QUESTIONS": "7",
    }.items():
        monkeypatch.setenv(name, value)
    result = run("doctor", "--json")
    settings = {one["name"]: (one["value"], one["is_usual"]) for one in json.loads(result.stdout)["settings"]}
    assert settings["OPENAI_API_KEY"] == ("set", False)
    assert settings["OPENAI_BASE_URL"] == ("set, at 127.0.0.1", False)
    assert settings["FOOTNOTE_DAILY_TOKENS"] == ("1000", False)
    assert settings["FOOTNOTE_MODEL_ATTEMPTS"] == ("3", True)
    assert settings["FOOTNOTE_METRICS_TOKEN"] == ("set", False)
    assert settings["FOOTNOTE_DEMO_QUESTIONS"] == ("7", False)
    assert settings["FOOTNOTE_AUDIT"] == ("True", True)
    for secret in (KEY, "password", "secret", "Jane"):
        assert secret not in result.output


def test_a_chroma_server_that_is_away_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_CHROMA_URL", "http://anna:s3cret@127.0.0.1:9")
    monkeypatch.setenv("FOOTNOTE_CHROMA_API_KEY", "ck-secret")
    checks = {check.name: check for check in examined(tmp_path / "data")}
    assert checks["index of meaning"].status == "broken"
    assert "does not answer" in checks["index of meaning"].found
    assert "FOOTNOTE_CHROMA_URL" in checks["index of meaning"].to_do
    shown = {setting.name: setting.value for setting in in_force(tmp_path / "data")}
    assert shown["FOOTNOTE_CHROMA_URL"] == "set, at 127.0.0.1"
    assert shown["FOOTNOTE_CHROMA_API_KEY"] == "set"
    assert "s3cret" not in str(shown) + str(checks)

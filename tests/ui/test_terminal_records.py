"""The commands for what outlives an answer: export, verify-bundle, audit."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner, Result

from index.build import FilingIndex
from rag.answer import Answer
from rag.assistant import Assistant
from rag.kept import SharedTurn
from tests.index.standins import write_filing
from tests.rag.given_answers import answer_about
from ui.export_file import export_file
from ui.terminal import app

Run = Callable[..., Result]


@pytest.fixture
def own(open_index: Callable[..., FilingIndex], tmp_path: Path) -> Assistant:
    own = Assistant(open_index())
    own.ingest([write_filing(tmp_path, 1)])
    return own


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, own: Assistant) -> Run:
    """Runs a command on a library of its own."""
    monkeypatch.setattr(Assistant, "open", lambda data_dir=None: own)

    def run_it(*arguments: Any, stdin: bytes = b"") -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)

    return run_it


@pytest.fixture
def answer(own: Assistant) -> Answer:
    return answer_about(own, own.filings()[0].id)


@pytest.fixture
def written(answer: Answer, tmp_path: Path) -> Path:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(answer.to_dict()), encoding="ascii")
    return path


def one_sentence(result: Result) -> str:
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr
    return result.stderr


def test_an_answer_is_exported_as_markdown(run: Run, written: Path, answer: Answer) -> None:
    result = run("export", written, "--to", "md")
    assert result.exit_code == 0
    assert result.stdout.startswith("# What is sold?\n")
    assert result.stdout.count("[^1]") == 2
    piped = run("export", "-", "--to", "md", stdin=written.read_bytes())
    assert piped.stdout == result.stdout


def test_an_answer_is_exported_to_word(run: Run, written: Path, tmp_path: Path) -> None:
    out = tmp_path / "an answer.docx"
    result = run("export", written, "--to", "docx", "--out", out)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert str(out) in result.stderr
    with ZipFile(out) as document:
        assert b"footnoteReference" in document.read("word/document.xml")
    piped = run("export", written, "--to", "docx")
    assert piped.stdout_bytes == out.read_bytes()


def test_a_bundle_is_exported_and_verified_without_a_library(
    run: Run, written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle.json"
    assert run("export", written, "--to", "json", "--out", bundle).exit_code == 0
    monkeypatch.setattr(Assistant, "open", lambda data_dir=None: pytest.fail("a bundle needs no library"))
    result = run("verify-bundle", bundle)
    assert result.exit_code == 0
    assert "Whole: 3 sentences of 1 answer verified against 1 filing." in result.stdout
    told = json.loads(run("verify-bundle", bundle, "--json").stdout)
    assert (told["problem"], told["sentences"], len(told["filings"])) == ("", 3, 1)

    bundle.write_text(bundle.read_text(encoding="ascii").replace("We sell", "We seII", 1), encoding="ascii")
    assert one_sentence(run("verify-bundle", bundle))
    assert json.loads(run("verify-bundle", bundle, "--json").stdout)["problem"]
    assert run("verify-bundle", bundle, "--json").exit_code == 1


def test_what_is_no_bundle_is_said_so(run: Run, written: Path, tmp_path: Path) -> None:
    assert "no Footnote audit bundle" in one_sentence(run("verify-bundle", written))
    assert run("verify-bundle", tmp_path / "absent.json").exit_code == 2


@pytest.mark.parametrize("to", ["md", "docx", "json"])
def test_an_answer_that_somebody_changed_is_not_exported(run: Run, written: Path, to: str) -> None:
    values = json.loads(written.read_text(encoding="ascii"))
    values["sentences"][1]["text"] = "It sold $999 million of anvils."
    written.write_text(json.dumps(values), encoding="ascii")
    said = one_sentence(run("export", written, "--to", to))
    assert "Sentence 2 of the answer is not what its footnotes say" in said


def test_an_answer_whose_filing_is_gone_is_not_exported_unless_it_was_shared(
    run: Run, own: Assistant, answer: Answer, written: Path
) -> None:
    shared = own.records.share([SharedTurn(answer.question, answer)])
    own.remove(answer.searched[0])
    assert run("export", written, "--to", "json").exit_code == 0
    own.records.unshare(shared)
    assert "not in the library" in one_sentence(run("export", written, "--to", "json"))


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 99_999, b'{"sentences": 3}', b'[{"question": "What?"}]']
)
def test_what_is_no_answer_is_said_in_one_sentence(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    assert "odd.json is no answer" in one_sentence(run("export", path, "--to", "md"))


def test_the_audit_trail_is_read(run: Run, own: Assistant, answer: Answer) -> None:
    assert "Nothing was written down" in run("audit").stderr
    assert json.loads(run("audit", "--json").stdout) == []
    own.records.trail.note(answer, answer.searched, {"footnote": "0.1.0"})
    own.ask("What is the melting point of tungsten?")
    entries = json.loads(run("audit", "--json").stdout)
    assert [entry["question"] for entry in entries] == ["What is the melting point of tungsten?", "What is sold?"]
    assert (entries[1]["supported"], entries[1]["withheld"], entries[1]["scope"]) == (3, 1, list(answer.searched))
    assert entries[1]["answer"] == json.loads(json.dumps(answer.to_dict()))
    assert len(json.loads(run("audit", "--json", "--last", 1).stdout)) == 1
    shown = run("audit").stdout
    assert "What is sold?" in shown
    assert "3 supported, 1 withheld" in shown


def test_thumbs_are_read(run: Run, own: Assistant, answer: Answer) -> None:
    own.records.note_feedback(answer, "down", "Of another year.")
    (thumb,) = json.loads(run("audit", "--feedback", "--json").stdout)
    assert (thumb["thumb"], thumb["reason"], thumb["answer"]["question"]) == (
        "down",
        "Of another year.",
        "What is sold?",
    )
    assert "Of another year." in run("audit", "--feedback").stdout


def test_a_file_is_named_by_letters_and_digits_alone(own: Assistant, answer: Answer) -> None:
    for title, name in {
        "Who are the customers?": "footnote-who-are-the-customers.md",
        "../../etc/passwd": "footnote-etc-passwd.md",
        'a"; rm -rf /\r\nX: y': "footnote-a-rm-rf-x-y.md",
        "Umsätze": "footnote-ums-tze.md",
        "   ": "footnote.md",
        "x" * 500: "footnote-" + "x" * 51 + ".md",
    }.items():
        assert export_file([SharedTurn(title, answer)], "md", own).name == name


def test_a_share_is_exported_after_its_filing_was_removed(own: Assistant, answer: Answer) -> None:
    share_id = own.records.share([SharedTurn(answer.question, answer)])
    label = own.filings()[0].label
    own.remove(answer.searched[0])
    shared = own.records.shared(share_id)
    assert shared is not None
    told = export_file(shared.turns, "md", own, shared).content.decode()
    assert label.replace(".", "").split()[0] in told
    assert export_file(shared.turns, "json", own, shared).name.endswith(".bundle.json")
    with ZipFile(io.BytesIO(export_file(shared.turns, "docx", own, shared).content)) as document:
        assert label.split()[0].encode() in document.read("word/footnotes.xml")

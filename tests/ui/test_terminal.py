"""The commands: what they print where, and the exit codes that scripts rely on."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from index.build import FilingIndex
from rag.assistant import Assistant
from tests.ui.made_up_answers import HOSTILE, answer, filing, sentence
from ui import terminal_output
from ui.terminal import app

SEEDS = Path(__file__).parents[2] / "seeds"
FY2021 = "smith-micro-fy2021"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, assistant: Assistant) -> Callable[..., Result]:
    """Runs a command on the library of the three filings that ship."""
    monkeypatch.setattr(Assistant, "open", lambda data_dir=None: assistant)
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(assistant.index.settings.data_dir))  # what only lists opens it itself
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def run_empty(monkeypatch: pytest.MonkeyPatch, open_index: Callable[..., FilingIndex]) -> Callable[..., Result]:
    """Runs a command on a library of its own, which is empty at first."""
    own = Assistant(open_index())
    monkeypatch.setattr(Assistant, "open", lambda data_dir=None: own)
    monkeypatch.setenv("FOOTNOTE_DATA_DIR", str(own.index.settings.data_dir))
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def outcomes(result: Result) -> list[tuple[str, str]]:
    rows = json.loads(result.stdout)["outcomes"]
    return [(Path(row["path"]).name, row["status"]) for row in rows]


# Taking in -----------------------------------------------------------------------------------------------------------


def test_a_folder_means_the_filings_in_it(run_empty: Callable[..., Result]) -> None:
    first = run_empty("ingest", SEEDS, "--json")
    assert first.exit_code == 0
    assert outcomes(first) == [(path.name, "added") for path in sorted(SEEDS.glob("*.txt"))]
    again = run_empty("ingest", SEEDS, "--json")
    assert again.exit_code == 0
    assert {status for _, status in outcomes(again)} == {"unchanged"}


def test_a_refused_file_is_named_and_the_others_are_taken_in(run_empty: Callable[..., Result], tmp_path: Path) -> None:
    empty = tmp_path / "nothing.txt"
    empty.touch()
    result = run_empty("ingest", empty, SEEDS / f"{FY2021}.txt", tmp_path / "absent.txt")
    assert result.exit_code == 1
    assert FY2021 in result.stdout
    assert result.stderr.count("\n") == 2
    assert "nothing.txt" in result.stderr
    assert "absent.txt" in result.stderr


def test_a_folder_without_filings_is_refused_in_one_sentence(run_empty: Callable[..., Result], tmp_path: Path) -> None:
    result = run_empty("ingest", tmp_path)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert tmp_path.name in result.stderr


def test_a_filing_is_removed(run_empty: Callable[..., Result]) -> None:
    run_empty("ingest", SEEDS / f"{FY2021}.txt")
    assert run_empty("remove", FY2021).exit_code == 0
    assert json.loads(run_empty("filings", "--json").stdout) == []
    assert run_empty("remove", FY2021).exit_code == 1


# Reading -------------------------------------------------------------------------------------------------------------


def test_prose_has_numbers_and_below_it_stand_the_filings_words(run: Callable[..., Result]) -> None:
    result = run("ask", "How was the Family Safety acquisition financed?", "--filing", FY2021)
    assert result.exit_code == 0
    prose, _, notes = result.stdout.partition("\n[1] “")
    assert "$65.2 million" in prose
    assert "[1]" in prose
    assert "$65.2 million" in notes
    assert "10-K FY2021 · Item 1" in notes


def test_what_no_filing_tells_ends_with_code_3(run: Callable[..., Result]) -> None:
    result = run("ask", "What is the melting point of tungsten?")
    assert result.exit_code == 3
    assert "not say" in result.stdout
    assert json.loads(run("ask", "What is the melting point of tungsten?", "--json").stdout)["answered"] is False


@pytest.mark.parametrize(
    "command",
    [
        ["filings"],
        ["parse", SEEDS / f"{FY2021}.txt"],
        ["summary", FY2021, "--facet", "products", "--facet", "financing"],
        ["ask", "Who are the competitors?"],
        ["search", "public offering", "-k", "3"],
        ["compare", "smith-micro-fy2020", FY2021],
    ],
    ids=lambda command: str(command[0]),
)
def test_every_reading_command_prints_json_alone(run: Callable[..., Result], command: list[Any]) -> None:
    result = run(*command, "--json")
    assert result.exit_code == 0
    assert result.stdout.isascii()
    assert json.loads(result.stdout)
    assert result.stderr == ""
    assert run(*command).exit_code == 0


def test_a_summary_keeps_to_its_facets(run: Callable[..., Result]) -> None:
    summary = json.loads(run("summary", FY2021, "--facet", "products", "--json").stdout)
    assert {each["facet"] for each in summary["sentences"]} == {"products"}


def test_a_search_finds_as_many_as_asked_for(run: Callable[..., Result]) -> None:
    hits = json.loads(run("search", "public offering", "-k", "2", "--filing", FY2021, "--json").stdout)
    assert len(hits) == 2
    assert {hit["passage"]["filing_id"] for hit in hits} == {FY2021}


@pytest.mark.parametrize(
    "command",
    [
        ["summary", "no-such-filing"],
        ["ask", "Who?", "--filing", "no-such-filing"],
        ["compare", "no-such-filing", FY2021],
        ["remove", "no-such-filing"],
    ],
    ids=lambda command: str(command[0]),
)
def test_an_unknown_filing_is_named_in_one_sentence(run: Callable[..., Result], command: list[str]) -> None:
    result = run(*command)
    assert result.exit_code == 1
    assert "no-such-filing" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not result.stderr.startswith('"')


@pytest.mark.parametrize(
    "command",
    [["ask"], ["summary", FY2021, "--colour"], ["compare", FY2021], ["search", "x", "-k", "0"], ["no-such-command"]],
)
def test_wrong_usage_ends_with_code_2(run: Callable[..., Result], command: list[str]) -> None:
    assert run(*command).exit_code == 2


def test_an_empty_library_says_what_to_do(run_empty: Callable[..., Result]) -> None:
    result = run_empty("filings")
    assert result.exit_code == 0
    assert "footnote ingest" in result.stderr


# When things go wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "code"),
    [(KeyboardInterrupt(), 130), (OSError("disk"), 1), (RuntimeError("schema"), 1), (TypeError("a fault"), 1)],
)
def test_every_failure_is_one_sentence(
    run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, problem: BaseException, code: int
) -> None:
    def fail(self: Assistant, *_asked: object, **_how: object) -> None:
        raise problem

    monkeypatch.setattr(Assistant, "search", fail)
    result = run("search", "valves", "--json")
    assert result.exit_code == code
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1


def test_the_filings_words_are_neither_markup_nor_control(capsys: pytest.CaptureFixture[str]) -> None:
    terminal_output.show_answer(answer(sentence(HOSTILE, 1)), [filing(company=HOSTILE)], [], as_json=False)
    shown = capsys.readouterr().out
    assert shown.count("<b>$5_x_$</b> [bold]*9*[/bold] :red[hi] [31mred2J gnirts") == 3
    assert not set(shown) & {"\x1b", "\x9b", "\u202e"}


def test_silence_and_what_was_withheld_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    kept_back = sentence("It cost $67 million.", 2)
    said = answer(sentence("We sell anvils.", 1), silent=("financing",), withheld=(kept_back,))
    terminal_output.show_answer(said, [filing()], [], as_json=False)
    shown = capsys.readouterr().out
    assert "Not disclosed in this filing: financing." in shown
    assert "1 sentence verified, 1 withheld." in shown
    assert "67" not in shown


def test_a_note_is_told_with_an_answer_and_with_a_refusal(capsys: pytest.CaptureFixture[str]) -> None:
    for said in (answer(sentence("We sell anvils.", 1), note="No model."), answer(refusal="No.", note="No model.")):
        terminal_output.show_answer(said, [filing()], [], as_json=False)
        assert "No model." in capsys.readouterr().out

"""The commands for what outlives an answer: take it away as a file, check an audit bundle, read the audit trail."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from ui import terminal_output as output
from ui.options import AsJson, DataDir
from ui.wording import counted

if TYPE_CHECKING:
    from rag.answer import Answer
    from rag.assistant import Assistant

FAILED = 1
LARGEST = 500_000_000  # bytes that are read of a file: a bundle has a few million


def export(
    answer: Annotated[
        typer.FileBinaryRead,
        typer.Argument(metavar="ANSWER", help="What `ask --json` or `summary --json` printed; - for stdin."),
    ],
    to: Annotated[Literal["md", "docx", "json"], typer.Option("--to", help="Markdown, Word, or the audit bundle.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it there, not on stdout.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Take an answer away as a file. Each of its sentences is verified anew before."""
    from rag.kept import SharedTurn
    from rag.replay import replay
    from ui.export_file import export_file

    if out is None and to == "docx" and sys.stdout.isatty():
        raise typer.BadParameter("a Word document is nothing for a terminal; name a file.", param_hint="--out")
    turns = [SharedTurn(one.question, one) for one in _answers(answer)]
    assistant = _open(data_dir)
    bundle = export_file(turns, "json", assistant).content
    if problem := replay(bundle).problem:
        raise ValueError(f"{answer.name} was not exported. {problem}")
    content = bundle if to == "json" else export_file(turns, to, assistant).content
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        out.write_bytes(content)
        output.complain(f"Wrote {out}.")


def verify_bundle(
    file: Annotated[typer.FileBinaryRead, typer.Argument(metavar="FILE", help="An audit bundle; - for stdin.")],
    as_json: AsJson = False,
) -> None:
    """Verify every sentence of an audit bundle anew, and every byte. Exit code 1 when anything was changed."""
    from rag.replay import replay

    found = replay(file.read(LARGEST))
    if as_json:
        output.say_json(asdict(found))
    if found.problem:
        output.complain(found.problem)
        raise typer.Exit(FAILED)
    if not as_json:
        sentences, answers = counted(found.sentences, "sentence"), counted(found.answers, "answer")
        output.say(f"Whole: {sentences} of {answers} verified against {counted(len(found.filings), 'filing')}.")
        for filing_id, sha256 in found.filings.items():
            output.say(f"{filing_id} was read from a file with the sha256 {sha256}.", style=output.QUIET)


def audit(
    last: Annotated[int | None, typer.Option("--last", metavar="N", min=1, help="The last so many only.")] = None,
    feedback: Annotated[bool, typer.Option("--feedback", help="What people thought of answers, instead.")] = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Read the audit trail: the answers that were given, newest first, and what made them."""
    records = _open(data_dir).records
    if feedback:
        thumbs = records.feedback()[:last]
        rows = [(one.when, one.thumb, one.answer.question if one.answer else one.problem, one.reason) for one in thumbs]
        _show(("when", "thumb", "question", "reason"), rows, [asdict(one) for one in thumbs], as_json)
        return
    entries = records.trail.entries(last)
    rows = [
        (one.when, one.answer.question, _verdicts(one.answer), one.answer.composed_by)
        if one.answer
        else (one.when, one.problem, "", "")
        for one in entries
    ]
    _show(("when", "question", "verdicts", "by"), rows, [one.to_dict() for one in entries], as_json)


def _verdicts(answer: Answer) -> str:
    return f"{len(answer.sentences)} supported, {len(answer.withheld)} withheld"


def _show(
    heads: tuple[str, ...], rows: list[tuple[str, str, str, str]], values: list[dict[str, Any]], as_json: bool
) -> None:
    if as_json:
        output.say_json(values)
    elif rows:
        output.show_table(heads, rows)
    else:
        output.complain("Nothing was written down yet.")


def _answers(file: typer.FileBinaryRead) -> list[Answer]:
    """The answers in a file, one or several; every field of them is checked."""
    from rag.kept import UnusableRecords
    from rag.packing import answer_of

    try:
        values = json.loads(file.read(LARGEST))
        return [answer_of(one, "The answer") for one in (values if isinstance(values, list) and values else [values])]
    except (ValueError, RecursionError, UnusableRecords) as error:
        raise ValueError(
            f"{file.name} is no answer: give what `footnote ask --json` or `footnote summary --json` printed."
        ) from error


def _open(data_dir: Path | None) -> Assistant:
    from rag.assistant import Assistant

    return Assistant.open(data_dir)

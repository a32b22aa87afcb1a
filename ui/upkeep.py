"""The commands that look after an installation: what is in force and whether it works, and the indexes made anew."""

from __future__ import annotations

import typer

from ui import terminal_output as output
from ui.options import AsJson, DataDir

FAILED = 1
SIGNS = {"ok": "", "note": "dim", "broken": "bold red"}


def doctor(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Check disk, library, indexes, embeddings and language model, and say what to do. Exit code 1: one is broken."""
    from ui.doctor import examined, to_dict
    from ui.settings_in_force import in_force

    checks, settings = examined(data_dir), in_force(data_dir)
    if as_json:
        output.say_json(to_dict(checks, settings))
    else:
        for check in checks:
            output.say(f"{check.status:<7} {check.name}: {check.found}", style=SIGNS[check.status])
            if check.to_do:
                output.say(check.to_do, indent=8)
        output.say("")
        for setting in settings:
            output.say(f"{setting.name}={setting.value}", style="dim" if setting.is_usual else "")
    if any(check.status == "broken" for check in checks):
        raise typer.Exit(FAILED)


def rebuild(data_dir: DataDir = None) -> None:
    """Make both indexes anew from the library, and embed what another model has embedded. No filing is read again."""
    from index.build import FilingIndex
    from index.settings import IndexSettings

    index = FilingIndex(IndexSettings(data_dir=data_dir) if data_dir else IndexSettings(), rebuild=True)
    with output.progress_of_files() as on_progress:
        problems = index.embed_unfinished(on_progress)
    held = index.standing()
    index.close()
    for problem in problems.values():
        output.complain(problem)
    if problems:
        raise typer.Exit(FAILED)
    output.say(f"Made anew: {held.filings} filings, {held.passages:,} passages, embedded with {index.encoder.name}.")

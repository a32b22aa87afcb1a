"""The commands that keep a library safe: backup and restore, and the password that lets people in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui import terminal_output as output
from ui.options import DataDir
from ui.wording import counted


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; an older backup there is replaced.")],
    data_dir: DataDir = None,
) -> None:
    """Write the whole library into one file, also while the page runs or filings are taken in."""
    from index.backup import back_up

    made = back_up(_folder(data_dir), file)
    output.say(f"Backed up {counted(made.filings, 'filing')} to {file} ({made.size / 1e6:.1f} MB), checked.")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    data_dir: DataDir = None,
) -> None:
    """Put a backup back, once it is known to be whole; end the page first. What was there is moved aside."""
    from index.backup import restore as put_back

    backup, aside = put_back(file, _folder(data_dir))
    output.say(f"Restored {counted(backup.filings, 'filing')} from {file}, made {backup.made_at}.")
    if aside:
        output.say(f"What was there before lies in {aside}; remove it when you no longer want it.")


def _folder(data_dir: Path | None) -> Path:
    from index.settings import IndexSettings

    settings = IndexSettings()
    if settings.database_url.get_secret_value():
        raise ValueError(
            "The library is in PostgreSQL (FOOTNOTE_DATABASE_URL), which has programs for this: pg_dump writes it into "
            "a file, pg_restore puts it back. Chroma is left out: it is filled anew from the library."
        )
    return data_dir or settings.data_dir


def password() -> None:
    """Make FOOTNOTE_PASSWORD_HASH of a password that is typed, for FOOTNOTE_SIGN_IN=password."""
    from ui.passwords import hash_of

    print(hash_of(typer.prompt("Password", hide_input=True, confirmation_prompt=True)))

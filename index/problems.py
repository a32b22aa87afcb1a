"""What went wrong with the data folder, as half a sentence that says what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

from index.filing import UnreadableFiling, shown_name

# SQLite calls it an I/O error when the files beside its database cannot grow.
FULL = ("is full", "no space left", "file too large", "quota exceeded", "disk i/o error")
NOT_WRITABLE = ("readonly", "read-only", "permission denied", "unable to open database file")
NOT_A_LIBRARY = ("not a database", "malformed")


def storage_problem(data_dir: Path, error: Exception) -> str:
    """Chroma, SQLite and the system each say it in their own words; one of these is meant."""
    words = str(error).casefold()
    if any(sign in words for sign in FULL):
        return f"the disk that holds {data_dir} is full; make room and try again"
    if any(sign in words for sign in NOT_WRITABLE):
        return f"{data_dir} may not be written; change its permissions, or name another folder in FOOTNOTE_DATA_DIR"
    if any(sign in words for sign in NOT_A_LIBRARY):
        return f"{data_dir / 'library.db'} is damaged; put a copy back, or move it away and take the filings in again"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"{data_dir} is not a folder; name another one in FOOTNOTE_DATA_DIR"
    return f"{data_dir} does not work ({first_line(error)}); name another folder in FOOTNOTE_DATA_DIR"


def must_have_room(path: Path, data_dir: Path, least_free_bytes: int) -> None:
    """Better to refuse before anything is embedded than to run into a full disk afterwards."""
    free = shutil.disk_usage(data_dir).free
    if free < least_free_bytes:
        raise UnreadableFiling(
            f"{shown_name(path)} was not taken in: only {free / 1e6:.0f} MB are free in {data_dir}; make room there."
        )


def first_line(error: Exception) -> str:
    """What an error says of itself, without the statement and the parameters that SQLAlchemy adds."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:160]

"""What went wrong with the data folder, as half a sentence that says what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

from index.filing import UnreadableFiling, shown_name

# SQLite calls it an I/O error when the files beside its database cannot grow.
FULL = ("is full", "no space left", "file too large", "quota exceeded", "disk i/o error")
NOT_WRITABLE = ("readonly", "read-only", "permission denied", "unable to open database file")
NOT_A_LIBRARY = ("not a database", "malformed")
OF_POSTGRES = "(psycopg."  # how SQLAlchemy begins what PostgreSQL's driver said
NOT_ANSWERING = (
    "connection failed",
    "connection is bad",
    "connection to server",
    "server closed the connection",
    "terminating connection",
    "consuming input failed",
    "connection timeout",
    "is starting up",
    "is shutting down",
    "too many clients",
)
NOT_LET_IN = ("authentication failed", "no password supplied", "does not exist", "no pg_hba.conf entry")


def storage_problem(data_dir: Path, error: Exception) -> str:
    """Chroma, SQLite and the system each say it in their own words; one of these is meant."""
    words = str(error).casefold()
    if words.startswith(OF_POSTGRES):
        return _of_the_server(words, error)
    if any(sign in words for sign in FULL):
        return f"the disk that holds {data_dir} is full; make room and try again"
    if any(sign in words for sign in NOT_WRITABLE):
        return f"{data_dir} may not be written; change its permissions, or name another folder in FOOTNOTE_DATA_DIR"
    if any(sign in words for sign in NOT_A_LIBRARY):
        return f"{data_dir / 'library.db'} is damaged; put a copy back, or move it away and take the filings in again"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"{data_dir} is not a folder; name another one in FOOTNOTE_DATA_DIR"
    return f"{data_dir} does not work ({first_line(error)}); name another folder in FOOTNOTE_DATA_DIR"


def _of_the_server(words: str, error: Exception) -> str:
    if any(sign in words for sign in NOT_LET_IN):
        return "PostgreSQL lets nobody in by FOOTNOTE_DATABASE_URL; check its user, password and database"
    if any(sign in words for sign in NOT_ANSWERING):
        return "PostgreSQL does not answer; look whether it runs where FOOTNOTE_DATABASE_URL says"
    if any(sign in words for sign in FULL):
        return "the disk of PostgreSQL is full; make room there and try again"
    return f"PostgreSQL does not do it ({first_line(error)})"


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

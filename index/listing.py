"""What is in the library, and nothing else: told without importing what reads filings or searches them."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from index.database import open_database
from index.filing import Filing, UnusableLibrary
from index.library import Library
from index.problems import storage_problem
from index.settings import IndexSettings


def list_filings(data_dir: Path | None) -> list[Filing]:
    """The filings in this folder; without one, in FOOTNOTE_DATA_DIR or ~/.footnote."""
    settings = IndexSettings(data_dir=data_dir) if data_dir else IndexSettings()
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        library = Library(open_database(settings.database_url.get_secret_value(), settings.data_dir))
        try:
            return library.filings()
        finally:
            library.close()
    except (OSError, SQLAlchemyError) as error:
        raise UnusableLibrary(f"The library cannot be opened: {storage_problem(settings.data_dir, error)}.") from error

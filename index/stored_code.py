"""Whether a Chroma folder names an embedding function, which Chroma constructs as soon as it writes or searches.

For a sentence-transformers model with trust_remote_code that means: it runs code from wherever the folder says.
Footnote never stores one. So a folder that names one is not Footnote's own work, and is not opened.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

INERT = ("legacy", "unknown")  # what Chroma writes down where there is none
PATIENCE = 30.0  # seconds, while another process writes


def names_code(folder: Path) -> bool:
    """Read from Chroma's own database, before Chroma itself reads it."""
    address = f"{(folder / 'chroma.sqlite3').resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE)) as database:
        rows = database.execute("SELECT * FROM collections").fetchall()
    return any(kind not in INERT for row in rows for value in row for kind in _functions(_parsed(value)))


def _parsed(value: object) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _functions(value: Any) -> Iterator[object]:
    """The types of all embedding functions within a configuration, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "embedding_function" and inner is not None:
                yield inner.get("type") if isinstance(inner, dict) else inner
            yield from _functions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _functions(inner)

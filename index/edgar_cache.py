"""What was downloaded from EDGAR: a folder a filing, named by its accession number, there whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from index.edgar_listing import Listed

SIDECAR = "filings.toml"
BEGUN = ".part-"
ABANDONED = 3600.0  # seconds after which a folder that was begun is nobody's any more: its process was killed


def kept(folder: Path, accession: str) -> Path | None:
    """The file of a filing that was downloaded before."""
    place = folder / accession
    files = [path for path in place.glob("[!.]*") if path.name != SIDECAR]
    return files[0] if files else None


def keep(folder: Path, listed: Listed, name: str, data: bytes, ticker: str, cik: int) -> Path:
    """Write a filing and what EDGAR knows of it, beside each other; they appear in one move."""
    facts = {
        "declared_by": "EDGAR",
        "ticker": ticker,
        "cik": str(cik),
        "form": listed.form,
        "period_end": listed.period_end,
        "filed_on": listed.filed_on,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in facts.items() if value]
    begun, place = Path(tempfile.mkdtemp(prefix=BEGUN, dir=folder)), folder / listed.accession
    try:
        _write(begun / name, data)
        _write(begun / SIDECAR, "\n".join([f"[{json.dumps(name)}]", *lines, ""]).encode())
        begun.rename(place)
    except OSError:
        there = kept(folder, listed.accession)  # another process may have been faster
        if there is None:
            raise
        return there
    finally:
        shutil.rmtree(begun, ignore_errors=True)
    return place / name


def drop(path: Path) -> None:
    """Forget a download that cannot be read, so that the next fetch asks for it again."""
    shutil.rmtree(path.parent, ignore_errors=True)


def tidy(folder: Path) -> None:
    """Remove what killed processes left half done."""
    for begun in folder.glob(f"{BEGUN}*"):
        with suppress(OSError):
            if time.time() - begun.stat().st_mtime > ABANDONED:
                shutil.rmtree(begun)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())

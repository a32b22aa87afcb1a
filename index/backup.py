"""A library as one file, taken while the page runs and a writer is at work; and put back, once it is known to be whole.

A backup is a zip with the record (library.db, everything in it), the user's own facets.toml, and a manifest with the
fingerprint of each and how many rows each table has. Chroma is derived from the record and is made anew from it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.filing import UnusableLibrary
from index.library import Library

FORMAT = 1
RECORD = "library.db"
MANIFEST = "manifest.json"
KEPT = (RECORD, "facets.toml")
CHUNK = 1 << 20
# What zipfile and json raise for bytes that are not what they were, from a wrong length to a password asked for.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    sqlite3.Error,
    EOFError,
    RuntimeError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
)
PATIENCE = 10.0  # seconds that a restore waits for a writer to end


class UnusableBackup(ValueError):
    """A file that is no backup, or no longer whole."""


@dataclass(frozen=True)
class Backup:
    """What a backup holds."""

    made_at: str
    rows: dict[str, int]
    size: int

    @property
    def filings(self) -> int:
        return self.rows.get("filings", 0)


# Taking one -----------------------------------------------------------------------------------------------------------


def back_up(data_dir: Path, file: Path) -> Backup:
    """The library at one moment, whoever reads or writes it meanwhile; the file is there whole or not at all."""
    if not (data_dir / RECORD).is_file():
        raise UnusableLibrary(f"There is no library in {data_dir}: nothing to back up.")
    if file.is_dir():
        raise ValueError(f"{file} is a folder; name a file in it.")
    if file.exists() and not zipfile.is_zipfile(file):
        raise ValueError(f"{file} is there and is no backup; name another file.")
    with tempfile.TemporaryDirectory(dir=file.resolve().parent, prefix=".backup-") as folder:
        record = Path(folder) / RECORD
        _copy_database(data_dir / RECORD, record)
        parts = {RECORD: record} | {name: data_dir / name for name in KEPT[1:] if (data_dir / name).is_file()}
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        rows = _checked_rows(record, "The library")
        prints = {name: _fingerprint(part) for name, part in parts.items()}
        manifest = {"footnote_backup": FORMAT, "made_at": made_at, "sha256": prints, "rows": rows}
        packed = Path(folder) / "backup.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
            target.writestr(MANIFEST, json.dumps(manifest, indent=1))
            for name, part in parts.items():
                target.write(part, name)
        _settle(packed)
        size = packed.stat().st_size
        packed.replace(file)
        _settle(file.resolve().parent)
    return Backup(made_at, rows, size)


def _copy_database(source: Path, target: Path) -> None:
    """In one reading transaction: what others write meanwhile is in it whole or not at all, and nobody waits."""
    with closing(_connect(source)) as read, closing(sqlite3.connect(target)) as write:
        read.backup(write, pages=-1)
        write.execute("PRAGMA journal_mode=DELETE")  # one file, without another that belongs to it


# Putting one back -----------------------------------------------------------------------------------------------------


def restore(file: Path, data_dir: Path) -> tuple[Backup, Path | None]:
    """The library as it was backed up, and where that lies now which was there before; it is never overwritten."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data_dir, prefix=".restore-") as folder:
        backup = _unpacked(file, Path(folder))
        with _alone_with(data_dir):
            aside = _put_aside(data_dir)
            for name in KEPT[::-1]:  # the record last: until then the library is what it was
                if (Path(folder) / name).is_file():
                    (Path(folder) / name).replace(data_dir / name)
            _settle(data_dir)
    return backup, aside


def _unpacked(file: Path, folder: Path) -> Backup:
    """Everything that is to be put back, unpacked, compared with its fingerprints, opened and counted."""
    damaged = f"{file} is damaged: it was cut off or changed. Nothing was restored; use another backup."
    try:
        with zipfile.ZipFile(file) as source:
            manifest = json.loads(source.read(MANIFEST))
            names = sorted(manifest["sha256"])
            # Only these names, and only what the manifest knows: a path in a zip could lead anywhere.
            if manifest["footnote_backup"] != FORMAT or RECORD not in names or not set(names) <= set(KEPT):
                raise UnusableBackup(f"{file} was made by another version of Footnote. Nothing was restored.")
            room = shutil.disk_usage(folder).free
            if sum(source.getinfo(name).file_size for name in names) > room:
                raise UnusableBackup(f"There is no room for {file} in {folder.parent}. Nothing was restored.")
            for name in names:
                with source.open(name) as packed, (folder / name).open("wb") as target:
                    shutil.copyfileobj(packed, target, CHUNK)
                _settle(folder / name)
        if any(_fingerprint(folder / name) != manifest["sha256"][name] for name in names):
            raise UnusableBackup(damaged)
        if _checked_rows(folder / RECORD, str(file)) != manifest["rows"]:
            raise UnusableBackup(damaged)
        Library(folder / RECORD).close()  # it opens, and one of an earlier version becomes one of this
        return Backup(str(manifest["made_at"]), manifest["rows"], file.stat().st_size)
    except FileNotFoundError:
        raise UnusableBackup(f"There is no file {file}.") from None
    except UnusableLibrary as problem:
        raise UnusableBackup(
            f"{file} cannot be used by this version of Footnote. Nothing was restored. {problem}"
        ) from None
    except UnusableBackup:
        raise
    except OSError as problem:
        if problem.errno:  # the disk's trouble, and not the file's
            raise
        raise UnusableBackup(damaged) from None
    except DAMAGE:
        raise UnusableBackup(damaged) from None


@contextmanager
def _alone_with(data_dir: Path) -> Iterator[None]:
    """No writer is at work, and no program has the library open: it would go on with the files that were there."""
    try:
        with FileLock(data_dir / "writer.lock", timeout=PATIENCE):
            if (data_dir / RECORD).is_file():
                _must_be_closed(data_dir / RECORD)
            yield
    except Timeout:
        raise ValueError(
            f"Another program takes filings into {data_dir}. Nothing was restored; try again when it is done."
        ) from None


def _must_be_closed(record: Path) -> None:
    """SQLite gives up its write-ahead log only when nobody else has the database open; what was in it is then saved."""
    with closing(_connect(record)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            raise ValueError(
                "The page, or another program, has the library open. Nothing was restored; end it and try again."
            ) from None
        except sqlite3.DatabaseError:
            pass  # what is there is damaged, which may be why somebody restores; it is put aside as it is


def _put_aside(data_dir: Path) -> Path | None:
    """What is there, in a folder beside it. Chroma goes first: it must never stand beside a record not its own."""
    present = [name for name in ("chroma", *KEPT[::-1], f"{RECORD}-wal", f"{RECORD}-shm") if (data_dir / name).exists()]
    if not present:
        return None
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    aside = data_dir / f"before-restore-{stamp}"
    aside.mkdir()
    for name in present:
        if name in KEPT:
            # Under both names until the new one takes its place: whatever is killed, there is always a whole library.
            _put_under_both_names(data_dir / name, aside / name)
        else:
            (data_dir / name).rename(aside / name)
    _settle(aside)
    return aside


def _put_under_both_names(here: Path, there: Path) -> None:
    try:
        os.link(here, there)
    except OSError:  # a file system without links
        shutil.copy2(here, there)


# Both -----------------------------------------------------------------------------------------------------------------


def _checked_rows(record: Path, name: str) -> dict[str, int]:
    """How many rows each table has, once SQLite has found nothing wrong with the database."""
    with closing(_connect(record)) as connection:
        found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise UnusableBackup(f"{name} is damaged ({found}). Nothing was written.")
        listed = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
            "AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'words_%' ORDER BY name"
        ).fetchall()
        return {table: _count(connection, table) for (table,) in listed}


def _count(connection: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    return int(connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])  # noqa: S608  a table's own name


def _connect(path: Path) -> sqlite3.Connection:
    """Opened where it is there, and never made."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settle(path: Path) -> None:
    """What was written to it outlives a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

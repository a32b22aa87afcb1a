"""Make the library that an earlier commit writes, for tests/index/test_migrations.py: its own code takes a filing in.

.venv/bin/python scripts/make_old_library.py COMMIT writes tests/index/libraries/COMMIT.db.gz. Run it for each release,
and for each commit that changes what lies in the database.
"""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAKE = """
import sys
from pathlib import Path
from index.build import FilingIndex
from index.settings import IndexSettings
from tests.index.standins import StandInEncoder, write_filing
folder = Path(sys.argv[1])
index = FilingIndex(IndexSettings(data_dir=folder / "data"), StandInEncoder())
for number in (1, 2):
    (outcome,) = index.ingest([write_filing(folder, number, 12)]).outcomes
    assert outcome.status == "added", outcome
index.close()
import sqlite3
sqlite3.connect(folder / "data" / "library.db").execute("PRAGMA journal_mode=DELETE")
"""


def main(commit: str) -> None:
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S607
    with tempfile.TemporaryDirectory() as folder:
        tree, made = Path(folder) / "tree", Path(folder) / "made"
        made.mkdir()
        with tarfile.open(fileobj=io.BytesIO(archive)) as packed_tree:
            packed_tree.extractall(tree, filter="data")
        subprocess.run([sys.executable, "-c", MAKE, str(made)], cwd=tree, check=True, env={"PYTHONPATH": str(tree)})
        packed = gzip.compress((made / "data" / "library.db").read_bytes(), mtime=0)
    target = ROOT / "tests" / "index" / "libraries" / f"{commit}.db.gz"
    target.write_bytes(packed)
    print(f"{target.relative_to(ROOT)}: {len(packed)} bytes")


if __name__ == "__main__":
    main(sys.argv[1])

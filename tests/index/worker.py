"""Another process that takes filings in, for the tests of what two processes, a kill or a full disk do.

    python tests/index/worker.py DATA_DIR FILE... [remove:ID...]

It says after each file, and never before the ingest of that file has returned: name, status, id or problem. With
PACE in the environment its encoder takes that many seconds for every part, so that a kill finds it at work anywhere.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from index.build import FilingIndex
from index.filing import Vectors
from index.settings import IndexSettings
from tests.index.standins import StandInEncoder, write_filing


class PacedEncoder(StandInEncoder):
    def encode(self, texts: list[str]) -> Vectors:
        time.sleep(float(os.environ.get("PACE", "0")))
        return super().encode(texts)


def _load_everything() -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = FilingIndex(IndexSettings(data_dir=Path(folder), least_free_bytes=0), StandInEncoder())
        assert index.ingest([write_filing(Path(folder), 1)]).outcomes[0].status == "added"
        index.close()


def main(data_dir: str, *files: str) -> None:
    if limit := os.environ.get("LARGEST_FILE"):
        # A write beyond it fails with "File too large", as one on a full disk fails with "No space left on device".
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), resource.RLIM_INFINITY))
    if user := os.environ.get("AS_USER"):
        _load_everything()  # the other user may not be able to read the modules that are imported when they are needed
        os.setuid(int(user))
    encoder = PacedEncoder()
    index = FilingIndex(IndexSettings(data_dir=Path(data_dir), least_free_bytes=0), encoder)
    print("open", len(encoder.texts), sep="\t", flush=True, file=sys.stderr)
    for file in files:
        if file.startswith("remove:"):
            index.remove(file.removeprefix("remove:"))
            continue
        (outcome,) = index.ingest([Path(file)]).outcomes
        print(outcome.path.name, outcome.status, outcome.filing_id or outcome.problem, sep="\t", flush=True)
    index.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What happens when something breaks under a real server: `python -m evals.faults`.

kill -9 at random moments of taking in and of answering, a full disk, a clock that jumps, a folder that cannot be read,
a Chroma server and a database that go and come back.
After each: is everything there that a visitor was told was kept, does the store open, and how long until it is ready?
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from evals.kills import Kills
from evals.known_answers import seeded
from evals.machine_trouble import clock_jump, full_disk, unreadable_folder
from evals.servers_gone import chroma_gone, database_gone
from evals.trial import Place, Row


def kills(place: Place, row: Row, times: int, seed: int) -> None:
    """kill -9 in mid-ingest and in mid-answer, by turns."""
    row.done = f"{times} times, by turns while a filing is taken in and while an answer is made"
    trial = Kills(place.served(), seed)
    try:
        for number in range(times):
            trial.one(is_ingest=number % 2 == 0)
            print(f"  kill {number + 1} of {times}; {len(trial.wrong)} wrong", file=sys.stderr, flush=True)
        trial.last()
    finally:
        trial.served.stop()
    row.came += trial.told()
    row.wrong += trial.wrong


FAULTS: dict[str, Callable[[Place, Row], None]] = {
    "disk": full_disk,
    "clock": clock_jump,
    "folder": unreadable_folder,
    "chroma": chroma_gone,
    "database": database_gone,
}
NAMES = ("kill", *FAULTS)


def main() -> int:
    """Try the faults and print what came of each; 1 where a promise was broken."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("faults", nargs="*", metavar="FAULT", help=f"{', '.join(NAMES)}; all where none is named")
    reader.add_argument("--kills", type=int, default=30, help="in all")
    reader.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000, help="the moments are drawn from it")
    reader.add_argument(
        "--library", type=Path, help="a data folder with the seeds, copied; else they are taken in anew"
    )
    reader.add_argument("--json", type=Path, help="write what came out there too")
    options = reader.parse_args()
    if unknown := [name for name in options.faults if name not in NAMES]:
        reader.error(f"there is no fault {unknown[0]!r}")
    rows = [tried(name, options) for name in options.faults or NAMES]
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")
    return 1 if any(row.wrong for row in rows) else 0


def tried(name: str, options: argparse.Namespace) -> Row:
    """One fault in a fresh place, printed."""
    row = Row(name)
    with tempfile.TemporaryDirectory(prefix="footnote-faults-") as folder:
        place = Place(Path(folder))
        if options.library:
            shutil.copytree(options.library, place.data_dir)
        else:
            seeded(place.data_dir)
        try:
            if name == "kill":
                kills(place, row, options.kills, options.seed)
            else:
                FAULTS[name](place, row)
        except Exception as problem:  # the other faults are still to be tried
            row.wrong.append(f"NOT: the trial ends ({type(problem).__name__}: {problem})")
    print("\n".join(row.lines()), flush=True)
    return row


if __name__ == "__main__":
    sys.exit(main())

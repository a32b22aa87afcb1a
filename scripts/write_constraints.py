"""Write constraints.txt: the exact versions that both commands install, found by pip and not by hand.

.venv/bin/python scripts/write_constraints.py keeps what is pinned and pins what pyproject.toml added;
with --upgrade it takes the newest of everything that pyproject.toml allows.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
HEADER = """\
# The exact versions that make app and make test install; pyproject.toml says what each direct one is for.
# Written by scripts/write_constraints.py: change pyproject.toml and run it, do not edit.
"""
# torch brings these where its build has CUDA; which ones differs from machine to machine.
CUDA = re.compile(r"nvidia-|cuda-|triton$")


def resolve(upgrade: bool) -> dict[str, str]:
    """Ask pip what a fresh environment would hold, without installing it."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        if CONSTRAINTS.exists() and not upgrade:
            command += ["--constraint", str(CONSTRAINTS)]
        subprocess.run([*command, "--report", str(report), "--editable", f"{ROOT}[dev]"], check=True)
        metadata = [package["metadata"] for package in json.loads(report.read_text())["install"]]
    return {re.sub(r"[-_.]+", "-", entry["name"]).lower(): entry["version"] for entry in metadata}


def main() -> None:
    versions = resolve(upgrade="--upgrade" in sys.argv[1:])
    versions.pop("footnote-filings")
    lines = [
        # A local suffix (+cpu) names a build; the constraint names a version, whichever build the index offers.
        f"{name}=={version.partition('+')[0]}\n"
        for name, version in sorted(versions.items())
        if not CUDA.match(name)
    ]
    CONSTRAINTS.write_text(HEADER + "".join(lines))
    print(f"{CONSTRAINTS.name}: {len(lines)} versions")


if __name__ == "__main__":
    main()

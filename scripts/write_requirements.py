"""Write deploy/requirements.txt: what an image installs, each with the fingerprint that pip must find.

.venv/bin/python -m scripts.write_requirements reads the versions from constraints.txt; run it after
write_constraints.py, on Linux, x86-64, with Python 3.11: elsewhere the wheels, and so their fingerprints, are others.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.write_constraints import CONSTRAINTS, CUDA, ROOT

REQUIREMENTS = ROOT / "deploy" / "requirements.txt"
HEADER = """\
# What the image installs beside torch: Linux, x86-64, Python 3.11. pip refuses a file with another fingerprint.
# Written by python -m scripts.write_requirements: do not edit. torch stands in the Dockerfile, for it comes from an
# index of its own, whose builds have fingerprints of their own.
"""
BUILD = "setuptools"  # builds Footnote itself, without asking the index again


def resolve() -> dict[str, tuple[str, str]]:
    """Name to version and sha256 of all that Footnote needs to run, with every extra that a server may use."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        command += ["--only-binary", ":all:", "--constraint", str(CONSTRAINTS), "--report", str(report)]
        subprocess.run([*command, f"{ROOT}[edgar,postgres,sign-in]", BUILD], check=True)
        found = {}
        for package in json.loads(report.read_text())["install"]:
            name = re.sub(r"[-_.]+", "-", package["metadata"]["name"]).lower()
            hashes = package["download_info"].get("archive_info", {}).get("hashes", {})
            if name not in ("footnote-filings", "torch") and not CUDA.match(name):
                found[name] = (package["metadata"]["version"], hashes["sha256"])
    return found


def main() -> None:
    found = resolve()
    lines = [f"{name}=={version} --hash=sha256:{digest}\n" for name, (version, digest) in sorted(found.items())]
    REQUIREMENTS.write_text(HEADER + "".join(lines))
    print(f"{REQUIREMENTS.relative_to(ROOT)}: {len(lines)} files")


if __name__ == "__main__":
    main()

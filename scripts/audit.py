"""Ask PyPI for known weaknesses of every package that is pinned: exit code 1 where there is one.

    python -m scripts.audit

Where PyPI's service for it does not answer, one line says so and nothing fails: a build must not depend on a network.
pip-audit is put into an environment of its own, .venv/audit, so that it changes nothing of what is tested.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "constraints.txt"
HOME = ROOT / ".venv" / "audit"
TOOL = "pip-audit>=2.10.1,<3"
PATIENCE = 60  # seconds for pip, and for all questions to PyPI
# Known, and not ours: each with the reason why it cannot happen here. Look at them again with each new version.
NOT_OURS = {
    "CVE-2026-45829": "Chroma's Python server, which Footnote never starts: `chroma run` is another program",
    "CVE-2026-45833": "the same server",
}


class NotAnswered(RuntimeError):
    """Nobody could be asked; its message says why."""


def report() -> dict[str, Any]:
    """What pip-audit found, as it tells it in JSON."""
    if not (HOME / "bin" / "pip-audit").exists():
        venv.create(HOME, with_pip=True)
        install = [HOME / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", TOOL]
        _run([*map(str, install)])
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.json"
        command = [str(HOME / "bin" / "pip-audit"), "--requirement", str(PINS), "--no-deps", "--disable-pip"]
        _run([*command, "--timeout", "10", "--progress-spinner", "off", "--format", "json", "--output", str(found)])
        try:
            read: dict[str, Any] = json.loads(found.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise NotAnswered("pip-audit wrote no report") from None
        return read


def _run(command: list[str]) -> None:
    """pip-audit ends with 1 where it found something, and also where it broke off: its report tells which."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise NotAnswered(f"it took more than {PATIENCE} s") from None
    if done.returncode not in (0, 1) or (done.returncode and "pip-audit" not in command[0]):
        raise NotAnswered((done.stderr.strip().splitlines() or ["no reason was given"])[-1])


def judged(found: dict[str, Any]) -> tuple[str, list[str]]:
    """One line about all, and a line for each weakness; NotAnswered where no package could be looked up."""
    asked = [package for package in found["dependencies"] if "vulns" in package]
    if not asked:
        # pip-audit calls this "no known vulnerabilities", and ends well.
        raise NotAnswered("it knew none of the packages")
    known = [
        f"{package['name']} {package['version']}: {weakness['id']}, "
        f"mended in {', '.join(weakness['fix_versions']) or 'no version yet'}"
        for package in asked
        for weakness in package["vulns"]
        if not {weakness["id"], *weakness.get("aliases", ())} & NOT_OURS.keys()
    ]
    skipped = len(found["dependencies"]) - len(asked)
    unknown = f"; {skipped} could not be looked up" if skipped else ""
    return f"{len(asked)} packages were looked up, {len(known)} weaknesses are known{unknown}.", known


def main() -> int:
    try:
        line, known = judged(report())
    except NotAnswered as reason:
        print(f"Known weaknesses were not looked up: PyPI's service did not answer ({reason}).")
        return 0
    print("\n".join([line, *known]))
    return 1 if known else 0


if __name__ == "__main__":
    sys.exit(main())

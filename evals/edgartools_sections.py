"""Footnote's sections and edgartools' own, side by side on the same filings.

    python -m venv EDGAR && EDGAR/bin/pip install edgartools
    python -m evals.edgartools_sections ../shared/eval/sections.json ../shared/data/filings EDGAR/bin/python

edgartools gives no status to an item, so both are asked only whether an item is found and whether its text is the right
one. A filing that is no HTML is handed over as edgartools itself would hand it over: as one without HTML.
"""

from __future__ import annotations

import argparse
import gzip
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from index.reader import read_filing
from index.sections import split_sections

# Run by an interpreter that has edgartools: what it needs is not ours, and our program's only door to it is elsewhere.
PROBE = """
import json, logging, sys, warnings
from types import SimpleNamespace
from edgar.company_reports import TenK
warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
asked = json.load(sys.stdin)
filing = SimpleNamespace(form="10-K", html=lambda: asked["html"], base_dir="", accession_number="", company="")
report = TenK(filing)

def text_of(item):
    try:
        return report.get(f"Item {item}") or ""
    except Exception:  # it fails on a filing without HTML
        return ""

json.dump({item: text_of(item) for item in asked["items"]}, sys.stdout)
"""
NOT_THERE = ("missing", "omitted")


@dataclass(frozen=True)
class Score:
    found: int
    right: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("cases", type=Path)
    parser.add_argument("filings", type=Path)
    parser.add_argument("python", type=Path, help="an interpreter that has edgartools")
    chosen = parser.parse_args()
    table = Table("filing", "items", "Footnote", "edgartools", "checks", "Footnote", "edgartools")
    sums = [0] * 6
    for name, expected in json.loads(chosen.cases.read_text(encoding="utf-8"))["filings"].items():
        if expected["doc_status"] in ("unsupported", "failed"):
            continue
        path = next(chosen.filings.rglob(f"{expected['file']}*"))
        ours, theirs = (score(expected, texts) for texts in (by_footnote(path), by_edgartools(path, expected, chosen)))
        asked = sum(status not in NOT_THERE for status in expected["items"].values())
        checks = sum(len(expected[kind]) for kind in ("contains", "lacks", "min_chars"))
        row = [asked, ours.found, theirs.found, checks, ours.right, theirs.right]
        sums = [total + count for total, count in zip(sums, row, strict=True)]
        table.add_row(name, *map(str, row))
    table.add_section()
    table.add_row("all", *map(str, sums))
    Console().print(table)


def by_footnote(path: Path) -> dict[str, str]:
    filing = read_filing(path)
    sections = split_sections(filing.text, filing.form, filing.period_end).sections
    return {section.item: filing.text[section.start : section.end] for section in sections}


def by_edgartools(path: Path, expected: dict[str, Any], chosen: argparse.Namespace) -> dict[str, str]:
    data = path.read_bytes()
    raw = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8", "replace")
    items = {
        *expected["items"],
        *expected["min_chars"],
        *(item for item, _ in expected["contains"] + expected["lacks"]),
    }
    asked = json.dumps({"html": None if expected["file"].endswith(".txt") else raw, "items": sorted(items)})
    command = [str(chosen.python), "-c", PROBE]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True, timeout=300)
    texts: dict[str, str] = json.loads(done.stdout)
    return texts


def score(expected: dict[str, Any], texts: dict[str, str]) -> Score:
    """How many of the items are found, and how many of the checks on their text hold."""
    folded = {item: " ".join(text.split()).casefold() for item, text in texts.items()}
    found = sum(bool(folded.get(item)) for item, status in expected["items"].items() if status not in NOT_THERE)
    right = sum(" ".join(words.split()).casefold() in folded.get(item, "") for item, words in expected["contains"])
    right += sum(" ".join(words.split()).casefold() not in folded.get(item, "") for item, words in expected["lacks"])
    right += sum(len(texts.get(item, "")) >= least for item, least in expected["min_chars"].items())
    return Score(found, right)


if __name__ == "__main__":
    main()

"""Filings of which somebody marked the vital facts, to learn from: their statements, measured, and what is vital.

Two kinds of labels. Facts with patterns (the seeds' in evals/cases, the others' beside the project): a statement is
vital when it says a fact whole. And evals/vital_labels.json: for filings that have no such list, the statements that an
analyst marked while reading Item 1, before any summary was made; named by a fingerprint, so that no filing's text is
kept here.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evals.cases import SEEDS, found, squash
from index.chunk import split_passages
from index.filing import Filing, Passage
from index.reader import read_filing
from index.sections import split_sections
from index.tokens import count_all
from rag.compose_summary import Encode, Material, measure
from rag.facets import FacetReader
from rag.third_person import Narrator
from rag.vital import FACETS

Matrix = NDArray[np.float64]
LABELS = Path(__file__).with_name("vital_labels.json")
SHARED = Path(__file__).parents[2] / "shared"
MANY = 3  # a fact that more statements say whole is hardly the point of each of them


@dataclass(frozen=True)
class Labelled:
    """A filing, its statements, and how vital each is for each facet."""

    name: str
    company: str  # filings of one company are never on both sides of a test
    kind: str  # seeds, filings, training or marked
    material: Material
    facts: list[dict[str, Any]]
    vital: Matrix  # a row a statement, a column a facet
    known: NDArray[np.bool_]  # False where nobody has looked


def labelled_filings(reader: FacetReader, encode: Encode, shared: Path = SHARED) -> Iterator[Labelled]:
    """Every labelled filing that is at hand."""
    marks = json.loads(LABELS.read_text(encoding="utf-8"))["filings"]
    with tempfile.TemporaryDirectory() as folder:
        for kind, name, path, facts in _sources(shared, marks, Path(folder)):
            filing, passages = _read(path)
            narrator = Narrator(filing.company if filing.names_its_company else "", filing.text)
            material = measure(passages, reader, encode, count_all, narrator.tell, filing.fiscal_year)
            mark = marks.get(name, {})
            vital = _by_facts(material, facts) if facts else _by_marks(material, mark["vital"])
            known = np.arange(len(vital)) < mark.get("read_to", len(vital))
            yield Labelled(name, _company(name), kind, material, facts, vital, known)


def fingerprint(text: str) -> str:
    return hashlib.sha256(squash(text).encode()).hexdigest()[:10]


def _sources(
    shared: Path, marks: dict[str, Any], folder: Path
) -> Iterator[tuple[str, str, Path, list[dict[str, Any]]]]:
    by_seed = defaultdict(list)
    for fact in json.loads((Path(__file__).parent / "cases" / "seed_nuggets.json").read_text())["nuggets"]:
        by_seed[fact["filing"]].append(fact)
    for name, facts in by_seed.items():
        yield "seeds", name, SEEDS / f"{name}.txt", facts
    filings = shared / "data" / "filings"
    for kind, file in (("filings", "filing_nuggets.json"), ("training", "training_nuggets.json")):
        for one in json.loads((shared / "eval" / file).read_text())["filings"]:
            yield kind, one["name"], _unpacked(filings / f"{Path(one['source_html']).name}.gz", folder), one["nuggets"]
    pages = _pages(shared / "eval" / "financebench_pages.jsonl.gz", marks)
    for name in marks:
        path = folder / f"{name}.txt"
        if name in pages:
            path.write_text(pages[name])  # a form feed is a page break
        else:
            path = _unpacked(next(filings.glob(f"{name}.*")), folder)
        yield "marked", name, path, []


def _unpacked(path: Path, folder: Path) -> Path:
    if path.suffix != ".gz":
        return path
    target = folder / path.stem
    target.write_bytes(gzip.decompress(path.read_bytes()))
    return target


def _pages(path: Path, wanted: dict[str, Any]) -> dict[str, str]:
    pages: dict[str, list[tuple[int, str]]] = defaultdict(list)
    with gzip.open(path, "rt") as lines:
        for line in lines:
            page = json.loads(line)
            if page["doc_name"] in wanted:
                pages[page["doc_name"]].append((page["page_num"], page["page_text"]))
    return {name: "\f".join(text for _, text in sorted(of_one)) for name, of_one in pages.items()}


def _read(path: Path) -> tuple[Filing, list[Passage]]:
    filing = read_filing(path)
    passages = split_passages(filing, split_sections(filing.text, filing.form, filing.period_end).sections, count_all)
    of_business = [one for one in passages if one.item == "1"]
    return filing, of_business or [one for one in passages if not one.item] or passages


def _company(name: str) -> str:
    first = re.split(r"[-_]", name)[0].casefold()
    return name if first == "parity" else {"nke": "nike", "smith": "smith micro"}.get(first, first)


def _by_facts(material: Material, facts: Sequence[dict[str, Any]]) -> Matrix:
    """1 where a statement says a fact whole and is the one that the fact was taken from, or one of few."""
    vital = np.zeros((len(material.told), len(FACETS)))
    squashed = [squash(one.text) for one in material.statements]
    for fact in facts:
        hits = np.array([[found(pattern, text) for pattern in fact["all"]] for text in material.told])
        whole, evidence = hits.all(axis=1), squash(fact.get("evidence", ""))
        is_source = np.array([bool(evidence) and (evidence in text or (len(text) > 30 and text in evidence))
                              for text in squashed])  # fmt: skip
        credit = np.where(whole & is_source, 1.0, np.where(whole, 1.0 if whole.sum() <= MANY else 0.3, 0.0))
        if credit.max() < 0.5:
            share = hits.mean(axis=1)
            few = whole.sum() <= 2 * MANY
            credit = np.where(whole, 0.6 if few else 0.3, 0.0) if whole.any() else 0.6 * (
                (share == share.max()) & (share >= 0.5)
            )  # fmt: skip
        vital[:, FACETS.index(fact["facet"])] += credit
    return vital


def _by_marks(material: Material, marks: dict[str, list[str]]) -> Matrix:
    prints = [fingerprint(one.text) for one in material.statements]
    return np.array([[float(one in marks.get(facet, ())) for facet in FACETS] for one in prints])

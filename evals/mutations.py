"""`python -m evals.mutations`: does verification withhold what is false, and let pass what is fair?

True sentences of filings are made false as a careless or a lying composer would do it (a digit, a scale, a name, a
"not", two figures exchanged), and compressed as a fair one would. Each goes to verify() in three ways: with its own
sentence quoted, with its passage named, and with the whole passage quoted. What is told from a table is made false
beside (evals/table_changes.py).
"""

from __future__ import annotations

import gzip
import random
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals.cases import SEEDS
from evals.changes import FAIR, FALSE, NAME, Case, Change, TrueSentence
from evals.table_changes import TRUE, TableCase, table_cases
from index.chunk import split_passages
from index.filing import UnreadableFiling
from index.folding import fold
from index.reader import read_filing
from index.sections import split_sections
from index.sentences import sentences
from index.tokens import count_all

MORE_FILINGS = Path(__file__).parents[2] / "shared" / "data" / "filings" / "item1_text"
MOST_OF_A_KIND = 80  # of the seeds, and as many again of the other filings
WAYS = ("sentence quoted", "passage named", "passage quoted")
# All that is false is to be withheld; of these kinds some still passes, and no more than now may.
LEAST_WITHHELD = {"time of a figure cut": 0.95}
MOST_FALSE_ALARMS = 0.02  # some that are made as fair are not: 'In some states,' cut from the front of a sentence
MOST_TABLE_FILINGS = 12


def make_cases(changes: dict[str, Change], more: bool = True) -> list[Case]:
    """Of the seeds and, where they are at hand, of the other filings; the same ones every time."""
    cases: list[Case] = []
    for paths in (SEEDS.glob("*.txt"), MORE_FILINGS.glob("*.txt") if more else ()):
        true = list(_true_sentences(sorted(paths)))
        for kind, change in changes.items():
            chance = random.Random(kind)  # noqa: S311
            made = (Case(kind, change(one, chance), one) for one in chance.sample(true, len(true)))
            told = (one for one in made if one.text and (changes is FAIR or not _said_elsewhere(one)))
            cases += islice(told, MOST_OF_A_KIND)
    return cases


def _said_elsewhere(case: Case) -> bool:
    """Whether the filing says itself, in another place, what was meant to be false."""
    return fold(case.text) in case.source.folded_filing.replace(fold(case.source.text), "")


def _true_sentences(paths: Iterable[Path]) -> Iterator[TrueSentence]:
    """The sentences of prose in these filings, each once; a file that Footnote can't read is passed over."""
    seen: set[str] = set()
    for path in paths:
        try:
            filing = read_filing(path)
        except UnreadableFiling:
            continue
        folded, names = fold(filing.text), tuple(dict.fromkeys(NAME.findall(filing.text)))
        for passage in split_passages(filing, split_sections(filing.text).sections, count_all):
            for text in sentences(passage.text):
                if text not in seen and " | " not in text and 5 <= len(text.split()) <= 70 and text.endswith("."):
                    seen.add(text)
                    yield TrueSentence(text, passage, filing, folded, names)


def shares_withheld(cases: list[Case]) -> tuple[float, ...]:
    """One share a way."""
    return tuple(
        sum(not passed for passed in column) / len(column) for column in zip(*(c.passed for c in cases), strict=True)
    )


def tables(most: int = MOST_TABLE_FILINGS) -> list[TableCase]:
    """Of the reports beside the project; none where they are not at hand."""
    cases: list[TableCase] = []
    with tempfile.TemporaryDirectory() as folder:
        for source in sorted(MORE_FILINGS.parent.glob("*.htm*.gz"))[:most]:
            path = Path(folder) / source.stem
            path.write_bytes(gzip.decompress(source.read_bytes()))
            try:
                filing = read_filing(path)
            except UnreadableFiling:
                continue
            sections = split_sections(filing.text, filing.form, filing.period_end).sections
            passages = split_passages(filing, sections, count_all)
            cases += table_cases(passages, random.Random(source.name))  # noqa: S311
    return cases


def broken_floors(false: list[Case], fair: list[Case]) -> list[str]:
    """Where verification does worse than it did."""
    broken = []
    for kind in dict.fromkeys(case.kind for case in false):
        share, least = min(shares_withheld([case for case in false if case.kind == kind])), LEAST_WITHHELD.get(kind, 1)
        if share < least:
            broken.append(f"{kind}: {share:.1%} withheld, {least:.0%} is the least.")
    if (alarms := max(shares_withheld(fair))) > MOST_FALSE_ALARMS:
        broken.append(f"False alarms: {alarms:.1%}, {MOST_FALSE_ALARMS:.0%} is the most.")
    return broken


def main(verbose: bool = False) -> int:
    """Print both tables, with --verbose each case that came out wrong; 1 where a floor is not kept."""
    console = Console(soft_wrap=True)
    false, fair = make_cases(FALSE), make_cases(FAIR)
    for title, cases in (
        ("What is false, and the share withheld", false),
        ("What is fair, and the false alarms", fair),
    ):
        table = Table("kind", "cases", *WAYS, title=title)
        for kind in [*dict.fromkeys(case.kind for case in cases), "all"]:
            of_kind = [case for case in cases if kind in (case.kind, "all")]
            table.add_row(kind, str(len(of_kind)), *(f"{share:.1%}" for share in shares_withheld(of_kind)))
        console.print(table)
        for case in cases if verbose else []:
            wrong = [way for way, passed in zip(WAYS, case.passed, strict=True) if passed == (cases is false)]
            if wrong:
                console.print(f"{case.kind} ({', '.join(wrong)}): {case.text}\n   of: {case.source.text}", markup=False)
    broken = broken_floors(false, fair) + _tables_told(console, verbose)
    console.print(*broken, sep="\n")
    return 1 if broken else 0


def _tables_told(console: Console, verbose: bool) -> list[str]:
    cases = tables()
    table = Table("kind", "cases", "shown", title="What is told from tables, true and false")
    for kind in dict.fromkeys(case.kind for case in cases):
        of_kind = [case for case in cases if case.kind == kind]
        table.add_row(kind, str(len(of_kind)), f"{sum(case.passed for case in of_kind) / len(of_kind):.1%}")
    console.print(table)
    wrong = [case for case in cases if case.passed == (case.kind != TRUE)]
    for case in wrong if verbose else ():
        console.print(f"{case.kind}: {case.text}", markup=False)
    passed = [case for case in wrong if case.kind != TRUE]
    alarms = [case for case in wrong if case.kind == TRUE]
    broken = [f"{len(passed)} false sentences told from tables pass, none may."] if passed else []
    if len(alarms) > MOST_FALSE_ALARMS * sum(case.kind == TRUE for case in cases):
        broken.append(f"{len(alarms)} true sentences told from tables are withheld.")
    return broken


if __name__ == "__main__":
    sys.exit(main("--verbose" in sys.argv))

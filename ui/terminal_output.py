"""What the terminal prints: answers with their footnotes, tables, progress, and JSON."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ui.wording import counted, place_of, taken_of_the_model, time_left, without_controls

if TYPE_CHECKING:
    from index.filing import Filing, Hit, IngestReport, ParsedFiling, Progress
    from rag.answer import Answer, Citation, Sentence
    from rag.compare import Comparison
    from rag.facets import Facet

STAGES = {
    "fetch": "fetching from EDGAR",
    "read": "reading",
    "listed": "can be asked by words",
    "embed": "reading for meaning",
    "store": "storing",
    "done": "done",
}
QUIET = "dim"


def say(text: str, indent: int = 0, style: str = "") -> None:
    """A line on stdout: wrapped for a person, whole for a pipe."""
    console = _console()
    words = Text(without_controls(text), style=style)
    if console.is_terminal:
        console.print(Padding(words, (0, 0, 0, indent)))
    else:
        console.print(Text(" " * indent) + words, soft_wrap=True)


def complain(sentence: str) -> None:
    _console(stderr=True).print(Text(without_controls(sentence)), soft_wrap=True)


def say_json(value: Any) -> None:
    print(json.dumps(value, indent=2, default=str))  # ASCII: readable for any program, on any terminal


def stop_writing() -> None:
    """The reader of our pipe has gone: what is left in the buffer goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def never_fail_on_a_character() -> None:
    """A terminal that can't show a curly quote shows a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def somebody_is_there() -> bool:
    """Whether a question would be answered: not in a script, nor in CI."""
    return sys.stdin.isatty() and sys.stderr.isatty()


# While it works -------------------------------------------------------------------------------------------------------


@contextmanager
def progress_of_files() -> Iterator[Callable[[Progress], None] | None]:
    """A bar a file, with its stage; nothing where nobody watches."""
    console = _console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
    from rich.progress import Progress as Bars

    name_and_bar = (SpinnerColumn(), TextColumn("{task.fields[name]}", markup=False), BarColumn(bar_width=30))
    stage_and_count = (TextColumn("{task.description}"), MofNCompleteColumn())
    with Bars(*name_and_bar, *stage_and_count, console=console, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def tell(progress: Progress) -> None:
            name = progress.source
            if name not in tasks:
                tasks[name] = bars.add_task("", name=without_controls(name), total=None)
            if progress.stage == "done":
                bars.remove_task(tasks.pop(name))
            else:
                stage = STAGES[progress.stage] + time_left(progress.seconds_left)
                bars.update(tasks[name], description=stage, completed=progress.done, total=progress.total or None)

        yield tell


@contextmanager
def steps() -> Iterator[Callable[[str], None] | None]:
    """Each step of the work as a quiet line on stderr; nothing where nobody watches."""
    console = _console(stderr=True)
    yield (lambda step: console.print(Text(without_controls(step), style=QUIET))) if console.is_terminal else None


# What came out --------------------------------------------------------------------------------------------------------


def show_outcomes(report: IngestReport, as_json: bool) -> None:
    if as_json:
        say_json({"outcomes": [asdict(outcome) for outcome in report.outcomes]})
    for outcome in report.outcomes:
        if outcome.problem:
            complain(outcome.problem)
        if outcome.status != "refused" and not as_json:
            say(f"{outcome.status:<9}  {outcome.filing_id}  {outcome.path}")


def show_filings(filings: Sequence[Filing], as_json: bool) -> None:
    if as_json:
        say_json([_filing(filing) for filing in filings])
    elif not filings:
        complain("The library is empty; take filings in with `footnote ingest PATH`.")
    else:
        rows = [(f.id, f.company, f.form, str(f.fiscal_year or ""), f.period_end) for f in filings]
        show_table(("id", "company", "form", "year", "period end"), rows)


def show_card(card: ParsedFiling, as_json: bool) -> None:
    filing = card.filing
    if as_json:
        sections = [asdict(section) for section in card.sections]
        say_json({"filing": _filing(filing), "sections": sections, "notes": card.notes, "characters": len(filing.text)})
        return
    say(filing.label, style="bold")
    facts = {
        "id": filing.id,
        "period end": filing.period_end,
        "filed on": filing.filed_on,
        "text": f"{len(filing.text):,} characters"
        + (f" on {counted(len(filing.pages), 'page')}" if filing.pages else ""),
    }
    show_table(("", ""), [(name, value) for name, value in facts.items() if value])
    if card.sections:
        say("")
        rows = [(f"Item {s.item}", s.title, f"{s.end - s.start:,}", s.status.replace("_", " ")) for s in card.sections]
        show_table(("item", "title", "characters", "status"), rows)
    for note in card.notes:
        say(note, style=QUIET)


def show_answer(answer: Answer, filings: Sequence[Filing], facets: Sequence[Facet], as_json: bool) -> None:
    """The sentences as prose, a paragraph a facet, and under them the filing's own words by number."""
    if as_json:
        say_json(answer.to_dict())
        return
    titles = {facet.name: facet.title for facet in facets}
    for _, paragraph in groupby(answer.sentences, key=lambda sentence: sentence.facet):
        say(" ".join(f"{s.text} {''.join(f'[{c.number}]' for c in s.citations)}" for s in paragraph))
        say("")
    if not answer.sentences:
        say(answer.refusal)  # which tells what was searched
        if answer.note:
            say(answer.note, style=QUIET)
        return
    cited = [citation for sentence in answer.sentences for citation in sentence.citations]
    _show_footnotes([(f"[{citation.number}]", citation) for citation in cited], filings)
    if answer.silent and answer.sentences:
        missing = ", ".join(titles.get(name, name).lower() for name in answer.silent)
        say(f"Not disclosed in this filing: {missing}.", style=QUIET)
    checked = f"{counted(len(answer.sentences), 'sentence')} verified"
    if answer.note:
        say(answer.note, style=QUIET)
    kept_back = f", {len(answer.withheld)} withheld" if answer.withheld else ""
    cost = f" {taken}." if (taken := taken_of_the_model(answer.model_tokens, answer.model_cost)) else ""
    say(f"Searched {', '.join(answer.searched) or 'nothing'}. {checked}{kept_back}.{cost}", style=QUIET)


def show_hits(hits: Sequence[Hit], filings: Sequence[Filing], as_json: bool) -> None:
    if as_json:
        say_json([asdict(hit) for hit in hits])
        return
    if not hits:
        complain("No passage was found.")
    for number, hit in enumerate(hits, start=1):
        passage = hit.passage
        place = place_of(passage.filing_id, passage.item, passage.page, filings, passage.heading)
        say(f"{number}. {place}", style="bold")
        say(" ".join(passage.text.split()), indent=3)
        say(f"score {hit.score:.3f}, found by {', '.join(hit.found_by)}", indent=3, style=QUIET)


def show_comparison(change: Comparison, filings: Sequence[Filing], as_json: bool) -> None:
    """What came and went, each sentence with its number, and under them the filings' own words."""
    if as_json:
        say_json(change.to_dict())
        return
    footnotes: list[tuple[str, Citation]] = []

    def numbered(sentence: Sentence) -> str:
        numbers = [f"[{len(footnotes) + place}]" for place, _ in enumerate(sentence.citations, start=1)]
        footnotes.extend(zip(numbers, sentence.citations, strict=True))
        return "".join(numbers)

    def line(sign: str, sentence: Sentence, style: str) -> None:
        say(f"{sign} {sentence.text} {numbered(sentence)}", indent=2, style=style)

    for facet in change.facets:
        say(facet.title, style="bold")
        for before, after in facet.changed:
            line("- was:", before, "red")
            line("+ now:", after, "green")
        for sentence in facet.added:
            line("+", sentence, "green")
        for sentence in facet.removed:
            line("-", sentence, "red")
        say(f"{counted(len(facet.kept), 'sentence')} kept.", indent=2, style=QUIET)
        say("")
    if change.figures:
        years = {filing.id: f"FY{filing.fiscal_year}" if filing.fiscal_year else filing.id for filing in filings}
        say("Figures", style="bold")
        rows = [
            [one.name, *(f"{value.value} {numbered(value.sentence)}" if value else "-" for value in one.values)]
            for one in change.figures
        ]
        show_table(["", *(years.get(one, one) for one in change.filing_ids)], rows)
        say("")
    _show_footnotes(footnotes, filings)


def _show_footnotes(footnotes: Sequence[tuple[str, Citation]], filings: Sequence[Filing]) -> None:
    shown: set[str] = set()
    for number, citation in footnotes:
        if number in shown:  # one footnote may carry several sentences
            continue
        shown.add(number)
        place = place_of(citation.filing_id, citation.item, citation.page, filings)
        say(f"{number} “{' '.join(citation.quote.split())}”")
        say(place, indent=len(number) + 1, style=QUIET)
    if shown:
        say("")


def _filing(filing: Filing) -> dict[str, Any]:
    return {name: value for name, value in asdict(filing).items() if name != "text"} | {"label": filing.label}


def show_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = Table(box=None, show_header=any(heads), header_style=QUIET, padding=(0, 2, 0, 0))
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Text(without_controls(cell)) for cell in row))
    _console().print(table)


def _console(stderr: bool = False) -> Console:
    console = Console(stderr=stderr, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = 240  # a pipe has no width: rows stay whole
    return console

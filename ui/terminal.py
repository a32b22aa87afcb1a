"""Footnote in the terminal: take filings in, read them, ask them.

Answers go to stdout; progress, steps and complaints go to stderr, so that a pipe gets the answer alone.
"""

from __future__ import annotations

import logging
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from ui import keeping
from ui import terminal_output as output
from ui import terminal_records as records
from ui.options import AsJson, DataDir
from ui.serving import PORT, serve_page
from ui.upkeep import doctor, rebuild
from ui.wording import sentence_of

if TYPE_CHECKING:  # what is heavy is imported by the command that needs it: --help must come at once
    from rag.assistant import Assistant

log = logging.getLogger(__name__)
FAILED = 1
NOTHING_ANSWERS = 3
INTERRUPTED = 130
# What a folder is searched for; a file that is named is tried whatever its name.
ENDINGS = (".txt", ".htm", ".html", ".xhtml", ".pdf", ".txt.gz", ".htm.gz", ".html.gz", ".xhtml.gz")
HELP = """A chat assistant over company filings: every sentence carries a footnote with the filing's own words.

Exit codes: 0 done, 1 something was refused or failed, 2 wrong usage, 3 nothing in the filings answers the question,
130 stopped by Ctrl-C."""


class PlainSpeaking(TyperGroup):
    """Says every failure in one sentence, never with a traceback, and with an exit code that scripts can use."""

    def invoke(self, ctx: Any) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # here, where a closed pipe is caught, and not while the interpreter ends
            return result
        except KeyboardInterrupt:
            output.complain("Stopped before it was done.")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            output.stop_writing()
            raise typer.Exit(0) from None
        except (typer.Exit, typer.Abort, TyperException):
            raise  # typer's own: an exit code, or a wrong usage that it explains itself
        except Exception as problem:
            log.debug("the command failed", exc_info=problem)
            output.complain(sentence_of(problem))
            raise typer.Exit(FAILED) from None


app = typer.Typer(
    cls=PlainSpeaking, help=HELP, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)

FilingId = Annotated[str, typer.Argument(metavar="FILING", help="The filing's id, as `footnote filings` lists it.")]
Scope = Annotated[
    list[str] | None, typer.Option("--filing", metavar="ID", help="Look in this filing only; may be repeated.")
]


def filings_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name.casefold().endswith(ENDINGS) and path.is_file())


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Filings, or folders of filings.")],
    engine: Annotated[
        Literal["local", "ray"], typer.Option("--engine", help="ray: many at once, on all of a Ray cluster.")
    ] = "local",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Take filings in. Exit code 1 when one was refused or not finished; the others are taken in all the same."""
    from index.filing import IngestReport, Outcome

    files: list[Path] = []
    refused: list[Outcome] = []
    for path in paths:
        found = filings_in(path) if path.is_dir() else [path]
        if not found:
            problem = f"{path}: no filings (.txt, .htm, .pdf ...) in this folder; name the files, or another folder."
            refused.append(Outcome(path, None, "refused", problem))
        files.extend(found)
    report = IngestReport(())
    if files:
        assistant = _open(data_dir)
        with output.progress_of_files() as on_progress:
            report = assistant.ingest(files, on_progress=on_progress, engine=engine)
    report = replace(report, outcomes=(*report.outcomes, *refused))
    output.show_outcomes(report, as_json)
    if any(outcome.problem for outcome in report.outcomes):
        raise typer.Exit(FAILED)


@app.command()
def fetch(
    company: Annotated[str, typer.Argument(metavar="COMPANY", help="Its ticker, or its CIK.")],
    form: Annotated[str, typer.Option("--form", help="10-K, 10-Q, 10-K/A ...: this form and no other.")] = "10-K",
    years: Annotated[
        str,
        typer.Option("--years", metavar="A-B", help="Years in which the periods end; without it, the latest."),
    ] = "",
    identity: Annotated[
        str,
        typer.Option("--identity", help="Your name and e-mail address, which the SEC asks for; kept for next time."),
    ] = "",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Download a company's reports from the SEC's EDGAR and take them in. What is there is not downloaded again."""
    assistant = _open(data_dir)
    if not (identity or assistant.edgar.identity or assistant.edgar.missing):
        if not output.somebody_is_there():
            raise ValueError(
                "The SEC wants to know who downloads: give your name and e-mail address once, "
                "with --identity or in FOOTNOTE_EDGAR_IDENTITY."
            )
        identity = typer.prompt("The SEC asks who downloads. Your name and e-mail address", err=True)
    with output.progress_of_files() as on_progress:
        report = assistant.fetch(company, form, years, identity, on_progress=on_progress)
    output.show_outcomes(report, as_json)
    if any(outcome.status == "refused" for outcome in report.outcomes):
        raise typer.Exit(FAILED)


@app.command()
def filings(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List the filings in the library."""
    # Not through the Assistant: to import what reads and answers takes longer than to list.
    from index.listing import list_filings

    output.show_filings(list_filings(data_dir), as_json)


@app.command()
def parse(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A filing.")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Tell what is understood of a file; nothing is stored."""
    output.show_card(_open(data_dir).parse(file), as_json)


@app.command()
def summary(
    filing: FilingId,
    facet: Annotated[
        list[str] | None, typer.Option("--facet", metavar="NAME", help="This facet only; may be repeated.")
    ] = None,
    max_tokens: Annotated[
        int | None,
        typer.Option("--max-tokens", min=1, help="Tokens at most; 512, or what a prompt document asks for."),
    ] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Summarise a filing's business model, facet by facet."""
    assistant = _open(data_dir)
    with output.steps() as on_step:
        answer = assistant.summarize(filing, facets=facet or None, max_tokens=max_tokens, on_step=on_step)
    output.show_answer(answer, assistant.filings(), assistant.facets(), as_json)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question, in quotation marks.")],
    filing: Scope = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Ask the filings a question. Exit code 3 when nothing in them answers it."""
    assistant = _open(data_dir)
    with output.steps() as on_step:
        answer = assistant.ask(question, filing_ids=filing or None, on_step=on_step)
    output.show_answer(answer, assistant.filings(), assistant.facets(), as_json)
    if not answer.answered:
        raise typer.Exit(NOTHING_ANSWERS)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words, or a question.")],
    filing: Scope = None,
    k: Annotated[int, typer.Option("-k", min=1, help="How many passages.")] = 10,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Find passages, best first."""
    assistant = _open(data_dir)
    hits = assistant.search(query, filing_ids=filing or None, k=k)
    output.show_hits(hits, assistant.filings(), as_json)


@app.command()
def compare(
    filing: Annotated[list[str], typer.Argument(metavar="FILING FILING...", help="The filings' ids, oldest first.")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Tell, facet by facet, what was added, removed and changed from filing to filing."""
    if len(filing) < 2:
        raise typer.BadParameter("name two filings or more.", param_hint="FILING")
    assistant = _open(data_dir)
    output.show_comparison(assistant.compare(filing), assistant.filings(), as_json)


@app.command()
def remove(filing: FilingId, data_dir: DataDir = None) -> None:
    """Take a filing out of the library."""
    _open(data_dir).remove(filing)
    output.say(f"Removed {filing}.")


app.command()(doctor)
app.command()(rebuild)
app.command()(keeping.backup)
app.command()(keeping.restore)
app.command()(keeping.password)


@app.command()
def serve(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The page's port.")] = PORT,
    data_dir: DataDir = None,
) -> None:
    """Open the page, until Ctrl-C."""
    serve_page(port, data_dir)


@app.command(name="eval")
def evaluate(
    verbose: Annotated[bool, typer.Option("--verbose", help="Show every case.")] = False,
    json_path: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the scores there too.")
    ] = None,
) -> None:
    """Measure how good the answers are."""
    from evals.scoreboard import main as print_scoreboard

    print_scoreboard(verbose, json_path)


@app.command()
def bench(
    as_json: AsJson = False,
    passages: Annotated[
        int,
        typer.Option("--passages", min=200, help="The largest made-up library; 100000 take ten minutes and more."),
    ] = 10_000,
) -> None:
    """Measure how fast they come, beside the stock LangChain recipe and beside the limit of each step."""
    from evals.bench import main as print_measures

    print_measures(as_json, passages)


app.command()(records.export)
app.command()(records.verify_bundle)
app.command()(records.audit)


def _open(data_dir: Path | None) -> Assistant:
    from rag.assistant import Assistant

    return Assistant.open(data_dir)


def main() -> None:
    """The console script `footnote`."""
    # What libraries log and warn about is for developers; python -W default shows the warnings.
    logging.getLogger().addHandler(logging.NullHandler())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    output.never_fail_on_a_character()
    app()


if __name__ == "__main__":
    main()

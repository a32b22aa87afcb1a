"""`python -m evals.summaries`: the summaries of the seeds and of the filings beside the project, as they come out.

They are kept in evals/summaries/, one file each, so that a change in them is seen in review. The filings take
minutes to embed; without them (../shared) only the seeds are written.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from pathlib import Path

from evals.cases import SEEDS
from evals.labelled import SHARED
from rag.answer import Answer, Citation
from rag.assistant import Assistant

FOLDER = Path(__file__).with_name("summaries")


def as_markdown(name: str, answer: Answer, titles: dict[str, str]) -> str:
    """A paragraph a facet, a sentence from another item than the first with its number."""
    lines = [f"# {name}", "", f"{answer.tokens} tokens, {len(answer.sentences)} sentences.", ""]
    for facet, title in titles.items():
        told = [one for one in answer.sentences if one.facet == facet]
        if told:
            lines += [f"**{title}.** " + " ".join(f"{one.text}{_notes(one.citations)}" for one in told), ""]
    silent = ", ".join(titles[facet].casefold() for facet in answer.silent)
    return "\n".join([*lines, f"Not disclosed: {silent}.", ""] if silent else lines)


def _notes(citations: tuple[Citation, ...]) -> str:
    items = sorted({f"Item {one.item}" for one in citations if one.item not in ("", "1")})
    return f" [{', '.join(items)}]" if items else ""


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="footnote-summaries-") as folder:
        assistant = Assistant.open(Path(folder) / "data")
        titles = {facet.name: facet.title for facet in assistant.facets()}
        for name, path in _filings(Path(folder)):
            outcome = assistant.ingest([path]).outcomes[0]
            if outcome.filing_id:
                text = as_markdown(name, assistant.summarize(outcome.filing_id), titles)
                (FOLDER / f"{name}.md").write_text(text, encoding="utf-8")
                print(name)
        assistant.close()


def _filings(folder: Path) -> list[tuple[str, Path]]:
    found = [(path.stem, path) for path in sorted(SEEDS.glob("*.txt"))]
    cases = SHARED / "eval" / "filing_nuggets.json"
    for case in json.loads(cases.read_text(encoding="utf-8"))["filings"] if cases.exists() else ():
        source = SHARED / "data" / "filings" / f"{Path(case['source_html']).name}.gz"
        path = folder / source.stem
        path.write_bytes(gzip.decompress(source.read_bytes()))
        found.append((case["name"], path))
    return found


if __name__ == "__main__":
    main()

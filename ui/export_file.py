"""One file to take away: the turns in the format that was asked for, under a name that no visitor chose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ui.as_markdown import as_markdown
from ui.as_word import as_word
from ui.exports import Format, chapters

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.kept import AnyTurn, Shared

TYPES: dict[Format, str] = {
    "md": "text/markdown",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}
LONGEST_NAME = 60


@dataclass(frozen=True)
class ExportFile:
    """A file as a browser is handed one."""

    name: str
    type: str
    content: bytes


def export_file(turns: Sequence[AnyTurn], to: Format, assistant: Assistant, shared: Shared | None = None) -> ExportFile:
    """The turns as Markdown, as a Word document or as the audit bundle; of a share, with the filings that it keeps.

    ValueError for a bundle of words whose filing is neither in the library nor kept by a share.
    """
    return ExportFile(name_of(turns, to), TYPES[to], _content(turns, to, assistant, shared))


def _content(turns: Sequence[AnyTurn], to: Format, assistant: Assistant, shared: Shared | None) -> bytes:
    filings = shared.filings if shared else assistant.filings()
    if to == "json":
        from rag.bundle import bundle_text
        from rag.kept import citations_of
        from rag.versions import versions

        answers = [turn.answer for turn in turns if turn.answer is not None]
        sources = shared.kept if shared else assistant.records.sources(citations_of(turns))
        return bundle_text(answers, sources, filings, versions(assistant.index.encoder.name)).encode("ascii")
    told = chapters(turns, filings, {facet.name: facet.title for facet in assistant.facets()})
    return as_word(told) if to == "docx" else as_markdown(told).encode("utf-8", "replace")


def name_of(turns: Sequence[AnyTurn], to: Format) -> str:
    """'footnote-who-are-the-customers.docx': letters and digits of the first title, and nothing else of it."""
    title = turns[0].title if turns else ""
    words = re.findall(r"[a-z0-9]+", title.casefold())
    name = "-".join(["footnote", *words])[:LONGEST_NAME].rstrip("-")
    return f"{name}.bundle.json" if to == "json" else f"{name}.{to}"

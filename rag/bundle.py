"""The audit bundle: answers with the filings that they cite, in one JSON file that anybody can check.

The text of each filing stands in it whole, so that offsets count in what they were counted in, and so that any program
can look: text[start:end] is the quotation, and text_sha256 the digest of the text (rag/replay.py does this and more).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from index.filing import Filing
from rag.answer import Answer, Citation
from rag.kept import KeptFiling, now

NAME = "Footnote audit bundle"
FORM = 1


@dataclass(frozen=True)
class BundledPassage:
    """A passage without its text, which stands in that of the filing."""

    id: str
    item: str
    heading: str
    start: int
    end: int
    page: int | None
    order: int


@dataclass(frozen=True)
class BundledFiling:
    """A filing with the digests of its source's bytes and of the text that was read from them."""

    id: str
    label: str
    company: str
    source: str
    source_sha256: str
    text_sha256: str
    text: str
    passages: tuple[BundledPassage, ...]


@dataclass(frozen=True)
class Seals:
    """A digest of each part, so that it can be said which one was changed; the head is all that is no such part."""

    head: str
    answers: tuple[str, ...]
    filings: tuple[str, ...]


@dataclass(frozen=True)
class Bundle:
    """Answers, the filings that they cite, and the companies of those that were searched, which they may name."""

    bundle: str
    form: int
    made_at: str
    versions: dict[str, str]
    companies: dict[str, str]
    answers: tuple[Answer, ...]
    filings: tuple[BundledFiling, ...]
    seals: Seals


def bundle_text(
    answers: Sequence[Answer], sources: Sequence[KeptFiling], listed: Sequence[Filing], versions: dict[str, str]
) -> str:
    """The bundle as the text of a file; ValueError where the words of a footnote stand in none of the sources."""
    used: dict[str, KeptFiling] = {}
    for citation in _citations(answers):
        source = next((kept for kept in sources if kept.holds(citation)), None)
        if source is None or used.setdefault(source.filing.id, source) is not source:
            raise ValueError(
                f"Footnote {citation.number} cites {citation.filing_id}, which is not in the library as it was cited."
            )
    searched = {one for answer in answers for one in answer.searched} | used.keys()
    known = [*listed, *(source.filing for source in used.values())]
    values: dict[str, Any] = {
        "bundle": NAME,
        "form": FORM,
        "made_at": now(),
        "versions": versions,
        "companies": {filing.id: filing.company for filing in known if filing.id in searched},
        "answers": [answer.to_dict() for answer in answers],
        "filings": [asdict(_bundled(source)) for source in used.values()],
    }
    # Half a character, which no encoding can hold, becomes a question mark.
    values = json.loads(json.dumps(values, ensure_ascii=False).encode("utf-8", "replace"))
    return written(values | {"seals": seals(values)})


def _bundled(source: KeptFiling) -> BundledFiling:
    filing = source.filing
    passages = tuple(
        BundledPassage(one.id, one.item, one.heading, one.start, one.end, one.page, one.order)
        for one in source.passages
    )
    text_sha256 = digest_of_text(filing.text)
    return BundledFiling(
        filing.id, filing.label, filing.company, filing.source, filing.sha256, text_sha256, filing.text, passages
    )


def seals(values: dict[str, Any]) -> dict[str, Any]:
    parts = {name: [_digest(part) for part in values[name]] for name in ("answers", "filings")}
    head = {name: value for name, value in values.items() if name not in (*parts, "seals")}
    return {"head": _digest(head)} | parts


def written(values: Any) -> str:
    return json.dumps(values, indent=1) + "\n"  # ASCII, which no mail and no editor changes


def _digest(part: Any) -> str:
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode("ascii")).hexdigest()


def digest_of_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _citations(answers: Sequence[Answer]) -> Iterator[Citation]:
    for answer in answers:
        for sentence in answer.sentences:
            yield from sentence.citations

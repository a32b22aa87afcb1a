"""How turns, answers and whole filings become bytes, and back.

Nothing is trusted when it is read again: what is damaged, or written by a version that knew more, is said so.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable
from dataclasses import asdict, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from index.filing import Filing, Passage, Section
from rag.answer import Answer
from rag.kept import AnyTurn, AuditEntry, Feedback, KeptFiling, SharedTurn, UnusableRecords

# The form of what is kept. A new field with a default needs no new form; what readers of today would misread does.
FORM = 1


def packed(values: dict[str, Any]) -> bytes:
    """Plain values as bytes. Half a character, which no encoding can hold, becomes a question mark."""
    return zlib.compress(json.dumps({"form": FORM} | values, ensure_ascii=False).encode("utf-8", "replace"))


def unpacked(content: bytes, what: str) -> dict[str, Any]:
    """The values again; `what` is what they are called where they cannot be read ('This share')."""
    try:
        values = json.loads(zlib.decompress(content))
        form = values.pop("form")
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnusableRecords(f"{what} is damaged and cannot be opened.") from error
    if form != FORM:
        raise UnusableRecords(f"{what} was written by a later version of Footnote; open it with that one.")
    return dict(values)


def packed_filing(kept: KeptFiling) -> tuple[str, bytes]:
    """A filing as bytes, and the sha256 of what they hold: equal filings are kept once."""
    passages = [{name: value for name, value in asdict(one).items() if name != "text"} for one in kept.passages]
    sections = [asdict(section) for section in kept.sections]
    content = packed({"filing": asdict(kept.filing), "sections": sections, "passages": passages})
    return hashlib.sha256(zlib.decompress(content)).hexdigest(), content


def unpacked_filing(content: bytes, digest: str, what: str) -> KeptFiling:
    """The filing again; its passages are cut from its text."""
    values = unpacked(content, what)
    if hashlib.sha256(zlib.decompress(content)).hexdigest() != digest:
        raise UnusableRecords(f"{what} is not what it was when it was kept.")
    try:
        text = values["filing"]["text"]
        rows = [row | {"text": text[row["start"] : row["end"]]} for row in values["passages"]]
        return KeptFiling(
            read_as(Filing, values["filing"], what),
            read_as(tuple[Section, ...], values["sections"], what),
            read_as(tuple[Passage, ...], rows, what),
        )
    except (KeyError, TypeError) as error:
        raise UnusableRecords(f"{what} is damaged and cannot be opened.") from error


def turn_values(turn: AnyTurn) -> dict[str, Any]:
    """A turn as plain values."""
    answer = turn.answer.to_dict() if turn.answer else None
    return {"title": turn.title, "answer": answer, "steps": list(turn.steps), "problem": turn.problem}


def turns_of(rows: Any, what: str) -> tuple[SharedTurn, ...]:
    """Turns again."""
    turns: tuple[SharedTurn, ...] = read_as(tuple[SharedTurn, ...], rows, what)
    return turns


def answer_of(values: Any, what: str) -> Answer:
    """An answer again. Fields that this version does not know are left out: a later one may have added them."""
    answer: Answer = read_as(Answer, values, what)
    return answer


def feedback_of(number: int, when: str, thumb: str, reason: str, content: bytes) -> Feedback:
    """A thumb with the answer that it was given to; one that cannot be read says so and hides no other."""
    what = f"Feedback {number}"
    try:
        return Feedback(number, when, thumb, reason, answer_of(unpacked(content, what).get("answer"), what))
    except UnusableRecords as problem:
        return Feedback(number, when, thumb, reason, None, str(problem))


def audit_entry_of(number: int, when: str, content: bytes) -> AuditEntry:
    """An entry of the audit trail; one that cannot be read says so and hides no other."""
    what = f"Entry {number} of the audit trail"
    try:
        values = unpacked(content, what)
        scope, versions = read_as(tuple[str, ...], values.get("scope"), what), values.get("versions")
        return AuditEntry(
            number, when, scope, answer_of(values.get("answer"), what), read_as(dict[str, str], versions, what)
        )
    except UnusableRecords as problem:
        return AuditEntry(number, when, (), None, {}, str(problem))


def listing_values(filings: Iterable[Filing]) -> list[dict[str, Any]]:
    """Filings as they are listed, without their text, as plain values; each once."""
    return list({filing.id: asdict(replace(filing, text="")) for filing in filings}.values())


def listings_of(rows: Any, what: str) -> tuple[Filing, ...]:
    """Filings again, as they were listed."""
    filings: tuple[Filing, ...] = read_as(tuple[Filing, ...], rows, what)
    return filings


def read_as(kind: Any, values: Any, what: str) -> Any:
    """Plain values as what they are said to be, every field checked down to the last footnote."""
    try:
        # As JSON, where lists may become tuples and nothing else may become anything.
        return _reader_of(kind).validate_json(json.dumps(values), strict=True)
    except ValidationError as error:
        raise UnusableRecords(f"{what} is damaged and cannot be opened.") from error


@cache
def _reader_of(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)

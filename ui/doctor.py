"""What is in force and whether it works: disk, library, indexes, embeddings, language model; and what to do."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from index.build import FilingIndex
from index.filing import UnusableLibrary
from index.settings import IndexSettings
from rag.budget import Budget
from rag.model_at_hand import first_word
from rag.model_settings import ModelSettings
from rag.settings import AnswerSettings
from ui.settings_in_force import Setting, misread
from ui.wording import counted, sentence_of

MODEL_SECONDS = 10.0  # until a language model that says nothing is left alone
UNTRIED = "Not tried."
# Which of the three lines about a language model a failure belongs to; those after it were not tried.
LINES = ("endpoint", "key", "model")
BELONGS_TO = {"key": "key", "credit": "key", "busy": "key", "model": "model", "slow": "model", "too long": "model"}
WORKS_ALL_THE_SAME = frozenset({"stalled", "empty", "malformed", "declined"})
MAY_PASS = frozenset({"busy", "slow"})
Status = Literal["ok", "note", "broken"]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, what was found, and what to do where it does not work."""

    name: str
    status: Status
    found: str
    to_do: str = ""


def examined(data_dir: Path | None = None) -> list[Check]:
    """Every check, whatever the others found."""
    if misread := list(_of_the_settings()):
        return misread
    settings = IndexSettings(data_dir=data_dir) if data_dir else IndexSettings()
    checks = [*_of_the_folder(settings)]
    index = None
    try:
        index = FilingIndex(settings)
        checks += _of_the_library(index)
        checks.append(_of_the_embeddings(index))
    except UnusableLibrary as problem:
        checks.append(Check("library", "broken", str(problem), "Until this is mended nothing can be asked."))
    try:
        checks += _of_the_model(ModelSettings(), index, AnswerSettings())
    finally:
        if index is not None:
            index.close()
    return checks


def to_dict(checks: Sequence[Check], settings: Sequence[Setting]) -> dict[str, Any]:
    return {"checks": [asdict(check) for check in checks], "settings": [asdict(setting) for setting in settings]}


# The checks -----------------------------------------------------------------------------------------------------------


def _of_the_settings() -> Iterator[Check]:
    yield from (Check("settings", "broken", sentence, "Set it anew, or unset it.") for sentence in misread())


def _of_the_folder(settings: IndexSettings) -> Iterator[Check]:
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
        yield Check("write access", "ok", f"{folder} may be written.")
    except OSError:
        to_do = "Change its permissions, or name another folder in FOOTNOTE_DATA_DIR."
        yield Check("write access", "broken", f"{folder} may not be written.", to_do)
        return
    free = shutil.disk_usage(folder).free
    found = f"{free / 1e9:,.1f} GB are free."
    if free < settings.least_free_bytes:
        to_do = f"Make room: below {settings.least_free_bytes / 1e6:,.0f} MB nothing is taken in."
        yield Check("free disk", "broken", found, to_do)
    else:
        yield Check("free disk", "ok", found)


def _of_the_library(index: FilingIndex) -> Iterator[Check]:
    there = index.standing()
    held = f"{counted(there.filings, 'filing')}, {counted(there.passages, 'passage')}."
    if not there.filings:
        yield Check("library", "note", held, "Take filings in with `footnote ingest PATH`.")
    elif there.unfinished:
        found = f"{held} {there.unfinished} of them can be asked by words only."
        yield Check("library", "note", found, "Take in another, or start the page: what is missing is made up.")
    else:
        yield Check("library", "ok", held)
    found = f"{counted(there.passages_by_word, 'passage')} can be found by words."
    if there.passages_by_word == there.passages:
        yield Check("index of words", "ok", found)
    else:
        yield Check("index of words", "broken", found, "Make it anew with `footnote rebuild`.")
    if there.is_whole_by_meaning:
        yield Check("index of meaning", "ok", "Chroma is in step with the library.")
    elif index.store.is_gone:
        found = "The Chroma server does not answer as it should; the library is searched in its place, only slower."
        to_do = "Look whether it runs where FOOTNOTE_CHROMA_URL says, and lets in whoever has FOOTNOTE_CHROMA_API_KEY."
        yield Check("index of meaning", "broken", found, to_do)
    else:
        found = "Chroma is not in step with the library, which is searched in its place, only slower."
        yield Check("index of meaning", "broken", found, "Make it anew with `footnote rebuild`.")


def _of_the_embeddings(index: FilingIndex) -> Check:
    began = time.monotonic()
    try:
        (vector,) = index.encoder.encode(["What does the company sell?"])
    except Exception as error:
        to_do = (
            "Check FOOTNOTE_EMBEDDING_MODEL and FOOTNOTE_EMBEDDING_BASE_URL, or unset both for the model that ships."
        )
        return Check("embeddings", "broken", sentence_of(error), to_do)
    found = f"{index.encoder.name}, {len(vector)} dimensions, ready in {time.monotonic() - began:.1f} s."
    if abs(float(np.linalg.norm(vector)) - 1) > 0.01:
        return Check("embeddings", "broken", f"{found} Its vectors are not of length 1.", "Use another model.")
    return Check("embeddings", "ok", found)


def _of_the_model(settings: ModelSettings, index: FilingIndex | None, limits: AnswerSettings) -> Iterator[Check]:
    if not settings.is_set:
        found = "None is set: the offline composer answers, which needs none."
        yield Check("language model", "ok", found, "To have one write, set OPENAI_API_KEY or OPENAI_BASE_URL.")
        return
    failure = first_word(settings, MODEL_SECONDS)
    works = {
        "endpoint": f"{settings.host} answers.",
        "key": "The key is accepted." if settings.api_key.get_secret_value() else "None is set, and none asked for.",
        "model": f"{settings.model} answers.",
    }
    if failure is None or failure.kind in WORKS_ALL_THE_SAME:
        yield from (Check(name, "ok", works[name]) for name in LINES)
    else:
        at = LINES.index(BELONGS_TO.get(failure.kind, "endpoint"))
        yield from (Check(name, "ok", works[name]) for name in LINES[:at])
        status: Status = "note" if failure.kind in MAY_PASS else "broken"
        to_do = "Check OPENAI_BASE_URL, OPENAI_API_KEY and FOOTNOTE_MODEL; until then the offline composer answers."
        yield Check(LINES[at], status, str(failure), "Try again later." if status == "note" else to_do)
        yield from (Check(name, "note", UNTRIED) for name in LINES[at + 1 :])
    if index is not None:
        yield _of_the_spending(Budget(index.library.engine), limits)


def _of_the_spending(budget: Budget, limits: AnswerSettings) -> Check:
    tokens, limit = budget.spent().tokens, limits.daily_tokens
    if limit and tokens >= limit:
        to_do = "Until midnight UTC the offline composer answers; FOOTNOTE_DAILY_TOKENS sets the limit."
        return Check("spending", "note", f"The day's {limit:,} tokens are used up.", to_do)
    of_limit = f" of {limit:,}" if limit else ", and there is no limit (FOOTNOTE_DAILY_TOKENS)"
    return Check("spending", "ok", f"Today {tokens:,} tokens{of_limit}.")

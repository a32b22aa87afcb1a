"""Filings from EDGAR: what is wanted, who asks for it, and a child process that brings it (index/edgar_source.py)."""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

from index.edgar_cache import drop
from index.filing import IngestReport, Outcome, ParsedFiling, Progress, UnreadableFiling
from index.sec_hosts import Addresses

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parents[1]
EXTRA = "edgar"  # the package that edgartools brings
MISSING = (
    "Fetching from EDGAR needs edgartools, which is not installed; "
    "in Footnote's folder run: .venv/bin/pip install -c constraints.txt -e '.[edgar]'"
)
EXAMPLE = "give your name and e-mail address once, as in 'Ann Smith ann@example.com'"
FIRST_YEAR = 1993  # EDGAR's own
COMPANY = re.compile(r"[A-Z0-9]{1,10}(?:[.-][A-Z]{1,3})?")
FORM = re.compile(r"[A-Z0-9][A-Z0-9 /.-]{0,19}")
YEARS = re.compile(r"(\d{4})(?:\s*[-–]\s*(\d{4}))?")
IDENTITY = re.compile(r"(?=.{5,120}\Z)[ -~]*[^\s@]@[^\s@]+\.[^\s@.]{2,}[ -~]*")
# Of the environment. edgartools' own variables are left out: they name other hosts, and turn off what protects.
PASSED_ON = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TMPDIR", "HOME", "USERPROFILE", "SSL_CERT_FILE", "SSL_CERT_DIR")
OnProgress = Callable[[Progress], None]


class CannotFetch(RuntimeError):
    """Why nothing came from EDGAR; its message is one plain sentence for the person who asked."""


@dataclass(frozen=True)
class Wanted:
    """Which reports: of a company, by its ticker or CIK, on a form, on these years (none: the latest)."""

    company: str
    form: str
    first: int | None
    last: int | None

    @classmethod
    def read(cls, company: str, form: str, years: str) -> Self:
        """From what somebody typed; a sentence says what is wrong with it."""
        company, form, years = company.strip().upper(), " ".join(form.upper().split()), years.strip()
        company = company.removeprefix("CIK").lstrip("0") if re.fullmatch(r"(?:CIK)?\d{1,10}", company) else company
        if not COMPANY.fullmatch(company):
            raise CannotFetch(f"{company or 'Nothing'} is no ticker and no CIK; name one, like SMSI or 948708.")
        if not FORM.fullmatch(form):
            raise CannotFetch(f"{form or 'Nothing'} is no form of the SEC's; name one, like 10-K or 10-K/A.")
        if not years:
            return cls(company, form, None, None)
        match = YEARS.fullmatch(years)
        first, last = (int(match.group(1)), int(match.group(2) or match.group(1))) if match else (0, 0)
        if not FIRST_YEAR <= first <= last:
            raise CannotFetch(
                f"{years} are no years of EDGAR's; write them like 2017-2021 or 2021, {FIRST_YEAR} or later."
            )
        return cls(company, form, first, last)

    @property
    def label(self) -> str:
        return f"{self.company} {self.form}"


class TakesIn(Protocol):
    """Where the filings go."""

    def ingest(self, paths: Sequence[Path], on_progress: OnProgress | None = None) -> IngestReport: ...

    def parse(self, path: Path) -> ParsedFiling: ...


class EdgarFetcher:
    """Brings filings from EDGAR into its folder and has each taken in; after a kill the next run goes on from there."""

    def __init__(self, folder: Path, identity: str = "", addresses: Addresses | None = None) -> None:
        self._folder = folder
        self._identity = identity
        self._addresses = addresses or Addresses()

    @property
    def identity(self) -> str:
        """Who asks, as the setting says or as it was typed before; empty when nobody has told."""
        kept = self._folder / "identity.txt"
        return self._identity or (kept.read_text(encoding="utf-8").strip() if kept.is_file() else "")

    @property
    def missing(self) -> str:
        """What must be installed first, in one sentence; empty when nothing is missing."""
        return "" if importlib.util.find_spec(EXTRA) else MISSING

    def fetch(self, wanted: Wanted, identity: str, library: TakesIn, tell: OnProgress) -> IngestReport:
        """One outcome a filing, oldest first. CannotFetch says why there is none."""
        if self.missing:
            raise CannotFetch(self.missing)
        identity = unicodedata.normalize("NFKD", identity.strip() or self.identity)
        identity = identity.encode("ascii", "ignore").decode()  # it travels in a header
        if not IDENTITY.fullmatch(identity):
            but = f", and {identity[:60]!r} does not say it" if identity else ""
            raise CannotFetch(f"The SEC wants to know who downloads{but}: {EXAMPLE}.")
        outcomes: list[Outcome] = []
        total = 0
        tell(Progress(wanted.label, "fetch"))
        try:
            with closing(self._brought(wanted, identity)) as answers:
                for answer in answers:
                    if "found" in answer:
                        total = answer["found"]
                        self._keep_identity(identity)  # the SEC has answered to it
                    elif "path" in answer:
                        outcomes.append(_taken_in(Path(answer["path"]), library, tell))
                    elif "name" in answer:
                        outcomes.append(Outcome(Path(answer["name"]), None, "refused", answer["problem"]))
                    elif outcomes:  # it ended in the middle
                        outcomes.append(Outcome(Path(wanted.label), None, "refused", answer["problem"]))
                    else:
                        raise CannotFetch(answer["problem"])
                    tell(Progress(wanted.label, "fetch", len(outcomes), total))
        finally:
            tell(Progress(wanted.label, "done"))
        return IngestReport(tuple(outcomes))

    def _brought(self, wanted: Wanted, identity: str) -> Generator[dict[str, Any], None, None]:
        """What the child tells, as it comes; the last answer is a problem when the child did not come to its end."""
        self._folder.mkdir(parents=True, exist_ok=True)
        order = vars(wanted) | vars(self._addresses) | {"folder": str(self._folder.resolve())}
        command = [sys.executable, "-P", "-m", "index.edgar_source"]
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self._environment(identity),
            encoding="utf-8",
        )
        if not (child.stdin and child.stdout):
            raise CannotFetch("This system gives a child process no pipes.")
        try:
            json.dump(order, child.stdin)
            child.stdin.close()
            for line in child.stdout:
                answer = json.loads(line)
                if "done" in answer:
                    return
                if "trace" in answer:
                    log.error("fetching failed: %s", answer["trace"])
                yield answer
                if "problem" in answer and "name" not in answer:
                    return
            yield {"problem": "The download from EDGAR was ended from outside; fetch again, what has come is kept."}
        finally:
            child.kill()
            child.wait()
            child.stdout.close()

    def _environment(self, identity: str) -> dict[str, str]:
        paths = [str(ROOT), *(path for path in sys.path if path)]
        own = self._folder / "edgartools"
        return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {
            "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
            "EDGAR_IDENTITY": identity,
            "EDGAR_BASE_URL": self._addresses.archive,
            "EDGAR_DATA_URL": self._addresses.data,
            "EDGAR_LOCAL_DATA_DIR": str(own),
            "EDGAR_CACHE_DIR": str(own),
        }

    def _keep_identity(self, identity: str) -> None:
        if identity != self.identity:
            begun = self._folder / f".identity-{os.getpid()}"
            begun.touch(mode=0o600)  # a person's address is nobody else's business
            begun.write_text(identity, encoding="utf-8")
            begun.replace(self._folder / "identity.txt")


def _taken_in(path: Path, library: TakesIn, tell: OnProgress) -> Outcome:
    outcome = library.ingest([path], tell).outcomes[0]
    if outcome.status == "refused":
        try:
            library.parse(path)
        except UnreadableFiling:  # a bad copy would else be found again and again; a full disk is no fault of the copy
            drop(path)
    return outcome

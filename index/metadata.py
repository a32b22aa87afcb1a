"""What a filing is, from the surest source that says so: filings.toml, the format, the cover page, the text."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from index.company_name import company_in_text
from index.cover_page import (
    DATE,
    PERIOD,
    form_in_text,
    form_on_cover,
    iso_date,
    period_on_cover,
    registrant_like,
    registrant_on_cover,
    spelled_form,
    symbol_in_text,
    symbol_on_cover,
)
from index.filing import UnreadableFiling, shown_name

SIDECAR = "filings.toml"
DECLARABLE = ("id", "company", "ticker", "cik", "form", "period_end", "filed_on")  # and fiscal_year, a number
# Where inline XBRL and the header of a submission say it.
FACTS = {
    "company": ("dei:EntityRegistrantName", "COMPANY CONFORMED NAME"),
    "ticker": ("dei:TradingSymbol",),
    "cik": ("dei:EntityCentralIndexKey", "CENTRAL INDEX KEY"),
    "form": ("dei:DocumentType", "TYPE", "CONFORMED SUBMISSION TYPE", "FORM TYPE"),
    "period_end": ("dei:DocumentPeriodEndDate", "CONFORMED PERIOD OF REPORT"),
    "filed_on": ("FILED AS OF DATE",),
}
COVER, TEXT = "the cover page", "the text"
TICKER = re.compile(r"(?!N\.?A\b|NONE)[A-Z]{1,6}(?:[.-][A-Z]{1,2})?")
AS_OF = re.compile(rf"\bas\s+of\s+{DATE}", re.IGNORECASE)
FISCAL_YEAR = re.compile(r"\bfiscal(?:\s+years?)?\s+((?:19|20)\d{2})\b", re.IGNORECASE)
LAST_OF_WINTER = "02-07"  # a year that ends until then is named for itself by some and for the year before by others
BESIDE = 80  # characters
ENDS_WITH_THE_YEAR = "01-07"  # and one of 52 weeks that ends until then, for the year before
Source = tuple[str, Callable[[], str]]


@dataclass
class Metadata:
    id: str = ""
    company: str = ""
    ticker: str = ""
    cik: str = ""
    form: str = ""
    fiscal_year: int | None = None
    period_end: str = ""
    filed_on: str = ""
    notes: list[str] = field(default_factory=list)


def find_metadata(path: Path, text: str, facts: Mapping[str, str] | None = None) -> Metadata:
    """What is declared beside the file, then by its format; what these leave out, from its cover and its words."""
    metadata = _declared(path)
    for name, label, sources in _sources(path, text, facts or {}):
        if not getattr(metadata, name):
            found, source = next(((value, source) for source, read in sources if (value := read())), ("", ""))
            setattr(metadata, name, found)
            if found:
                metadata.notes.append(f"{label} read from {source}: {found.removesuffix('.')}.")
    if not metadata.form:
        metadata.notes.append("The text does not name its form.")
    if metadata.fiscal_year is None:
        metadata.fiscal_year, source = _fiscal_year(metadata.period_end, metadata.form, text, facts or {})
        metadata.notes.append(
            f"Fiscal year read from {source}: {metadata.fiscal_year}."
            if metadata.fiscal_year
            else "The text does not say which period it reports on."
        )
    return metadata


def _sources(path: Path, text: str, facts: Mapping[str, str]) -> Iterator[tuple[str, str, tuple[Source, ...]]]:
    """For each thing to know, where to look for it, the surest place first."""

    def declared(name: str, shape: Callable[[str], str]) -> tuple[Source, ...]:
        given = ((key, facts.get(key, "").strip()) for key in FACTS[name])
        return tuple((_declared_by(key), lambda value=value: shape(value)) for key, value in given if value)

    names = declared("company", str)
    spelled = names[0][1]() if names else ""
    yield (
        "company",
        "Company",
        (  # the SEC's own spelling, "COSTCO WHOLESALE CORP /NEW", is nobody's name
            (COVER, lambda: registrant_on_cover(text)),
            (COVER, lambda: registrant_like(text, spelled)),
            *names,
            (TEXT, lambda: company_in_text(text)),
            ("the file's name", lambda: _named_by_file(path)),
        ),
    )
    symbols = ((COVER, lambda: symbol_on_cover(text)), (TEXT, lambda: symbol_in_text(text)))
    yield "ticker", "Ticker", (*declared("ticker", lambda value: value if TICKER.fullmatch(value) else ""), *symbols)
    yield "cik", "CIK", declared("cik", lambda value: value.lstrip("0"))
    forms = ((COVER, lambda: form_on_cover(text)), (TEXT, lambda: form_in_text(text)))
    yield "form", "Form", (*declared("form", spelled_form), *forms)
    periods = ((COVER, lambda: period_on_cover(text)), (TEXT, lambda: _period_in_text(text)))
    yield "period_end", "Period end", (*declared("period_end", iso_date), *periods)
    yield "filed_on", "Filing date", declared("filed_on", iso_date)


def _declared_by(key: str) -> str:
    return "its inline XBRL" if key.startswith("dei:") else "the header of its submission"


def _declared(path: Path) -> Metadata:
    sidecar, name_of_file = path.with_name(SIDECAR), shown_name(path)
    if not sidecar.is_file():
        return Metadata()
    try:
        table = tomllib.loads(sidecar.read_text(encoding="utf-8-sig")).get(path.name, {})
        metadata = Metadata(fiscal_year=int(table["fiscal_year"]) if "fiscal_year" in table else None)
        for name in DECLARABLE:
            setattr(metadata, name, " ".join(str(table.get(name, "")).split()))
        for day in filter(None, (metadata.period_end, metadata.filed_on)):
            date.fromisoformat(day)
        if names := [name.replace("_", " ") for name in (*DECLARABLE, "fiscal_year") if getattr(metadata, name)]:
            told_by = " ".join(str(table.get("declared_by", "")).split())  # who wrote it there, where no person did
            metadata.notes.append(f"Declared {f'by {told_by} ' if told_by else ''}in {SIDECAR}: {', '.join(names)}.")
    except (
        ValueError,
        TypeError,
        AttributeError,
        RecursionError,
        OSError,
    ) as error:  # a TOMLDecodeError is a ValueError
        raise UnreadableFiling(
            f"{name_of_file}: its {SIDECAR} cannot be read ({error}); mend or remove {sidecar}."
        ) from error
    if metadata.id and not re.fullmatch(r"[\w.-]{1,80}", metadata.id):
        raise UnreadableFiling(
            f"{name_of_file}: the id {metadata.id!r} in {SIDECAR} may hold only letters, digits, '.', '_' and '-'; "
            "change it."
        )
    return metadata


def _named_by_file(path: Path) -> str:
    return " ".join(shown_name(path).removesuffix(path.suffix).replace("_", " ").split())


def _period_in_text(text: str) -> str:
    for pattern in (PERIOD, AS_OF):
        dates = Counter(day for match in pattern.finditer(text) if (day := iso_date(match.group(1))))
        if dates:  # a report tells most of its own year, and of equals the later one is its own
            return max(dates, key=lambda day: (dates[day], day))
    return ""


def _fiscal_year(period_end: str, form: str, text: str, facts: Mapping[str, str]) -> tuple[int | None, str]:
    """The year as the company names it, and where that was read."""
    declared = facts.get("dei:DocumentFiscalYearFocus", "").strip()
    if re.fullmatch(r"(?:19|20)\d\d", declared):
        return int(declared), _declared_by("dei:")
    named = Counter(int(match.group(1)) for match in FISCAL_YEAR.finditer(text))
    if not period_end:
        return (max(named), "the latest fiscal year that the text names") if named else (None, "")
    year = int(period_end[:4])
    quarterly = form.startswith("10-Q")  # which ends within its year, so that the year may be named for the next one
    if not quarterly and period_end[5:] > LAST_OF_WINTER:
        return year, "the end of the period"
    candidates = (year, year + 1) if quarterly else (year, year - 1)
    linked = _linked_to_period(period_end, text, candidates)
    if linked or any(named[candidate] for candidate in candidates):
        return linked or max(candidates, key=lambda candidate: named[candidate]), "what the text calls it"
    return (year - 1 if period_end[5:] <= ENDS_WITH_THE_YEAR else year), "the end of the period"


def _linked_to_period(period_end: str, text: str, candidates: tuple[int, ...]) -> int | None:
    """The year that stands beside the last day of the period: 'fiscal 2019 ended on February 2, 2019'."""
    day = date.fromisoformat(period_end)
    spelled = re.compile(rf"{day:%B} {day.day}, {day.year}", re.IGNORECASE)
    beside: Counter[int] = Counter()
    for match in spelled.finditer(text):
        before = text[max(0, match.start() - BESIDE) : match.start()].rpartition(". ")[2]
        after = text[match.end() : match.end() + BESIDE].partition(". ")[0]
        gaps = {len(before) - year.end(): year for year in FISCAL_YEAR.finditer(before)}
        gaps |= {year.start(): year for year in FISCAL_YEAR.finditer(after)}
        if gaps:
            beside[int(gaps[min(gaps)].group(1))] += 1
    year, times = max(((candidate, beside[candidate]) for candidate in candidates), key=lambda pair: pair[1])
    return year if times else None


def identifier(metadata: Metadata) -> str:
    """'smith-micro-software-10-k-fy2021': what links and footnotes call it when nobody declared an id."""
    words = f"{metadata.company} {metadata.form} {f'fy{metadata.fiscal_year}' if metadata.fiscal_year else ''}"
    slug = re.sub(r"[^a-z0-9]+", "-", words.casefold()).strip("-")[:60].strip("-")
    return slug or "filing"

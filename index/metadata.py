"""What a filing is: company, form, year. Declared in a filings.toml beside it, or read from its own words."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from index.filing import UnreadableFiling, shown_name

SIDECAR = "filings.toml"
DECLARABLE = ("id", "company", "ticker", "cik", "form", "period_end", "filed_on")  # and fiscal_year, a number
OPENING = 6000  # characters in which a filing says what it is
COVER_NAME = re.compile(r"^(?P<name>[^\n]{3,90})\n+\s*\(?exact name of registrant", re.IGNORECASE | re.MULTILINE)
COMPANY = re.compile(
    r"\b((?:(?:[A-Z][\w&.’'-]*,?|&|of|and) ){1,6}?"
    r"(?:Inc|Incorporated|Corp|Corporation|Company|plc|PLC|Ltd|Limited|LLC|L\.P|N\.V|S\.A)\b\.?)"
)
NOT_A_COMPANY = re.compile(r"\b(?:the|this|our|each|securities|exchange)\b", re.IGNORECASE)
FORM = re.compile(r"\bform\s+(10-K405|10-KT|10-KSB|10-K/A|10-K|10-Q/A|10-Q|8-K|20-F|40-F)\b", re.IGNORECASE)
COVER_FORM = re.compile(rf"^\s*{FORM.pattern}\s*$", re.IGNORECASE | re.MULTILINE)
DATE = (
    r"((?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d{1,2},?\s+\d{4})"
)
PERIOD = re.compile(rf"(?:fiscal\s+)?(?:year|period)\s+ended:?\s+{DATE}", re.IGNORECASE)
AS_OF = re.compile(rf"\bas\s+of\s+{DATE}", re.IGNORECASE)
FISCAL_YEAR = re.compile(r"\bfiscal(?:\s+years?)?\s+((?:19|20)\d{2})\b", re.IGNORECASE)


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


def find_metadata(path: Path, text: str) -> Metadata:
    """What is declared beside the file first; what that leaves out, from the text."""
    metadata = _declared(path)
    opening = text[:OPENING]
    if not metadata.company:
        metadata.company = _company(opening) or " ".join(
            shown_name(path).removesuffix(path.suffix).replace("_", " ").split()
        )
        metadata.notes.append(f"Company read from the text: {metadata.company}.")
    if not metadata.form:
        metadata.form = _form(text)
        metadata.notes.append(
            f"Form read from the text: {metadata.form}." if metadata.form else "The text does not name its form."
        )
    if not metadata.period_end and not metadata.fiscal_year:
        metadata.period_end = _period_end(text)
        metadata.notes.append(
            f"Period end read from the text: {metadata.period_end}."
            if metadata.period_end
            else "The text does not say which period it reports on."
        )
    if metadata.fiscal_year is None:
        metadata.fiscal_year = int(metadata.period_end[:4]) if metadata.period_end else _fiscal_year(text)
    return metadata


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


def _company(opening: str) -> str:
    cover = COVER_NAME.search(opening)
    if cover:
        return cover.group("name").strip(" *")
    named = (match.group(1).removeprefix("The ") for match in COMPANY.finditer(opening))
    return next((name for name in named if " " in name and not NOT_A_COMPANY.search(name)), "")


def _form(text: str) -> str:
    """The form that the cover states; without a cover the one that is named most, 8-Ks apart."""
    cover = COVER_FORM.search(text[:OPENING])
    named = Counter(match.group(1).upper() for match in FORM.finditer(text))
    ranked = sorted(named, key=lambda form: (form == "8-K", -named[form]))
    return cover.group(1).upper() if cover else next(iter(ranked), "")


def _period_end(text: str) -> str:
    for pattern, stretch in ((PERIOD, text[:OPENING]), (AS_OF, text[:OPENING]), (PERIOD, text), (AS_OF, text)):
        dates = [parsed for match in pattern.finditer(stretch) if (parsed := _iso(match.group(1)))]
        if dates:
            return max(dates)
    return ""


def _iso(words: str) -> str:
    try:
        return datetime.strptime(re.sub(r"[\s,]+", " ", words), "%B %d %Y").date().isoformat()
    except ValueError:
        return ""


def _fiscal_year(text: str) -> int | None:
    years = [int(match.group(1)) for match in FISCAL_YEAR.finditer(text)]
    return max(years) if years else None


def identifier(metadata: Metadata) -> str:
    """'smith-micro-software-10-k-fy2021': what links and footnotes call it when nobody declared an id."""
    words = f"{metadata.company} {metadata.form} {f'fy{metadata.fiscal_year}' if metadata.fiscal_year else ''}"
    slug = re.sub(r"[^a-z0-9]+", "-", words.casefold()).strip("-")[:60].strip("-")
    return slug or "filing"

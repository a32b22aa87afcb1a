"""From a file to a Filing: what it is, and its cleaned text. Every refusal is one sentence that names the file."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from pathlib import Path

from index.cleaning import clean_text
from index.filing import PROMPT_NOTE, Filing, UnreadableFiling, shown_name
from index.metadata import find_metadata, identifier
from index.readers.compressed import inflate
from index.readers.document import Document, Unreadable
from index.readers.formats import read_text
from index.readers.portable import is_portable, read_portable

MOST_BYTES = 30_000_000  # the longest annual reports are a few megabytes of text
MOST_INSTRUCTION = 1_000  # characters that are kept of it
LEAST_LETTERS = 200
LEAST_REPORT_WORDS = 0.005  # of all words; the filings that were looked at have 0.007 to 0.08
CODE_MARKS = "{}()[];#\\"
NEGATIVE = re.compile(r"\([$€£]?\s?[\d.,]+\s?%?\)")  # an earnings release is full of them
MOST_CODE = 0.012  # of a filing's characters 0.001 to 0.006 are such marks, of a program's 0.014 to 0.13
KNOWN_BINARIES = {
    b"PK\x03\x04": "a Word, Excel or ZIP file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"{\\rtf": "an RTF document",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
}
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
UTF_8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
NOT_ASCII = re.compile(rb"[\x80-\xff]+")
BLANK_LINE = re.compile(r"\n[ \t]*\n")
PROMPT_OPENING = re.compile(r"\A\s*(?:prompt\s*:|(?:please\s+)?summari[sz]e\b|you are\b|answer\b)", re.IGNORECASE)
# Words that a report about a company can hardly do without; three different ones are asked for.
REPORT_WORDS = re.compile(
    r"\b(compan(?:y|ies)|corporation|registrant|fiscal|revenues?|net sales|customers|common stock|shareholders?|"
    r"stockholders?|annual report|securities|subsidiar(?:y|ies)|products|employees|segments?|net income|operations)\b",
    re.IGNORECASE,
)
ITEM_LINE = re.compile(r"^[ \t]*item\s+\d{1,2}[ABC]?\b", re.IGNORECASE | re.MULTILINE)


def read_filing(path: Path) -> Filing:
    """The filing in a file; UnreadableFiling says in one sentence why there is none."""
    data = _bytes(path)
    document = _document(path, data)
    prompt, body = split_prompt(document.text)
    _must_be_a_report(path, body)  # before cleaning too: what is no report may take long to clean
    cleaned = clean_text(body)
    text = cleaned.text
    _must_be_a_report(path, text)
    metadata = find_metadata(path, text, document.facts)
    notes = [*metadata.notes, *document.notes]
    if prompt:
        notes.append(PROMPT_NOTE + " ".join(prompt.split())[:MOST_INSTRUCTION])
    if cleaned.page_numbers:
        notes.append(f"{cleaned.page_numbers} page numbers were taken out of the text.")
    if damaged := text.count("\ufffd"):
        notes.append(f"{damaged} characters of the file are damaged and shown as \ufffd.")
    return Filing(
        id=metadata.id or identifier(metadata),
        company=metadata.company,
        ticker=metadata.ticker,
        cik=metadata.cik,
        form=metadata.form,
        fiscal_year=metadata.fiscal_year,
        period_end=metadata.period_end,
        filed_on=metadata.filed_on,
        source=shown_name(path),
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
        pages=cleaned.pages,
        notes=tuple(notes),
    )


def split_prompt(raw: str) -> tuple[str, str]:
    """(instruction, filing): the lines before the first blank one are an instruction when they read like one."""
    if not PROMPT_OPENING.match(raw):
        return "", raw
    head, body = BLANK_LINE.split(raw.lstrip(), maxsplit=1) if BLANK_LINE.search(raw.lstrip()) else (raw, "")
    if not body.strip() or ITEM_LINE.search(head):
        return "", raw
    return head.strip(), body


def _bytes(path: Path) -> bytes:
    name = shown_name(path)
    if "\0" in str(path):
        raise UnreadableFiling(f"{name} can be no file's name; check the path.")
    try:
        before = path.stat()
        _must_be_a_file(name, before)
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)  # it may grow while it is read
        after = path.stat()
    except FileNotFoundError as error:
        link = " is a link to a file that" if path.is_symlink() else ""
        raise UnreadableFiling(f"{name}{link} does not exist; check the path.") from error
    except PermissionError as error:
        raise UnreadableFiling(f"{name} may not be read by this user; change its permissions.") from error
    except OSError as error:
        raise UnreadableFiling(f"{name} could not be read ({error.strerror or error}); check the path.") from error
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise UnreadableFiling(f"{name} is being written by another program; try again when it is done.")
    if not data.strip():
        raise UnreadableFiling(f"{name} is empty; download it again.")
    return data


def _must_be_a_file(name: str, status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableFiling(f"{name} is a folder; name the files in it.")
    if not stat.S_ISREG(status.st_mode):  # reading a pipe or a device may never end
        raise UnreadableFiling(f"{name} is a device or a pipe and not a file; save the text in a file first.")
    if status.st_size > MOST_BYTES:
        raise UnreadableFiling(
            f"{name} has {status.st_size / 1e6:.0f} MB, and the text of a filing at most {MOST_BYTES / 1e6:.0f} MB; "
            "check that it is the right file."
        )


def _document(path: Path, data: bytes) -> Document:
    """What the file holds, read by the reader of its format."""
    try:
        data = inflate(data)
        return read_portable(data) if is_portable(data) else read_text(_decode(path, data))
    except Unreadable as reason:
        raise UnreadableFiling(f"{shown_name(path)} {reason}") from reason


def _decode(path: Path, data: bytes) -> str:
    name = shown_name(path)
    kind = next((kind for magic, kind in KNOWN_BINARIES.items() if data.startswith(magic)), "")
    if not kind and not data.startswith(UTF_16_MARKS) and data.count(b"\0") > len(data) // 1000:
        kind = "a binary file"
    text = "" if kind else _text(data)
    if kind:
        raise UnreadableFiling(
            f"{name} is {kind}; Footnote reads HTML, PDF and plain text, so save it as one of these."
        )
    if not text:
        raise UnreadableFiling(f"{name} is in no encoding that Footnote knows; save it as UTF-8.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _text(data: bytes) -> str:
    """The bytes as text, in the first encoding in which they read like one; nothing when there is none."""
    encodings = ["utf-16"] if data.startswith(UTF_16_MARKS) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # Cut off or damaged UTF-8 would pass for Windows-1252, with three strange letters for every quotation mark.
        if encoding == "cp1252" and len(UTF_8_LETTER.findall(data)) > 0.9 * len(NOT_ASCII.findall(data)):
            text = data.decode("utf-8-sig", errors="replace")
        if _reads_like_text(text):
            return text
    return ""


def _reads_like_text(text: str) -> bool:
    sample = text[:200_000]
    controls = sum(character < " " and character not in "\n\r\t\f\v" for character in sample)
    strange = sum("\u0080" <= character <= "\u00bf" and not character.isspace() for character in sample)
    return controls <= len(sample) // 200 and strange <= len(sample) // 8


def _must_be_a_report(path: Path, text: str) -> None:
    sample = text[:200_000]
    letters = sum(character.isalpha() for character in sample)
    words = [match.group(1).casefold() for match in REPORT_WORDS.finditer(sample)]
    if ITEM_LINE.search(text):
        reads_like_one = bool(words)
    else:
        reads_like_one = len(set(words)) >= 3 and len(words) >= LEAST_REPORT_WORDS * len(re.findall(r"\w+", sample))
    code = sum(sample.count(mark) for mark in CODE_MARKS) - 2 * len(NEGATIVE.findall(sample))
    if letters < LEAST_LETTERS or not reads_like_one or code > MOST_CODE * len(sample):
        raise UnreadableFiling(
            f"{shown_name(path)} does not read like a company's report, and Footnote reads nothing else; check it."
        )

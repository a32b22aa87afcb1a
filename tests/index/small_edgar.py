"""A little EDGAR on this machine: the few addresses that are used, filled with filings made up for the occasion."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from index.sec_hosts import Addresses
from tests.index.standins import filing_text

COLUMNS = ("accessionNumber", "form", "filingDate", "reportDate", "primaryDocument")
CIK = 910001  # Anvil Works, under the ticker ANVL
IDENTITY = "Ann Smith ann@example.com"


@dataclass(frozen=True)
class Request:
    path: str
    agent: str
    at: float


@dataclass
class SmallEdgar:
    """What it holds, by path: a body, or a status instead of one; and every request that came."""

    files: dict[str, bytes | int] = field(default_factory=dict)
    cut_short: set[str] = field(default_factory=set)  # paths that promise more than comes
    elsewhere: dict[str, str] = field(default_factory=dict)  # path -> address that it points to
    held: dict[str, threading.Event] = field(default_factory=dict)  # path -> what an answer waits for
    requests: list[Request] = field(default_factory=list)
    port: int = 0
    rows: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def addresses(self) -> Addresses:
        return Addresses(f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.port}")

    @property
    def downloads(self) -> list[str]:
        return [request.path for request in self.requests if request.path.startswith("/Archives/")]

    def add(self, year: int, form: str = "10-K", body: bytes | int | None = None, period: str | None = None) -> str:
        """File a report of Anvil Works on a year; where it lies."""
        accession = f"0000910001-{(year + 1) % 100:02d}-{len(self.rows) + 1:06d}"
        period = f"{year}-12-31" if period is None else period
        name = f"anvl-{year}.htm" if year > 2000 else ""
        self.rows.append((accession, form, f"{year + 1}-03-01", period, name))
        path = f"/Archives/edgar/data/{CIK}/" + (f"{accession.replace('-', '')}/{name}" if name else f"{accession}.txt")
        self.files[path] = report(year, form) if body is None else body
        self.list_filings()
        return path

    def list_filings(self, older_than: int = 0) -> None:
        """Write the list anew, newest first; what was filed before a year goes to an older page."""
        newest_first = sorted(self.rows, key=lambda row: row[2], reverse=True)
        older = [row for row in newest_first if int(row[2][:4]) < older_than]
        page = f"CIK{CIK:010d}-submissions-001.json"
        pages = [{"name": page, "filingFrom": older[-1][2], "filingTo": older[0][2]}] if older else []
        recent = [row for row in newest_first if row not in older]
        known = {
            "name": "ANVIL WORKS INC",
            "tickers": ["ANVL"],
            "filings": {"recent": _columns(recent), "files": pages},
        }
        self.files[f"/submissions/CIK{CIK:010d}.json"] = json.dumps(known).encode()
        self.files[f"/submissions/{page}"] = json.dumps(_columns(older)).encode()
        tickers = {"0": {"cik_str": CIK, "ticker": "ANVL", "title": "Anvil Works, Inc."}}
        self.files["/files/company_tickers.json"] = json.dumps(tickers).encode()


def _columns(rows: list[tuple[str, ...]]) -> dict[str, list[str]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}


def report(year: int, form: str = "10-K") -> bytes:
    """A report as it is filed: a page of HTML with a cover, or before 2001 a submission with its header."""
    lines = [
        "SECURITIES AND EXCHANGE COMMISSION",
        f"FORM {form}",
        "ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934",
        f"For the fiscal year ended December 31, {year}",
        "ANVIL WORKS, INC.",
        "(Exact name of registrant as specified in its charter)",
        *filing_text(year, 20).splitlines(),
    ]
    if year > 2000:
        paragraphs = "\n".join(f"<p>{line}</p>" for line in lines if line)
        return f"<html><body>{paragraphs}</body></html>".encode()
    text = "\n\n".join(lines)
    document = f"<DOCUMENT>\n<TYPE>{form}\n<SEQUENCE>1\n<TEXT>\n{text}\n</TEXT>\n</DOCUMENT>\n"
    return f"<SEC-DOCUMENT>a.txt\n<SEC-HEADER>\n</SEC-HEADER>\n{document}</SEC-DOCUMENT>\n".encode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        edgar = self.server.edgar
        edgar.requests.append(Request(self.path, self.headers.get("User-Agent", ""), time.time()))
        if self.path in edgar.held:
            edgar.held[self.path].wait(60)
        found = edgar.files.get(self.path, 404)
        body = found if isinstance(found, bytes) else b""
        if self.path in edgar.elsewhere:
            self.send_response(302)
            self.send_header("Location", edgar.elsewhere[self.path])
        else:
            self.send_response(200 if isinstance(found, bytes) else found)
        is_cut = self.path in edgar.cut_short
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if is_cut else body)
        self.close_connection = is_cut

    def log_message(self, *args: Any) -> None:
        """Nothing on stderr."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    edgar: SmallEdgar


@contextmanager
def serving(edgar: SmallEdgar, host: str = "127.0.0.1") -> Iterator[SmallEdgar]:
    with _Server((host, 0), _Handler) as server:
        server.edgar = edgar
        edgar.port = server.server_address[1]
        edgar.list_filings()
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield edgar
        server.shutdown()
        thread.join()

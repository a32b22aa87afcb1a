"""EDGAR, the SEC's archive, asked through edgartools: the child process of index/fetching.py.

edgartools keeps one identity, one set of addresses and one HTTP client for a whole process, changes its locale, asks on
the terminal where it has no identity, and takes two seconds to import. In a child none of this reaches the page, and
the guard of hosts holds for all of its code. It gives what EDGAR asks of a client: the identity, the limit of requests
a second, and where things lie. Which filings are meant, what a failure means and what is kept is decided here.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from filelock import FileLock

from index.edgar_cache import keep, kept, tidy
from index.edgar_listing import Listed, may_hold, others_told, read_listing, wanted
from index.problems import storage_problem
from index.sec_hosts import Addresses, ForeignHost, reach_only

# Seconds between two requests, over all processes that share a data folder; the SEC allows ten requests a second.
LEAST_GAP = 0.125
TRIES = 3
PAUSE = 0.5  # seconds before the next try, twice as long each time
MOST_BYTES = 30_000_000  # what a reader takes
BLOCKED_MINUTES = 10  # the SEC's own word on how long it shuts out who asks too often
Say = Callable[[dict[str, Any]], None]


class Refusal(Exception):
    """Why something did not come, in one sentence."""

    def __init__(self, problem: str, ends_it: bool = True, may_pass: bool = False) -> None:
        super().__init__(problem)
        self.ends_it = ends_it  # to go on asking would be of no use, or make it worse
        self.may_pass = may_pass  # the next try may succeed


class Edgar:
    """What is asked of EDGAR, every request under the guard of hosts, at the pace that all processes share."""

    def __init__(self, addresses: Addresses, folder: Path) -> None:
        from edgar import httpclient  # here, when the guard stands

        self._addresses = addresses
        self._folder = folder
        manager = httpclient.get_http_mgr(cache_enabled=False)  # its cache would hold every filing a second time
        manager.httpx_params["event_hooks"] = {"request": [self._before]}
        httpclient.HTTP_MGR = manager

    def _before(self, request: Any) -> None:
        origin = str(request.url.copy_with(path="/", query=None, fragment=None)).rstrip("/")
        if origin not in self._addresses.origins:
            raise ForeignHost(f"{origin} is not an address of the SEC's, and nothing else is contacted.")
        with FileLock(self._folder / "pace.lock"):
            last = self._folder / "pace"
            since = time.time() - (last.stat().st_mtime if last.exists() else 0.0)
            if 0 <= since < LEAST_GAP:
                time.sleep(LEAST_GAP - since)
            last.touch()

    def company(self, name: str) -> tuple[int, dict[str, Any]]:
        """(CIK, what EDGAR knows of it) of a company by its ticker or its CIK."""
        from edgar.urls import build_company_tickers_url, build_submissions_url

        if name.isdigit():
            cik, unknown = int(name), f"EDGAR has no filer with the CIK {name}; check the number."
        else:
            tickers = self._json(build_company_tickers_url(), "the list of tickers")
            ticker = name.replace(".", "-")
            cik = next((int(entry["cik_str"]) for entry in tickers.values() if entry["ticker"] == ticker), 0)
            unknown = f"The SEC lists no company under the ticker {name}; check it, or name the company by its CIK."
            if not cik:
                raise Refusal(unknown)
        return cik, self._json(build_submissions_url(cik), f"the filings of {name}", unknown)

    def filings(self, known: dict[str, Any], form: str, first: int | None, last: int | None) -> list[Listed]:
        """The filings that are wanted; a refusal that says what there is instead."""
        from edgar.config import SEC_DATA_URL

        name, what = known["name"], "the list of filings"
        rows = _understood(known["filings"]["recent"])
        pages = sorted(known["filings"].get("files", ()), key=lambda page: str(page["filingTo"]), reverse=True)
        for page in pages:  # newest first
            if (first and last and not may_hold(page, first, last)) or (not first and wanted(rows, form, None, None)):
                continue
            rows += _understood(self._json(f"{SEC_DATA_URL}/submissions/{Path(page['name']).name}", what))
        chosen = wanted(rows, form, first, last)
        if not chosen:
            years = f" for {first}" + (f"-{last}" if last != first else "") if first else ""
            others = others_told(rows, form)
            instead = (
                f"it has {others}. Choose among these" if others else "nor any annual report. Name another company"
            )
            raise Refusal(f"EDGAR has no {form} of {name}{years}; {instead}.")
        return chosen

    def report(self, listed: Listed, cik: int) -> bytes:
        from edgar.urls import build_archive_url

        return self._get(build_archive_url(listed.path(cik)), f"the {listed.form} filed on {listed.filed_on}")

    def _json(self, url: str, what: str, not_there: str = "") -> dict[str, Any]:
        try:
            answer: dict[str, Any] = json.loads(self._get(url, what, not_there))
            return answer
        except ValueError:
            raise Refusal(f"What EDGAR sent as {what} is broken; try again later.") from None

    def _get(self, url: str, what: str, not_there: str = "") -> bytes:
        """What lies there, tried again where the way or the server failed; a Refusal says why it did not come."""
        from edgar.httpclient import http_client
        from httpxthrottlecache import (
            httpx,
        )  # what edgartools' client is made of: httpx2 where it is installed, or httpx

        for attempt in range(TRIES):
            try:
                with http_client() as client, client.stream("GET", url) as response:
                    if response.status_code == 200:
                        return _whole(response.iter_bytes(), what)
                    problem = _of_status(response.status_code, what, not_there)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                problem = _of_connection(error)
            except httpx.HTTPError:
                sentence = f"The download of {what} broke off; fetch again, what has come is kept."
                problem = Refusal(sentence, ends_it=False, may_pass=True)
            if not problem.may_pass or attempt == TRIES - 1:
                break
            time.sleep(PAUSE * 2**attempt)
        raise problem


def _whole(chunks: Iterable[bytes], what: str) -> bytes:
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > MOST_BYTES:
            raise Refusal(f"EDGAR sends more than {MOST_BYTES // 10**6} MB as {what}; no report is as long.", False)
    if not data.strip():
        raise Refusal(f"EDGAR sent nothing as {what}; try again later.", ends_it=False)
    return bytes(data)


def _of_status(status: int, what: str, not_there: str) -> Refusal:
    """What an answer without content means, and what to do."""
    if status == 404:
        return Refusal(not_there or f"EDGAR does not have {what} where its list says (404); look on sec.gov.", False)
    if status == 403:
        return Refusal(
            "The SEC refuses to answer (403): it does so where the identity has no real name and e-mail address, "
            f"or after too many requests. Check the identity, and fetch again in {BLOCKED_MINUTES} minutes."
        )
    if status == 429:
        return Refusal(
            "The SEC has had too many requests from this network (429); "
            f"fetch again in {BLOCKED_MINUTES} minutes, what has come is kept."
        )
    if status >= 500:
        sentence = (
            f"EDGAR is out of order ({status}) and did not send {what}; fetch again later, what has come is kept."
        )
        return Refusal(sentence, ends_it=False, may_pass=True)
    if 300 <= status < 400:
        return Refusal(f"EDGAR points elsewhere for {what} ({status}), and Footnote follows nobody there.", False)
    return Refusal(f"EDGAR did not send {what} ({status}); fetch again later.", ends_it=False)


def _of_connection(error: Exception) -> Refusal:
    if "CERTIFICATE" in str(error).upper():
        return Refusal(
            "The connection to the SEC is not to be trusted (its certificate does not fit); "
            "name your network's certificates in SSL_CERT_FILE."
        )
    return Refusal(
        "The SEC cannot be reached; check the network and fetch again, what has come is kept.", may_pass=True
    )


def _understood(columns: Any) -> list[Listed]:
    try:
        return read_listing(columns)
    except ValueError as problem:
        raise Refusal(f"EDGAR's answer is not understood ({problem}); please report it.") from None


def fetch(order: dict[str, Any], addresses: Addresses, say: Say) -> None:
    """Find what is wanted, download what is not kept yet, and tell of each filing as it comes."""
    folder = Path(order["folder"])
    tidy(folder)
    edgar = Edgar(addresses, folder)
    cik, known = edgar.company(order["company"])
    tickers = [str(ticker) for ticker in known.get("tickers") or ()]
    ticker = str(order["company"]) if not order["company"].isdigit() else next(iter(tickers), "")
    chosen = edgar.filings(known, order["form"], order["first"], order["last"])
    say({"found": len(chosen)})
    stopped: Refusal | None = None
    for listed in chosen:
        name = listed.name(ticker or str(cik))
        try:
            path = kept(folder, listed.accession)
            if path is None:
                if stopped:
                    raise stopped
                path = keep(folder, listed, name, edgar.report(listed, cik), ticker, cik)
            say({"name": name, "path": str(path)})
        except Refusal as refusal:
            stopped = refusal if refusal.ends_it else None
            say({"name": name, "problem": f"{name}: {refusal}"})


def main() -> None:
    order = json.load(sys.stdin)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer

    def say(answer: dict[str, Any]) -> None:
        print(json.dumps(answer), file=answers, flush=True)

    addresses = Addresses(order["archive"], order["data"])
    reach_only(addresses.hosts)
    try:
        fetch(order, addresses, say)
        say({"done": True})
    except (Refusal, ForeignHost) as refusal:
        say({"problem": str(refusal)})
    except OSError as error:
        say({"problem": f"What EDGAR sent cannot be kept: {storage_problem(Path(order['folder']), error)}."})
    except Exception as error:
        problem = f"Fetching from EDGAR failed ({type(error).__name__}: {str(error)[:160]}); please report it."
        say({"problem": " ".join(problem.split()), "trace": traceback.format_exc()})


if __name__ == "__main__":
    main()

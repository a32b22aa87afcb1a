"""A stand-in for Chroma Cloud: it keeps the documented quotas and asks for the key, and a real `chroma run` answers.

It was written from https://docs.trychroma.com/cloud/quotas-limits; nothing here was ever tried against Chroma Cloud.
"""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "ck-secret"
TENANT, DATABASE = "acme", "filings"


class Cloud:
    """What it counted, and what it was asked for."""

    def __init__(self, behind: str) -> None:
        self.behind = behind
        self.refused: list[str] = []
        self.writes: list[int] = []
        self.queries: list[dict[str, Any]] = []
        self.address = ""


def _over_quota(path: str, body: dict[str, Any]) -> str:
    ids, metadatas = body.get("ids") or [], body.get("metadatas") or []
    if any(len(str(one).encode()) > 128 for one in ids):
        return "ID size bytes"
    if path.endswith(("/add", "/upsert", "/update")) and len(ids) > 300:
        return "records per write"
    if any(len(document.encode()) > 16_384 for document in body.get("documents") or [] if document):
        return "document bytes"
    for record in metadatas:
        if any(len(key.encode()) > 36 or len(str(value).encode()) > 4096 for key, value in (record or {}).items()):
            return "record metadata size"
    if (body.get("n_results") or 0) > 300 or (body.get("limit") or 0) > 300:
        return "results returned"
    if _predicates(body.get("where")) > 8:
        return "where predicates"
    for one in (body.get("metadata"), body.get("new_metadata")):
        if any(len(str(value).encode()) > 256 for value in (one or {}).values()):
            return "collection metadata value size"
    return ""


def _predicates(where: Any) -> int:
    """Each value of a list counted as one, which is the strictest way to read the quota."""
    if isinstance(where, dict):
        return sum(_predicates(value) for value in where.values())
    if isinstance(where, list):
        return sum(_predicates(value) for value in where)
    return where is not None


@contextmanager
def cloud(behind: str) -> Iterator[Cloud]:
    """Before this server, with one tenant and one database."""
    stub = Cloud(behind)
    for path, name in (("tenants", TENANT), (f"tenants/{TENANT}/databases", DATABASE)):
        _forward(f"{behind}/api/v2/{path}", "POST", json.dumps({"name": name}).encode())

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.loads(raw) if raw else {}
            if self.path != "/api/v2/heartbeat" and self.headers.get("x-chroma-token") != KEY:
                return self._say(401, b'{"error": "AuthError", "message": "no"}')
            if self.path == "/api/v2/auth/identity":
                who = {"user_id": "u", "tenant": TENANT, "databases": [DATABASE]}
                return self._say(200, json.dumps(who).encode())
            over = _over_quota(self.path, body)
            if over:
                stub.refused.append(over)
                return self._say(422, json.dumps({"error": "QuotaExceeded", "message": over}).encode())
            if self.path.endswith("/add"):
                stub.writes.append(len(body["ids"]))
            if self.path.endswith("/query"):
                stub.queries.append(body)
            return self._say(*_forward(f"{stub.behind}{self.path}", self.command, raw))

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve  # noqa: N815

        def _say(self, status: int, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()


def _forward(url: str, method: str, body: bytes) -> tuple[int, bytes]:
    request = urllib.request.Request(url, body or None, {"Content-Type": "application/json"}, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
